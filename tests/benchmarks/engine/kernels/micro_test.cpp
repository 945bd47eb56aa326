// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/kernels/micro.hpp"

#include <cmath>
#include <set>

#include <doctest/doctest.h>

#include "qsim/observe/norms.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::bench;

namespace {

template <class T>
void expect_norm(double tolerance) {
  DenseState<T> state(12, 1);
  for (const GateCase& gate : gate_cases(12)) {
    CAPTURE(gate.name);
    const qsim::Plan plan = state.plan(gate.circuit);
    state.run(plan);
    state.run(plan);
    CHECK(std::abs(qsim::probability(state.state()) - 1.0) < tolerance);
  }
}

}  // namespace

TEST_CASE("gates stand at every place once") {
  std::set<std::string> names;
  for (const GateCase& gate : gate_cases(12)) {
    names.insert(gate.name);
    CHECK(gate.circuit.size() == 1);
    CHECK(gate.circuit.qubits() == 12);
  }
  CHECK(names.size() == gate_cases(12).size());
  CHECK(names.contains("h/lane"));
  CHECK(names.contains("cx/mixed"));
  CHECK_FALSE(names.contains("h/mixed"));
  CHECK(test::refuses(ErrorCode::bad_input, "12 qubits", [] { (void)gate_cases(11); }));
}

TEST_CASE("gates run again and again on one state") {
  expect_norm<double>(1e-12);
  expect_norm<float>(1e-4);
}

TEST_CASE("an update touches every number once") {
  std::vector<double> data(384, 1.0);
  update(data, 3);
  CHECK(data == std::vector<double>(384, 0.75));
  update_often(data, 2, 2);
  CHECK(data == std::vector<double>(384, 0.5625));
}

TEST_CASE("FLOP are counted over threads") {
  const double one = multiply_add(1, 1000);
  CHECK(one >= 24000.0);
  CHECK(multiply_add(2, 1000) == 2 * one);
}
