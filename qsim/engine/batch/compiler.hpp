// SPDX-License-Identifier: Apache-2.0
// Compiling a circuit for batches: scheduled operations become programs; phases gather until a gate
// does not commute with them, or until applying them now is cheaper than later.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/engine/batch/builder.hpp"
#include "qsim/engine/batch/code.hpp"
#include "qsim/engine/batch/schedule.hpp"
#include "qsim/engine/batch/trim.hpp"

namespace qross::qsim {

/// Compiles what is left of the circuit after trimming, both ways. Cost: about operations^2 / 10.
[[nodiscard]] BatchCode compile_batch(const LoweredCircuit& circuit, const TrimmedCircuit& trimmed,
                                      const BatchRange& range);

/// Adds the way back to the code: `back_walks`, `backward`, `links`. `traces` has a list for each
/// walk; that of a wide operation is empty.
void compile_batch_backward(const BatchRange& range,
                            const std::vector<std::vector<BatchTrace>>& traces, BatchCode& code);

}  // namespace qross::qsim
