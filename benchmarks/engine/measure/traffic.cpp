// SPDX-License-Identifier: Apache-2.0
// The rule gate by gate, and the planner's exchanges on the same circuits.
#include "benchmarks/engine/measure/traffic.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/format.h>

#include "benchmarks/engine/suite/circuits.hpp"
#include "qsim/plan/forecast.hpp"

namespace qross::bench {
namespace {

using qsim::Gate;
using qsim::Operation;

bool is_phase(const Operation& op, const Circuit& circuit) {
  switch (op.gate) {
    case Gate::id:
    case Gate::z:
    case Gate::s:
    case Gate::sdg:
    case Gate::t:
    case Gate::tdg:
    case Gate::rz:
    case Gate::p:
    case Gate::rzz:
    case Gate::diagonal:
    case Gate::global_phase:
      return true;
    case Gate::pauli_rotation:
      return circuit.paulis(op).find_first_of("XY") == std::string_view::npos;
    default:
      return false;
  }
}

double volume(const Operation& op, const Circuit& circuit, unsigned local) {
  if (is_phase(op, circuit)) return 0.0;
  const auto targets = circuit.targets(op);
  unsigned high = 0;
  bool flips = false;
  for (std::size_t k = 0; k < targets.size(); ++k) {
    if (targets[k] < local) continue;
    ++high;
    flips = flips || op.gate != Gate::pauli_rotation || circuit.paulis(op)[k] == 'X' ||
            circuit.paulis(op)[k] == 'Y';
  }
  if (high == 0 || !flips) return 0.0;
  if (op.gate == Gate::pauli_rotation) return 1.0;
  if (op.gate == Gate::swap) return high == 1 ? 0.5 : 1.0;
  if (targets.size() > 1) return high;
  const auto controls = circuit.controls(op);
  const bool half = std::any_of(controls.begin(), controls.end(),
                                [&](const qsim::Control& c) { return c.qubit < local; });
  return half ? 0.5 : 1.0;
}

}  // namespace

double gate_by_gate_volume(const Circuit& circuit, int ranks) {
  const auto high = static_cast<unsigned>(std::countr_zero(static_cast<unsigned>(ranks)));
  double sum = 0.0;
  for (const Operation& op : circuit.operations()) {
    sum += volume(op, circuit, circuit.qubits() - high);
  }
  return sum;
}

Traffic traffic_of(std::string name, const Circuit& circuit, int ranks) {
  qsim::PlanOptions options;
  options.ranks = ranks;
  const qsim::Plan plan = make_plan(circuit, options);
  const double share = static_cast<double>(plan.shape.most_shards()) *
                       static_cast<double>(shard_bytes(plan.shape, plan.precision));
  Traffic row;
  row.name = std::move(name);
  row.qubits = circuit.qubits();
  row.ranks = ranks;
  row.stages = plan.stages.size();
  row.planned = forecast(plan).bytes_exchanged / share;
  row.gate_by_gate = gate_by_gate_volume(circuit, ranks);
  return row;
}

std::vector<Traffic> traffic_suite() {
  struct Size {
    Qubit rows;
    Qubit columns;
    int ranks;
  };
  constexpr std::uint64_t kSeed = 1;
  std::vector<Traffic> result;
  for (const Size& size : {Size{4, 6, 2}, Size{4, 6, 4}, Size{4, 6, 8}, Size{6, 6, 64},
                           Size{5, 8, 256}, Size{6, 7, 1024}, Size{5, 9, 8192}}) {
    const Qubit n = size.rows * size.columns;
    const bool small = n == 24;
    result.push_back(traffic_of("QFT", qft(n), size.ranks));
    result.push_back(traffic_of("quantum volume", quantum_volume(n, n, kSeed), size.ranks));
    result.push_back(traffic_of(
        "CZ grid", grid(size.rows, size.columns, small ? 14 : 25, Coupler::cz, kSeed), size.ranks));
  }
  return result;
}

std::string traffic_text(const std::vector<Traffic>& rows) {
  std::string text = fmt::format("{:<16} {:>6} {:>6} {:>7} {:>9} {:>13} {:>7}\n", "circuit",
                                 "qubits", "ranks", "stages", "planned", "gate by gate", "ratio");
  for (const Traffic& row : rows) {
    text += fmt::format("{:<16} {:>6} {:>6} {:>7} {:>9.3f} {:>13.1f} {:>7.1f}\n", row.name,
                        row.qubits, row.ranks, row.stages, row.planned, row.gate_by_gate,
                        row.planned > 0.0 ? row.gate_by_gate / row.planned : 0.0);
  }
  return text + "volumes: what one rank sends, in units of its share of the state\n";
}

}  // namespace qross::bench
