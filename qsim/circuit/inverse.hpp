// SPDX-License-Identifier: Apache-2.0
// Circuits from circuits: the inverse of one, and one after the other. For programs that embed the
// library: uncomputing, echoes, fidelities of two circuits.
#pragma once

#include <optional>
#include <span>

#include "qsim/circuit/circuit.hpp"
#include "qsim/circuit/program.hpp"

namespace qross::qsim {

/// The gate that undoes one without angles or tables, if there is such a gate (not for iSWAP).
[[nodiscard]] std::optional<Gate> undoing(Gate gate);

/// The circuit that undoes `circuit`: its operations in reverse order, each replaced by one that is
/// its exact inverse (angles negated as expressions, tables inverted, matrices conjugated and
/// transposed). The parameters keep their names and slots, so the same values serve both.
/// Cost: the size of the circuit. Throws Error(bad_input) if negation makes an expression too deep.
[[nodiscard]] Circuit inverse(const Circuit& circuit);

/// The inverse of a program that is one stretch of gates. Throws Error(bad_input) naming what
/// cannot be undone if it measures, resets or branches.
[[nodiscard]] Circuit inverse(const Program& program);

/// All gates of `first`, then all of `second`, on the qubits of the wider one; parameters of the
/// same name are the same parameter.
[[nodiscard]] Circuit compose(Circuit first, const Circuit& second);

/// All gates of `first`, then all of `second` with its qubit q on qubit on[q].
/// Throws Error(bad_input) like Circuit::append.
[[nodiscard]] Circuit compose(Circuit first, const Circuit& second, std::span<const Qubit> on);

}  // namespace qross::qsim
