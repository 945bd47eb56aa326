// SPDX-License-Identifier: Apache-2.0
// Adjoint gradients: equal finite differences and parameter shifts of the independent oracle on
// random circuits, and the same bits on any number of threads.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/engine/gradients.hpp"
#include "tests/qsim/engine/states.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

template <class T>
ValueAndGradient gradient(const Engine& engine, const Circuit& circuit,
                          std::span<const double> values, const PauliSum& observable,
                          PlanOptions options) {
  options.precision = StateVector<T>::kPrecision;
  const Plan plan = make_plan(circuit, options);
  auto ket = engine.make_state<T>(plan);
  auto bra = engine.make_state<T>(plan, 1);
  return engine.value_and_gradient(plan, values, observable, ket, bra);
}

PlanOptions options_of(int trial) {
  PlanOptions options;
  if (trial % 3 != 0) options.profile = test::tiny_profile();
  if (trial % 5 == 0) options.optimisations.without(Optimisation::passes);
  return options;
}

double size_of(const PauliSum& sum) {
  double size = 1.0;
  for (const PauliString& s : sum.strings()) size += std::abs(s.coefficient);
  return size;
}

}  // namespace

TEST_CASE("gradients equal the parameter-shift rule on 150 random circuits") {
  const auto comm = serial_communicator();
  test::Generator random(111);
  std::size_t derivatives = 0;
  std::size_t controlled = 0;
  for (int trial = 0; trial < 150; ++trial) {
    CAPTURE(trial);
    const auto n = 1 + static_cast<unsigned>(random() % 8);  // from 6 on they run on tiles
    const auto c = test::random_shift_circuit(random, n, 20);
    const auto values = test::random_values(random, c.rules.size());
    const PauliSum sum = test::random_pauli_sum(random, n, 3);
    const Eigen::MatrixXcd dense = test::matrix(sum, n);
    const Engine engine(*comm, {1 + trial % 2});
    const auto got = gradient<double>(engine, c.circuit, values, sum, options_of(trial));
    const double allowed = 1e-13 * size_of(sum) * 10;
    REQUIRE(std::abs(got.value - test::oracle_value(c.circuit, values, dense)) <= allowed);
    REQUIRE(got.gradient.size() == values.size());
    for (std::size_t s = 0; s < values.size(); ++s) {
      REQUIRE(std::abs(got.gradient[s] - test::shifted_derivative(c, values, s, dense)) <= allowed);
      derivatives += std::abs(got.gradient[s]) > 1e-6 ? 1 : 0;
      controlled += c.rules[s] == test::Shift::four_terms ? 1 : 0;
    }
  }
  CHECK(derivatives > 300);  // most are not zero by accident
  CHECK(controlled > 50);
}

TEST_CASE("gradients of shared and nonlinear parameters equal finite differences") {
  const auto comm = serial_communicator();
  test::Generator random(112);
  for (int trial = 0; trial < 110; ++trial) {
    CAPTURE(trial);
    const auto n = 1 + static_cast<unsigned>(random() % 5);
    const Circuit circuit = test::random_parametrised_circuit(random, n, 16, 3);
    const auto values = test::random_values(random, 3);
    const PauliSum sum = test::random_pauli_sum(random, n, 3);
    const Eigen::MatrixXcd dense = test::matrix(sum, n);
    const Engine engine(*comm, {1});
    const auto got = gradient<double>(engine, circuit, values, sum, options_of(trial));
    REQUIRE(std::abs(got.value - test::oracle_value(circuit, values, dense)) <=
            1e-12 * size_of(sum));
    for (std::size_t s = 0; s < values.size(); ++s) {
      // Five points: the error is of fourth order in the step.
      const auto at = [&](double shift) {
        auto moved = values;
        moved[s] += shift;
        return test::oracle_value(circuit, moved, dense);
      };
      constexpr double h = 1e-3;
      const double difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      REQUIRE(std::abs(got.gradient[s] - difference) <= 1e-6 * size_of(sum));
    }
  }
}

TEST_CASE("single precision and every instruction set give the same gradient to rounding") {
  const auto comm = serial_communicator();
  test::Generator random(113);
  for (int trial = 0; trial < 10; ++trial) {
    const auto c = test::random_shift_circuit(random, 7, 25);
    const auto values = test::random_values(random, c.rules.size());
    const PauliSum sum = test::random_pauli_sum(random, 7, 4);
    const auto exact = gradient<double>(Engine(*comm, {1}), c.circuit, values, sum, {});
    for (const auto* table : kernel_tables<double>()) {
      const Engine engine(*comm, {1, table->name});
      const auto same = gradient<double>(engine, c.circuit, values, sum, options_of(trial));
      const auto single = gradient<float>(engine, c.circuit, values, sum, options_of(trial));
      for (std::size_t s = 0; s < values.size(); ++s) {
        REQUIRE(std::abs(same.gradient[s] - exact.gradient[s]) <= 1e-12 * size_of(sum));
        REQUIRE(std::abs(single.gradient[s] - exact.gradient[s]) <= 1e-5 * size_of(sum));
      }
    }
  }
}

TEST_CASE_TEMPLATE("the same bits on 1, 2 and 7 threads", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(114);
  for (const unsigned n : {5U, 9U, 11U}) {
    const Circuit circuit = test::random_parametrised_circuit(random, n, 60, 5);
    const auto values = test::random_values(random, 5);
    const PauliSum sum = test::random_pauli_sum(random, n, 6);
    for (const bool tiny : {false, true}) {
      PlanOptions options;
      if (tiny) options.profile = test::tiny_profile();
      const auto one = gradient<T>(Engine(*comm, {1}), circuit, values, sum, options);
      for (const int threads : {2, 7}) {
        const auto more = gradient<T>(Engine(*comm, {threads}), circuit, values, sum, options);
        CHECK(more.value == one.value);
        CHECK(more.gradient == one.gradient);
      }
    }
  }
}

TEST_CASE("unused and constant parameters have no gradient; a second call gives the same") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  Circuit circuit(2);
  const Param a = circuit.parameter("a");
  (void)circuit.parameter("unused");
  circuit.ry(0, a).cx(0, 1).rz(1, 0.3).global_phase(a);
  const Plan plan = make_plan(circuit, {});
  auto ket = engine.make_state<double>(plan);
  auto bra = engine.make_state<double>(plan);
  const std::array values{0.7, 5.0};
  for (int call = 0; call < 2; ++call) {
    const auto got = engine.value_and_gradient(plan, values, pauli_z(1), ket, bra);
    CHECK(got.value == doctest::Approx(std::cos(0.7)));
    REQUIRE(got.gradient.size() == 2);
    CHECK(got.gradient[0] == doctest::Approx(-std::sin(0.7)));
    CHECK(got.gradient[1] == 0.0);
  }
}

TEST_CASE("strings that share a qubit, at large angles in one tile") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(117);
  test::ShiftCircuit c{Circuit(10), {}};
  const auto next = [&] {
    c.rules.push_back(test::Shift::two_terms);
    return c.circuit.parameter("w" + std::to_string(c.rules.size()));
  };
  for (Qubit q = 0; q < 10; ++q) c.circuit.h(q);
  for (const unsigned q : {0U, 3U, 6U}) {
    c.circuit.rz(q, next()).ryy(q, q + 1, next()).ryy(q, q + 3, next()).rxx(q, q + 2, next());
    c.circuit.pauli_rotation("XY", std::array<Qubit, 2>{q, q + 1}, next()).ry(q + 1, next());
  }
  const PauliSum sum = test::random_pauli_sum(random, 10, 4);
  const Eigen::MatrixXcd dense = test::matrix(sum, 10);
  const std::vector<double> values(c.rules.size(), 2.2);
  const auto got = gradient<double>(engine, c.circuit, values, sum, {});
  for (std::size_t s = 0; s < values.size(); ++s) {
    CHECK(std::abs(got.gradient[s] - test::shifted_derivative(c, values, s, dense)) <= 1e-11);
  }
}

TEST_CASE("after a run the gradient needs no second run, and has the same bits") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {2});
  test::Generator random(115);
  for (int trial = 0; trial < 12; ++trial) {
    const auto n = 1 + static_cast<unsigned>(random() % 9);
    const Circuit circuit = test::random_parametrised_circuit(random, n, 30, 4);
    const auto values = test::random_values(random, 4);
    const PauliSum sum = test::random_pauli_sum(random, n, 4);
    const Plan plan = make_plan(circuit, options_of(trial));
    auto ket = engine.make_state<double>(plan);
    auto bra = engine.make_state<double>(plan, 1);
    const auto whole = engine.value_and_gradient(plan, values, sum, ket, bra);
    ket.set_zero_state(plan.initial);
    (void)engine.run(plan, values, ket);
    const double value = engine.expectation(ket, sum);
    const auto half = engine.gradient_after_run(plan, values, sum, ket, bra);
    CHECK(half.value == value);
    CHECK(half.value == whole.value);
    CHECK(half.gradient == whole.gradient);
  }
}

TEST_CASE("vector-Jacobian products are weighted sums of gradients") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {2});
  test::Generator random(116);
  for (int trial = 0; trial < 24; ++trial) {
    const auto n = 1 + static_cast<unsigned>(random() % 8);
    const Circuit circuit = test::random_parametrised_circuit(random, n, 30, 4);
    const auto values = test::random_values(random, 4);
    const auto count = static_cast<std::size_t>(trial) % 4;
    std::vector<PauliSum> sums;
    for (std::size_t k = 0; k < count; ++k) sums.push_back(test::random_pauli_sum(random, n, 3));
    auto weights = test::random_values(random, count);
    if (trial % 8 == 1) weights[0] = 1.0;
    const Plan plan = make_plan(circuit, options_of(trial));
    auto ket = engine.make_state<double>(plan);
    auto bra = engine.make_state<double>(plan, 1);
    std::vector<double> expected(4, 0.0);
    std::vector<double> found;
    double size = 1.0;
    for (std::size_t k = 0; k < count; ++k) {
      const auto row = engine.value_and_gradient(plan, values, sums[k], ket, bra);
      for (std::size_t p = 0; p < 4; ++p) expected[p] += weights[k] * row.gradient[p];
      found.push_back(row.value);
      size += std::abs(weights[k]) * size_of(sums[k]);
    }
    const auto got = engine.vector_jacobian_product(plan, values, sums, weights, ket, bra);
    CHECK(got.values == found);
    for (std::size_t p = 0; p < 4; ++p) {
      CHECK(std::abs(got.gradient[p] - expected[p]) <= 1e-12 * size);
    }
    ket.set_zero_state(plan.initial);
    (void)engine.run(plan, values, ket);
    const auto after = engine.vector_jacobian_product(plan, values, sums, weights, ket, bra, true);
    CHECK(after.values == got.values);
    CHECK(after.gradient == got.gradient);
  }
}

TEST_CASE("wrong values, states and observables are refused") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  Circuit circuit(3);
  circuit.ry(0, circuit.parameter("a"));
  const Plan plan = make_plan(circuit, {});
  auto ket = engine.make_state<double>(plan);
  auto bra = engine.make_state<double>(plan);
  const std::array one{0.5};
  CHECK_THROWS_AS((void)engine.value_and_gradient(plan, {}, pauli_z(0), ket, bra), Error);
  CHECK_THROWS_AS((void)engine.value_and_gradient(plan, one, pauli_z(3), ket, bra), Error);
  StateVector<double> other(*comm, Shape{4, 0, 1});
  CHECK_THROWS_AS((void)engine.value_and_gradient(plan, one, pauli_z(0), ket, other), Error);
  CHECK_THROWS_AS((void)engine.value_and_gradient(plan, one, pauli_z(0), other, bra), Error);
  CHECK_THROWS_AS((void)engine.make_state<float>(plan), Error);
  CHECK_THROWS_AS((void)engine.gradient_after_run(plan, one, pauli_z(0), other, bra), Error);
  const std::vector<PauliSum> sums = {pauli_z(0)};
  const std::array two{0.5, 1.0};
  CHECK_THROWS_AS((void)engine.vector_jacobian_product(plan, one, sums, two, ket, bra), Error);
}
