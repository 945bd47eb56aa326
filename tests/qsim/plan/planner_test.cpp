// SPDX-License-Identifier: Apache-2.0
// Stages, passes, sub-blocks and tiles: their inner consistency on random circuits, any cut and any
// profile.
#include "qsim/plan/planner.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "qsim/core/bits.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// Exchanges lead from layout to layout; every operation runs once, inside its active sets.
void check_plan_parts(const Plan& plan) {
  const unsigned local = plan.shape.local_bits();
  const std::uint64_t local_mask = low_mask(local);
  const std::uint64_t lanes = low_mask(std::min(lane_bits(plan.precision), local));
  std::vector<int> seen(plan.circuit.ops.size(), 0);
  std::uint32_t next_pass = 0;
  std::uint32_t next_sub = 0;
  std::uint32_t next_tile = 0;
  std::uint32_t next_op = 0;
  Layout layout = plan.initial;
  for (const Stage& stage : plan.stages) {
    std::uint64_t used = 0;
    for (const auto& [low, high] : stage.exchange) {
      REQUIRE(low < local);
      REQUIRE(high >= local);
      REQUIRE(high < plan.shape.qubits);
      REQUIRE((used & (bit(low) | bit(high))) == 0);
      used |= bit(low) | bit(high);
      layout.swap_positions(low, high);
    }
    REQUIRE(stage.layout == layout);
    REQUIRE(stage.first_pass == next_pass);
    next_pass += stage.pass_count;
    for (std::uint32_t p = stage.first_pass; p < next_pass; ++p) {
      const Pass& pass = plan.passes[p];
      REQUIRE((pass.active & ~local_mask) == 0);
      REQUIRE((lanes & ~pass.active) == 0);
      REQUIRE(pass.first_sub == next_sub);
      next_sub += pass.sub_count;
      for (std::uint32_t s = pass.first_sub; s < next_sub; ++s) {
        const SubBlock& sub = plan.subs[s];
        REQUIRE((sub.active & ~pass.active) == 0);
        REQUIRE((lanes & ~sub.active) == 0);
        REQUIRE(sub.first_op == next_op);
        next_op += sub.op_count;
        REQUIRE(sub.first_tile == next_tile);
        next_tile += sub.tile_count;
        std::uint32_t in_tiles = sub.first_op;
        for (std::uint32_t t = sub.first_tile; t < next_tile; ++t) {
          const Tile& tile = plan.tiles[t];
          REQUIRE((tile.active & ~sub.active) == 0);
          REQUIRE(tile.first_op == in_tiles);
          in_tiles += tile.op_count;
          for (std::uint32_t k = tile.first_op; k < in_tiles; ++k) {
            const Lowered& op = plan.circuit.ops[plan.order[k]];
            REQUIRE((layout.positions(op.footprint.need()) & ~tile.active) == 0);
          }
        }
        REQUIRE(in_tiles == next_op);
        for (std::uint32_t k = sub.first_op; k < next_op; ++k) {
          const std::uint32_t op = plan.order[k];
          ++seen[op];
          REQUIRE((layout.positions(plan.circuit.ops[op].footprint.need()) & ~sub.active) == 0);
        }
      }
    }
  }
  REQUIRE(next_pass == plan.passes.size());
  REQUIRE(next_sub == plan.subs.size());
  REQUIRE(next_tile == plan.tiles.size());
  REQUIRE(next_op == plan.order.size());
  for (const int times : seen) REQUIRE(times == 1);
  for (unsigned q = 0; q < plan.shape.qubits; ++q) {
    REQUIRE(plan.final.position(q) == layout.position(plan.circuit.final_wire[q]));
  }
}

}  // namespace

TEST_CASE("plans are consistent for random circuits, ranks, precisions and profiles") {
  test::Generator random(71);
  for (int trial = 0; trial < 400; ++trial) {
    CAPTURE(trial);
    const auto n = static_cast<unsigned>(random() % 13);
    const Circuit circuit = n == 0 ? Circuit(0) : test::random_circuit(random, n, 40);
    PlanOptions options;
    options.ranks = 1 + static_cast<int>(random() % 17);
    options.precision =
        random() % 2 == 0 ? Precision::double_precision : Precision::single_precision;
    options.reproducible = random() % 4 == 0;
    if (random() % 4 == 0) options.optimisations.without(Optimisation::passes);
    switch (random() % 4) {
      case 0:
        break;
      case 1:
        options.profile = test::tiny_profile();
        break;
      case 2:  // nonsense, but no reason to fail
        options.profile.low_bytes_log2 = 0;
        options.profile.high_qubits = 0;
        options.profile.sub_block_log2 = 0;
        break;
      default:
        options.profile.low_bytes_log2 = options.profile.high_qubits = 4'000'000'000U;
        options.profile.sub_block_log2 = 4'000'000'000U;
    }
    if (random() % 3 == 0) {
      // Continue from another layout and cut.
      const unsigned least = least_local_qubits(lower(circuit), options.precision);
      options.shape = choose_shape(n, options.ranks, least);
      Layout layout(n);
      for (unsigned k = 0; n > 0 && k < 2 * n; ++k) {
        layout.swap_positions(static_cast<unsigned>(random() % n),
                              static_cast<unsigned>(random() % n));
      }
      options.initial = layout;
    }
    const Plan plan = make_plan(circuit, options);
    if (options.initial) CHECK(plan.initial == *options.initial);
    if (!options.initial && !plan.stages.empty()) CHECK(plan.stages[0].exchange.empty());
    check_plan_parts(plan);
  }
}

TEST_CASE("a pass leaves out qubits that nothing has flipped yet, and only from |0..0>") {
  test::Generator random(74);
  std::size_t with_zeros = 0;
  for (int trial = 0; trial < 200; ++trial) {
    const auto n = static_cast<unsigned>(4 + random() % 9);
    const Circuit circuit = test::random_circuit(random, n, 12);
    PlanOptions options;
    options.ranks = 1 + static_cast<int>(random() % 5);
    options.profile = test::tiny_profile();
    if (trial % 4 == 0) options.optimisations.without(Optimisation::passes);
    const Plan plan = make_plan(circuit, options);
    std::uint64_t flipped = 0;  // wires
    for (const Stage& stage : plan.stages) {
      for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
        const Pass& pass = plan.passes[p];
        CHECK(pass.fresh == (low_mask(n) & ~stage.layout.positions(flipped) & pass.active));
        for (std::uint32_t s = pass.first_sub; s < pass.first_sub + pass.sub_count; ++s) {
          const SubBlock& sub = plan.subs[s];
          for (std::uint32_t k = sub.first_op; k < sub.first_op + sub.op_count; ++k) {
            flipped |= plan.circuit.ops[plan.order[k]].footprint.need();
          }
        }
        // All others are left out, but for those that the pass holds anyway.
        CHECK(pass.zero == (low_mask(n) & ~stage.layout.positions(flipped) & ~pass.active));
        with_zeros += pass.zero != 0 ? 1 : 0;
      }
    }
    options.shape = plan.shape;
    options.initial = plan.final;
    for (const Pass& pass : make_plan(circuit, options).passes) {
      CHECK((pass.zero | pass.fresh) == 0);
    }
  }
  CHECK(with_zeros > 100);
}

TEST_CASE("plan_ordering brings the low qubits into order within each shard") {
  test::Generator random(73);
  for (int trial = 0; trial < 200; ++trial) {
    const auto n = static_cast<unsigned>(random() % 13);
    PlanOptions options;
    options.ranks = 1 + static_cast<int>(random() % 9);
    options.shape = choose_shape(n, options.ranks, 3);
    if (trial % 2 == 0) options.profile = test::tiny_profile();
    Layout from(n);
    for (unsigned k = 0; n > 0 && k < 2 * n; ++k) {
      from.swap_positions(static_cast<unsigned>(random() % n), static_cast<unsigned>(random() % n));
    }
    const Plan plan = plan_ordering(from, options);
    CHECK(plan.initial == from);
    CHECK(plan.final.ordered(options.shape->local_bits()));
    CHECK(plan.stages.size() <= 2);
    if (from.ordered(options.shape->local_bits())) CHECK(plan.stages.empty());
  }
  CHECK_THROWS_AS((void)plan_ordering(Layout(3), {}), Error);
}

TEST_CASE("planning 40 qubits on 256 ranks allocates nothing of the size of a state") {
  Circuit qft(40);
  for (Qubit q = 40; q-- > 0;) {
    qft.h(q);
    for (Qubit c = 0; c < q; ++c) qft.cp(c, q, 0.1);
  }
  for (Qubit q = 0; q < 20; ++q) qft.swap(q, 39 - q);
  PlanOptions options;
  options.ranks = 256;
  rusage before{};
  REQUIRE(getrusage(RUSAGE_SELF, &before) == 0);
  const Plan plan = make_plan(qft, options);
  rusage after{};
  REQUIRE(getrusage(RUSAGE_SELF, &after) == 0);
  CHECK(after.ru_maxrss - before.ru_maxrss < 64 * 1024);  // KiB; a shard is 64 GiB
  CHECK(plan.shape.local_bits() == 32);
  CHECK(plan.stages.size() == 2);  // one exchange
  CHECK(plan.stages[1].exchange.size() == 8);
  check_plan_parts(plan);
}
