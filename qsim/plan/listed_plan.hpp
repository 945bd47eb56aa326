// SPDX-License-Identifier: Apache-2.0
// Plans of gate lists: one pass, in which the gates run one by one.
#pragma once

#include <optional>

#include "qsim/plan/plan.hpp"

namespace qross::qsim {

/// The plan of a circuit that runs gate by gate; nothing if a plan of passes serves it better, or
/// more was asked for than running it. Cost: see list_gates().
[[nodiscard]] std::optional<Plan> listed_plan(const Circuit& circuit, const PlanOptions& options);

}  // namespace qross::qsim
