// SPDX-License-Identifier: Apache-2.0
// Published numbers of PennyLane's demonstrations, from their seeds to their last printed digit
// (PennyLaneAI/qml, "List of differences in demonstration outputs", 2021-11-01).
#include <cmath>
#include <map>
#include <numbers>

#include <doctest/doctest.h>

#include "qml/ansatz.hpp"
#include "qml/evaluator.hpp"
#include "qml/optimizer.hpp"
#include "tests/support/np_random.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

/// H2 in a minimal basis, Jordan-Wigner, R = 1.32280828 bohr.
qsim::PauliSum hydrogen() {
  return qsim::PauliSum::parse(
      "-0.04207897647782188 + 0.17771287465139934 Z0 + 0.17771287465139934 Z1"
      " - 0.24274280513140484 Z2 - 0.24274280513140484 Z3 + 0.17059738328801055 Z0 Z1"
      " + 0.12293305056183801 Z0 Z2 + 0.12293305056183801 Z1 Z3"
      " + 0.1676831945771896 Z0 Z3 + 0.1676831945771896 Z1 Z2 + 0.176276408043196 Z2 Z3"
      " + 0.04475014401535161 Y0 X1 X2 Y3 + 0.04475014401535161 X0 Y1 Y2 X3"
      " - 0.04475014401535161 Y0 Y1 X2 X3 - 0.04475014401535161 X0 X1 Y2 Y3");
}

bool printed_as(double value, double published, double digit) {
  return std::abs(value - published) <= 0.5 * digit * (1 + 1e-6);
}

}  // namespace

TEST_CASE("gradient descent on H2: 130 iterations and all printed energies") {
  test::NumpyRandom random(0);
  std::vector<double> params(12);
  for (double& p : params) p = random.uniform(0.0, 2.0 * std::numbers::pi);
  qsim::Circuit circuit(4);
  const auto w = circuit.parameters("w", 12);
  circuit.x(0).x(1);
  for (qsim::Qubit q = 0; q < 4; ++q) {
    circuit.rz(q, w[3 * q]).ry(q, w[3 * q + 1]).rz(q, w[3 * q + 2]);
  }
  circuit.cx(2, 3).cx(2, 0).cx(3, 1);

  const auto comm = qsim::serial_communicator();
  Evaluator evaluator(*comm, circuit);
  const qsim::PauliSum energy = hydrogen();
  Optimizer optimizer(GradientDescent{0.5});
  const std::map<int, double> printed = {{0, -0.09424332},  {20, -0.55156842}, {40, -1.12731586},
                                         {60, -1.13583263}, {80, -1.13602366}, {100, -1.13611095},
                                         {120, -1.13615238}};
  int n = 0;
  std::size_t compared = 0;
  double now = 0.0;
  for (;; ++n) {
    REQUIRE(n < 200);
    const auto before = evaluator.value_and_gradient(params, energy);
    optimizer.step(params, before.gradient);
    now = evaluator.expectation(params, energy);
    if (const auto found = printed.find(n); found != printed.end()) {
      CAPTURE(n);
      CAPTURE(now);
      CHECK(printed_as(now, found->second, 1e-8));
      ++compared;
    }
    if (std::abs(now - before.value) <= 1e-6) break;
  }
  CHECK(compared == printed.size());
  CHECK(n == 130);
  CAPTURE(now);
  CHECK(printed_as(now, -1.13616398, 1e-8));
}

TEST_CASE("the backpropagation demo, and 180 parameters of strongly entangling layers") {
  test::NumpyRandom random(42);
  const std::vector<double> params = random.rand(6);
  const auto comm = qsim::serial_communicator();
  {
    qsim::Circuit circuit(3);
    const auto w = circuit.parameters("w", 6);
    for (std::size_t half = 0; half < 6; half += 3) {
      circuit.rx(0, w[half]).ry(1, w[half + 1]).rz(2, w[half + 2]);
      circuit.cx(0, 1).cx(1, 2).cx(2, 0);
    }
    Evaluator evaluator(*comm, circuit);
    const auto result = evaluator.value_and_gradient(params, qsim::PauliSum::parse("Y0 Z2"));
    CHECK(std::abs(result.value - -0.11971365706871569) < 1e-15);
    const double published[] = {-6.51887722e-2, -2.72891905e-2, 0.0,
                                -9.33934621e-2, -7.61067572e-1, 0.0};
    for (std::size_t i = 0; i < 6; ++i) {
      CAPTURE(i);
      CHECK(std::abs(result.gradient[i] - published[i]) < 5.1e-10);
    }
    CHECK(std::abs(result.gradient[2]) < 1e-15);
  }
  qsim::Circuit circuit(4);
  const auto w = circuit.parameters("w", 180);
  for (std::size_t layer = 0; layer < 15; ++layer) {
    append_strongly_entangling(circuit, layer, std::span(w).subspan(12 * layer, 12));
  }
  Evaluator evaluator(*comm, circuit);
  const auto zzzz = qsim::PauliSum::parse("Z0 Z1 Z2 Z3");
  for (const double published : {0.8947771876917632, 0.9358535378025419}) {
    std::vector<double> drawn = random.randn(180);
    for (double& value : drawn) value *= 0.1;
    CHECK(std::abs(evaluator.expectation(drawn, zzzz) - published) < 1e-14);
  }
}
