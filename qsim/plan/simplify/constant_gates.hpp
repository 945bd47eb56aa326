// SPDX-License-Identifier: Apache-2.0
// The matrix of an operation on one or two qubits, controls among them, and what it costs; only if
// its numbers are constant. Shared by the rewriting of pairs and of single qubits.
#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>

#include "qsim/circuit/circuit.hpp"
#include "qsim/plan/simplify/simplify.hpp"

namespace qross::qsim {

/// What an operation costs, without its matrix.
struct GateCost {
  unsigned qubits = 0;        ///< 1 or 2
  std::array<Qubit, 2> on{};  ///< on[0] is the low bit of the matrix index
  bool controlled = false;
  bool diagonal = false;
  bool generic = false;  ///< a rotation by no multiple of pi/2: no axis of a CX makes it phases
  double cost = 0.0;     ///< as the engine would run it, roughly, in the unit of FormCosts
  double phases = 0.0;  ///< of one qubit: more of them if phases around it do not merge with others
};

struct ConstantGate : GateCost {
  Eigen::Matrix4cd matrix;  ///< of two qubits; of one in the upper left corner
};

/// Nothing if the operation has parameters, or other than one or two qubits with its controls.
[[nodiscard]] std::optional<ConstantGate> constant_gate(
    const Circuit& circuit, const Operation& op,
    const FormCosts& costs = form_costs(StepSeconds()));

/// The same without the matrix: some nanoseconds for gates of the table.
[[nodiscard]] std::optional<GateCost> gate_cost(const Circuit& circuit, const Operation& op,
                                                const FormCosts& costs);

/// A matrix that is not unitary to 1e-12 (a gate may be given with a deviation of 1e-8) stays as it
/// is.
[[nodiscard]] inline bool is_unitary(const Eigen::MatrixXcd& m) {
  return (m * m.adjoint() - Eigen::MatrixXcd::Identity(m.rows(), m.rows())).cwiseAbs().maxCoeff() <
         1e-12;
}

/// Appends a gate of one qubit up to a phase, which is returned: as p, p and x, or p, ry and p
/// (phases gather with others). Angles within 1e-14 of a multiple of pi/4 are taken as that.
double append_single(Circuit& circuit, Qubit q, const Eigen::Matrix2cd& m);

}  // namespace qross::qsim
