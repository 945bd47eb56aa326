// SPDX-License-Identifier: Apache-2.0
// What the measurements of a program mean: which of them are final, and straight programs, all of
// whose measurements are, so that one run of the gates serves every shot. The definition looks at
// the program as written, so that no optimisation can change it; docs/results.md states it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "qsim/circuit/program.hpp"

namespace qross::qsim {

/// Whether an operation leaves every state as it is by definition: `id`; a gate all of whose angles
/// are the constant 0 where that makes it the identity (U(0,0,0), rz(0), a controlled phase of 0);
/// a matrix, diagonal or permutation with exactly the entries of the identity.
[[nodiscard]] bool is_identity(const Circuit& circuit, const Operation& op);

/// For each instruction, whether it is a final measurement: one after which nothing but barriers
/// and identities touches its qubit, and nothing reads its bit. Another measurement or a reset of
/// the qubit touches it; a condition reads all bits of its register. Cost: O(program).
[[nodiscard]] std::vector<bool> final_measurements(const Program& program);

/// From which qubit a classical bit was measured.
struct Measured {
  Qubit qubit = 0;
  std::uint32_t bit = 0;
  /// The measurement is final and happens in every shot.
  bool final = false;

  friend bool operator==(const Measured&, const Measured&) = default;
};

/// The measurements of a program in their order, each pair of qubit and bit once for each `final`.
[[nodiscard]] std::vector<Measured> measurements_of(const Program& program);

struct Straight {
  Circuit circuit;
  /// (qubit, classical bit), in order; a later entry for a bit replaces an earlier one.
  std::vector<std::pair<Qubit, std::uint32_t>> measurements;
};

/// The program as one circuit and final measurements, or nothing if a measurement is not final, a
/// used qubit is reset, or a classical bit decides what runs. Resets of untouched qubits vanish
/// where the program starts from |0..0>.
[[nodiscard]] std::optional<Straight> straight_line(const Program& program, bool from_zero = true);

/// Of programs that run shot by shot: up to this size every rank runs whole shots by itself; above
/// it all ranks share each state.
inline constexpr Qubit kWholeShotQubits = 20;

/// Of `ranks` ranks that run such a program, those that share one state: one of them, or all.
[[nodiscard]] constexpr int ranks_of_shot(Qubit qubits, int ranks) {
  return qubits <= kWholeShotQubits ? 1 : ranks;
}

/// Why straight_line() gives nothing, as a clause that names the first instruction to blame: "q[0]
/// is measured and used again". Empty for straight programs.
[[nodiscard]] std::string why_not_straight(const Program& program, bool from_zero = true);

/// "q[2]": the name of qubit or bit `index` by its register.
[[nodiscard]] std::string name_in(const std::vector<Register>& registers, std::uint32_t index);

/// The registers of quantum bits as the program declares them; one register q if it names none.
[[nodiscard]] std::vector<Register> qubit_registers(const Program& program);

/// All stretches of gates as one circuit: what one shot that takes every branch would run.
[[nodiscard]] Circuit all_gates(const Program& program);

/// The qubits that some operation of the circuit other than an identity touches.
[[nodiscard]] std::vector<bool> touched_qubits(const Circuit& circuit);

}  // namespace qross::qsim
