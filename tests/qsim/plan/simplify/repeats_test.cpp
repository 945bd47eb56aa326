// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <doctest/doctest.h>

#include "tests/qsim/plan/simplify/simplified.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("circuits do what they did without their repeats") {
  test::check_same(811, [](const Circuit& circuit) { return cancel_repeats(circuit); });
}

TEST_CASE("gates that undo each other go, and then those around them") {
  Circuit circuit(3);
  circuit.h(0).cx(0, 1).s(1).t(2).apply(Gate::tdg, std::array<Qubit, 1>{2});
  circuit.apply(Gate::sdg, std::array<Qubit, 1>{1}).cx(0, 1).h(0);
  circuit.ccx(0, 1, 2).ccx(0, 1, 2).swap(1, 2).swap(1, 2);
  CHECK(cancel_repeats(circuit).size() == 0);
}

TEST_CASE("what lies between, or is not the same, stays") {
  Circuit circuit(3);
  circuit.h(0).cx(0, 1).h(0);      // between on one qubit
  circuit.cx(0, 2).cx(2, 0);       // turned around
  circuit.cx(1, 2).x(2).cx(1, 2);  // between on the other
  circuit.s(0).s(0);               // not the inverse
  circuit.u(1, 0.1, 0.2, 0.3).u(1, 0.1, 0.2, 0.3);
  CHECK(cancel_repeats(circuit).size() == circuit.size());
  Circuit controls(2);
  controls.apply(Gate::x, std::array<Qubit, 1>{0}, {}, std::array{Control{1, false}});
  controls.apply(Gate::x, std::array<Qubit, 1>{0}, {}, std::array{Control{1, true}});
  CHECK(cancel_repeats(controls).size() == 2);
}

TEST_CASE("equal rotations add up; with parameters while the sum is one of the same kind") {
  Circuit circuit(3);
  circuit.rx(0, 0.25).rx(0, 0.5).rx(0, -0.75).ry(1, 0.25).ry(1, 0.5);
  circuit.pauli_rotation("XYZ", std::array<Qubit, 3>{0, 1, 2}, 0.3);
  circuit.pauli_rotation("XYZ", std::array<Qubit, 3>{0, 1, 2}, 0.4);
  circuit.pauli_rotation("XYX", std::array<Qubit, 3>{0, 1, 2}, 0.4);
  const Circuit simple = cancel_repeats(circuit);
  CHECK(simple.size() == 3);
  CHECK(test::difference(simple, circuit) < 1e-15);

  Circuit trained(1);
  const Param a = trained.parameter("a");
  const Param b = trained.parameter("b");
  trained.rx(0, a).rx(0, 2.0 * a + 0.1).rx(0, 0.2).rx(0, b);
  const Circuit less = cancel_repeats(trained);
  CHECK(less.size() == 2);
  CHECK(less.parameter_names() == trained.parameter_names());
  CHECK(test::difference(less, trained, std::array{0.7, -0.4}) < 1e-15);
}

TEST_CASE("angles whose sum would lose digits are not added") {
  Circuit circuit(1);
  circuit.rx(0, 1e12).rx(0, 0.3);
  CHECK(cancel_repeats(circuit).size() == 2);
}
