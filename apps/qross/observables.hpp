// SPDX-License-Identifier: Apache-2.0
// Files of observables, as run and plan read them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"

namespace qross::app {

class Session;

/// A Pauli sum and its text.
using Observable = std::pair<std::string, qsim::PauliSum>;

/// One Pauli sum of at most so many qubits a line, '#' starts a comment.
/// Throws Error(bad_input) with `path` and the line.
[[nodiscard]] std::vector<Observable> parse_observables(const std::string& text,
                                                        const std::string& path, unsigned qubits);

/// parse_observables() of a file that rank 0 reads. Collective. Throws also Error(missing_input).
[[nodiscard]] std::vector<Observable> read_observables(Session& session, const std::string& path,
                                                       unsigned qubits);

}  // namespace qross::app
