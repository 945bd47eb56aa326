// SPDX-License-Identifier: Apache-2.0
// Sweeps hold every operation once, in an order that circuits allow, in tiles of three wires.
#include "qsim/engine/batch/schedule.hpp"

#include <bit>
#include <numeric>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "tests/qsim/engine/batch/batches.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

bool commute(const Footprint& a, const Footprint& b) {
  const auto all = [](const Footprint& f) { return f.mix | f.z | f.x; };
  return (all(a) & all(b) & ~(a.z & b.z) & ~(a.x & b.x)) == 0;
}

}  // namespace

TEST_CASE("each operation runs once, after those that it does not commute with") {
  test::Generator random(330);
  for (unsigned trial = 0; trial < 30; ++trial) {
    CAPTURE(trial);
    const unsigned n = 2 + trial % 10;
    const unsigned wires = std::max(n, 3U);
    const LoweredCircuit circuit = lower(test::random_batch_circuit(random, n, 60, 2));
    std::vector<std::uint32_t> ops(circuit.ops.size());
    std::iota(ops.begin(), ops.end(), 0U);
    std::vector<std::uint32_t> order;
    for (const BatchSweep& sweep : schedule_batch(circuit, ops, wires)) {
      if (sweep.tiles.empty()) {
        REQUIRE(!fits_batch_tile(circuit.ops[sweep.wide]));
        REQUIRE(sweep.active == low_mask(wires));
        order.push_back(sweep.wide);
      }
      REQUIRE(std::popcount(sweep.active) >= static_cast<int>(std::min(wires, 7U)));
      for (const BatchTile& tile : sweep.tiles) {
        REQUIRE(std::popcount(tile.wires) == 3);
        REQUIRE((tile.wires & ~sweep.active) == 0);
        for (const std::uint32_t op : tile.ops) {
          REQUIRE(fits_batch_tile(circuit.ops[op]));
          REQUIRE((circuit.ops[op].footprint.need() & ~tile.wires) == 0);
          order.push_back(op);
        }
      }
    }
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    REQUIRE(sorted == ops);
    for (std::size_t a = 0; a < order.size(); ++a) {
      for (std::size_t b = a + 1; b < order.size(); ++b) {
        const bool turned = order[a] > order[b];
        REQUIRE(
            (!turned || commute(circuit.ops[order[a]].footprint, circuit.ops[order[b]].footprint)));
      }
    }
  }
}

TEST_CASE("what fits a tile") {
  Circuit circuit(6);
  const std::array<Qubit, 6> q{0, 1, 2, 3, 4, 5};
  const std::array some{Control{5, false}};
  test::Generator random(331);
  circuit.pauli_rotation("XYXZZZ", q, 0.1).pauli_rotation("XYXX", std::span(q).first(4), 0.1);
  test::add_gate(circuit, random, Gate::diagonal, std::span(q).first(4));
  test::add_gate(circuit, random, Gate::diagonal, std::span(q).first(4), some);
  test::add_gate(circuit, random, Gate::unitary, std::span(q).first(2));
  test::add_gate(circuit, random, Gate::unitary, std::span(q).first(2), some);
  test::add_gate(circuit, random, Gate::unitary, std::span(q).first(1), some);
  test::add_gate(circuit, random, Gate::permutation, std::span(q).first(2));
  const LoweredCircuit lowered = lower(circuit);
  REQUIRE(lowered.ops.size() == 8);
  const std::array expected{true, false, true, false, true, false, true, false};
  for (std::size_t k = 0; k < 8; ++k) {
    CAPTURE(k);
    CHECK(fits_batch_tile(lowered.ops[k]) == expected[k]);
  }
}
