// SPDX-License-Identifier: Apache-2.0
// What the gradient tests share: the oracle's value, and circuits that use each parameter once, for
// which the parameter-shift rules are exact.
#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

namespace qross::test {

inline std::vector<double> random_values(Generator& random, std::size_t count) {
  std::vector<double> values(count);
  for (double& v : values) v = std::uniform_real_distribution(-3.0, 3.0)(random);
  return values;
}

/// <O> by dense matrices.
inline double oracle_value(const qsim::Circuit& circuit, std::span<const double> values,
                           const Eigen::MatrixXcd& observable) {
  const Eigen::VectorXcd state = run(circuit, values);
  return state.dot(observable * state).real();
}

/// How a parameter's derivative follows from shifted values.
enum class Shift { two_terms, four_terms };

struct ShiftCircuit {
  qsim::Circuit circuit;
  std::vector<Shift> rules;
};

/// Every parametrised gate has a parameter of its own; some gates are controlled. Rotations with
/// controls have the generator values -1/2, 0, 1/2 and need four shifts, all others two.
inline ShiftCircuit random_shift_circuit(Generator& random, unsigned n, unsigned gates) {
  using qsim::Gate;
  ShiftCircuit result{qsim::Circuit(n), {}};
  constexpr Gate kinds[] = {Gate::rx,  Gate::ry,  Gate::rz,   Gate::p,
                            Gate::rxx, Gate::ryy, Gate::rzz,  Gate::pauli_rotation,
                            Gate::h,   Gate::x,   Gate::swap, Gate::global_phase};
  for (unsigned g = 0; g < gates; ++g) {
    const Gate gate = kinds[random() % std::size(kinds)];
    int targets = qsim::info(gate).targets;
    if (targets < 0) targets = static_cast<int>(1 + random() % n);
    if (targets > static_cast<int>(n)) continue;
    const unsigned free = n - static_cast<unsigned>(targets);
    const auto controls =
        static_cast<unsigned>(random() % 2 == 0 ? random() % (std::min(free, 2U) + 1) : 0);
    const auto chosen = random_qubits(random, n, static_cast<unsigned>(targets) + controls);
    const auto on = std::span(chosen).first(static_cast<std::size_t>(targets));
    std::vector<qsim::Control> list;
    for (unsigned c = 0; c < controls; ++c) {
      list.push_back({chosen[static_cast<std::size_t>(targets) + c], random() % 2 == 0});
    }
    if (qsim::info(gate).params == 0) {
      result.circuit.apply(gate, on, {}, list);
      continue;
    }
    const qsim::Param w = result.circuit.parameter("w" + std::to_string(result.rules.size()));
    const bool phase = gate == Gate::p || gate == Gate::global_phase;
    result.rules.push_back(phase || controls == 0 ? Shift::two_terms : Shift::four_terms);
    if (gate == Gate::pauli_rotation) {
      std::string letters;
      for (int i = 0; i < targets; ++i) letters += "XYZ"[random() % 3];
      result.circuit.pauli_rotation(letters, on, w, list);
    } else if (gate == Gate::global_phase) {
      result.circuit.global_phase(w, list);
    } else {
      result.circuit.apply(gate, on, std::array{w}, list);
    }
  }
  return result;
}

/// The derivative by parameter s (Schuld et al., arXiv:1811.11184; four terms: Anselmetti et al.,
/// arXiv:2104.05695).
inline double shifted_derivative(const ShiftCircuit& c, std::vector<double> values, std::size_t s,
                                 const Eigen::MatrixXcd& observable) {
  const auto difference = [&](double shift) {
    values[s] += shift;
    const double up = oracle_value(c.circuit, values, observable);
    values[s] -= 2 * shift;
    const double down = oracle_value(c.circuit, values, observable);
    values[s] += shift;
    return up - down;
  };
  constexpr double half = std::numbers::pi / 2;
  if (c.rules[s] == Shift::two_terms) return difference(half) / 2;
  const double root = std::numbers::sqrt2;
  return (root + 1) / (4 * root) * difference(half) -
         (root - 1) / (4 * root) * difference(3 * half);
}

}  // namespace qross::test
