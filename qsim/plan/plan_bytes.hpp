// SPDX-License-Identifier: Apache-2.0
// What a plan itself takes, next to which a state of few qubits is small. Asked by tests and by
// whoever keeps many plans.
#pragma once

#include <cstdint>

#include "qsim/plan/plan.hpp"

namespace qross::qsim {

/// Bytes of memory that the lists of a plan hold; parameters that are expressions of several slots
/// count without their trees. Cost: O(stages).
[[nodiscard]] std::uint64_t plan_bytes(const Plan& plan);

}  // namespace qross::qsim
