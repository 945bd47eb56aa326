// SPDX-License-Identifier: Apache-2.0
// Which circuits run gate by gate, that their plans run as others do, and what plans tell of them.
#include "qsim/plan/listed_plan.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/engine/batch/batch.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/observe/amplitudes.hpp"
#include "qsim/plan/forecast.hpp"
#include "qsim/plan/plan_bytes.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// Gates of all kinds that lists have, one after the other, on random qubits.
Circuit long_circuit(unsigned qubits, std::size_t gates, unsigned seed = 1) {
  test::Generator random(seed);
  Circuit circuit(qubits);
  while (circuit.size() < gates) {
    const Qubit a = static_cast<Qubit>(random() % qubits);
    const Qubit b =
        qubits == 1 ? 0 : static_cast<Qubit>((a + 1 + random() % (qubits - 1)) % qubits);
    const double angle = static_cast<double>(random() % 1000) / 160.0;
    switch (random() % (qubits == 1 ? 6 : 10)) {
      case 0:
        circuit.h(a);
        break;
      case 1:
        circuit.t(a);
        break;
      case 2:
        circuit.rx(a, angle);
        break;
      case 3:
        circuit.ry(a, angle);
        break;
      case 4:
        circuit.rz(a, angle);
        break;
      case 5:
        circuit.u(a, angle, 1.0 - angle, 2.0 * angle);
        break;
      case 6:
        circuit.cx(a, b);
        break;
      case 7:
        circuit.cp(a, b, angle);
        break;
      case 8:
        circuit.swap(a, b);
        break;
      default:
        circuit.rxx(a, b, angle);
        break;
    }
  }
  return circuit;
}

}  // namespace

TEST_CASE("long circuits on few qubits run gate by gate, if nothing else is asked for") {
  const Circuit circuit = long_circuit(5, 300);
  CHECK(listed_plan(circuit, {}));
  CHECK_FALSE(make_plan(circuit).gates.empty());
  CHECK(listed_plan(long_circuit(11, 128), {}));
  CHECK_FALSE(listed_plan(long_circuit(5, 127), {}));
  CHECK(listed_plan(long_circuit(12, 2048), {}));
  CHECK_FALSE(listed_plan(long_circuit(12, 2047), {}));
  CHECK_FALSE(listed_plan(long_circuit(13, 4096), {}));
  PlanOptions single;
  single.precision = Precision::single_precision;
  CHECK_FALSE(listed_plan(circuit, single));
  PlanOptions shards;
  shards.shape = choose_shape(5, 2, 3);
  CHECK_FALSE(listed_plan(circuit, shards));
  PlanOptions other;
  other.initial = Layout(6);
  CHECK_FALSE(listed_plan(circuit, other));
  CHECK_THROWS_AS((void)make_plan(circuit, other), Error);
  PlanOptions ranks;
  ranks.ranks = 2;
  CHECK_FALSE(listed_plan(circuit, ranks));
  PlanOptions reproducible;
  reproducible.reproducible = true;
  CHECK_FALSE(listed_plan(circuit, reproducible));
  for (const Optimisation off : {Optimisation::direct, Optimisation::tiles, Optimisation::zeros}) {
    PlanOptions without;
    without.optimisations.without(off);
    CHECK_FALSE(listed_plan(circuit, without));
  }
  Circuit trained = circuit;
  trained.rx(0, trained.parameter("a"));
  CHECK_FALSE(listed_plan(trained, {}));
}

TEST_CASE("gates that no list has, or that become many, leave a plan of passes") {
  Circuit toffoli = long_circuit(5, 300);
  toffoli.ccx(0, 1, 2);
  CHECK_FALSE(listed_plan(toffoli, {}));
  CHECK(make_plan(toffoli).gates.empty());
  Circuit sums(4);
  Circuit nothing(4);
  Circuit drifting(2);
  for (int k = 0; k < 300; ++k) {
    sums.rxx(0, 1, 0.2);
    nothing.swap(0, 1);
  }
  for (std::size_t k = 0; k <= (std::size_t{1} << 18); ++k) drifting.h(0);
  CHECK_FALSE(listed_plan(sums, {}));
  CHECK_FALSE(listed_plan(nothing, {}));
  CHECK_FALSE(listed_plan(drifting, {}));
  Circuit large = long_circuit(3, 300);
  large.rz(0, 2e6);
  CHECK_FALSE(listed_plan(large, {}));
}

TEST_CASE("the circuit of a listed plan is refused by batches") {
  const Plan plan = make_plan(long_circuit(4, 200));
  REQUIRE_FALSE(plan.gates.empty());
  const PauliSum z = PauliSum::parse("Z0");
  CHECK_THROWS_AS(BatchEvaluator(plan.circuit, std::span(&z, 1)), Error);
}

TEST_CASE("fault_G2 a listed plan leaves the state that the oracle has") {
  const auto comm = serial_communicator();
  for (const Engine& engine : {Engine(*comm), Engine(*comm, {2, "scalar"})}) {
    for (unsigned qubits = 1; qubits <= 12; ++qubits) {
      CAPTURE(qubits);
      const Circuit circuit = long_circuit(qubits, qubits == 12 ? 2048 : 400, qubits);
      const Plan plan = make_plan(circuit);
      REQUIRE_FALSE(plan.gates.empty());
      auto state = engine.make_state<double>(plan);
      const RunCounts counts = engine.run(plan, {}, state);
      CHECK(counts.pass_seconds.size() == 1);
      CHECK_FALSE(state.is_zero_state());
      const Eigen::VectorXcd zero = Eigen::VectorXcd::Unit(1 << qubits, 0);
      const Eigen::VectorXcd expected = test::run(circuit, {}, zero);
      std::vector<std::uint64_t> all(std::size_t{1} << qubits);
      for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
      const std::vector<Complex> mine = amplitudes(state, all);
      double worst = 0.0;
      for (std::size_t i = 0; i < all.size(); ++i) {
        worst = std::max(worst, std::abs(mine[i] - expected[static_cast<Eigen::Index>(i)]));
      }
      CHECK(worst < 1e-13);

      // Once more from where the first left off, in whatever layout that is.
      const Plan further = make_plan(circuit, state.continued());
      REQUIRE_FALSE(further.gates.empty());
      engine.run(further, {}, state);
      const std::vector<Complex> again = amplitudes(state, all);
      const Eigen::VectorXcd twice = test::run(circuit, {}, expected);
      worst = 0.0;
      for (std::size_t i = 0; i < all.size(); ++i) {
        worst = std::max(worst, std::abs(again[i] - twice[static_cast<Eigen::Index>(i)]));
      }
      CHECK(worst < 1e-13);
      CHECK_THROWS_AS(engine.run(plan, {}, state), Error);
    }
  }
}

TEST_CASE("a listed plan tells its work, and has values but no derivatives") {
  const Circuit circuit = long_circuit(6, 500);
  const Plan plan = make_plan(circuit);
  REQUIRE_FALSE(plan.gates.empty());
  CHECK(plan.operations() >= 500);
  CHECK(forecast(plan).passes == 1);
  CHECK(forecast(plan).flop > 0.0);
  CHECK(plan_bytes(plan) > 8 * plan.operations());
  CHECK(plan_bytes(plan) < 200 * circuit.size());
  const Work work = work_of(plan, {}, {});
  REQUIRE(work.passes.size() == 1);
  CHECK(work.passes[0].operations == plan.operations());
  CHECK(work.seconds > 0.0);

  const auto comm = serial_communicator();
  const Engine engine(*comm);
  auto ket = engine.make_state<double>(plan);
  auto bra = engine.make_state<double>(plan, 1);
  const PauliSum observable = PauliSum::parse("Z0 X1 + 0.5 Z3");
  const auto value = engine.value_and_gradient(plan, {}, observable, ket, bra);
  CHECK(value.gradient.empty());
  const auto along = engine.jacobian_vector_product(plan, {}, {}, std::array{observable}, ket, bra);
  CHECK(along.values.at(0) == doctest::Approx(value.value));
  CHECK(along.derivatives.at(0) == 0.0);
  PlanOptions planned;
  planned.optimisations.without(Optimisation::direct);
  const Plan other = make_plan(circuit, planned);
  CHECK(other.gates.empty());
  auto same = engine.make_state<double>(other);
  engine.run(other, {}, same);
  CHECK(engine.expectation(same, observable) == doctest::Approx(value.value).epsilon(1e-12));
}
