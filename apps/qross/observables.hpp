// SPDX-License-Identifier: Apache-2.0
// Files of observables, as run and plan read them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"

namespace qross::app {

/// One Pauli sum a line, '#' starts a comment: each with its text. Throws Error(missing_input), and
/// Error(bad_input) with the line.
[[nodiscard]] std::vector<std::pair<std::string, qsim::PauliSum>> read_observables(
    const std::string& path);

}  // namespace qross::app
