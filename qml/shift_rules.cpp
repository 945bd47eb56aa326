// SPDX-License-Identifier: Apache-2.0
// The rules by gate, and the rewriting that gives every angle its own parameter.
#include "qml/shift_rules.hpp"

#include <cmath>
#include <numbers>

#include "qsim/core/error.hpp"

namespace qross::qml {
namespace {

using qsim::Gate;

constexpr double kPi = std::numbers::pi;

/// Generator eigenvalues one apart: f = a + b cos(angle) + c sin(angle).
std::vector<ShiftTerm> two_terms() { return {{kPi / 2, 0.5}, {-kPi / 2, -0.5}}; }

/// f has the frequencies 1/2 and 1 in units of `unit`: exact with shifts pi/2 and 3 pi/2.
std::vector<ShiftTerm> four_terms(double unit) {
  const double root = std::numbers::sqrt2;
  const double near = unit * (root + 1) / (4 * root);
  const double far = unit * (root - 1) / (4 * root);
  return {{kPi / 2 / unit, near},
          {-kPi / 2 / unit, -near},
          {3 * kPi / 2 / unit, -far},
          {-3 * kPi / 2 / unit, far}};
}

}  // namespace

std::vector<ShiftTerm> shift_rule(Gate gate, std::size_t which, bool controlled) {
  switch (gate) {
    case Gate::rx:
    case Gate::ry:
    case Gate::rz:
    case Gate::rxx:
    case Gate::ryy:
    case Gate::rzz:
    case Gate::pauli_rotation:
      if (which == 0) return controlled ? four_terms(1.0) : two_terms();
      break;
    case Gate::p:
      if (which == 0) return two_terms();
      break;
    case Gate::global_phase:
      if (which == 0) return controlled ? two_terms() : std::vector<ShiftTerm>{};
      break;
    case Gate::u:
      // p(phi) ry(theta) p(lambda)
      if (which == 0) return controlled ? four_terms(1.0) : two_terms();
      if (which <= 2) return two_terms();
      break;
    case Gate::fsim:
      // theta: (XX + YY)/2 has the eigenvalues -1, 0, 0, 1; phi: a phase.
      if (which == 0) return four_terms(2.0);
      if (which == 1) return two_terms();
      break;
    default:
      break;
  }
  throw Error(ErrorCode::bug, "no shift rule for angle " + std::to_string(which) + " of gate " +
                                  std::string(qsim::info(gate).name));
}

SeparatedCircuit separate_angles(const qsim::Circuit& circuit) {
  SeparatedCircuit result{qsim::Circuit(circuit.qubits()), {}};
  for (const qsim::Operation& op : circuit.operations()) {
    const auto targets = circuit.targets(op);
    const auto controls = circuit.controls(op);
    std::vector<qsim::Param> params;
    for (const qsim::Param& param : circuit.params(op)) {
      if (param.is_constant()) {
        params.push_back(param);
        continue;
      }
      const std::size_t which = params.size();
      const std::string name = "a[" + std::to_string(result.angles.size()) + "]";
      params.push_back(result.circuit.parameter(name));
      result.angles.push_back({op.gate, which, !controls.empty(), param});
    }
    switch (op.gate) {
      case Gate::unitary:
        result.circuit.unitary(targets, circuit.matrix(op), controls);
        break;
      case Gate::diagonal:
        result.circuit.diagonal(targets, circuit.matrix(op), controls);
        break;
      case Gate::permutation:
        result.circuit.permutation(targets, circuit.table(op), controls);
        break;
      case Gate::pauli_rotation:
        result.circuit.pauli_rotation(circuit.paulis(op), targets, params[0], controls);
        break;
      case Gate::global_phase:
        result.circuit.global_phase(params[0], controls);
        break;
      default:
        result.circuit.apply(op.gate, targets, params, controls);
    }
  }
  return result;
}

}  // namespace qross::qml
