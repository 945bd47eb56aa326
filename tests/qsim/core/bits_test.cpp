// SPDX-License-Identifier: Apache-2.0
// Bit algebra against its definitions, bit by bit.
#include "qsim/core/bits.hpp"

#include <random>
#include <vector>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("low_mask holds the lowest bits, all 64 included") {
  CHECK(low_mask(0) == 0);
  CHECK(low_mask(3) == 7);
  CHECK(low_mask(63) == 0x7fffffffffffffffULL);
  CHECK(low_mask(64) == ~std::uint64_t{0});
}

TEST_CASE("next_subset visits every subset once, in counting order, and ends with 0") {
  for (const std::uint64_t mask : {0x0ULL, 0x1ULL, 0x2cULL, 0x8000000000000005ULL, 0xf0ULL}) {
    std::vector<std::uint64_t> seen;
    std::uint64_t i = 0;
    do {
      CHECK((i & ~mask) == 0);
      if (!seen.empty()) CHECK(i > seen.back());
      seen.push_back(i);
      i = next_subset(i, mask);
    } while (i != 0);
    CHECK(seen.size() == bit(static_cast<unsigned>(std::popcount(mask))));
    for (std::uint64_t k = 0; k < seen.size(); ++k) {
      CHECK(seen[k] == spread(k, mask));
      CHECK(collect(seen[k], mask) == k);
    }
  }
}

TEST_CASE("spread and collect put bit k at the k-th lowest place of the mask and back") {
  CHECK(spread(0b101, 0b11010) == 0b10010);
  CHECK(collect(0b10010, 0b11010) == 0b101);
  CHECK(collect(~std::uint64_t{0}, 0b11010) == 0b111);
  CHECK(spread(~std::uint64_t{0}, 0b11010) == 0b11010);
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 200; ++trial) {
    const std::uint64_t mask = random() & random();
    const std::uint64_t value = random() & low_mask(static_cast<unsigned>(std::popcount(mask)));
    CHECK(collect(spread(value, mask), mask) == value);
    CHECK(collect(spread(value, mask) | ~mask, mask) == value);
  }
}

TEST_CASE("parity is 1 for an odd number of bits") {
  CHECK(parity(0) == 0);
  CHECK(parity(bit(63)) == 1);
  CHECK(parity(bit(63) | 1) == 0);
  CHECK(parity(0b10101) == 1);
}
