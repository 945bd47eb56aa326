// SPDX-License-Identifier: Apache-2.0
// Circuits that do the same with less: what the planner does to a circuit before it lowers it.
// Only gates whose numbers are constant are replaced; parameters keep their slots, so plans can be
// run with any values and gradients are those of the circuit that was given.
#pragma once

#include "qsim/circuit/circuit.hpp"
#include "qsim/plan/host_profile.hpp"

namespace qross::qsim {

/// Removes gates that undo the one before on the same qubits (H H, CX CX, S SDG), and adds up
/// angles of equal rotations that follow each other (RX RX, exp(-i a/2 XYZ) twice). Cost: O(gates).
[[nodiscard]] Circuit cancel_repeats(Circuit circuit);

/// What the forms cost that gates may take, in one unit: by default vector instructions for each of
/// the two vectors of a block of amplitudes, as counted in qsim/kernels/tile_steps-inl.hpp.
struct FormCosts {
  double shear = 1.0;   ///< a rotation about a Pauli string
  double phase = 1.0;   ///< one phase that a rotation needs applied
  double phases = 2.0;  ///< several at once
  double turned = 2.0;  ///< rotations about axes in a plane, as of XX + YY
  double pair = 3.0;    ///< any gate that keeps the parity of two qubits
  double dense = 8.0;   ///< a dense matrix of two qubits
};

/// In seconds, as measured on a host.
[[nodiscard]] constexpr FormCosts form_costs(const StepSeconds& steps) noexcept {
  const auto of = [&](StepForm form) { return steps.of[static_cast<std::size_t>(form)]; };
  return {of(StepForm::shear),  of(StepForm::phase),         of(StepForm::diagonal),
          of(StepForm::turned), of(StepForm::rotate_turned), of(StepForm::dense)};
}

/// Replaces runs of constant gates on two qubits by their canonical form (two_qubit.hpp) where that
/// costs less. Cost: O(gates), some 10 microseconds for each run looked at.
[[nodiscard]] Circuit rewrite_pairs(Circuit circuit, const FormCosts& costs = {});

/// Replaces runs of constant gates on one qubit by one u gate where that costs less.
/// Cost: O(gates).
[[nodiscard]] Circuit merge_singles(Circuit circuit, const FormCosts& costs = {});

}  // namespace qross::qsim
