// SPDX-License-Identifier: Apache-2.0
// Reduced density matrices of a few qubits, and entropies of a subsystem. Called from C++ programs;
// the sums follow a fixed tree, so the bits do not depend on threads or ranks.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>

#include "qsim/circuit/circuit.hpp"
#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

/// The most qubits a reduced density matrix may have.
inline constexpr unsigned kMaxDensityQubits = 8;

/// rho[i][j] = sum over e of psi(i, e) conj(psi(j, e)): the 2^k x 2^k matrix of k = 0..8 qubits,
/// the rest e traced out; bit t of i and j is qubits[t]. The same on every rank, its trace is the
/// norm. Equal bits for the same layout on any number of threads and ranks (above 20 qubits as long
/// as a shard has 2^(k + 6) amplitudes). Cost: one read of the state and 4 * 2^k FLOP an amplitude,
/// an all-gather of 4^k numbers a shard, 16 * 4^k bytes for each of this rank's shards and some 20
/// for each thread. With j of the qubits at rank positions, also two exchanges of (1 - 2^-j) of the
/// state, which bring them here and back; shards of fewer than 2^(k + 6) amplitudes of states up to
/// 20 qubits, and of fewer than 2^k always, are gathered on every rank instead.
/// Throws Error(bad_input) for qubits that are too many, repeated or out of range.
template <class T>
[[nodiscard]] Eigen::MatrixXcd reduced_density_matrix(StateVector<T>& state,
                                                      std::span<const Qubit> qubits);

/// Tr rho^2 / (Tr rho)^2: 1 for a pure state, 2^-k for a wholly mixed one.
[[nodiscard]] double purity(const Eigen::MatrixXcd& rho);

/// -log2 of the purity, in bits.
[[nodiscard]] double renyi2_entropy(const Eigen::MatrixXcd& rho);

/// -sum p log2 p over the eigenvalues p of rho / Tr rho, in bits: 1 for half of a Bell pair.
/// Throws Error(bad_input) if rho is not square or has no positive trace. Cost: O(8^k).
[[nodiscard]] double von_neumann_entropy(const Eigen::MatrixXcd& rho);

/// The entropies of some qubits with the rest of a pure state. Both sides have the same, so the
/// smaller one is used: it may have up to 8 qubits. Cost and errors: reduced_density_matrix().
template <class T>
[[nodiscard]] double von_neumann_entropy(StateVector<T>& state, std::span<const Qubit> qubits);
template <class T>
[[nodiscard]] double renyi2_entropy(StateVector<T>& state, std::span<const Qubit> qubits);

}  // namespace qross::qsim
