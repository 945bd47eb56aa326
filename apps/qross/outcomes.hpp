// SPDX-License-Identifier: Apache-2.0
// Options of `qross run` and `plan` that name basis states and qubits, and which counts to print.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qsim/circuit/program.hpp"
#include "qsim/run/counts.hpp"

namespace qross::app {

/// The basis states of `--amplitudes`: decimal indices (5), or bit strings in the printed order,
/// the last qubit leftmost (0b101 or |101>). Throws Error(usage) for anything else; a number that
/// begins with 0 might be meant as either, and is refused.
[[nodiscard]] std::vector<std::uint64_t> parse_basis_states(const std::string& list,
                                                            qsim::Qubit qubits);

/// The qubits of `--probabilities`: q[0] by register, or a whole register q, in the order given.
/// Throws Error(usage) for empty parts, Error(bad_input) for qubits that the program does not have.
[[nodiscard]] std::vector<qsim::Qubit> parse_qubits(const std::string& list,
                                                    const qsim::Program& program);

/// Which counts are printed, and in which order. Files hold all of them.
struct Selection {
  std::optional<std::uint64_t> top;  ///< this many, the most frequent
  bool by_count = false;             ///< the most frequent first; else in the order of the keys
};

/// "count" or "key" of `--sort`, and `--top`; empty: not given. On a terminal the default is the 20
/// most frequent, else all. Throws Error(usage).
[[nodiscard]] Selection parse_selection(const std::string& top, const std::string& sort,
                                        bool terminal);

/// The counts of a selection by their numbers, in the order in which they are printed; none where
/// that is all of them in the order of the keys.
[[nodiscard]] std::optional<std::vector<std::size_t>> select(const qsim::Counts& counts,
                                                             const Selection& selection);

/// Calls print(key, count) for each of those.
void for_each_count(const qsim::Counts& counts,
                    const std::optional<std::vector<std::size_t>>& chosen,
                    const std::function<void(std::string_view, std::uint64_t)>& print);

/// The outcomes and shots that are not among the chosen.
struct LeftOut {
  std::uint64_t outcomes = 0;
  std::uint64_t shots = 0;
};
[[nodiscard]] LeftOut left_out(const qsim::Counts& counts,
                               const std::optional<std::vector<std::size_t>>& chosen);

}  // namespace qross::app
