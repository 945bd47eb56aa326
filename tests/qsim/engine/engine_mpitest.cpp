// SPDX-License-Identifier: Apache-2.0
// The engine on ranks: equal to the oracle, to one rank, and with reproducible plans bit for bit.
#include <algorithm>
#include <limits>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/plan/forecast.hpp"
#include "tests/qsim/engine/gradients.hpp"
#include "tests/qsim/engine/states.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

double size_of(const PauliSum& sum) {
  double size = 1.0;
  for (const PauliString& s : sum.strings()) size += std::abs(s.coefficient);
  return size;
}

template <class T>
ValueAndGradient gradient(Communicator& comm, const Circuit& circuit,
                          std::span<const double> values, const PauliSum& sum, PlanOptions options,
                          int threads = 1) {
  const Engine engine(comm, {threads});
  options.ranks = comm.size();
  options.precision = StateVector<T>::kPrecision;
  const Plan plan = make_plan(circuit, options);
  auto ket = engine.make_state<T>(plan);
  auto bra = engine.make_state<T>(plan, 1);
  return engine.value_and_gradient(plan, values, sum, ket, bra);
}

}  // namespace

TEST_CASE_TEMPLATE("random circuits of all gate kinds equal the oracle", T, double, float) {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(131);
  for (int trial = 0; trial < 36; ++trial) {
    CAPTURE(trial);
    const auto n =
        trial < 33 ? 4 + static_cast<unsigned>(trial) % 4 : 8 + static_cast<unsigned>(trial) % 2;
    const Circuit circuit = test::random_circuit(random, n, 30);
    PlanOptions options;
    if (trial % 3 != 0) options.profile = test::tiny_profile();
    if (trial % 5 == 0) options.optimisations.without(Optimisation::passes);
    const Eigen::VectorXcd got = test::simulate<T>(engine, circuit, options);
    const double allowed =
        16 * std::numeric_limits<T>::epsilon() * std::sqrt(static_cast<double>(circuit.size() + 1));
    REQUIRE((got - test::run(circuit)).cwiseAbs().maxCoeff() <= allowed);
  }
}

TEST_CASE("controls, phases and Pauli strings on rank bits") {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(132);
  // Layers of one-qubit gates force exchanges; between them everything names every qubit.
  for (int trial = 0; trial < 6; ++trial) {
    constexpr unsigned n = 7;
    Circuit circuit(n);
    for (int layer = 0; layer < 3; ++layer) {
      for (Qubit q = 0; q < n; ++q) test::add_gate(circuit, random, Gate::u, std::array{q});
      for (int g = 0; g < 6; ++g) {
        const auto all = test::random_qubits(random, n, n);
        std::vector<Control> controls;
        for (unsigned c = 2; c < n; ++c) controls.push_back({all[c], random() % 2 == 0});
        const auto some = std::span(controls).first(random() % controls.size());
        constexpr Gate kinds[] = {Gate::x, Gate::rz, Gate::h, Gate::p};
        test::add_gate(circuit, random, kinds[random() % 4], std::span(all).first(1), some);
        test::add_gate(circuit, random, Gate::diagonal, std::span(all).first(2), some);
        test::add_gate(circuit, random, Gate::global_phase, {}, controls);
        test::add_gate(circuit, random, Gate::pauli_rotation, all);
        circuit.swap(all[0], all[6]).cx(all[6], all[1]);
      }
    }
    PlanOptions options;
    if (trial % 2 == 0) options.profile = test::tiny_profile();
    REQUIRE((test::simulate<double>(engine, circuit, options) - test::run(circuit))
                .cwiseAbs()
                .maxCoeff() < 1e-13);
  }
}

TEST_CASE_TEMPLATE("expectations and applied observables see flips of rank bits", T, double,
                   float) {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {2});
  test::Generator random(133);
  for (unsigned n = 1; n <= 9; ++n) {
    for (int trial = 0; trial < 4; ++trial) {
      Shape shape = choose_shape(n, comm->size(), kLaneBits<T>);
      // More shards than ranks, too.
      if (trial % 2 == 1) shape.rank_bits = n > kLaneBits<T> ? n - kLaneBits<T> : 0;
      StateVector<T> ket(*comm, shape, 2);
      StateVector<T> bra(*comm, shape, 2);
      const Layout layout = test::random_layout(random, n);
      test::fill(ket, layout, test::random_vector(random, n));
      test::fill(bra, layout, test::random_vector(random, n));
      const Eigen::VectorXcd k = test::gather(ket);
      const Eigen::VectorXcd b = test::gather(bra);
      const PauliSum sum = test::random_pauli_sum(random, n, 5);
      const Eigen::MatrixXcd m = test::matrix(sum, n);
      REQUIRE(std::abs(engine.expectation(ket, sum) - k.dot(m * k).real()) <= 1e-13 * size_of(sum));
      engine.apply_observable(ket, sum, bra);
      REQUIRE((test::gather(bra) - b - m * k).cwiseAbs().maxCoeff() <=
              16 * std::numeric_limits<T>::epsilon() * size_of(sum));
      CHECK(test::gather(ket) == k);
    }
  }
}

TEST_CASE("expectations in chunks: shards larger than the staging buffer") {
  const auto comm = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(134);
  constexpr unsigned n = 13;
  const Eigen::VectorXcd v = test::random_vector(random, n);
  const Layout layout = test::random_layout(random, n);
  const PauliSum sum = test::random_pauli_sum(random, n, 6);
  StateVector<double> one(*alone, Shape{n, 0, 1});
  StateVector<double> many(*comm, choose_shape(n, comm->size(), 3));
  test::fill(one, layout, v);
  test::fill(many, layout, v);
  // The same tree of sums: the same bits.
  CHECK(Engine(*comm, {1}).expectation(many, sum) == Engine(*alone, {1}).expectation(one, sum));
  StateVector<double> bra(*comm, many.shape());
  StateVector<double> bra_one(*alone, one.shape());
  qsim::StateAccess::relabel(bra, layout);
  qsim::StateAccess::relabel(bra_one, layout);
  Engine(*comm, {1}).apply_observable(many, sum, bra);
  Engine(*alone, {1}).apply_observable(one, sum, bra_one);
  CHECK(test::gather(bra) == test::gather(bra_one));
}

TEST_CASE("values and gradients equal those of one rank to rounding") {
  const auto comm = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(135);
  for (int trial = 0; trial < 24; ++trial) {
    CAPTURE(trial);
    const auto n = 1 + static_cast<unsigned>(trial) % 8;
    const Circuit circuit = test::random_parametrised_circuit(random, n, 25, 4);
    const auto values = test::random_values(random, 4);
    const PauliSum sum = test::random_pauli_sum(random, n, 4);
    PlanOptions options;
    if (trial % 2 == 0) options.profile = test::tiny_profile();
    const auto one = gradient<double>(*alone, circuit, values, sum, {});
    const auto many = gradient<double>(*comm, circuit, values, sum, options);
    REQUIRE(std::abs(many.value - one.value) <= 1e-13 * size_of(sum));
    for (std::size_t s = 0; s < values.size(); ++s) {
      REQUIRE(std::abs(many.gradient[s] - one.gradient[s]) <= 1e-11 * size_of(sum));
    }
  }
}

TEST_CASE_TEMPLATE("reproducible plans give the bits of one rank", T, double, float) {
  const auto comm = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(136);
  PlanOptions options;
  options.reproducible = true;
  for (const unsigned n : {2U, 6U, 9U, 10U, 11U}) {
    CAPTURE(n);
    const Circuit circuit = test::random_circuit(random, n, 40);
    CHECK(test::simulate<T>(Engine(*comm, {2}), circuit, options) ==
          test::simulate<T>(Engine(*alone, {1}), circuit, options));
    const Circuit model = test::random_parametrised_circuit(random, n, 40, 5);
    const auto values = test::random_values(random, 5);
    const PauliSum sum = test::random_pauli_sum(random, n, 6);
    const auto one = gradient<T>(*alone, model, values, sum, options);
    const auto many = gradient<T>(*comm, model, values, sum, options, 2);
    CHECK(many.value == one.value);
    CHECK(many.gradient == one.gradient);
  }
}

TEST_CASE("Jacobian products on ranks are those of one rank, reproducibly bit for bit") {
  const auto comm = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(140);
  struct Both {
    ValuesAndGradient back;
    ValuesAndDerivatives forward;
  };
  const auto products = [](Communicator& on, const Circuit& circuit, std::span<const double> values,
                           std::span<const double> direction, std::span<const PauliSum> sums,
                           PlanOptions options, int threads) {
    const Engine engine(on, {threads});
    options.ranks = on.size();
    const Plan plan = make_plan(circuit, options);
    auto ket = engine.make_state<double>(plan);
    auto other = engine.make_state<double>(plan, 1);
    Both both;
    both.forward = engine.jacobian_vector_product(plan, values, direction, sums, ket, other);
    const std::vector<double> weights = {0.7, -1.3};
    both.back = engine.vector_jacobian_product(plan, values, sums, weights, ket, other);
    return both;
  };
  for (int trial = 0; trial < 16; ++trial) {
    CAPTURE(trial);
    const auto n = 2 + static_cast<unsigned>(trial) % 9;
    const Circuit circuit = test::random_parametrised_circuit(random, n, 30, 4);
    const auto values = test::random_values(random, 4);
    const auto direction = test::random_values(random, 4);
    const std::vector<PauliSum> sums = {test::random_pauli_sum(random, n, 4),
                                        test::random_pauli_sum(random, n, 3)};
    const double allowed = 1e-11 * (size_of(sums[0]) + size_of(sums[1]));
    PlanOptions options;
    options.reproducible = trial % 2 == 0;
    if (trial % 4 == 1) options.profile = test::tiny_profile();
    const auto one = products(*alone, circuit, values, direction, sums, options, 1);
    const auto many = products(*comm, circuit, values, direction, sums, options, 2);
    if (options.reproducible) {
      CHECK(many.back.values == one.back.values);
      CHECK(many.back.gradient == one.back.gradient);
      CHECK(many.forward.values == one.forward.values);
      CHECK(many.forward.derivatives == one.forward.derivatives);
    }
    for (std::size_t k = 0; k < sums.size(); ++k) {
      CHECK(std::abs(many.forward.values[k] - one.forward.values[k]) <= allowed);
      CHECK(std::abs(many.forward.derivatives[k] - one.forward.derivatives[k]) <= allowed);
    }
    // v^T (J d) = (v^T J) d
    double across = 0.0;
    for (std::size_t p = 0; p < 4; ++p) across += many.back.gradient[p] * direction[p];
    const double along = 0.7 * many.forward.derivatives[0] - 1.3 * many.forward.derivatives[1];
    CHECK(std::abs(across - along) <= 10 * allowed);
  }
}

TEST_CASE("a run sends what its plan says") {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(137);
  for (int trial = 0; trial < 8; ++trial) {
    const Circuit circuit = test::random_circuit(random, 9, 60);
    PlanOptions options;
    options.ranks = comm->size();
    const Plan plan = make_plan(circuit, options);
    auto state = engine.make_state<double>(plan);
    const RunCounts counts = engine.run(plan, {}, state);
    std::uint64_t expected = 0;
    for (const Stage& stage : plan.stages) {
      expected += exchange_bytes(plan.shape, plan.precision, stage.exchange, comm->rank());
    }
    CHECK(counts.bytes_sent == expected);
    const double most = comm->all_max(static_cast<double>(counts.bytes_sent));
    CHECK(most <= forecast(plan).bytes_exchanged);
    if (plan.shape.shards() == static_cast<std::uint64_t>(comm->size())) {
      CHECK(most == forecast(plan).bytes_exchanged);
    }
  }
}

TEST_CASE_TEMPLATE("plan_ordering leaves local qubits in logical order", T, double, float) {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {2});
  test::Generator random(138);
  for (int trial = 0; trial < 16; ++trial) {
    const auto n = static_cast<unsigned>(trial) % 9;
    PlanOptions options;
    options.ranks = comm->size();
    options.precision = StateVector<T>::kPrecision;
    options.shape = choose_shape(n, comm->size(), kLaneBits<T>);
    if (trial % 2 == 0) options.profile = test::tiny_profile();
    const Layout from = test::random_layout(random, n);
    StateVector<T> state(*comm, *options.shape, 2);
    test::fill(state, from, test::random_vector(random, n));
    const Eigen::VectorXcd before = test::gather(state);
    (void)engine.run(plan_ordering(from, options), {}, state);
    CHECK(state.layout().ordered(options.shape->local_bits()));
    CHECK(test::gather(state) == before);
  }
}

TEST_CASE("a second plan continues where the first ended") {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(139);
  for (int trial = 0; trial < 10; ++trial) {
    const Circuit first = test::random_circuit(random, 6, 20, 2);
    const Circuit second = test::random_circuit(random, 6, 20, 2);
    PlanOptions options;
    options.ranks = comm->size();
    options.profile = test::tiny_profile();
    const unsigned least = std::max(least_local_qubits(lower(first), options.precision),
                                    least_local_qubits(lower(second), options.precision));
    options.shape = choose_shape(6, comm->size(), least);
    const Plan plan = make_plan(first, options);
    auto state = engine.make_state<double>(plan);
    (void)engine.run(plan, {}, state);
    options.initial = state.layout();
    (void)engine.run(make_plan(second, options), {}, state);
    Circuit both = first;
    both.append(second);
    REQUIRE((test::gather(state) - test::run(both)).cwiseAbs().maxCoeff() < 1e-13);
  }
}

TEST_CASE("surplus ranks hold nothing and still answer") {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {1});
  for (unsigned n = 0; n <= 3; ++n) {
    Circuit circuit(n);
    for (Qubit q = 0; q < n; ++q) circuit.ry(q, circuit.parameter("a"));
    PlanOptions options;
    options.ranks = comm->size();
    const Plan plan = make_plan(circuit, options);
    CHECK(plan.shape.shards() == 1);
    auto state = engine.make_state<double>(plan);
    const std::vector<double> values(n == 0 ? 0 : 1, 0.4);
    (void)engine.run(plan, values, state);
    const std::vector<double> holders =
        comm->all_gather(std::array{static_cast<double>(state.shard_count())});
    CHECK(std::count(holders.begin(), holders.end(), 1.0) == 1);
    CHECK(test::gather(state).norm() == doctest::Approx(1.0));
    if (n > 0) CHECK(engine.expectation(state, pauli_z(n - 1)) == doctest::Approx(std::cos(0.4)));
    CHECK(engine.expectation(state, PauliSum::parse("2")) == doctest::Approx(2.0));
  }
}

TEST_CASE("every rank refuses what one cannot have") {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {1});
  PlanOptions options;
  options.ranks = comm->size();
  const Plan plan = make_plan(Circuit(45), options);
  try {
    (void)engine.make_state<double>(plan);
    FAIL("allocated");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::resources);
    CHECK(error.message().find("45 qubits") != std::string::npos);
  }
  if (comm->size() > 1) {
    CHECK_THROWS_AS((void)engine.make_state<double>(make_plan(Circuit(6), {})), Error);
  }
}
