// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <doctest/doctest.h>

#include "tests/qsim/plan/simplify/simplified.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("circuits do what they did with runs on one qubit merged, and all steps together") {
  test::check_same(831, [](const Circuit& circuit) { return merge_singles(circuit); });
  test::check_same(832, [](const Circuit& circuit) {
    return merge_singles(rewrite_pairs(cancel_repeats(circuit)));
  });
}

TEST_CASE("many rotations become one") {
  Circuit circuit(2);
  circuit.h(0).t(0).h(0).rx(0, 0.3).ry(0, 0.7).cz(0, 1).h(1).s(1).h(1);
  const Circuit simple = merge_singles(circuit);
  CHECK(test::difference(simple, circuit) < 1e-15);
  CHECK(test::count(simple, Gate::ry) == 2);
  CHECK(test::count(simple, Gate::h) == 0);
}

TEST_CASE("one rotation among phases stays, and so do flips") {
  Circuit circuit(1);
  circuit.rz(0, 0.1).ry(0, 0.2).rz(0, 0.3).x(0).t(0).y(0);
  CHECK(merge_singles(circuit).size() == circuit.size());
}

TEST_CASE("a run that does nothing is a phase") {
  Circuit circuit(1);
  circuit.h(0).s(0).s(0).h(0).x(0).rx(0, 0.4).rx(0, -0.4);
  const Circuit simple = merge_singles(circuit);
  CHECK(test::difference(simple, circuit) < 1e-15);
  CHECK(simple.size() <= 1);
}
