// SPDX-License-Identifier: Apache-2.0
#include "qml/evaluator.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

std::vector<double> random_values(test::Generator& random, std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) value = std::uniform_real_distribution(-3.0, 3.0)(random);
  return values;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_CASE("adjoint, parameter shift and finite differences agree on random circuits") {
  const auto comm = qsim::serial_communicator();
  test::Generator random(7);
  bool controlled = false;
  for (int round = 0; round < 60; ++round) {
    const unsigned qubits = 1 + static_cast<unsigned>(round % 5);
    const auto circuit = test::random_parametrised_circuit(random, qubits, 25, 4);
    for (const auto& op : circuit.operations()) controlled = controlled || op.controls > 0;
    const auto observable = test::random_pauli_sum(random, qubits, 3);
    Evaluator evaluator(*comm, circuit);
    const auto values = random_values(random, 4);
    const auto adjoint = evaluator.value_and_gradient(values, observable);
    const auto shift = evaluator.value_and_gradient(values, observable, ParameterShift{});
    const auto difference = evaluator.value_and_gradient(values, observable, FiniteDifference{});
    CAPTURE(round);
    CHECK(adjoint.value ==
          doctest::Approx(evaluator.expectation(values, observable)).epsilon(1e-13));
    CHECK(adjoint.value == doctest::Approx(shift.value).epsilon(1e-13));
    CHECK(largest_difference(adjoint.gradient, shift.gradient) < 1e-10);
    CHECK(largest_difference(adjoint.gradient, difference.gradient) < 1e-6);
  }
  CHECK(controlled);
}

TEST_CASE("a rotation's expectation and derivative are cosine and sine") {
  const auto comm = qsim::serial_communicator();
  qsim::Circuit circuit(1);
  circuit.ry(0, 2.0 * circuit.parameter("a") + 0.25);
  Evaluator evaluator(*comm, circuit);
  const double a[] = {0.4};
  const auto result = evaluator.value_and_gradient(a, qsim::pauli_z(0));
  CHECK(result.value == doctest::Approx(std::cos(1.05)).epsilon(1e-15));
  CHECK(result.gradient.at(0) == doctest::Approx(-2.0 * std::sin(1.05)).epsilon(1e-15));
}

TEST_CASE("a Jacobian has the gradients as rows, a weighted gradient is their combination") {
  const auto comm = qsim::serial_communicator();
  test::Generator random(11);
  const auto circuit = test::random_parametrised_circuit(random, 3, 30, 5);
  Evaluator evaluator(*comm, circuit);
  const auto values = random_values(random, 5);
  const std::vector<qsim::PauliSum> observables = {qsim::pauli_z(0), qsim::pauli_x(1),
                                                   qsim::PauliSum::parse("Y0 Z2 - 0.5 X1")};
  const Jacobian jacobian = evaluator.jacobian(values, observables);
  const auto expectations = evaluator.expectations(values, observables);
  REQUIRE(jacobian.derivatives.rows() == 3);
  REQUIRE(jacobian.derivatives.cols() == 5);
  const std::vector<double> weights = {0.5, -2.0, 3.0};
  double value = 0.0;
  std::vector<double> combined(5, 0.0);
  for (int k = 0; k < 3; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const auto row = evaluator.value_and_gradient(values, observables[at]);
    CHECK(jacobian.values[at] == row.value);
    CHECK(expectations[at] == doctest::Approx(row.value).epsilon(1e-14));
    value += weights[at] * row.value;
    for (int p = 0; p < 5; ++p) {
      CHECK(jacobian.derivatives(k, p) == row.gradient[static_cast<std::size_t>(p)]);
      combined[static_cast<std::size_t>(p)] += weights[at] * jacobian.derivatives(k, p);
    }
  }
  const auto weighted = evaluator.weighted_gradient(values, observables, weights);
  CHECK(weighted.value == doctest::Approx(value).epsilon(1e-13));
  CHECK(largest_difference(weighted.gradient, combined) < 1e-12);
  CHECK(evaluator.expectations(values, observables) == expectations);
  const auto after = evaluator.gradient_after_run(values, observables, weights);
  CHECK(after.value == doctest::Approx(value).epsilon(1e-13));
  CHECK(largest_difference(after.gradient, combined) < 1e-12);
  CHECK(test::refuses(ErrorCode::bug, "no run has left its state",
                      [&] { (void)evaluator.gradient_after_run(values, observables, weights); }));
  CHECK(test::refuses(ErrorCode::bad_input, "3 observables were given 2 weights", [&] {
    (void)evaluator.weighted_gradient(values, observables, std::vector<double>{1.0, 2.0});
  }));
}

TEST_CASE("sweeps are counted") {
  const auto comm = qsim::serial_communicator();
  qsim::Circuit circuit(2);
  circuit.rx(0, circuit.parameter("a")).crz(0, 1, circuit.parameter("b"));
  Evaluator evaluator(*comm, circuit);
  const double values[] = {0.1, 0.2};
  const auto z = qsim::pauli_z(1);
  (void)evaluator.expectation(values, z);
  CHECK(evaluator.sweeps().forward == 1);
  (void)evaluator.value_and_gradient(values, z);
  CHECK(evaluator.sweeps().forward == 2);
  CHECK(evaluator.sweeps().backward == 1);
  (void)evaluator.value_and_gradient(values, z, ParameterShift{});  // value, 2 terms, 4 terms
  CHECK(evaluator.sweeps().forward == 2 + 1 + 2 + 4);
  (void)evaluator.value_and_gradient(values, z, FiniteDifference{});
  CHECK(evaluator.sweeps().forward == 9 + 1 + 4);
}

TEST_CASE("wrong values are refused") {
  const auto comm = qsim::serial_communicator();
  qsim::Circuit circuit(1);
  circuit.rx(0, circuit.parameter("a"));
  Evaluator evaluator(*comm, circuit);
  const auto z = qsim::pauli_z(0);
  const double nan[] = {NAN};
  const double one[] = {1.0};
  CHECK(
      test::refuses(ErrorCode::bad_input, "finite", [&] { (void)evaluator.expectation(nan, z); }));
  CHECK(test::refuses(ErrorCode::bad_input, "1 parameters, 0 values",
                      [&] { (void)evaluator.expectation({}, z); }));
  CHECK(test::refuses(ErrorCode::bad_input, "must be positive",
                      [&] { (void)evaluator.value_and_gradient(one, z, FiniteDifference{0.0}); }));
}
