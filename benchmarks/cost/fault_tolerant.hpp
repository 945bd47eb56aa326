// SPDX-License-Identifier: Apache-2.0
// Circuits on an error-corrected machine that does not exist yet: the surface-code model run at the
// nominal figures of a profile and at its best and worst corner.
#pragma once

#include "benchmarks/cost/counts.hpp"
#include "benchmarks/cost/run_cost.hpp"

namespace qross::cost {

/// Time = circuits x shots x the seconds of run_surface_code(). Details: "physical qubits", "code
/// distance", "T factories", "power" (W, physical qubits x power per qubit). Refused where the code
/// cannot reach the error budget, even at the worst corner only.
[[nodiscard]] RunCost run_fault_tolerant(const Machine& profile, const CircuitCounts& circuit,
                                         const HardwareCounts& hardware);

}  // namespace qross::cost
