// SPDX-License-Identifier: Apache-2.0
#include "qsim/plan/simplify/constant_gates.hpp"

#include <array>
#include <complex>
#include <numbers>

#include <doctest/doctest.h>

#include "tests/qsim/plan/simplify/simplified.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {
constexpr FormCosts kCosts = form_costs(StepSeconds());
}

TEST_CASE("the matrix of a gate with its controls is the oracle's") {
  test::Generator random(841);
  int seen = 0;
  for (int trial = 0; trial < 60; ++trial) {
    const Circuit circuit = test::random_circuit(random, 2, 20);
    for (const Operation& op : circuit.operations()) {
      const auto gate = constant_gate(circuit, op);
      if (!gate || gate->qubits != 2) continue;
      ++seen;
      const Eigen::MatrixXcd full = test::full_matrix(circuit, op, {});
      const bool turned = gate->on[0] == 1;
      const auto index = [&](Eigen::Index k) { return turned ? ((k & 1) << 1) | (k >> 1) : k; };
      for (Eigen::Index r = 0; r < 4; ++r) {
        for (Eigen::Index c = 0; c < 4; ++c) {
          REQUIRE(std::abs(gate->matrix(r, c) - full(index(r), index(c))) < 1e-15);
        }
      }
    }
  }
  CHECK(seen > 200);
}

TEST_CASE("no matrix of parameters, of three qubits, of strings and phases") {
  Circuit circuit(3);
  circuit.rx(0, circuit.parameter("a")).ccx(0, 1, 2).global_phase(0.3);
  circuit.pauli_rotation("XX", std::array<Qubit, 2>{0, 1}, 0.3);
  for (const Operation& op : circuit.operations()) CHECK_FALSE(constant_gate(circuit, op));
}

TEST_CASE("costs follow what a gate really is") {
  const auto cost = [](auto add) {
    Circuit circuit(2);
    add(circuit);
    const auto gate = constant_gate(circuit, circuit.operations()[0]);
    return gate->cost + gate->phases;
  };
  CHECK(cost([](Circuit& c) { c.cz(0, 1); }) == 0.0);
  CHECK(cost([](Circuit& c) { c.cx(0, 1); }) == 0.0);
  CHECK(cost([](Circuit& c) { c.s(0); }) == 0.0);
  CHECK(cost([](Circuit& c) { c.t(0); }) == kCosts.phase);
  CHECK(cost([](Circuit& c) { c.h(0); }) == kCosts.shear);
  CHECK(cost([](Circuit& c) { c.u(0, 0.3, 0.2, 0.1); }) == kCosts.shear + 2 * kCosts.phase);
  CHECK(cost([](Circuit& c) { c.fsim(0, 1, 0.3, 0.2); }) == kCosts.pair);
  CHECK(cost([](Circuit& c) { c.fsim(0, 1, std::numbers::pi / 2, 0.2); }) == 0.0);
  test::Generator random(842);
  CHECK(cost([&](Circuit& c) {
          c.unitary(std::array<Qubit, 2>{0, 1}, test::random_unitary(random, 2));
        }) == kCosts.dense);
}

TEST_CASE("a gate of one qubit as phases and a rotation, close to special angles too") {
  test::Generator random(843);
  const auto turn = [&](double close) {
    const auto eighth = static_cast<double>(random() % 17) - 8.0;
    return eighth * std::numbers::pi / 4 + close * (static_cast<double>(random() % 5) - 2.0);
  };
  for (const double close : {0.0, 1e-16, 1e-14, 1e-12, 1e-9, 1e-6, 0.1}) {
    for (int trial = 0; trial < 200; ++trial) {
      Circuit circuit(1);
      circuit.u(0, turn(close), turn(close), turn(close)).rx(0, turn(close)).rz(0, turn(close));
      Eigen::Matrix2cd m = Eigen::Matrix2cd::Identity();
      for (const Operation& op : circuit.operations()) {
        m = constant_gate(circuit, op)->matrix.topLeftCorner<2, 2>() * m;
      }
      Circuit back(1);
      back.global_phase(append_single(back, 0, m));
      REQUIRE(test::difference(back, circuit) < 3e-14);
      Circuit flipped(1);
      flipped.x(0).append(circuit);
      REQUIRE(test::difference(Circuit(1).x(0).append(back), flipped) < 3e-14);
    }
  }
}
