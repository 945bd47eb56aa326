// SPDX-License-Identifier: Apache-2.0
// Counts: how often each string of classical bits came out. Within a register the last bit is
// leftmost; registers are separated by a space, the last declared leftmost.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "qsim/circuit/program.hpp"
#include "qsim/dist/communicator.hpp"

namespace qross::qsim {

using Counts = std::map<std::string, std::uint64_t>;

/// The key of one outcome.
[[nodiscard]] std::string bit_string(const std::vector<bool>& bits,
                                     std::span<const Register> registers);

/// Adds up the counts of all ranks; the same on every rank. Keys hold '0', '1' and spaces.
[[nodiscard]] Counts gather_counts(Communicator& comm, const Counts& mine);

}  // namespace qross::qsim
