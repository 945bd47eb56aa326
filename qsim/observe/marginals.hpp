// SPDX-License-Identifier: Apache-2.0
// Probabilities of the outcomes of a few qubits of a distributed state, exactly, without sampling.
// Called by qsim/run for `--probabilities`, and from C++ programs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/circuit/circuit.hpp"
#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

/// The most qubits whose joint outcomes are listed: 4096 of them.
inline constexpr unsigned kMaxMarginalQubits = 12;

/// p[i] = sum of |a_j|^2 over the basis states j whose qubits qubits[t] read bit t of i, for all
/// 2^k outcomes i of k = 0..12 qubits; their sum is the squared norm. The same on every rank. The
/// sums follow the tree of the index bits: equal bits for the same layout on any number of threads
/// and ranks. Cost: one read of the state, and an all-gather of 2^k numbers a shard in bounded
/// pieces; nothing moves. Memory: 8 * 2^k bytes for each shard of this rank.
/// Throws Error(bad_input) for qubits that are too many, repeated or out of range.
template <class T>
[[nodiscard]] std::vector<double> marginal_probabilities(const StateVector<T>& state,
                                                         std::span<const Qubit> qubits);

/// Throws what marginal_probabilities() would for these qubits of n, before there is a state.
void require_marginal_qubits(std::span<const Qubit> qubits, unsigned n);

}  // namespace qross::qsim
