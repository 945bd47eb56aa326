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

}  // namespace qross::qsim
