// SPDX-License-Identifier: Apache-2.0
// Conditions on indices, the blocks that sweeps visit under them, and their share of a rank.
#include "qsim/engine/conditioned.hpp"

#include <algorithm>
#include <bit>
#include <set>

#include <doctest/doctest.h>

#include "qsim/engine/sweep-inl.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("what two conditions have in common holds all amplitudes of both") {
  CHECK(common(kNowhere, kNowhere).nowhere());
  CHECK(common({6, 4}, kNowhere) == Conditioned{6, 4});
  CHECK(common(kNowhere, {6, 4}) == Conditioned{6, 4});
  CHECK(common({6, 4}, kEverywhere) == kEverywhere);
  CHECK(common({7, 5}, {6, 6}) == Conditioned{4, 4});
  CHECK_FALSE(kEverywhere.nowhere());
  for (std::uint64_t i = 0; i < 8; ++i) {
    CHECK(kEverywhere.holds(i));
    CHECK_FALSE(kNowhere.holds(i));
  }
}

TEST_CASE("sweeps visit the blocks of a condition, chunk by chunk; their share is that of a rank") {
  test::Generator random(484);
  const auto some = [&](std::uint64_t of) { return random() & random() & of; };
  unsigned exact = 0;
  unsigned empty = 0;
  for (unsigned trial = 0; trial < 2000; ++trial) {
    CAPTURE(trial);
    const int ranks = 1 + static_cast<int>(random() % 8);
    const Shape shape{10, static_cast<unsigned>(random() % 6), ranks};
    const std::uint64_t local = low_mask(shape.local_bits());
    const std::uint64_t active = low_mask(2) | some(local);
    const std::uint64_t zero = some(some(low_mask(10) & ~active));
    const std::uint64_t chunks = some(local & ~active & ~zero);
    Conditioned changed;
    changed.mask = some(low_mask(10) & ~active);
    changed.value = changed.mask & random();
    if (trial % 50 == 0) changed = kNowhere;
    double most = 0.0;
    for (int rank = 0; rank < ranks; ++rank) {
      const std::uint64_t first = shape.first_shard(rank);
      const std::uint64_t shards = shape.first_shard(rank + 1) - first;
      const Sweep sweep(shape, active, zero, first, shards, chunks, changed);
      std::set<std::uint64_t> visited;
      std::uint64_t chunk = 0;
      for (std::int64_t b = 0; b < sweep.blocks(); ++b) {
        const auto [shard, base] = sweep.block(b);
        REQUIRE(visited.insert(((first + shard) << shape.local_bits()) | base).second);
        // Its chunk is not one before, and the count of blocks before it is right.
        while (sweep.blocks_before(chunk + 1) <= b) ++chunk;
        REQUIRE(sweep.blocks_before(chunk) <= b);
        REQUIRE((base & chunks) == spread(chunk, chunks));
      }
      CHECK(sweep.blocks_before(bit(static_cast<unsigned>(std::popcount(chunks)))) ==
            sweep.blocks());
      std::size_t expected = 0;
      for (std::uint64_t i = first << shape.local_bits();
           i < (first + shards) << shape.local_bits(); ++i) {
        if ((i & active) != 0 || (i & zero) != 0 || !changed.holds(i)) continue;
        ++expected;
        REQUIRE(visited.count(i) == 1);
      }
      REQUIRE(visited.size() == expected);
      most = std::max(most, static_cast<double>(expected));
    }
    const double blocks =
        static_cast<double>(shape.most_shards()) *
        static_cast<double>(bit(static_cast<unsigned>(std::popcount(local & ~active))));
    const double share = visited_share(shape, zero, changed);
    REQUIRE(most / blocks <= share);
    empty += share == 0.0 ? 1 : 0;
    if (std::has_single_bit(static_cast<unsigned>(ranks)) &&
        shape.shards() >= static_cast<std::uint64_t>(ranks)) {
      REQUIRE(most / blocks == share);
      ++exact;
    }
  }
  CHECK(exact > 500);
  CHECK(empty > 100);
}
