// SPDX-License-Identifier: Apache-2.0
// Gates that are met often are written out; others come from the library of gates.
#include "qsim/plan/simplify/gate_matrices.hpp"

#include <algorithm>
#include <numbers>
#include <span>
#include <vector>

#include "qsim/core/unit_phase.hpp"

namespace qross::qsim {
namespace {

/// The angle of a gate that has one, or one of its angles.
double angle(const Circuit& circuit, const Operation& op, std::size_t k = 0) {
  return circuit.params(op)[k].evaluate({});
}

}  // namespace

Two single_matrix(const Circuit& circuit, const Operation& op) {
  constexpr double kRoot = std::numbers::sqrt2 / 2.0;
  constexpr Complex kI{0.0, 1.0};
  switch (op.gate) {
    case Gate::id:
      return {1.0, 0.0, 0.0, 1.0};
    case Gate::x:
      return {0.0, 1.0, 1.0, 0.0};
    case Gate::y:
      return {0.0, -kI, kI, 0.0};
    case Gate::z:
      return {1.0, 0.0, 0.0, -1.0};
    case Gate::h:
      return {kRoot, kRoot, kRoot, -kRoot};
    case Gate::s:
      return {1.0, 0.0, 0.0, kI};
    case Gate::sdg:
      return {1.0, 0.0, 0.0, -kI};
    case Gate::t:
      return {1.0, 0.0, 0.0, Complex(kRoot, kRoot)};
    case Gate::tdg:
      return {1.0, 0.0, 0.0, Complex(kRoot, -kRoot)};
    case Gate::rx: {
      const Complex z = unit_phase(angle(circuit, op) / 2.0);
      return {z.real(), Complex(0.0, -z.imag()), Complex(0.0, -z.imag()), z.real()};
    }
    case Gate::ry: {
      const Complex z = unit_phase(angle(circuit, op) / 2.0);
      return {z.real(), -z.imag(), z.imag(), z.real()};
    }
    case Gate::rz: {
      const Complex z = unit_phase(angle(circuit, op) / 2.0);
      return {std::conj(z), 0.0, 0.0, z};
    }
    case Gate::p:
      return {1.0, 0.0, 0.0, unit_phase(angle(circuit, op))};
    case Gate::u: {
      const Complex z = unit_phase(angle(circuit, op, 0) / 2.0);
      const Complex phi = unit_phase(angle(circuit, op, 1));
      const Complex lambda = unit_phase(angle(circuit, op, 2));
      return {z.real(), -z.imag() * lambda, z.imag() * phi, z.real() * times(phi, lambda)};
    }
    case Gate::unitary: {
      const auto m = circuit.matrix(op);
      return {m[0], m[1], m[2], m[3]};
    }
    case Gate::diagonal: {
      const auto m = circuit.matrix(op);
      return {m[0], 0.0, 0.0, m[1]};
    }
    default: {
      const std::vector<Complex> m = matrix(op.gate, {});
      return {m[0], m[1], m[2], m[3]};
    }
  }
}

Four pair_matrix(const Circuit& circuit, const Operation& op, const std::array<Qubit, 2>& on) {
  Four own{};  // target 0 is the low bit, then the other target or the control
  if (op.controls == 1) {
    const Two m = single_matrix(circuit, op);
    const std::size_t first = circuit.control(op, 0).negative ? 0 : 2;
    for (std::size_t k = 0; k < 4; ++k) own[5 * k] = 1.0;
    for (std::size_t r = 0; r < 2; ++r) {
      for (std::size_t c = 0; c < 2; ++c) own[4 * (first + r) + first + c] = m[2 * r + c];
    }
  } else if (op.gate == Gate::unitary) {
    const auto m = circuit.matrix(op);
    std::copy(m.begin(), m.end(), own.begin());
  } else if (op.gate == Gate::diagonal) {
    const auto m = circuit.matrix(op);
    for (std::size_t k = 0; k < 4; ++k) own[5 * k] = m[k];
  } else {
    std::array<double, 3> angles{};
    std::size_t count = 0;
    for (const Param& each : circuit.params(op)) angles[count++] = each.evaluate({});
    const std::vector<Complex> m = matrix(op.gate, std::span(angles).first(count));
    std::copy(m.begin(), m.end(), own.begin());
  }
  if (circuit.targets(op)[0] == on[0]) return own;
  constexpr std::array<std::size_t, 4> kTurned{0, 2, 1, 3};
  Four turned;
  for (std::size_t r = 0; r < 4; ++r) {
    for (std::size_t c = 0; c < 4; ++c) turned[4 * r + c] = own[4 * kTurned[r] + kTurned[c]];
  }
  return turned;
}

}  // namespace qross::qsim
