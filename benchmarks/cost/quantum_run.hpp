// SPDX-License-Identifier: Apache-2.0
// Circuits on a quantum computer of today: how long the shots take, what the cloud bills, and how
// much of the answer survives the errors.
#pragma once

#include "benchmarks/cost/counts.hpp"
#include "benchmarks/cost/run_cost.hpp"

namespace qross::cost {

/// Time = circuits x shots x (l1 t1 + l2 t2 + t_readout + t_overhead) with
///   l2 = routing x max(depth_2q, gates_2q / parallel), l1 = max(depth - depth_2q, gates_1q /
///   par.).
/// Waiting in the queue and compiling are not in it, and a note says so. Refused if the circuit has
/// more qubits than the machine. Details: "fidelity" (see circuit_fidelity), "time per shot".
[[nodiscard]] RunCost run_on(const Machine& quantum, const CircuitCounts& circuit,
                             const HardwareCounts& hardware);

/// Money: tasks and shots where the machine bills them, rent by the hour where it does not.
[[nodiscard]] Answer price_of(const Machine& quantum, const HardwareCounts& hardware,
                              const Estimate& time);

/// Probability that one shot meets no error, (1-e1)^n1 (1-e2)^(n2 routing) (1-er)^m: what remains
/// of an expectation value without error mitigation, to first order.
[[nodiscard]] Estimate circuit_fidelity(const Machine& quantum, const CircuitCounts& circuit);

}  // namespace qross::cost
