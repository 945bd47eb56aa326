// SPDX-License-Identifier: Apache-2.0
// Circuits that do the same with less: what the planner does to a circuit before it lowers it.
// Only gates whose numbers are constant are replaced; parameters keep their slots, so plans can be
// run with any values and gradients are those of the circuit that was given.
#pragma once

#include "qsim/circuit/circuit.hpp"

namespace qross::qsim {

/// Removes gates that undo the one before on the same qubits (H H, CX CX, S SDG), and adds up
/// angles of equal rotations that follow each other (RX RX, exp(-i a/2 XYZ) twice). Cost: O(gates).
[[nodiscard]] Circuit cancel_repeats(Circuit circuit);

/// Replaces runs of constant gates on two qubits by their canonical form (two_qubit.hpp) where that
/// takes fewer vector instructions. Cost: O(gates), some 20 microseconds for each run looked at.
[[nodiscard]] Circuit rewrite_pairs(Circuit circuit);

/// Replaces runs of constant gates on one qubit by one u gate where that takes fewer instructions.
/// Cost: O(gates).
[[nodiscard]] Circuit merge_singles(Circuit circuit);

/// Vector instructions, for each of the two vectors of a block of amplitudes, that the steps of a
/// tile take: counted in qsim/kernels/tile_steps-inl.hpp.
inline constexpr double kShearCost = 1.0;   ///< a rotation about a Pauli string
inline constexpr double kPhaseCost = 1.0;   ///< one phase that a rotation needs applied
inline constexpr double kTableCost = 2.0;   ///< many phases at once
inline constexpr double kTurnedCost = 2.0;  ///< rotations about axes in a plane, as of XX + YY
inline constexpr double kPairCost = 3.0;    ///< any gate that keeps the parity of two qubits
inline constexpr double kDense2Cost = 8.0;  ///< a dense matrix of two qubits

}  // namespace qross::qsim
