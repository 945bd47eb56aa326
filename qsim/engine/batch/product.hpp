// SPDX-License-Identifier: Apache-2.0
// The gates at the beginning of a batch's circuit that act on one wire each, before any other gate
// on that wire: encodings of data and first layers of rotations. They make a product state.
#pragma once

#include <cstdint>
#include <vector>

#include "qsim/engine/batch/code.hpp"
#include "qsim/plan/lower.hpp"

namespace qross::qsim {

/// Moves these operations from `ops` into code.product. Cost: O(operations).
void take_product(const LoweredCircuit& circuit, std::vector<std::uint32_t>& ops, BatchCode& code);

}  // namespace qross::qsim
