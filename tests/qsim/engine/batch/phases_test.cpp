// SPDX-License-Identifier: Apache-2.0
// Gathered phases and signs as diagonals over basis states.
#include "qsim/engine/batch/phases.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"

using namespace qross::qsim;

namespace {

/// The exponent of -1 at basis state x.
unsigned sign_at(const BatchSigns& signs, std::uint64_t x) {
  unsigned odd = parity(x & signs.linear);
  for (unsigned q = 0; q < signs.partners.size(); ++q) {
    if ((x & bit(q)) != 0) odd ^= parity(x & signs.partners[q] & low_mask(q));
  }
  return odd;
}

}  // namespace

TEST_CASE("signs are taken with all that depends on the wires touched") {
  BatchSigns signs;
  CHECK(signs.empty());
  signs.toggle(0);
  signs.toggle(0, 1);
  signs.toggle(1, 2);
  signs.toggle(3);
  CHECK(signs.wires() == 0b1111);
  const BatchSigns all = signs;
  const BatchSigns taken = signs.take(0b0001);
  CHECK(taken.wires() == 0b0011);
  CHECK(signs.wires() == 0b1110);
  for (std::uint64_t x = 0; x < 16; ++x) {
    CHECK((sign_at(taken, x) ^ sign_at(signs, x)) == sign_at(all, x));
  }
  signs.toggle(1, 2);
  signs.toggle(3);
  CHECK(signs.empty());
}

TEST_CASE("CZ past CX leaves CZ and Z on the control") {
  BatchSigns signs;
  signs.toggle(0, 1);
  signs.pass_flip(1, 0U);
  CHECK(signs.linear == 0b01);
  CHECK(signs.partners[0] == 0b10);
}

TEST_CASE("terms with the same mask join and vanish; flips turn or move them") {
  BatchPhases phases;
  const AngleForm w{0.5, {{2.0, 0}}};
  phases.add(0, w, 1.0);  // a global phase
  CHECK(phases.terms().empty());
  phases.add(0b10, w, 1.0);
  phases.add(0b10, w, -0.5);
  REQUIRE(phases.terms().size() == 1);
  CHECK(phases.terms().at(0b10).offset == 0.25);
  phases.pass_flip(1, std::nullopt);
  CHECK(phases.terms().at(0b10).offset == -0.25);
  CHECK(phases.terms().at(0b10).parts.at(0).factor == -1.0);
  phases.pass_flip(1, 0U);
  CHECK(phases.terms().count(0b11) == 1);
  phases.pass_flip(0, 2U);
  CHECK(phases.terms().count(0b111) == 1);
  CHECK(phases.take([](std::uint64_t mask) { return mask == 1; }).empty());
  CHECK(phases.take([](std::uint64_t mask) { return mask == 7; }).size() == 1);
  phases.add(0b1, w, 1.0);
  phases.add(0b1, w, -1.0);
  CHECK(phases.terms().empty());
}
