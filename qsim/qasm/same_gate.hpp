// SPDX-License-Identifier: Apache-2.0
// Whether two small circuits are the same gate up to one phase of the whole state, which nothing in
// OpenQASM 2 can show. Decides if a body in somebody's own qelib1.inc only spells out a built-in
// gate. Assumes circuits of the front end: no tables, no parameters left.
#pragma once

#include "qsim/circuit/circuit.hpp"

namespace qross::qsim::qasm {

/// The largest number of qubits that same_up_to_phase() takes.
inline constexpr Qubit kMostCompared = 5;

/// True if the unitaries of `a` and `b` (equally many qubits, at most kMostCompared) differ by one
/// factor of modulus 1, entry by entry to 1e-9. Cost: operations times 4^qubits.
[[nodiscard]] bool same_up_to_phase(const Circuit& a, const Circuit& b);

}  // namespace qross::qsim::qasm
