// SPDX-License-Identifier: Apache-2.0
// A circuit as plain text, one gate a line, so that other simulators can be run beside this one on
// the very same gates. Called by bench_engine --write-circuits.
#pragma once

#include <span>
#include <string>

#include "qsim/circuit/circuit.hpp"

namespace qross::bench {

/// "qubits N", then one gate a line: name, qubits (controls first), numbers with 17 digits. Names:
/// h x z s sdg t tdg sx, rx ry rz (one angle), cx cz swap ccx, cp rzz (one angle), fsim (theta,
/// phi), mcz (any number of qubits), u1q and u2q (a dense matrix, row-major, real and imaginary
/// part of each entry; bit 0 of its index is the first qubit). Conventions are OpenQASM's, rz =
/// diag(e^{-i a/2}, e^{i a/2}); gates without a name of their own are written as matrices. `values`
/// are the circuit's parameters. Throws Error(unavailable) for gates the text cannot hold: other
/// controls, more than two targets, global phases.
[[nodiscard]] std::string circuit_text(const qsim::Circuit& circuit,
                                       std::span<const double> values = {});

}  // namespace qross::bench
