// SPDX-License-Identifier: Apache-2.0
// Sampling shots from a state. Shot j draws one number and descends the binary tree of partial sums
// over the bits of the logical index, so the outcome does not depend on ranks, threads or plans.
#pragma once

#include <cstdint>
#include <vector>

#include "qsim/dist/state_vector.hpp"
#include "qsim/observe/outcomes.hpp"

namespace qross::qsim {

/// Draws `shots` basis states; the outcomes in order of index. Qubits may lie in any order within a
/// rank; if the ranks do not hold the highest qubits, they change places first, in one exchange of
/// at most the state (two within a rank), and stay there.
/// Cost: two reads of the state for the first million shots (or 2^(qubits - 6), if that is more)
/// and one for each million more, at half the speed where the qubits are not in logical order;
/// beside that some 0.13 microseconds a shot of one thread. Memory: 16 bytes for each outcome of
/// this rank and again for the result; 4 bytes for each shot of those million that falls on this
/// rank, or 8 and 1/340 of the state (1/170 in single precision) where the qubits are not in
/// logical order. `norm`, if given, becomes the sum of |a|^2, which the draws are made by; it is
/// the same on every rank. What the state's zero_positions() leave out is not read.
template <class T>
[[nodiscard]] std::vector<Outcome> sample(StateVector<T>& state, std::uint64_t shots,
                                          std::uint64_t seed,
                                          Receiver receiver = Receiver::every_rank,
                                          double* norm = nullptr);

}  // namespace qross::qsim
