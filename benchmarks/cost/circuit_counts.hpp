// SPDX-License-Identifier: Apache-2.0
// Counts of a circuit as a quantum computer would run it: its gates broken down to one-qubit
// rotations and two-qubit gates, with textbook decompositions, no routing and no optimisation.
#pragma once

#include "benchmarks/cost/counts.hpp"
#include "qsim/circuit/circuit.hpp"

namespace qross::cost {

/// What one gate becomes. `layers_2q` is its two-qubit depth.
struct GateBreakdown {
  double gates_1q = 0;
  double gates_2q = 0;
  double rotations = 0;  ///< by angles that are no multiple of pi/4, or by a parameter
  double t_gates = 0;
  double toffolis = 0;
};

/// Rules: a rotation about a Pauli string of weight w is 2(w-1) CX around one RZ; a controlled
/// rotation two CX and two rotations; k controls on X are 2k-3 Toffolis (Barenco et al. 1995, with
/// borrowed qubits), a Toffoli 6 CX and 9 one-qubit gates; a dense gate on k qubits takes
/// 23/48 4^k - 3/2 2^k + 4/3 CX (Shende et al. 2006) with a rotation around each. SWAP is 3 CX.
[[nodiscard]] GateBreakdown break_down(const qsim::Circuit& circuit, const qsim::Operation& op);

/// Totals and depths of a circuit, all qubits measured at the end. Cost: O(gates).
[[nodiscard]] CircuitCounts count_circuit(const qsim::Circuit& circuit);

}  // namespace qross::cost
