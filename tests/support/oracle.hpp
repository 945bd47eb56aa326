// SPDX-License-Identifier: Apache-2.0
// The independent oracle: dense Eigen matrices, built from the definitions of the gates (Pauli
// matrices, exponentials, projectors), sharing nothing with the engine but the circuit it reads.
#pragma once

#include <Eigen/Dense>
#include <span>

#include "qsim/circuit/circuit.hpp"
#include "qsim/circuit/pauli_sum.hpp"

namespace qross::test {

/// The matrix of one operation on its targets alone (target 0 is the low bit).
Eigen::MatrixXcd target_matrix(const qsim::Circuit& circuit, const qsim::Operation& op,
                               std::span<const double> values);

/// The 2^n x 2^n matrix of one operation, controls included.
Eigen::MatrixXcd full_matrix(const qsim::Circuit& circuit, const qsim::Operation& op,
                             std::span<const double> values);

/// The operation applied to a state, target matrix by target matrix: equal to full_matrix() * state
/// but for rounding, at a cost of 2^(n + targets).
Eigen::VectorXcd apply(const qsim::Circuit& circuit, const qsim::Operation& op,
                       std::span<const double> values, const Eigen::VectorXcd& state);

/// The state after the circuit, from |0..0> or from `start`.
Eigen::VectorXcd run(const qsim::Circuit& circuit, std::span<const double> values = {});
Eigen::VectorXcd run(const qsim::Circuit& circuit, std::span<const double> values,
                     const Eigen::VectorXcd& start);

/// The dense matrix of an observable on n qubits.
Eigen::MatrixXcd matrix(const qsim::PauliSum& sum, unsigned n);

}  // namespace qross::test
