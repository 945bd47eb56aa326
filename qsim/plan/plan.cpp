// SPDX-License-Identifier: Apache-2.0
// Plans of circuits, and of what brings the qubits of a state into order.
#include "qsim/plan/plan.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/core.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/plan/limits.hpp"
#include "qsim/plan/listed_plan.hpp"
#include "qsim/plan/plan_gates.hpp"
#include "qsim/plan/planner.hpp"

namespace qross::qsim {
namespace {

/// Composes a layout of wires with "qubit q is on wire w(q)" to a layout of qubits.
Layout of_qubits(const Layout& wires, std::span<const std::uint8_t> wire_of) {
  Layout result(wires.qubits());
  for (unsigned q = 0; q < wires.qubits(); ++q) {
    const unsigned target = wires.position(wire_of[q]);
    result.swap_positions(result.position(q), target);
  }
  return result;
}

}  // namespace

unsigned least_local_qubits(const LoweredCircuit& circuit, Precision precision) {
  return std::min(circuit.qubits, std::max(lane_bits(precision), circuit.widest));
}

Plan make_plan(const Circuit& circuit, const PlanOptions& options) {
  require_indexable(circuit.qubits());
  keep_freed_memory();
  if (auto listed = listed_plan(circuit, options)) return std::move(*listed);
  Plan plan;
  plan.optimisations = options.optimisations;
  plan.precision = options.precision;
  plan.profile = options.reproducible ? HostProfile{} : options.profile;
  const StepSeconds& steps = options.precision == Precision::double_precision
                                 ? plan.profile.double_steps
                                 : plan.profile.single_steps;
  plan.circuit = plan_gates(circuit, options, steps);
  const unsigned least = least_local_qubits(plan.circuit, options.precision);
  plan.shape = options.shape
                   ? *options.shape
                   : choose_shape(plan.circuit.qubits, options.ranks, least, options.reproducible);
  if (plan.shape.qubits != plan.circuit.qubits) {
    throw Error(ErrorCode::bad_input,
                fmt::format("a circuit of {} qubits cannot run on a state of {}",
                            plan.circuit.qubits, plan.shape.qubits));
  }
  if (options.initial && options.initial->qubits() != plan.circuit.qubits) {
    throw Error(ErrorCode::bad_input,
                fmt::format("a circuit of {} qubits cannot start from a layout of {}",
                            plan.circuit.qubits, options.initial->qubits()));
  }
  if (plan.shape.local_bits() < plan.circuit.widest) {
    throw Error(ErrorCode::resources,
                fmt::format("an operation acts on {} qubits at once, but each of the {} shards of "
                            "the state holds {}",
                            plan.circuit.widest, plan.shape.shards(), plan.shape.local_bits()),
                "use fewer ranks");
  }
  // Wire w carries qubit w at the start, so a layout of qubits is one of wires there.
  const bool free_start = !options.initial.has_value();
  plan.from_zero_state = free_start;
  Planner planner(plan, options);
  planner.run(free_start ? Layout(plan.circuit.qubits) : *options.initial, free_start);
  plan.initial = free_start ? planner.first_layout() : *options.initial;
  plan.final = of_qubits(planner.last_layout(), plan.circuit.final_wire);
  return plan;
}

Plan plan_ordering(const Layout& from, const PlanOptions& options) {
  if (!options.shape) throw Error(ErrorCode::bug, "plan_ordering needs the shape of the state");
  Plan plan;
  plan.precision = options.precision;
  plan.profile = options.reproducible ? HostProfile{} : options.profile;
  plan.shape = *options.shape;
  plan.initial = from;
  const unsigned local = plan.shape.local_bits();
  plan.circuit.qubits = from.qubits();

  // First the right set of qubits must be local, then they are sorted by exchanges of positions.
  // Wires are positions here: the layout of wires stays the identity during the sorting passes.
  Layout layout = from;
  Planner planner(plan, options);
  Stage moving;
  std::uint64_t leaving =
      layout.positions(~low_mask(local) & low_mask(from.qubits())) & low_mask(local);
  for (unsigned p = local; p < from.qubits(); ++p) {
    if (layout.qubit(p) >= local) continue;
    const auto out = static_cast<unsigned>(63 - std::countl_zero(leaving));
    moving.exchange.emplace_back(static_cast<std::uint8_t>(out), static_cast<std::uint8_t>(p));
    leaving &= ~bit(out);
  }
  if (!moving.exchange.empty()) planner.exchange_only(std::move(moving), layout);
  std::vector<std::uint32_t> swaps;
  for (unsigned p = 0; p < local; ++p) {
    const unsigned other = layout.position(p);
    if (other == p) continue;
    Lowered low;
    low.kind = Lowered::Kind::permutation;
    low.gate = Gate::swap;
    low.targets = 2;
    low.target = {static_cast<std::uint8_t>(p), static_cast<std::uint8_t>(other)};
    low.footprint.mix = bit(p) | bit(other);
    low.first_data = 0;
    swaps.push_back(static_cast<std::uint32_t>(plan.circuit.ops.size()));
    plan.circuit.ops.push_back(low);
    layout.swap_positions(p, other);
  }
  plan.circuit.indices = {0, 2, 1, 3};
  if (!swaps.empty()) {
    plan.circuit.widest = 2;
    Stage sorting;
    sorting.layout = Layout(from.qubits());
    planner.add_passes(sorting, swaps, sorting.layout);
    plan.stages.push_back(std::move(sorting));
  }
  plan.final = layout;
  return plan;
}

}  // namespace qross::qsim
