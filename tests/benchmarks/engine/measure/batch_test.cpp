// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/measure/batch.hpp"

#include <doctest/doctest.h>

#include "benchmarks/engine/suite/suite.hpp"
#include "qml/evaluator.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::bench;

namespace {

template <class T>
void expect_like_evaluator(double tolerance) {
  constexpr std::size_t sets = 5;
  const Circuit circuit = ansatz(4, 2, qml::Entangler::cx_ring);
  const auto observable = chain_observable(4);
  const auto values = parameter_values(circuit, sets);
  const std::size_t width = circuit.parameter_names().size();
  qsim::PlanOptions options;
  options.precision = qsim::StateVector<T>::kPrecision;
  const qsim::Plan plan = make_plan(circuit, options);
  const auto comm = qsim::serial_communicator();
  const auto one = evaluate_batch<T>(*comm, 1, plan, values, observable, false);
  const auto two = evaluate_batch<T>(*comm, 2, plan, values, observable, true);
  REQUIRE(one.size() == sets);
  REQUIRE(two.size() == sets * (1 + width));
  qml::Evaluator evaluator(*comm, circuit);
  for (std::size_t i = 0; i < sets; ++i) {
    const auto exact =
        evaluator.value_and_gradient(std::span(values).subspan(i * width, width), observable);
    CHECK(std::abs(one[i] - exact.value) < tolerance);
    CHECK(std::abs(two[i * (1 + width)] - exact.value) < tolerance);
    for (std::size_t k = 0; k < width; ++k) {
      CHECK(std::abs(two[i * (1 + width) + 1 + k] - exact.gradient[k]) < tolerance);
    }
  }
}

}  // namespace

TEST_CASE("a batch gives the values and gradients of its sets") {
  expect_like_evaluator<double>(1e-12);
  expect_like_evaluator<float>(1e-4);
}

TEST_CASE("half a set is refused") {
  const Circuit circuit = ansatz(4, 1, qml::Entangler::cx_ring);
  const qsim::Plan plan = make_plan(circuit, {});
  const auto comm = qsim::serial_communicator();
  const std::vector<double> values(7);
  CHECK(test::refuses(ErrorCode::bad_input, "whole sets", [&] {
    (void)evaluate_batch<double>(*comm, 1, plan, values, chain_observable(4), false);
  }));
}
