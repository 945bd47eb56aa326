// SPDX-License-Identifier: Apache-2.0
// Angles as forms in the parameters, and how phasors are shared.
#include "qsim/engine/batch/phasors.hpp"

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("forms add up, part by part") {
  AngleForm form{1.0, {{2.0, 3}}};
  form.add({0.5, {{1.0, 1}, {-1.0, 3}}}, 2.0);
  CHECK(form.offset == 2.0);
  REQUIRE(form.parts.size() == 1);  // slot 3 has gone
  CHECK(form.parts[0].slot == 1);
  CHECK(form.times(-0.5).parts[0].factor == -1.0);
  CHECK(form.times(0.0).is_zero());
  CHECK(!form.is_constant());
}

TEST_CASE("affine expressions name their slot, others get one of their own") {
  BatchPhasors phasors(2);
  const Param a = Param::slot(0);
  const Param b = Param::slot(1);
  const AngleForm affine = phasors.form(2.0 * b - 0.5);
  CHECK(affine.offset == -0.5);
  CHECK(affine.parts.at(0).slot == 1);
  CHECK(phasors.form(Param(0.25)).is_constant());
  CHECK(phasors.form(a * b).parts.at(0).slot == 2);
  CHECK(phasors.form(a * b + 1.0).parts.at(0).slot == 3);
  CHECK(phasors.expressions().size() == 2);
}

TEST_CASE("equal and opposite angles share a phasor; those that vary come first") {
  BatchPhasors phasors(2);
  const AngleForm w{0.5, {{1.0, 0}, {2.0, 1}}};
  const auto constant = phasors.use({-0.75, {}});
  CHECK(constant.negative);
  const auto first = phasors.use(w);
  const auto second = phasors.use(w.times(-1.0));
  CHECK(first.phasor == second.phasor);
  CHECK(first.negative != second.negative);
  CHECK(phasors.use(w.times(2.0)).phasor != first.phasor);
  CHECK(phasors.use({0.75, {}}).phasor == constant.phasor);
  const auto place = phasors.arrange();
  CHECK(phasors.varying() == 2);
  CHECK(place.at(constant.phasor) == 2);
  CHECK(phasors.phasors().at(place.at(first.phasor)).part_count == 2);
  CHECK(phasors.phasors().at(2).offset == 0.75);
}
