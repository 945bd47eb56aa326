// SPDX-License-Identifier: Apache-2.0
// Plans of deep circuits: what they take a gate, and that those on few qubits are cut into parts.
#include "qsim/plan/plan_bytes.hpp"

#include <numeric>

#include <doctest/doctest.h>

#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

enum class Kind { clifford_t, rotations, any_single, toffolis };

Circuit deep(Kind kind, Qubit n, std::size_t gates) {
  test::Generator random(661);
  Circuit circuit(n);
  const auto angle = [&] { return 0.01 + static_cast<double>(random() % 6000) / 1000.0; };
  while (circuit.size() < gates) {
    const auto on = test::random_qubits(random, n, 3);
    switch (kind) {
      case Kind::clifford_t:
        if (random() % 3 == 0) circuit.cx(on[0], on[1]);
        if (random() % 2 == 0) circuit.h(on[0]);
        circuit.t(on[1]);
        break;
      case Kind::rotations:
        circuit.rx(on[0], angle()).rz(on[1], angle()).cx(on[0], on[2]);
        break;
      case Kind::any_single:
        circuit.u(on[0], angle(), angle(), angle()).cx(on[0], on[1]);
        break;
      case Kind::toffolis:
        circuit.ccx(on[0], on[1], on[2]);
        break;
    }
  }
  return circuit;
}

}  // namespace

TEST_CASE("fault_G2 plans of deep circuits take at most 200 bytes a gate") {
  for (const Kind kind : {Kind::clifford_t, Kind::rotations, Kind::any_single, Kind::toffolis}) {
    for (const Qubit n : {4U, 10U, 12U, 16U, 20U, 30U}) {
      for (const std::size_t gates : {1000U, 6000U}) {
        CAPTURE(static_cast<int>(kind));
        CAPTURE(n);
        const Circuit circuit = deep(kind, n, gates);
        PlanOptions planned;
        planned.optimisations.without(Optimisation::direct);
        for (const PlanOptions& options : {PlanOptions(), planned}) {
          const Plan plan = make_plan(circuit, options);
          CHECK(plan_bytes(plan) <= 200 * circuit.size() + 8192);
          CHECK(plan_bytes(plan) > 8 * circuit.size());
        }
      }
    }
  }
}

TEST_CASE("fault_G2 deep circuits on few qubits are prepared in parts that fit a cache") {
  for (const Qubit n : {4U, 10U}) {
    const Circuit circuit = deep(Kind::rotations, n, 60000);
    PlanOptions options;
    options.optimisations.without(Optimisation::direct);
    const Plan plan = make_plan(circuit, options);
    CHECK(plan.passes.size() > 4);
    std::uint32_t operations = 0;
    for (const Pass& pass : plan.passes) {
      CHECK(pass.sub_count == 1);
      const std::uint32_t here = plan.subs[pass.first_sub].op_count;
      CHECK(here <= 2048);
      operations += here;
    }
    CHECK(operations == plan.circuit.ops.size());
  }
  PlanOptions planned;
  planned.optimisations.without(Optimisation::direct);
  CHECK(make_plan(deep(Kind::rotations, 10, 1000), planned).passes.size() == 1);
}
