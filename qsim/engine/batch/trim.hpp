// SPDX-License-Identifier: Apache-2.0
// What expectation values do not need to run: flips at the end of a circuit turn observables into
// observables, phases at the end that commute with them do nothing, and neither do operations on
// wires that no observable sees.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/plan/lower.hpp"

namespace qross::qsim {

struct TrimmedCircuit {
  std::vector<std::uint32_t> ops;     ///< those that remain, in order
  std::vector<PauliSum> observables;  ///< on wires, as they are after these operations
};

/// Exact: values and derivatives of the observables are those of the whole circuit. `observables`
/// are of the circuit's qubits. Cost: operations + flips at the end * strings.
/// Throws Error(bad_input) if an observable names a qubit that the circuit lacks.
[[nodiscard]] TrimmedCircuit trim_batch(const LoweredCircuit& circuit,
                                        std::span<const PauliSum> observables);

}  // namespace qross::qsim
