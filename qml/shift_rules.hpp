// SPDX-License-Identifier: Apache-2.0
// Parameter-shift rules: derivatives of an expectation value from expectation values of the same
// circuit with one gate angle moved, as a quantum computer would measure them. Shares no code with
// the adjoint sweep. Called by Evaluator.
#pragma once

#include <cstddef>
#include <vector>

#include "qsim/circuit/circuit.hpp"

namespace qross::qml {

/// df/dangle = sum of coefficient * f(angle + shift).
struct ShiftTerm {
  double shift = 0.0;
  double coefficient = 0.0;
};

/// The rule for angle number `which` of a gate. Two terms where the generator has two eigenvalues
/// (Pauli rotations, phases; Mitarai et al., arXiv:1803.00745), four where it has three (controlled
/// rotations, fsim; Anselmetti et al., arXiv:2104.05695); none for a phase without controls.
/// Throws Error(bug) for a gate without that angle.
[[nodiscard]] std::vector<ShiftTerm> shift_rule(qsim::Gate gate, std::size_t which,
                                                bool controlled);

/// One angle of one gate that depends on parameters.
struct SeparateAngle {
  qsim::Gate gate = qsim::Gate::id;
  std::size_t which = 0;
  bool controlled = false;
  qsim::Param original;  ///< as an expression of the first circuit's parameters
};

/// A circuit in which every such angle is a parameter of its own: slot i is angles[i].
struct SeparatedCircuit {
  qsim::Circuit circuit;
  std::vector<SeparateAngle> angles;
};

/// Cost: O(gates).
[[nodiscard]] SeparatedCircuit separate_angles(const qsim::Circuit& circuit);

}  // namespace qross::qml
