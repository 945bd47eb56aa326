// SPDX-License-Identifier: Apache-2.0
// Plan: a circuit cut into stages (between exchanges of ranks), passes over memory, and sub-blocks
// in the L1 cache. It depends on the structure of the circuit only, never on parameter values, and
// making one allocates nothing of the size of the state.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "qsim/plan/gate_list.hpp"
#include "qsim/plan/host_profile.hpp"
#include "qsim/plan/layout.hpp"
#include "qsim/plan/lower.hpp"
#include "qsim/plan/optimisations.hpp"
#include "qsim/plan/tiles.hpp"

namespace qross::qsim {

/// Operations that run on one L1-sized sub-block before the next one is touched.
struct SubBlock {
  std::uint64_t active = 0;  ///< positions
  std::uint32_t first_op = 0;
  std::uint32_t op_count = 0;
  std::uint32_t first_tile = 0;  ///< its operations again, cut into tiles
  std::uint32_t tile_count = 0;
};

/// One sweep over the local state in blocks of the active positions.
struct Pass {
  std::uint64_t active = 0;  ///< positions
  /// Positions whose qubits are still |0>, as in the |0..0> the plan starts from: amplitudes with a
  /// 1 there are 0 and are not touched.
  std::uint64_t zero = 0;
  /// Active positions whose qubits are |0> until this pass.
  std::uint64_t fresh = 0;
  std::uint32_t first_sub = 0;
  std::uint32_t sub_count = 0;
};

/// Passes between two exchanges.
struct Stage {
  /// Pairs (local position, rank position) whose qubits change places before the first pass.
  std::vector<std::pair<std::uint8_t, std::uint8_t>> exchange;
  Layout layout;  ///< of wires, during this stage
  std::uint32_t first_pass = 0;
  std::uint32_t pass_count = 0;
};

struct Plan {
  LoweredCircuit circuit;
  /// In the place of the circuit's operations: they run one by one, in one pass.
  GateList gates;
  Shape shape;
  Precision precision = Precision::double_precision;
  HostProfile profile;
  Optimisations optimisations;
  /// The plan is right for |0..0> alone, whose memory is 0: it leaves alone what stays 0, and does
  /// not read what it fills.
  bool from_zero_state = false;
  Layout initial;  ///< of qubits, before the first stage
  Layout final;    ///< of qubits, after the last
  std::vector<Stage> stages;
  std::vector<Pass> passes;
  std::vector<SubBlock> subs;
  LargeVector<Tile> tiles;
  LargeVector<std::uint32_t> order;  ///< op indices, grouped by sub-block and tile

  [[nodiscard]] std::size_t operations() const noexcept {
    return circuit.ops.size() + gates.gates.size();
  }
};

struct PlanOptions {
  int ranks = 1;
  Precision precision = Precision::double_precision;
  bool reproducible = false;  ///< the same plan for every number of ranks, with the default profile
  HostProfile profile;
  /// Continue from a state of this cut and layout (StateVector::continued fills them in); without a
  /// layout the plan is for |0..0>, whose qubits may lie anywhere.
  std::optional<Shape> shape;
  std::optional<Layout> initial;
  Optimisations optimisations;  ///< without `passes`: one operation a pass, in program order
};

/// The circuit that is lowered where nothing is listed or fused: without what cancels, with merged
/// gates, in the forms that cost least by the times of `steps`. Cost: O(gates).
[[nodiscard]] Circuit simplify(const Circuit& circuit, const Optimisations& optimisations,
                               const StepSeconds& steps = {});

/// Plans a circuit. Cost: well under 1 ms for 100 gates.
/// Throws Error(resources) if an operation needs more qubits than a shard holds.
[[nodiscard]] Plan make_plan(const Circuit& circuit, const PlanOptions& options = {});

/// Plans bringing a state of layout `from` into logical order within each shard: afterwards local
/// position p holds qubit p; the rank positions hold the other qubits in any order.
[[nodiscard]] Plan plan_ordering(const Layout& from, const PlanOptions& options);

/// The least number of qubits a shard must keep for this circuit.
[[nodiscard]] unsigned least_local_qubits(const LoweredCircuit& circuit, Precision precision);

}  // namespace qross::qsim
