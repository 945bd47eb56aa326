// SPDX-License-Identifier: Apache-2.0
// How often devices that share a state must exchange it, from the plans the engine itself would
// follow. Called by whoever fills in SimulationCounts for a circuit.
#pragma once

#include <vector>

#include "qsim/circuit/circuit.hpp"

namespace qross::cost {

/// SimulationCounts::exchanges_on of one run of a circuit in double precision, planned over 2, 4,
/// 8... ranks, a device each. A plan's exchanges mostly swap a few qubits and so move part of the
/// state: they are counted as bytes sent / ((1 - 1/n) state / n), that is in exchanges of all of
/// it. Ends where a device would hold less than 1 GiB, as none has less memory, or where the
/// circuit cannot be cut further; states up to 1 GiB give no entry. Cost: a plan for each entry.
[[nodiscard]] std::vector<double> count_exchanges(const qsim::Circuit& circuit);

}  // namespace qross::cost
