// SPDX-License-Identifier: Apache-2.0
// Every gate on every placement against the dense oracle and the scalar reference, on every
// instruction set, in both precisions; and plans against gate-by-gate order.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <functional>
#include <limits>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "qsim/dist/threads.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// 16 machine epsilons times the root of the gate count.
template <class T>
double tolerance(std::size_t gates) {
  return 16.0 * std::numeric_limits<T>::epsilon() * std::sqrt(static_cast<double>(gates));
}

/// All ordered choices of k of n qubits.
void placements(unsigned n, unsigned k, std::vector<Qubit>& chosen,
                const std::function<void(const std::vector<Qubit>&)>& visit) {
  if (chosen.size() == k) return visit(chosen);
  for (Qubit q = 0; q < n; ++q) {
    if (std::find(chosen.begin(), chosen.end(), q) != chosen.end()) continue;
    chosen.push_back(q);
    placements(n, k, chosen, visit);
    chosen.pop_back();
  }
}

/// A layer that leaves no amplitude zero or equal to another.
Circuit prepared(unsigned n, test::Generator& random) {
  Circuit circuit(n);
  for (Qubit q = 0; q < n; ++q) test::add_gate(circuit, random, Gate::u, std::array{q});
  return circuit;
}

template <class T>
void check(const Circuit& circuit, std::string_view isa, const PlanOptions& options) {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1, isa});
  const Eigen::VectorXcd expected = test::run(circuit);
  const Eigen::VectorXcd got = test::simulate<T>(engine, circuit, options);
  REQUIRE((got - expected).cwiseAbs().maxCoeff() <= tolerance<T>(circuit.size()));
  const Eigen::VectorXcd twin = test::run_reference<T>(circuit);
  REQUIRE((got - twin).cwiseAbs().maxCoeff() <= tolerance<T>(circuit.size()));
}

template <class T>
void check_placements(Gate gate, unsigned targets, unsigned controls) {
  test::Generator random(static_cast<unsigned>(gate) * 64 + targets * 8 + controls);
  for (unsigned n = 1; n <= 8; ++n) {
    if (targets + controls > n) continue;
    std::vector<std::vector<Qubit>> list;
    std::vector<Qubit> chosen;
    if (targets + controls <= 3) {
      placements(n, targets + controls, chosen, [&](const auto& p) { list.push_back(p); });
    } else {
      // All subsets in order, and 20 random orders.
      for (std::uint64_t mask = 0; mask < bit(n); ++mask) {
        if (static_cast<unsigned>(std::popcount(mask)) != targets + controls) continue;
        std::vector<Qubit> subset;
        for (Qubit q = 0; q < n; ++q) {
          if ((mask & bit(q)) != 0) subset.push_back(q);
        }
        list.push_back(subset);
      }
      for (int i = 0; i < 20; ++i) {
        list.push_back(test::random_qubits(random, n, targets + controls));
      }
    }
    const Circuit start = prepared(n, random);
    // Several placements in one circuit: the tolerance allows for the number of gates.
    Circuit circuit = start;
    PlanOptions options;
    if (n > 4) options.profile = test::tiny_profile();
    const auto flush = [&] {
      for (const auto* table : kernel_tables<T>()) check<T>(circuit, table->name, options);
      circuit = start;
    };
    for (const auto& place : list) {
      std::vector<Control> control_list;
      for (unsigned c = 0; c < controls; ++c) {
        control_list.push_back({place[targets + c], random() % 2 == 0});
      }
      test::add_gate(circuit, random, gate, std::span(place).first(targets), control_list);
      if (circuit.size() > start.size() + 11) flush();
    }
    flush();
  }
}

constexpr Gate kNamed[] = {Gate::id,  Gate::x,   Gate::y,   Gate::z,   Gate::h,    Gate::s,
                           Gate::sdg, Gate::t,   Gate::tdg, Gate::sx,  Gate::sxdg, Gate::rx,
                           Gate::ry,  Gate::rz,  Gate::p,   Gate::u,   Gate::swap, Gate::iswap,
                           Gate::rxx, Gate::ryy, Gate::rzz, Gate::fsim};
constexpr Gate kTables[] = {Gate::unitary, Gate::diagonal, Gate::permutation, Gate::pauli_rotation};

}  // namespace

TEST_CASE_TEMPLATE("every named gate on every placement equals the oracle", T, double, float) {
  for (const Gate gate : kNamed) {
    CAPTURE(info(gate).name);
    const auto targets = static_cast<unsigned>(info(gate).targets);
    check_placements<T>(gate, targets, 0);
    check_placements<T>(gate, targets, 1);
    check_placements<T>(gate, targets, 3);
  }
  check_placements<T>(Gate::global_phase, 0, 0);
  check_placements<T>(Gate::global_phase, 0, 2);
}

TEST_CASE_TEMPLATE("dense, diagonal, permutation and Pauli gates on 1 to 6 targets", T, double,
                   float) {
  for (const Gate gate : kTables) {
    CAPTURE(info(gate).name);
    for (unsigned k = 1; k <= 6; ++k) check_placements<T>(gate, k, 0);
    check_placements<T>(gate, 2, 1);
    check_placements<T>(gate, 3, 2);
  }
  check_placements<T>(Gate::pauli_rotation, 8, 0);
}

TEST_CASE_TEMPLATE("permutations move amplitudes exactly", T, double, float) {
  test::Generator random(5);
  const auto comm = serial_communicator();
  for (int trial = 0; trial < 60; ++trial) {
    const unsigned n = 2 + static_cast<unsigned>(random() % 7);
    const Circuit start = prepared(n, random);
    Circuit moved(n);
    std::vector<std::uint64_t> image(bit(n));
    for (std::uint64_t i = 0; i < image.size(); ++i) image[i] = i;
    for (int g = 0; g < 12; ++g) {
      const unsigned k = 1 + static_cast<unsigned>(random() % std::min(n, 6U));
      const auto on = test::random_qubits(random, n, k);
      const auto table = test::random_permutation(random, k);
      moved.permutation(on, table);
      for (std::uint64_t& index : image) {
        std::uint64_t small = 0;
        for (unsigned b = 0; b < k; ++b) small |= ((index >> on[b]) & 1) << b;
        for (unsigned b = 0; b < k; ++b) {
          index &= ~bit(on[b]);
          if (((table[small] >> b) & 1) != 0) index |= bit(on[b]);
        }
      }
    }
    PlanOptions options;
    options.profile = test::tiny_profile();
    for (const auto* table : kernel_tables<T>()) {
      const Engine engine(*comm, {1, table->name});
      const auto [before, after] = test::simulate_both<T>(engine, start, moved, options);
      for (std::uint64_t i = 0; i < image.size(); ++i) {
        REQUIRE(after(static_cast<Eigen::Index>(image[i])) == before(static_cast<Eigen::Index>(i)));
      }
    }
  }
}

TEST_CASE("500 random circuits: the plan equals gate-by-gate order and the oracle") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {2});
  test::Generator random(500);
  for (int trial = 0; trial < 500; ++trial) {
    CAPTURE(trial);
    const unsigned n = 1 + static_cast<unsigned>(random() % 9);
    const Circuit circuit = test::random_circuit(random, n, 40);
    PlanOptions blocked;
    if (trial % 2 == 0) blocked.profile = test::tiny_profile();
    PlanOptions in_order = blocked;
    in_order.optimisations.without(Optimisation::passes);
    const auto a = test::simulate<double>(engine, circuit, blocked);
    const auto b = test::simulate<double>(engine, circuit, in_order);
    REQUIRE((a - b).cwiseAbs().maxCoeff() <= tolerance<double>(circuit.size() + 1));
    if (n <= 7) {
      REQUIRE((a - test::run(circuit)).cwiseAbs().maxCoeff() <=
              tolerance<double>(circuit.size() + 1));
    }
  }
}

TEST_CASE("an empty circuit, one qubit and no qubits are states too") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  CHECK(test::simulate<double>(engine, Circuit(0), {})(0) == 1.0);
  CHECK(test::simulate<float>(engine, Circuit(1), {})(0) == 1.0);
  CHECK(test::simulate<double>(engine, Circuit(5), {}).cwiseAbs().sum() == 1.0);
}

TEST_CASE("values must match the parameters") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  Circuit circuit(1);
  circuit.rx(0, circuit.parameter("a"));
  const Plan plan = make_plan(circuit, {});
  auto state = engine.make_state<double>(plan);
  CHECK_THROWS_AS(engine.run(plan, {}, state), Error);
  const std::array nan{std::numeric_limits<double>::quiet_NaN()};
  CHECK_THROWS_AS(engine.run(plan, nan, state), Error);
}

TEST_CASE("an engine needs a thread and an instruction set that is there") {
  const auto comm = serial_communicator();
  CHECK_THROWS_AS(Engine(*comm, {-1}), Error);
  CHECK_THROWS_AS(Engine(*comm, {1, "altivec"}), Error);
  CHECK(Engine(*comm, {3, "scalar"}).isa() == "scalar");
  CHECK(Engine(*comm, {3, "scalar"}).threads() == 3);
  CHECK(Engine(*comm, {1}).isa() == kernel_tables<double>().front()->name);
}

TEST_CASE("fault_F6 an engine takes as many threads as the program") {
  const auto comm = serial_communicator();
  const char* const before = std::getenv("OMP_NUM_THREADS");
  const std::string kept = before == nullptr ? "" : before;
  REQUIRE(setenv("OMP_NUM_THREADS", "3", 1) == 0);
  CHECK(Engine(*comm).threads() == 3);
  CHECK(Engine(*comm, {2}).threads() == 2);
  REQUIRE(unsetenv("OMP_NUM_THREADS") == 0);
  CHECK(Engine(*comm).threads() == choose_threads(0).threads);
  CHECK(choose_threads(0).threads <= usable_processors());
  if (before != nullptr) REQUIRE(setenv("OMP_NUM_THREADS", kept.c_str(), 1) == 0);
}

TEST_CASE("a state of another plan is refused") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  const Plan small = make_plan(Circuit(3), {});
  const Plan large = make_plan(Circuit(4), {});
  auto state = engine.make_state<double>(small);
  CHECK_THROWS_AS(engine.run(large, {}, state), Error);
  PlanOptions options = state.continued();
  options.initial->swap_positions(0, 2);
  CHECK_THROWS_AS(engine.run(make_plan(Circuit(3), options), {}, state), Error);
}

namespace {

/// RY on every qubit, a row of CNOTs, RX on every qubit.
Circuit layer(Qubit n, double angle) {
  Circuit circuit(n);
  for (Qubit q = 0; q < n; ++q) circuit.ry(q, angle + 0.1 * q);
  for (Qubit q = 0; q + 1 < n; ++q) circuit.cx(q, q + 1);
  for (Qubit q = 0; q < n; ++q) circuit.rx(q, 2.0 * angle - 0.05 * q);
  return circuit;
}

}  // namespace

TEST_CASE_TEMPLATE("fault_B1 a plan for |0..0> is refused on a state that was used", T, double,
                   float) {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {2});
  for (const Qubit n : {1U, 3U, 8U, 12U}) {
    CAPTURE(n);
    PlanOptions options;
    options.precision = StateVector<T>::kPrecision;
    const Circuit a = layer(n, 0.3);
    const Circuit b = layer(n, 0.7);
    const Plan plan_a = make_plan(a, options);
    const Plan plan_b = make_plan(b, options);
    auto state = engine.make_state<T>(plan_a);
    engine.run(plan_a, {}, state);
    const Eigen::VectorXcd after_a = test::gather(state);
    for (const Plan* plan : {&plan_a, &plan_b}) {
      try {
        engine.run(*plan, {}, state);
        FAIL("ran");
      } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::usage);
        CHECK(error.hint().find("state.continued()") != std::string::npos);
      }
    }
    CHECK(test::gather(state) == after_a);  // nothing was touched
    // The way the message names gives the right result.
    engine.run(make_plan(b, state.continued()), {}, state);
    Circuit both = a;
    both.append(b);
    CHECK((test::gather(state) - test::run(both)).cwiseAbs().maxCoeff() <=
          tolerance<T>(both.size()));
    // And from the beginning again.
    state.set_zero_state(plan_b.initial);
    engine.run(plan_b, {}, state);
    CHECK((test::gather(state) - test::run(b)).cwiseAbs().maxCoeff() <= tolerance<T>(b.size()));
  }
}

TEST_CASE("fault_B1 every way to change a state is noticed, reading it is not") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  constexpr Qubit n = 6;
  const Plan plan = make_plan(layer(n, 0.4), {});
  const PauliSum observable = PauliSum::parse("Z0 + 0.5 X1 Y3");
  auto state = engine.make_state<double>(plan);
  auto other = engine.make_state<double>(plan);
  CHECK(state.is_zero_state());
  CHECK(engine.expectation(state, observable) == 1.0);
  CHECK(test::gather(state)(0) == 1.0);
  CHECK(state.is_zero_state());

  const auto used = [&](const char* what, StateVector<double>& changed) {
    CAPTURE(what);
    CHECK_FALSE(changed.is_zero_state());
    CHECK_THROWS_AS(engine.run(plan, {}, changed), Error);
    changed.set_zero_state(Layout(n));  // another layout than the plan's is as good
    CHECK(changed.is_zero_state());
    CHECK_NOTHROW(engine.run(plan, {}, changed));
    changed.set_zero_state(plan.initial);
  };
  (void)state.mutable_shard(0);
  used("raw access", state);
  engine.run(plan, {}, state);
  used("run", state);
  (void)engine.value_and_gradient(plan, {}, observable, state, other);
  used("ket of a gradient", state);
  used("bra of a gradient", other);
  (void)engine.jacobian_vector_product(plan, {}, {}, std::span(&observable, 1), state, other);
  used("ket of a product", state);
  used("tangent", other);
  (void)engine.begin_bra(state, observable, other);
  CHECK(state.is_zero_state());
  used("begin_bra", other);
  engine.apply_observable(state, observable, other);
  used("apply_observable", other);
  StateVector<double> fresh(*comm, plan.shape);
  CHECK_FALSE(fresh.is_zero_state());  // all zero, which is no state
  CHECK_THROWS_AS(engine.run(plan, {}, fresh), Error);
}

TEST_CASE("fault_B1 states in different layouts are not combined") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  const Plan plan = make_plan(layer(5, 0.4), {});
  auto a = engine.make_state<double>(plan);
  auto b = engine.make_state<double>(plan);
  engine.run(plan, {}, a);
  Layout other = a.layout();
  other.swap_positions(0, 4);
  b.set_zero_state(other);
  const PauliSum sum = PauliSum::parse("Z0");
  CHECK_THROWS_AS((void)engine.matrix_elements(a, std::span(&sum, 1), b), Error);
  CHECK_THROWS_AS(engine.apply_observable(a, sum, b), Error);
  auto small = engine.make_state<double>(make_plan(Circuit(3), {}));
  CHECK_THROWS_AS((void)engine.begin_bra(a, sum, small), Error);
}
