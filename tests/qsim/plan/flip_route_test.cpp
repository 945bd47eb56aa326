// SPDX-License-Identifier: Apache-2.0
// Routes of observables: every flip once, exchanges that may be made, and never more bytes than
// whole shards for every flip that leads to another rank.
#include "qsim/plan/flip_route.hpp"

#include <algorithm>
#include <functional>

#include <doctest/doctest.h>

#include "qsim/plan/forecast.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr Precision kDouble = Precision::double_precision;

/// Flips of at most four positions each, descending.
std::vector<std::uint64_t> random_flips(test::Generator& random, unsigned n, unsigned count) {
  std::vector<std::uint64_t> flips;
  for (unsigned k = 0; k < count; ++k) {
    std::uint64_t flip = 0;
    for (auto more = random() % 5; more > 0; --more)
      flip |= bit(static_cast<unsigned>(random() % n));
    flips.push_back(flip);
  }
  std::sort(flips.begin(), flips.end(), std::greater<>());
  flips.erase(std::unique(flips.begin(), flips.end()), flips.end());
  return flips;
}

PauliSum sum_of(std::span<const std::uint64_t> flips) {
  PauliSum sum;
  for (const std::uint64_t x : flips) sum.add({1.0, x, 0});
  return sum;
}

}  // namespace

TEST_CASE("what the strings flip, in a layout") {
  Layout layout(4);
  layout.swap_positions(0, 3);
  const PauliSum sum = PauliSum::parse("X0 + Y0 Z1 + Z2 + X1 X2 - Z3 + 2");
  CHECK(flips_of(sum, layout) == std::vector<std::uint64_t>{8, 6, 0});
  CHECK(flips_of(PauliSum(), layout).empty());
  const PositionPairs pairs{{0, 2}, {1, 3}};
  CHECK(exchanged(0b0001, pairs) == 0b0100);
  CHECK(exchanged(0b1101, pairs) == 0b0111);
  CHECK(exchanged(exchanged(0b1011, pairs), pairs) == 0b1011);
}

TEST_CASE("single flips of all rank qubits come in at once, once it pays") {
  // 2^r ranks: r flips of a rank qubit would take r shards; there and back are 2 - 2^(1-r).
  for (unsigned r = 1; r <= 6; ++r) {
    const Shape shape{24, r, 1 << r};
    std::vector<std::uint64_t> flips;
    for (unsigned p = 24; p-- > 0;) flips.push_back(bit(p));
    const auto steps = route_flips(shape, kDouble, flips, FlipUse::expectation);
    if (r == 1) {
      REQUIRE(steps.size() == 1);
      continue;
    }
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].pairs.size() == r);
    CHECK(steps[0].flips.size() == r);
    CHECK(sum_bits(shape, steps[0].pairs) == r);
    CHECK(steps[1].pairs.empty());
    // For a bra the ket goes, and both come back: 3 (1 - 2^-r).
    const auto bra = route_flips(shape, kDouble, flips, FlipUse::bra);
    CHECK(bra.size() == (r >= 3 ? 2 : 1));
  }
}

TEST_CASE("local positions that the strings flip are not given away") {
  // Two ranks: flips of the rank qubit with each of the upper four local positions.
  const Shape shape{20, 1, 2};
  const std::vector<std::uint64_t> flips{bit(19) | bit(18), bit(19) | bit(17), bit(19) | bit(16),
                                         bit(19) | bit(15)};
  const auto steps = route_flips(shape, kDouble, flips, FlipUse::expectation);
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].pairs == PositionPairs{{14, 19}});
  CHECK(steps[0].flips.size() == 4);
  CHECK(steps[1].flips.empty());
}

TEST_CASE("random routes serve every flip once and never send more than whole shards") {
  test::Generator random(181);
  for (int trial = 0; trial < 400; ++trial) {
    CAPTURE(trial);
    const auto n = 8 + static_cast<unsigned>(random() % 12);
    const Precision precision = trial % 2 == 0 ? kDouble : Precision::single_precision;
    const int ranks = 1 + static_cast<int>(random() % 9);
    const Shape shape = choose_shape(n, ranks, lane_bits(precision), trial % 3 == 0);
    const auto flips = random_flips(random, n, 1 + static_cast<unsigned>(random() % 40));
    for (const FlipUse use :
         {FlipUse::expectation, FlipUse::product, FlipUse::bra, FlipUse::apply}) {
      const auto steps = route_flips(shape, precision, flips, use);
      std::vector<std::uint32_t> seen;
      for (const FlipStep& step : steps) {
        CHECK(std::is_sorted(step.flips.begin(), step.flips.end()));
        seen.insert(seen.end(), step.flips.begin(), step.flips.end());
        std::uint64_t named = 0;
        for (const auto& [low, high] : step.pairs) {
          CHECK(low >= lane_bits(precision) + kPieceBits);
          CHECK(low < shape.local_bits());
          CHECK(high >= shape.local_bits());
          CHECK(high < n);
          CHECK((named & (bit(low) | bit(high))) == 0);
          named |= bit(low) | bit(high);
        }
      }
      CHECK(steps.back().pairs.empty());
      if (use == FlipUse::bra || use == FlipUse::apply) {
        CHECK(std::is_sorted(seen.begin(), seen.end()));
      }
      std::sort(seen.begin(), seen.end());
      REQUIRE(seen.size() == flips.size());
      for (std::uint32_t k = 0; k < seen.size(); ++k) REQUIRE(seen[k] == k);

      // All ranks together; sums on their way home are at most 2^-8 of what they are sums of.
      double sent = 0.0;
      double whole = 0.0;
      for (int rank = 0; rank < ranks; ++rank) {
        const PauliSum sum = sum_of(flips);
        sent += static_cast<double>(
            observable_bytes(shape, precision, Layout(n), std::span(&sum, 1), use, rank));
        for (const std::uint64_t x : flips) {
          for (auto v = shape.first_shard(rank); v < shape.first_shard(rank + 1); ++v) {
            if (shape.owner(v ^ (x >> shape.local_bits())) != rank) {
              whole += static_cast<double>(shard_bytes(shape, precision));
            }
          }
        }
      }
      CHECK(sent <= whole);
      if (ranks == 1) CHECK(sent == 0.0);
    }
  }
}
