// SPDX-License-Identifier: Apache-2.0
// GateList: the gates of a long circuit on few qubits, which run one by one. Such a state lies in
// the first caches, and a gate runs in less time than any plan for it would take to make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "qsim/circuit/circuit.hpp"
#include "qsim/core/large_vector.hpp"
#include "qsim/kernels/gate_list.hpp"
#include "qsim/plan/layout.hpp"

namespace qross::qsim {

struct GateList {
  LargeVector<ListedGate> gates;
  LargeVector<double> numbers;
  [[nodiscard]] bool empty() const noexcept { return gates.empty(); }
};

/// The list of a circuit on one shard, whose qubits lie in `layout`; SWAPs change the layout
/// instead of moving amplitudes. Nothing, and the layout as it was, if the circuit holds a gate
/// that no list has: one with parameters or angles above 1e6, several controls, or a matrix on
/// several qubits; or if the list had more than two gates for each of the circuit, as it has of
/// sums of XX; the factor of the whole state is not counted. Cost: O(gates), some 10 nanoseconds
/// each and the sines of its angles; at most 200 bytes for each gate of the circuit.
[[nodiscard]] std::optional<GateList> list_gates(const Circuit& circuit, Layout& layout);

/// The share of blocks of 2^bits amplitudes that a gate runs on; of amplitudes if `bits` is 0.
[[nodiscard]] double listed_share(const ListedGate& gate, unsigned bits);
/// Floating-point operations of a gate on all amplitudes that it changes.
[[nodiscard]] double listed_flop(const ListedGate& gate, unsigned qubits);

}  // namespace qross::qsim
