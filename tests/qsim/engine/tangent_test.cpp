// SPDX-License-Identifier: Apache-2.0
// Jacobian-vector products: equal the rows of gradients, the parameter-shift rule and finite
// differences, and the same bits on any number of threads.
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/engine/gradients.hpp"
#include "tests/qsim/engine/states.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

template <class T>
ValuesAndDerivatives tangent(const Engine& engine, const Circuit& circuit,
                             std::span<const double> values, std::span<const double> direction,
                             std::span<const PauliSum> observables, PlanOptions options) {
  options.precision = StateVector<T>::kPrecision;
  const Plan plan = make_plan(circuit, options);
  auto ket = engine.make_state<T>(plan);
  auto second = engine.make_state<T>(plan, 1);
  return engine.jacobian_vector_product(plan, values, direction, observables, ket, second);
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

TEST_CASE("tangents equal the parameter-shift rule on 120 random circuits") {
  const auto comm = serial_communicator();
  test::Generator random(211);
  for (int trial = 0; trial < 120; ++trial) {
    CAPTURE(trial);
    const auto n = 1 + static_cast<unsigned>(random() % 5);
    const auto c = test::random_shift_circuit(random, n, 14);
    const auto values = test::random_values(random, c.rules.size());
    const auto direction = test::random_values(random, c.rules.size());
    const std::vector<PauliSum> sums = {test::random_pauli_sum(random, n, 3),
                                        test::random_pauli_sum(random, n, 2)};
    const Engine engine(*comm, {1 + trial % 2});
    const auto got = tangent<double>(engine, c.circuit, values, direction, sums, options_of(trial));
    REQUIRE(got.values.size() == 2);
    REQUIRE(got.derivatives.size() == 2);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const Eigen::MatrixXcd dense = test::matrix(sums[k], n);
      double expected = 0.0;
      double allowed = 1e-13;
      for (std::size_t s = 0; s < values.size(); ++s) {
        expected += direction[s] * test::shifted_derivative(c, values, s, dense);
        allowed += 1e-12 * std::abs(direction[s]) * size_of(sums[k]);
      }
      REQUIRE(std::abs(got.values[k] - test::oracle_value(c.circuit, values, dense)) <=
              1e-12 * size_of(sums[k]));
      REQUIRE(std::abs(got.derivatives[k] - expected) <= allowed);
    }
  }
}

TEST_CASE_TEMPLATE("on many qubits tangents, gradients and finite differences agree", T, double,
                   float) {
  const auto comm = serial_communicator();
  test::Generator random(212);
  for (int trial = 0; trial < 18; ++trial) {
    CAPTURE(trial);
    const auto n = 9 + static_cast<unsigned>(trial) % 5;
    const Circuit circuit = test::random_parametrised_circuit(random, n, 80, 6);
    const auto values = test::random_values(random, 6);
    const auto direction = test::random_values(random, 6);
    const PauliSum sum = test::random_pauli_sum(random, n, 5);
    const Engine engine(*comm, {1});
    PlanOptions options;
    if (trial % 3 == 1) options.profile = test::tiny_profile();
    options.precision = StateVector<T>::kPrecision;
    const Plan plan = make_plan(circuit, options);
    auto ket = engine.make_state<T>(plan);
    auto bra = engine.make_state<T>(plan, 1);
    const auto got =
        engine.jacobian_vector_product(plan, values, direction, std::span(&sum, 1), ket, bra);
    const auto row = engine.value_and_gradient(plan, values, sum, ket, bra);
    const double product =
        std::inner_product(direction.begin(), direction.end(), row.gradient.begin(), 0.0);
    const double eps = std::numeric_limits<T>::epsilon();
    REQUIRE(std::abs(got.values[0] - row.value) <= 100 * eps * size_of(sum));
    REQUIRE(std::abs(got.derivatives[0] - product) <= 20000 * eps * size_of(sum));

    options.precision = Precision::double_precision;
    const Plan exact = make_plan(circuit, options);
    const auto at = [&](double s) {
      auto moved = values;
      for (std::size_t p = 0; p < moved.size(); ++p) moved[p] += s * direction[p];
      auto state = engine.make_state<double>(exact);
      (void)engine.run(exact, moved, state);
      return engine.expectation(state, sum);
    };
    constexpr double h = 1e-4;
    const double difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    REQUIRE(std::abs(product - difference) <= (1e-6 + 20000 * eps) * size_of(sum));
  }
}

TEST_CASE_TEMPLATE("tangents have the same bits on 1, 2 and 7 threads", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(213);
  const Circuit circuit = test::random_parametrised_circuit(random, 10, 60, 5);
  const auto values = test::random_values(random, 5);
  const auto direction = test::random_values(random, 5);
  const std::vector<PauliSum> sums = {test::random_pauli_sum(random, 10, 6)};
  for (const bool tiny : {false, true}) {
    PlanOptions options;
    if (tiny) options.profile = test::tiny_profile();
    const auto one = tangent<T>(Engine(*comm, {1}), circuit, values, direction, sums, options);
    for (const int threads : {2, 7}) {
      const auto more =
          tangent<T>(Engine(*comm, {threads}), circuit, values, direction, sums, options);
      CHECK(more.values == one.values);
      CHECK(more.derivatives == one.derivatives);
    }
  }
}

TEST_CASE("a direction or state that does not fit is refused") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  Circuit circuit(3);
  circuit.ry(0, circuit.parameter("a"));
  const Plan plan = make_plan(circuit, {});
  auto ket = engine.make_state<double>(plan);
  auto second = engine.make_state<double>(plan, 1);
  const std::array one{0.5};
  const std::array two{0.5, 1.0};
  const std::vector<PauliSum> sums = {pauli_z(0)};
  CHECK_THROWS_AS((void)engine.jacobian_vector_product(plan, one, two, sums, ket, second), Error);
  CHECK_THROWS_AS((void)engine.jacobian_vector_product(plan, two, one, sums, ket, second), Error);
  StateVector<double> other(*comm, Shape{4, 0, 1});
  CHECK_THROWS_AS((void)engine.jacobian_vector_product(plan, one, one, sums, ket, other), Error);
  CHECK_THROWS_AS((void)engine.jacobian_vector_product(plan, one, one, sums, other, second), Error);
  const auto got = engine.jacobian_vector_product(plan, one, one, sums, ket, second);
  CHECK(got.values[0] == doctest::Approx(std::cos(0.5)));
  CHECK(got.derivatives[0] == doctest::Approx(-std::sin(0.5) * 0.5));
}
