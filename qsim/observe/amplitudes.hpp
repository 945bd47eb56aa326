// SPDX-License-Identifier: Apache-2.0
// Single amplitudes of a distributed state, by logical basis index.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/circuit/gate.hpp"
#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

/// The amplitudes of the given basis states (qubit 0 is the least significant bit), on every rank.
/// Throws Error(bad_input) for an index beyond the state. Cost: one all-gather.
template <class T>
[[nodiscard]] std::vector<Complex> amplitudes(StateVector<T>& state,
                                              std::span<const std::uint64_t> indices);

/// Writes all 2^n amplitudes, given in logical order on every rank; the layout stays. Each rank
/// keeps its own. Cost: one read of the list on every rank, so for states that fit one machine;
/// larger ones come from state files.
/// Throws Error(bad_input) if there are not 2^n, one is not finite, or the sum of squares differs
/// from 1 by more than 1e-6 (1e-3 in single precision).
template <class T>
void set_amplitudes(StateVector<T>& state, std::span<const Complex> amplitudes);

}  // namespace qross::qsim
