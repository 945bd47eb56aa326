// SPDX-License-Identifier: Apache-2.0
// Philox against its published known answers, and the streams that results depend on.
#include "qsim/core/random.hpp"

#include <array>
#include <cmath>
#include <set>

#include <doctest/doctest.h>

using namespace qross::qsim;

namespace {

// Seed, shot, site and purpose are the key and the counter, in this order of words.
std::uint64_t known(std::uint32_t c0, std::uint32_t c1, std::uint32_t c2, std::uint32_t c3,
                    std::uint32_t k0, std::uint32_t k1) {
  return random_bits((std::uint64_t{k1} << 32) | k0, static_cast<Purpose>(c3),
                     (std::uint64_t{c1} << 32) | c0, c2);
}

}  // namespace

// The first two words of the philox4x32-10 vectors of the Random123 distribution (kat_vectors).
TEST_CASE("philox4x32-10 gives its known answers") {
  CHECK(known(0, 0, 0, 0, 0, 0) == 0xe169c58d6627e8d5ULL);
  constexpr std::uint32_t ones = 0xffffffffU;
  CHECK(known(ones, ones, ones, ones, ones, ones) == 0x41c83b0e408f276dULL);
  CHECK(known(0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U, 0xa4093822U, 0x299f31d0U) ==
        0x94fdccebd16cfe09ULL);
}

TEST_CASE("uniform is the top 53 bits, in [0, 1)") {
  double sum = 0.0;
  double square = 0.0;
  constexpr std::uint64_t count = 20000;
  for (std::uint64_t shot = 0; shot < count; ++shot) {
    const double u = uniform(7, Purpose::sampling, shot, 0);
    REQUIRE(u >= 0.0);
    REQUIRE(u < 1.0);
    REQUIRE(u ==
            std::ldexp(static_cast<double>(random_bits(7, Purpose::sampling, shot, 0) >> 11), -53));
    sum += u;
    square += u * u;
  }
  // Five standard deviations of the mean of u and of u^2.
  CHECK(std::abs(sum / count - 0.5) < 5 * std::sqrt(1.0 / 12 / count));
  CHECK(std::abs(square / count - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / count));
}

TEST_CASE("every argument selects another number") {
  std::set<std::uint64_t> seen;
  std::size_t count = 0;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32, 1ULL << 63}) {
    for (const Purpose purpose : {Purpose::sampling, Purpose::measurement, Purpose::initial,
                                  Purpose::shuffle, Purpose::split, Purpose::data}) {
      for (const std::uint64_t shot : {0ULL, 1ULL, 1ULL << 32}) {
        for (const std::uint32_t site : {0U, 1U, 0xffffffffU}) {
          seen.insert(random_bits(seed, purpose, shot, site));
          ++count;
        }
      }
    }
  }
  CHECK(seen.size() == count);
}

// Counts promise to be the same for the same version and seed: a change here is a change of
// version.
TEST_CASE("the streams are frozen") {
  CHECK(random_bits(42, Purpose::sampling, 3, 0) == 0xab8bc201db7e6005ULL);
  CHECK(random_bits(42, Purpose::measurement, 3, 1) == 0x859123ca0eb8ed1aULL);
  CHECK(uniform(7, Purpose::sampling, 0, 0) == 0x1.c7ab79cb5a988p-2);
}
