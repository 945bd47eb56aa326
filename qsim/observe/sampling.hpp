// SPDX-License-Identifier: Apache-2.0
// Sampling shots from a state. Shot j draws one number and descends the binary tree of partial sums
// over the bits of the logical index, so the outcome does not depend on ranks, threads or plans.
#pragma once

#include <cstdint>
#include <vector>

#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

/// How often one basis state was drawn.
struct Outcome {
  std::uint64_t index = 0;  ///< logical basis index
  std::uint64_t count = 0;
};

/// Draws `shots` basis states; the outcomes in order of index, the same on every rank. The state
/// must be in logical order within each shard (plan_ordering). Cost: about two reads of the state,
/// and shots * qubits.
template <class T>
[[nodiscard]] std::vector<Outcome> sample(StateVector<T>& state, std::uint64_t shots,
                                          std::uint64_t seed);

}  // namespace qross::qsim
