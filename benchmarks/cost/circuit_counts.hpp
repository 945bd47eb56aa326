// SPDX-License-Identifier: Apache-2.0
// Counts of a circuit as a quantum computer would run it: its gates broken down to one-qubit
// rotations and two-qubit gates, with textbook decompositions, no routing and no optimisation.
#pragma once

#include "benchmarks/cost/counts.hpp"
#include "qsim/circuit/circuit.hpp"
#include "qsim/circuit/program.hpp"

namespace qross::cost {

/// What one gate becomes. The parts of a Toffoli are in gates_1q and gates_2q, its T gates are not
/// in t_gates.
struct GateBreakdown {
  double gates_1q = 0;
  double gates_2q = 0;
  double rotations = 0;  ///< by angles that are no multiple of pi/4, or by a parameter
  double t_gates = 0;
  double toffolis = 0;
};

/// Rules: a rotation about a Pauli string of weight w is 2(w-1) CX around one RZ. A rotation with k
/// controls is two X with k controls and two rotations by half its angle; a phase with k controls
/// is that and a phase by half its angle with k-1 controls. k controls on X are 2k-3 Toffolis
/// (Barenco et al. 1995, with borrowed qubits), a Toffoli 6 CX and 9 one-qubit gates. A dense gate
/// on k qubits takes 23/48 4^k - 3/2 2^k + 4/3 CX (Shende et al. 2006) with a rotation around each.
/// A permutation takes one multi-controlled X for each entry it moves. SWAP is 3 CX. Rotations by
/// multiples of pi/2 are Clifford gates, by odd multiples of pi/4 T gates up to Clifford gates.
[[nodiscard]] GateBreakdown break_down(const qsim::Circuit& circuit, const qsim::Operation& op);

/// Totals and depths of a circuit. The qubits that gates touch, and only these, are counted and
/// measured at the end. Cost: O(gates).
[[nodiscard]] CircuitCounts count_circuit(const qsim::Circuit& circuit);

/// The same of a program: every `measure` is one readout, wherever it stands, and a qubit that is
/// only measured counts too. A program that measures nothing has its touched qubits read at the
/// end. Branches count as if they were taken, resets as nothing.
[[nodiscard]] CircuitCounts count_circuit(const qsim::Program& program);

}  // namespace qross::cost
