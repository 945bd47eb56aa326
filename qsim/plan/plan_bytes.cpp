// SPDX-License-Identifier: Apache-2.0
// The capacities of all lists, not their sizes: that is what was allocated.
#include "qsim/plan/plan_bytes.hpp"

namespace qross::qsim {
namespace {

template <class List>
std::uint64_t bytes_of(const List& list) {
  return std::uint64_t{list.capacity()} * sizeof(typename List::value_type);
}

}  // namespace

std::uint64_t plan_bytes(const Plan& plan) {
  const LoweredCircuit& circuit = plan.circuit;
  std::uint64_t bytes = bytes_of(circuit.ops) + bytes_of(circuit.params) +
                        bytes_of(circuit.complexes) + bytes_of(circuit.indices) +
                        bytes_of(circuit.final_wire);
  bytes += bytes_of(plan.gates.gates) + bytes_of(plan.gates.numbers);
  bytes += bytes_of(plan.stages) + bytes_of(plan.passes) + bytes_of(plan.subs) +
           bytes_of(plan.tiles) + bytes_of(plan.order);
  for (const Stage& stage : plan.stages) bytes += bytes_of(stage.exchange);
  return bytes;
}

}  // namespace qross::qsim
