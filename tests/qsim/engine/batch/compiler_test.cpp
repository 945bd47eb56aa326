// SPDX-License-Identifier: Apache-2.0
// Compiled batches: that random circuits, which the tests of whole batches run, use every kind of
// step and recipe, and how many programs common circuits take.
#include "qsim/engine/batch/compiler.hpp"

#include <set>

#include <doctest/doctest.h>

#include "tests/qsim/engine/batch/batches.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

BatchCode compiled(const Circuit& circuit, const PauliSum& sum) {
  const LoweredCircuit lowered = lower(circuit);
  return compile_batch(lowered, trim_batch(lowered, std::span(&sum, 1)), batch_range(true));
}

}  // namespace

TEST_CASE("random circuits use every kind of step, recipe and trip") {
  test::Generator random(301);  // as the test of whole batches
  std::set<unsigned> steps;
  std::set<BatchRecipe::Kind> recipes;
  std::set<BatchTrip::Kind> trips;
  std::set<BatchWireOp::Kind> product;
  for (unsigned trial = 0; trial < 400; ++trial) {
    const unsigned n = 1 + trial % 9;
    const BatchCode code = compiled(test::random_batch_circuit(random, n, 40, 4),
                                    test::random_pauli_sum(random, n, 3));
    for (const BatchStep& step : code.steps) steps.insert(static_cast<unsigned>(step.kind));
    for (const auto* list : {&code.once, &code.forward, &code.backward}) {
      for (const BatchRecipe& recipe : *list) recipes.insert(recipe.kind);
    }
    for (const auto* walks : {&code.walks, &code.back_walks}) {
      for (const BatchWalk& walk : *walks) {
        for (const BatchTrip& trip : walk.trips) trips.insert(trip.kind);
      }
    }
    for (const BatchWireOp& op : code.product) product.insert(op.kind);
  }
  // phase_even is phase_odd where an index is odd; exchanges touch one or two wires.
  const auto is_made = [](BatchKind kind) {
    return (kind < BatchKind::phase_even || kind >= BatchKind::phase_rows) &&
           kind != batch_kind(BatchKind::exchange, 6);
  };
  for (unsigned kind = 0; kind < static_cast<unsigned>(BatchKind::count); ++kind) {
    CAPTURE(kind);
    CHECK(steps.contains(kind) == is_made(static_cast<BatchKind>(kind)));
  }
  CHECK(recipes.size() == 8);
  CHECK(trips.size() == 4);
  CHECK(product.size() == 4);
}

TEST_CASE("flips cost nothing, the first layer is a product, a layer of tiles is few programs") {
  constexpr unsigned n = 6;
  Circuit circuit(n);
  const auto w = circuit.parameters("w", 2 * n);
  for (Qubit q = 0; q < n; ++q) circuit.ry(q, w[q]);
  for (Qubit q = 0; q < n; ++q) circuit.cx(q, (q + 1) % n);
  for (Qubit q = 0; q < n; ++q) circuit.ry(q, w[n + q]);
  const BatchCode code = compiled(circuit, pauli_z(0));
  CHECK(code.product.size() == n);
  CHECK(code.product_varies);
  CHECK(code.programs.size() <= 10);  // both ways
  for (const BatchStep& step : code.steps) CHECK(step.kind != BatchKind::exchange);
  CHECK(code.phasors.varying() == n + 1);  // of the second layer one is seen
}

TEST_CASE("no way back without parameters, and none past the first of them") {
  Circuit constant(4);
  constant.h(0).cx(0, 1).ry(1, 0.3).cx(1, 2);
  const BatchCode none = compiled(constant, pauli_z(2));
  CHECK(none.back_walks.empty());
  CHECK(none.links.empty());
  CHECK(none.sums == 0);

  Circuit late(4);
  for (unsigned k = 0; k < 30; ++k) late.h(k % 4).cx(k % 4, (k + 1) % 4);
  const std::size_t before = compiled(late, pauli_x(0)).steps.size();
  late.rx(0, late.parameter("w"));
  const BatchCode code = compiled(late, pauli_z(0));
  CHECK(code.links.size() == 1);
  CHECK(code.steps.size() < before + 20);
}
