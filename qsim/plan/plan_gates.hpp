// SPDX-License-Identifier: Apache-2.0
// The first step of a plan: which gates it is made of. The circuit is simplified, or fused where
// its state is small, and then lowered.
#pragma once

#include "qsim/plan/lower.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

/// Cost: O(gates). Throws what lower() throws.
[[nodiscard]] LoweredCircuit plan_gates(const Circuit& circuit, const PlanOptions& options,
                                        const StepSeconds& steps);

}  // namespace qross::qsim
