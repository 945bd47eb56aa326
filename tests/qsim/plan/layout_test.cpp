// SPDX-License-Identifier: Apache-2.0
// Layouts stay bijections; every shape gives every shard to exactly one rank.
#include "qsim/plan/layout.hpp"

#include <random>

#include <doctest/doctest.h>

using namespace qross;
using namespace qross::qsim;

TEST_CASE("a new layout is the identity, swaps keep it a bijection") {
  Layout layout(7);
  CHECK(layout.ordered(7));
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 100; ++trial) {
    const auto a = static_cast<unsigned>(random() % 7);
    const auto b = static_cast<unsigned>(random() % 7);
    const unsigned qa = layout.qubit(a);
    const unsigned qb = layout.qubit(b);
    layout.swap_positions(a, b);
    CHECK(layout.position(qa) == b);
    CHECK(layout.position(qb) == a);
    for (unsigned q = 0; q < 7; ++q) REQUIRE(layout.qubit(layout.position(q)) == q);
    const std::uint64_t set = random() & low_mask(7);
    CHECK(layout.qubits_at(layout.positions(set)) == set);
    CHECK(std::popcount(layout.positions(set)) == std::popcount(set));
  }
}

TEST_CASE("order, equality and limits") {
  Layout layout(4);
  layout.swap_positions(2, 3);
  CHECK(layout.ordered(2));
  CHECK_FALSE(layout.ordered(3));
  CHECK_FALSE(layout == Layout(4));
  layout.swap_positions(3, 2);
  CHECK(layout == Layout(4));
  CHECK_FALSE(layout == Layout(5));
  CHECK(Layout(kMaxQubits).qubits() == kMaxQubits);
  try {
    (void)Layout(kMaxQubits + 1);
    FAIL("no limit");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::resources);
    CHECK(error.message() == "59 qubits are more than the engine can index (58)");
  }
}

TEST_CASE("every shard has exactly one owner, for any number of ranks and qubits") {
  for (unsigned n = 0; n <= 12; ++n) {
    for (int ranks = 1; ranks <= 17; ++ranks) {
      for (const bool reproducible : {false, true}) {
        const Shape shape = choose_shape(n, ranks, 3, reproducible);
        CAPTURE(n);
        CAPTURE(ranks);
        CHECK(shape.qubits == n);
        CHECK(shape.ranks == ranks);
        CHECK((shape.rank_bits == 0 || shape.local_bits() >= 3));
        std::uint64_t next = 0;
        std::uint64_t most = 0;
        for (int r = 0; r < ranks; ++r) {
          REQUIRE(shape.first_shard(r) == next);
          const std::uint64_t end = shape.first_shard(r + 1);
          REQUIRE(end >= next);
          for (std::uint64_t shard = next; shard < end; ++shard) REQUIRE(shape.owner(shard) == r);
          most = std::max(most, end - next);
          next = end;
        }
        CHECK(next == shape.shards());
        CHECK(most == shape.most_shards());
      }
    }
  }
}

TEST_CASE("powers of two get one shard a rank, other counts 8 to 16") {
  for (int ranks = 1; ranks <= 40; ++ranks) {
    const Shape shape = choose_shape(30, ranks, 3);
    const auto count = static_cast<std::uint64_t>(ranks);
    if (std::has_single_bit(count)) {
      CHECK(shape.shards() == count);
    } else {
      CHECK(shape.shards() >= 8 * count);
      CHECK(shape.shards() < 16 * count);
    }
  }
}

TEST_CASE("the reproducible shape does not depend on the ranks") {
  for (unsigned n = 0; n <= 40; ++n) {
    const Shape one = choose_shape(n, 1, 4, true);
    for (int ranks = 2; ranks <= 17; ++ranks) {
      CHECK(choose_shape(n, ranks, 4, true).rank_bits == one.rank_bits);
    }
    if (n >= 14) CHECK(one.shards() == 64);
    if (n <= 8) CHECK(one.shards() == 1);
  }
}

TEST_CASE("bytes of shards, staging and ranks") {
  CHECK(shard_bytes(choose_shape(20, 1, 3), Precision::double_precision) == 16U << 20);
  CHECK(shard_bytes(choose_shape(20, 4, 3), Precision::single_precision) == 8U << 18);
  // A shard is at least one block of 128 bytes.
  CHECK(shard_bytes(choose_shape(0, 1, 3), Precision::double_precision) == 128);
  CHECK(shard_bytes(choose_shape(2, 1, 3), Precision::single_precision) == 128);
  CHECK(staging_bytes(choose_shape(20, 1, 3), Precision::double_precision) == 0);
  CHECK(staging_bytes(choose_shape(26, 4, 3), Precision::double_precision) == (16ULL << 24) / 64);
  CHECK(staging_bytes(choose_shape(36, 2, 3), Precision::double_precision) == 128ULL << 20);
  CHECK(staging_bytes(choose_shape(10, 2, 3), Precision::double_precision) == 4096);
  for (const int ranks : {1, 2, 4}) {
    const Shape shape = choose_shape(26, ranks, 3);
    const std::uint64_t all =
        rank_bytes(shape, Precision::double_precision) * static_cast<std::uint64_t>(ranks);
    CHECK(static_cast<double>(all) <= 1.05 * 16.0 * static_cast<double>(bit(26)));
  }
}
