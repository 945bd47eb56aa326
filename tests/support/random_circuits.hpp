// SPDX-License-Identifier: Apache-2.0
// Random gates and circuits for tests, reproducible from a seed.
#pragma once

#include <Eigen/Dense>
#include <random>
#include <vector>

#include "qsim/circuit/circuit.hpp"
#include "qsim/circuit/pauli_sum.hpp"

namespace qross::test {

using Generator = std::mt19937_64;

/// A random unitary (QR of a Gaussian matrix), row-major.
std::vector<qsim::Complex> random_unitary(Generator& random, unsigned qubits);
std::vector<qsim::Complex> random_phases(Generator& random, unsigned qubits);
std::vector<std::uint32_t> random_permutation(Generator& random, unsigned qubits);

/// `count` different numbers below n.
std::vector<qsim::Qubit> random_qubits(Generator& random, unsigned n, unsigned count);

/// Appends one gate of the kind on the given targets with random data and angles.
void add_gate(qsim::Circuit& circuit, Generator& random, qsim::Gate gate,
              std::span<const qsim::Qubit> targets, std::span<const qsim::Control> controls = {});

/// Any gates of the vocabulary on any qubits, some of them controlled.
qsim::Circuit random_circuit(Generator& random, unsigned qubits, unsigned gates,
                             unsigned widest = 3);

/// A random circuit whose rotations and phases have named parameters, some shared and scaled.
qsim::Circuit random_parametrised_circuit(Generator& random, unsigned qubits, unsigned gates,
                                          unsigned parameters);

qsim::PauliSum random_pauli_sum(Generator& random, unsigned qubits, unsigned terms);

}  // namespace qross::test
