// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <doctest/doctest.h>

#include "tests/qsim/plan/simplify/simplified.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("circuits do what they did with their pairs rewritten") {
  test::check_same(821, [](const Circuit& circuit) { return rewrite_pairs(circuit); });
}

TEST_CASE("a dense gate becomes one that keeps parity, between gates of one qubit") {
  test::Generator random(822);
  for (int trial = 0; trial < 50; ++trial) {
    Circuit circuit(3);
    circuit.h(0).h(1).h(2).unitary(std::array<Qubit, 2>{2, 0}, test::random_unitary(random, 2));
    const Circuit simple = rewrite_pairs(circuit);
    REQUIRE(test::difference(simple, circuit) < 1e-14);
    for (const Operation& op : simple.operations()) {
      if (op.gate != Gate::unitary) continue;
      const auto m = simple.matrix(op);
      for (std::size_t r = 0; r < 4; ++r) {
        for (std::size_t c = 0; c < 4; ++c) {
          CHECK((m[r * 4 + c] == 0.0 || r == c || r + c == 3));
        }
      }
    }
    CHECK(test::count(simple, Gate::unitary) == 1);
  }
}

TEST_CASE("three CX with turns between them are one such gate; one CX stays") {
  test::Generator random(823);
  std::uniform_real_distribution<double> angle(0.1, 1.4);
  const auto turn = [&](Circuit& circuit) {
    for (const Qubit q : {0U, 1U}) circuit.u(q, angle(random), angle(random), angle(random));
  };
  Circuit three(2);
  turn(three);
  for (int k = 0; k < 3; ++k) {
    k == 1 ? three.cx(1, 0) : three.cx(0, 1);
    turn(three);
  }
  const Circuit simple = rewrite_pairs(three);
  CHECK(test::difference(simple, three) < 1e-14);
  CHECK(test::count(simple, Gate::x) == 0);
  CHECK(test::count(simple, Gate::unitary) == 1);

  Circuit one(2);
  turn(one);
  one.cx(0, 1);
  turn(one);
  CHECK(rewrite_pairs(one).size() == one.size());
}

TEST_CASE("cheap runs, parameters and gates of more qubits stay") {
  Circuit circuit(3);
  const Param a = circuit.parameter("a");
  circuit.rx(0, a).cx(0, 1).rx(1, a).cx(0, 1).rx(0, a);
  circuit.ccx(0, 1, 2).cz(0, 1).rzz(0, 1, 0.3).cz(0, 1).swap(0, 2);
  circuit.fsim(0, 1, 0.4, 0.2).fsim(1, 2, 0.4, 0.2);
  CHECK(rewrite_pairs(circuit).size() == circuit.size());
  CHECK(test::difference(rewrite_pairs(circuit), circuit, std::array{0.8}) < 1e-15);
}

TEST_CASE("a matrix that is not quite unitary stays as it was given") {
  test::Generator random(824);
  auto numbers = test::random_unitary(random, 2);
  for (Complex& number : numbers) number *= 1.0 + 1e-9;
  Circuit circuit(2);
  circuit.unitary(std::array<Qubit, 2>{0, 1}, numbers);
  CHECK(rewrite_pairs(circuit).size() == 1);
}

TEST_CASE("what forms cost decides which is taken") {
  test::Generator random(971);
  Circuit circuit(2);
  circuit.unitary(std::array<Qubit, 2>{0, 1}, test::random_unitary(random, 2));
  CHECK(rewrite_pairs(circuit).size() > 1);
  FormCosts costs = form_costs(StepSeconds());
  costs.dense = 1e-10;  // of a host that multiplies matrices for nothing
  CHECK(rewrite_pairs(circuit, costs).size() == 1);
  StepSeconds steps;
  steps.of[static_cast<std::size_t>(StepForm::turned)] = 1e-6;
  CHECK(rewrite_pairs(circuit, form_costs(steps)).size() == 1);
  CHECK(rewrite_pairs(circuit, form_costs(StepSeconds())).size() > 1);
}
