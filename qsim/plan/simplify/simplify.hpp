// SPDX-License-Identifier: Apache-2.0
// Circuits that do the same with less: what the planner does to a circuit before it lowers it.
// Only gates whose numbers are constant are replaced; parameters keep their slots, so plans can be
// run with any values and gradients are those of the circuit that was given.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "qsim/circuit/circuit.hpp"
#include "qsim/plan/host_profile.hpp"

namespace qross::qsim {

/// Removes gates that undo the one before on the same qubits (H H, CX CX, S SDG), and adds up
/// angles of equal rotations that follow each other (RX RX, exp(-i a/2 XYZ) twice). Cost: O(gates).
[[nodiscard]] Circuit cancel_repeats(Circuit circuit);
/// The same; nothing if the circuit stays as it is.
[[nodiscard]] std::optional<Circuit> without_repeats(const Circuit& circuit);

/// 1 for each operation that undoes the one before on the same qubits, and for that one: the first
/// half of the above. Cost: O(gates), 10 nanoseconds each.
[[nodiscard]] std::vector<std::uint8_t> undone(const Circuit& circuit);

/// What the forms cost that gates may take: seconds for a block of amplitudes.
struct FormCosts {
  double shear;   ///< a rotation about a Pauli string
  double phase;   ///< one phase that a rotation needs applied
  double phases;  ///< several at once
  double turned;  ///< rotations about axes in a plane, as of XX + YY
  double pair;    ///< any gate that keeps the parity of two qubits
  double dense;   ///< a dense matrix of two qubits
};

/// As measured on a host, or of a host profile's defaults.
[[nodiscard]] constexpr FormCosts form_costs(const StepSeconds& steps) noexcept {
  const auto of = [&](StepForm form) { return steps.of[static_cast<std::size_t>(form)]; };
  return {of(StepForm::shear),  of(StepForm::phase),         of(StepForm::diagonal),
          of(StepForm::turned), of(StepForm::rotate_turned), of(StepForm::dense)};
}

/// Replaces runs of constant gates on two qubits by their canonical form (two_qubit.hpp) where that
/// costs less. Cost: O(gates), some 10 microseconds for each run looked at.
[[nodiscard]] Circuit rewrite_pairs(Circuit circuit,
                                    const FormCosts& costs = form_costs(StepSeconds()));
/// The same; nothing if the circuit stays as it is.
[[nodiscard]] std::optional<Circuit> with_pairs(const Circuit& circuit, const FormCosts& costs);

/// Replaces runs of constant gates on one qubit by one u gate where that costs less.
/// Cost: O(gates).
[[nodiscard]] Circuit merge_singles(Circuit circuit,
                                    const FormCosts& costs = form_costs(StepSeconds()));
/// The same; nothing if the circuit stays as it is.
[[nodiscard]] std::optional<Circuit> with_singles(const Circuit& circuit, const FormCosts& costs);

}  // namespace qross::qsim
