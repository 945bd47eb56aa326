// SPDX-License-Identifier: Apache-2.0
// Frames: every position of a sub-block has one place, what a tile needs is in its rows.
#include "qsim/engine/frame.hpp"

#include <algorithm>
#include <bit>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

struct Example {
  unsigned lane_bits;
  std::uint64_t inner;
  std::uint64_t active;
};

/// A sub-block of three to nine positions above the lanes, and up to three positions of it.
Example random_example(std::mt19937_64& random) {
  Example example{};
  example.lane_bits = 3 + static_cast<unsigned>(random() % 2);
  example.inner = low_mask(example.lane_bits);
  const unsigned bits = example.lane_bits + 3 + static_cast<unsigned>(random() % 7);
  while (std::popcount(example.inner) < static_cast<int>(bits)) {
    example.inner |= bit(static_cast<unsigned>(random() % 40));
  }
  for (auto k = random() % 4; k > 0; --k) {
    const auto size = static_cast<std::uint64_t>(std::popcount(example.inner));
    example.active |= spread(bit(static_cast<unsigned>(random() % size)), example.inner);
  }
  return example;
}

}  // namespace

TEST_CASE("rows hold what is active, lanes and loop the rest, each position once") {
  std::mt19937_64 random(431);
  for (int trial = 0; trial < 500; ++trial) {
    const auto [lane_bits, inner, active] = random_example(random);
    const Frame frame = make_frame(active, inner, lane_bits);
    const std::uint64_t lanes = low_mask(lane_bits);
    CHECK(frame.lane_bits == lane_bits);
    CHECK(frame.inner == inner);
    std::uint64_t carriers = 0;
    std::uint64_t rows = 0;
    for (unsigned j = 0; j < kTileBits; ++j) {
      carriers |= bit(frame.carrier[j]);
      rows |= bit(frame.row[j]);
      if (j > 0) CHECK(frame.carrier[j - 1] < frame.carrier[j]);
    }
    REQUIRE(std::popcount(carriers) == 3);
    REQUIRE(std::popcount(rows) == 3);
    CHECK((carriers & ~(inner & ~lanes)) == 0);
    CHECK((active & ~rows) == 0);
    CHECK(frame.loop == (inner & ~lanes & ~carriers));
    std::uint64_t held = rows;
    for (unsigned l = 0; l < lane_bits; ++l) {
      CHECK((held & bit(frame.lane[l])) == 0);
      held |= bit(frame.lane[l]);
    }
    CHECK(frame.held() == held);
    CHECK(held == (lanes | carriers));
    // What is not at home has changed places with what is in its home.
    std::size_t away = 0;
    for (unsigned j = 0; j < kTileBits; ++j) away += frame.row[j] != frame.carrier[j] ? 1 : 0;
    CHECK(frame.swapped.size() == away);
    for (const auto& [j, l] : frame.swapped) {
      CHECK(frame.row[j] == l);
      CHECK(frame.lane[l] == frame.carrier[j]);
      CHECK((active & bit(l)) != 0);
    }
  }
}

TEST_CASE("only lane positions that are needed change places") {
  const Frame still = make_frame(bit(4) | bit(7), low_mask(9), 3);
  CHECK(still.swapped.empty());
  CHECK(still.carrier == std::array<std::uint8_t, 3>{3, 4, 7});
  const Frame one = make_frame(bit(1) | bit(4), low_mask(9), 3);
  REQUIRE(one.swapped.size() == 1);
  CHECK(one.row[one.swapped[0].first] == 1);
  const Frame all = make_frame(0b111, low_mask(6), 3);
  CHECK(all.swapped.size() == 3);
}

TEST_CASE("parts and compact say where each position of a mask is") {
  std::mt19937_64 random(432);
  for (int trial = 0; trial < 500; ++trial) {
    const auto [lane_bits, inner, active] = random_example(random);
    const Frame frame = make_frame(active, inner, lane_bits);
    const std::uint64_t mask = random() & low_mask(45);
    const Frame::Parts parts = frame.parts(mask);
    std::uint64_t rest = mask;
    for (unsigned j = 0; j < kTileBits; ++j) {
      CHECK(((parts.rows >> j) & 1) == ((mask >> frame.row[j]) & 1));
      rest &= ~bit(frame.row[j]);
    }
    for (unsigned l = 0; l < lane_bits; ++l) {
      CHECK(((parts.lanes >> l) & 1) == ((mask >> frame.lane[l]) & 1));
      rest &= ~bit(frame.lane[l]);
    }
    CHECK(parts.rest == rest);
    // Lanes lowest, then rows, then the loop in ascending order.
    const std::uint64_t inside = mask & inner;
    std::uint64_t expected = parts.lanes | (std::uint64_t{parts.rows} << lane_bits);
    unsigned place = lane_bits + kTileBits;
    for (unsigned p = 0; p < 64; ++p) {
      if ((frame.loop & bit(p)) == 0) continue;
      if ((inside & bit(p)) != 0) expected |= bit(place);
      ++place;
    }
    CHECK(frame.compact(inside) == expected);
  }
}

TEST_CASE("a tile that does not fit its sub-block is a bug") {
  CHECK_THROWS_AS((void)make_frame(0b11110000, low_mask(9), 3), Error);  // four block positions
  CHECK_THROWS_AS((void)make_frame(0, low_mask(5), 3), Error);           // two above the lanes
  CHECK_THROWS_AS((void)make_frame(bit(8), low_mask(8), 3), Error);      // not in the sub-block
}
