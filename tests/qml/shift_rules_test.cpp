// SPDX-License-Identifier: Apache-2.0
#include "qml/shift_rules.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;
using qsim::Gate;

namespace {

/// The rule applied to cos(frequency * x) + sin(frequency * x) at x, less the true derivative.
double mistake(const std::vector<ShiftTerm>& rule, double frequency, double x) {
  double sum = 0.0;
  for (const ShiftTerm& term : rule) {
    const double at = frequency * (x + term.shift);
    sum += term.coefficient * (std::cos(at) + std::sin(at));
  }
  return std::abs(sum - frequency * (std::cos(frequency * x) - std::sin(frequency * x)));
}

}  // namespace

TEST_CASE("each rule differentiates the frequencies of its gate exactly") {
  for (const double x : {0.0, 0.7, -2.0}) {
    for (const Gate gate : {Gate::rx, Gate::rzz, Gate::pauli_rotation}) {
      CHECK(mistake(shift_rule(gate, 0, false), 1.0, x) < 1e-15);
      CHECK(mistake(shift_rule(gate, 0, true), 1.0, x) < 1e-15);
      CHECK(mistake(shift_rule(gate, 0, true), 0.5, x) < 1e-15);
    }
    CHECK(mistake(shift_rule(Gate::p, 0, true), 1.0, x) < 1e-15);
    CHECK(mistake(shift_rule(Gate::global_phase, 0, true), 1.0, x) < 1e-15);
    CHECK(mistake(shift_rule(Gate::u, 0, true), 0.5, x) < 1e-15);
    CHECK(mistake(shift_rule(Gate::u, 2, true), 1.0, x) < 1e-15);
    CHECK(mistake(shift_rule(Gate::fsim, 0, false), 1.0, x) < 1e-14);
    CHECK(mistake(shift_rule(Gate::fsim, 0, false), 2.0, x) < 1e-14);
    CHECK(mistake(shift_rule(Gate::fsim, 1, false), 1.0, x) < 1e-15);
  }
}

TEST_CASE("two terms where two are enough, none for a phase nobody sees") {
  CHECK(shift_rule(Gate::ry, 0, false).size() == 2);
  CHECK(shift_rule(Gate::ry, 0, true).size() == 4);
  CHECK(shift_rule(Gate::p, 0, true).size() == 2);
  CHECK(shift_rule(Gate::global_phase, 0, false).empty());
  CHECK(
      test::refuses(ErrorCode::bug, "no shift rule", [] { (void)shift_rule(Gate::x, 0, false); }));
  CHECK(test::refuses(ErrorCode::bug, "angle 1 of gate rx",
                      [] { (void)shift_rule(Gate::rx, 1, false); }));
}

TEST_CASE("a separated circuit has the same gates and a parameter for each angle") {
  qsim::Circuit circuit(3);
  const auto a = circuit.parameter("a");
  circuit.rx(0, a).rz(1, 0.5).cp(0, 1, 2.0 * a).u(2, a, 0.25, a * a);
  const qsim::Qubit pair[] = {2, 0};
  circuit.pauli_rotation("XZ", pair, a).cx(0, 1);
  const std::uint32_t table[] = {1, 0, 3, 2};
  circuit.permutation(pair, table).global_phase(a);
  const SeparatedCircuit separated = separate_angles(circuit);
  REQUIRE(separated.circuit.size() == circuit.size());
  REQUIRE(separated.angles.size() == 6);
  const double values[] = {0.3};
  std::vector<double> angles;
  for (const auto& angle : separated.angles) angles.push_back(angle.original.evaluate(values));
  CHECK(angles == std::vector<double>{0.3, 0.6, 0.3, 0.3 * 0.3, 0.3, 0.3});
  CHECK(separated.angles[1].controlled);
  CHECK(separated.angles[3].which == 2);
  for (std::size_t g = 0; g < circuit.size(); ++g) {
    const auto& before = circuit.operations()[g];
    const auto& after = separated.circuit.operations()[g];
    CHECK(before.gate == after.gate);
    CHECK(before.controls == after.controls);
    for (std::size_t p = 0; p < circuit.params(before).size(); ++p) {
      CHECK(circuit.params(before)[p].evaluate(values) ==
            separated.circuit.params(after)[p].evaluate(angles));
    }
  }
}
