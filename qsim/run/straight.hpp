// SPDX-License-Identifier: Apache-2.0
// Straight programs: those whose measurements can all be deferred to the end, so that one run of
// the gates serves every shot.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "qsim/circuit/program.hpp"

namespace qross::qsim {

struct Straight {
  Circuit circuit;
  /// (qubit, classical bit), in order; a later entry for a bit replaces an earlier one.
  std::vector<std::pair<Qubit, std::uint32_t>> measurements;
};

/// The program as one circuit and final measurements, or nothing if a gate acts on a measured
/// qubit, a used qubit is reset, or a classical bit decides what runs. Resets of untouched qubits
/// vanish where the program starts from |0..0>.
[[nodiscard]] std::optional<Straight> straight_line(const Program& program, bool from_zero = true);

/// All stretches of gates as one circuit: what one shot that takes every branch would run.
[[nodiscard]] Circuit all_gates(const Program& program);

/// The qubits that some operation of the circuit touches.
[[nodiscard]] std::vector<bool> touched_qubits(const Circuit& circuit);

}  // namespace qross::qsim
