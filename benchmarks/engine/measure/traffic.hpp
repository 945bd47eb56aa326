// SPDX-License-Identifier: Apache-2.0
// Traffic: the bytes that plans exchange between ranks, beside those of exchanging gate by gate,
// as simulators do that keep every qubit at its place. Called by `bench_engine --traffic`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "qsim/circuit/circuit.hpp"

namespace qross::bench {

/// One circuit on a number of ranks (a power of two). Volumes are what one rank sends, in units of
/// its share of the state.
struct Traffic {
  std::string name;
  std::uint64_t qubits = 0;
  int ranks = 1;
  std::uint64_t stages = 0;
  double planned = 0.0;
  double gate_by_gate = 0.0;
};

/// The rule of QuEST 4 (its comm_routines and localiser), with qubits n - log2(ranks) and above on
/// rank bits: a gate of one target there that is no phase exchanges the whole share, or half of it
/// if a control is on a lower qubit; a gate of several targets swaps each of those in and out
/// again, half a share each way; a Pauli rotation that flips one exchanges the whole share; phases
/// nothing.
[[nodiscard]] double gate_by_gate_volume(const qsim::Circuit& circuit, int ranks);

/// Both volumes of a circuit. Nothing of the size of the state is allocated.
[[nodiscard]] Traffic traffic_of(std::string name, const qsim::Circuit& circuit, int ranks);

/// QFT, quantum volume and the CZ grid at 24 qubits on 2, 4 and 8 ranks (depth 24 and 14) and at 36
/// to 45 qubits on 64 to 8,192 (depth n and 25).
[[nodiscard]] std::vector<Traffic> traffic_suite();

/// A table for people.
[[nodiscard]] std::string traffic_text(const std::vector<Traffic>& rows);

}  // namespace qross::bench
