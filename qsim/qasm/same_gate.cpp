// SPDX-License-Identifier: Apache-2.0
// Unitaries column by column, with the matrices of the gate table.
#include "qsim/qasm/same_gate.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "qsim/core/error.hpp"

namespace qross::qsim::qasm {
namespace {

using Vector = std::vector<Complex>;

// What a Pauli letter does to one bit: flips it, and multiplies by a factor of the bit before.
Complex pauli_factor(char letter, bool one) {
  if (letter == 'Y') return one ? Complex(0, -1) : Complex(0, 1);
  return letter == 'Z' && one ? Complex(-1) : Complex(1);
}

// exp(-i angle/2 P) where the controls hold.
Vector rotated(const Vector& state, std::string_view paulis, std::span<const Qubit> targets,
               double angle, const std::vector<bool>& active) {
  Vector next = state;
  const Complex turn(0.0, -std::sin(angle / 2.0));
  for (std::size_t k = 0; k < state.size(); ++k) {
    if (!active[k]) continue;
    std::size_t image = k;
    Complex factor = 1.0;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const char letter = paulis[t];
      factor *= pauli_factor(letter, (k >> targets[t] & 1U) != 0);
      if (letter == 'X' || letter == 'Y') image ^= std::size_t{1} << targets[t];
    }
    next[image] += turn * factor * state[k];
    next[k] += (std::cos(angle / 2.0) - 1.0) * state[k];
  }
  return next;
}

// A matrix of the table on its targets where the controls hold.
Vector multiplied(const Vector& state, const std::vector<Complex>& m,
                  std::span<const Qubit> targets, const std::vector<bool>& active) {
  Vector next(state.size());
  const std::size_t small = std::size_t{1} << targets.size();
  for (std::size_t k = 0; k < state.size(); ++k) {
    if (!active[k]) {
      next[k] += state[k];
      continue;
    }
    std::size_t from = 0;
    std::size_t rest = k;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      from |= (k >> targets[t] & 1U) << t;
      rest &= ~(std::size_t{1} << targets[t]);
    }
    for (std::size_t to = 0; to < small; ++to) {
      std::size_t index = rest;
      for (std::size_t t = 0; t < targets.size(); ++t) index |= (to >> t & 1U) << targets[t];
      next[index] += m[to * small + from] * state[k];
    }
  }
  return next;
}

// The columns of the circuit's unitary, one behind the other.
Vector unitary_of(const Circuit& circuit) {
  const std::size_t dim = std::size_t{1} << circuit.qubits();
  std::vector<Vector> columns(dim, Vector(dim));
  for (std::size_t c = 0; c < dim; ++c) columns[c][c] = 1.0;
  for (const Operation& op : circuit.operations()) {
    std::vector<double> angles;
    for (const Param& angle : circuit.params(op)) angles.push_back(angle.evaluate());
    std::vector<bool> active(dim, true);
    for (const Control& control : circuit.controls(op)) {
      for (std::size_t k = 0; k < dim; ++k) {
        if (((k >> control.qubit & 1U) != 0) == control.negative) active[k] = false;
      }
    }
    const auto targets = circuit.targets(op);
    for (Vector& column : columns) {
      column = op.gate == Gate::pauli_rotation
                   ? rotated(column, circuit.paulis(op), targets, angles[0], active)
                   : multiplied(column, matrix(op.gate, angles), targets, active);
    }
  }
  Vector all;
  for (const Vector& column : columns) all.insert(all.end(), column.begin(), column.end());
  return all;
}

}  // namespace

bool same_up_to_phase(const Circuit& a, const Circuit& b) {
  if (a.qubits() != b.qubits() || a.qubits() > kMostCompared) {
    throw Error(ErrorCode::bug, "gates of different or too many qubits are compared");
  }
  const Vector left = unitary_of(a);
  const Vector right = unitary_of(b);
  const auto largest = std::max_element(
      right.begin(), right.end(),
      [](const Complex& x, const Complex& y) { return std::norm(x) < std::norm(y); });
  const Complex ratio = left[static_cast<std::size_t>(largest - right.begin())] / *largest;
  if (std::abs(std::abs(ratio) - 1.0) > 1e-9) return false;
  for (std::size_t k = 0; k < left.size(); ++k) {
    if (!(std::abs(left[k] - ratio * right[k]) <= 1e-9)) return false;
  }
  return true;
}

}  // namespace qross::qsim::qasm
