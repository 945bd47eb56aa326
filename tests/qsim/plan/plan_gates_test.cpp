// SPDX-License-Identifier: Apache-2.0
// Which circuits become matrices, which take canonical forms, and which stay as they are.
#include "qsim/plan/plan_gates.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace qross;
using namespace qross::qsim;

namespace {

/// Rotations and CX on neighbours, ten layers.
Circuit layers(unsigned qubits) {
  Circuit circuit(qubits);
  for (int layer = 0; layer < 10; ++layer) {
    for (Qubit q = 0; q < qubits; ++q) circuit.ry(q, 0.1 * (q + 1)).rz(q, 0.3);
    for (Qubit q = 0; q + 1 < qubits; ++q) circuit.cx(q, q + 1);
  }
  return circuit;
}

std::size_t matrices(const Circuit& circuit, const PlanOptions& options) {
  const LoweredCircuit low = plan_gates(circuit, options, options.profile.double_steps);
  return static_cast<std::size_t>(std::count_if(
      low.ops.begin(), low.ops.end(),
      [](const Lowered& op) { return op.kind == Lowered::Kind::matrix && op.targets == 2; }));
}

}  // namespace

TEST_CASE("small states on one rank run matrices, unless something is known later") {
  const Circuit small = layers(8);
  CHECK(matrices(small, {}) > 0);
  PlanOptions ranks;
  ranks.ranks = 2;
  CHECK(matrices(small, ranks) == 0);
  PlanOptions reproducible;
  reproducible.reproducible = true;
  CHECK(matrices(small, reproducible) == 0);
  PlanOptions without;
  without.optimisations.without(Optimisation::pairs);
  CHECK(matrices(small, without) == 0);
  Circuit trained = layers(8);
  trained.ry(0, trained.parameter("a"));
  CHECK(matrices(trained, {}) == 0);
  CHECK(matrices(layers(15), {}) == 0);
}

TEST_CASE("simplify leaves a circuit that nothing makes cheaper") {
  Circuit circuit(3);
  circuit.h(0).cx(0, 1).cx(1, 2);
  CHECK(simplify(circuit, {}, StepSeconds{}).size() == 3);
  circuit.cx(1, 2);
  CHECK(simplify(circuit, {}, StepSeconds{}).size() == 2);
}
