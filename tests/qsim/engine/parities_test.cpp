// SPDX-License-Identifier: Apache-2.0
// Parities: what a few masks determine, and that they do.
#include "qsim/engine/parities.hpp"

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"

using qross::qsim::Parities;
using qross::qsim::parity;

TEST_CASE("masks that follow from others take no room") {
  Parities parities(2);
  CHECK(parities.find(0) == 0U);
  CHECK_FALSE(parities.find(6));
  CHECK(parities.add(6) == 1U);
  CHECK(parities.add(6) == 1U);
  CHECK(parities.add(12) == 2U);
  CHECK(parities.add(10) == 3U);  // 6 ^ 12
  CHECK(parities.add(0) == 0U);
  CHECK_FALSE(parities.add(2));  // no room
  CHECK(parities.masks().size() == 2);
}

TEST_CASE("combinations of parities are the parities of combined masks") {
  Parities parities(3);
  for (const std::uint64_t mask : {0x15ULL, 0x2cULL, 0x1f0ULL}) CHECK(parities.add(mask));
  for (unsigned c = 0; c < 8; ++c) {
    std::uint64_t mask = 0;
    for (unsigned k = 0; k < 3; ++k) mask ^= ((c >> k) & 1U) != 0 ? parities.masks()[k] : 0;
    REQUIRE(parities.find(mask) == c);
    for (std::uint64_t i = 0; i < 512; ++i) {
      REQUIRE(parity(mask & i) == parity(c & parities.value(i)));
    }
  }
}
