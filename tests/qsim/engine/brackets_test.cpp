// SPDX-License-Identifier: Apache-2.0
#include "qsim/engine/brackets.hpp"

#include <Eigen/Dense>
#include <bit>
#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kQubits = 4;

/// weight * i^|x & z| X^x Z^z
Eigen::MatrixXcd dense(const Bracket& bracket) {
  const Eigen::Index dim = 1 << kQubits;
  Eigen::MatrixXcd m = Eigen::MatrixXcd::Zero(dim, dim);
  const int ys = std::popcount(bracket.x & bracket.z) % 4;
  const Complex factor[] = {1.0, Complex(0.0, 1.0), -1.0, Complex(0.0, -1.0)};
  for (std::uint64_t j = 0; j < bit(kQubits); ++j) {
    const double sign = parity(j & bracket.z) != 0 ? -1.0 : 1.0;
    m(static_cast<Eigen::Index>(j ^ bracket.x), static_cast<Eigen::Index>(j)) =
        bracket.weight * sign * factor[ys];
  }
  return m;
}

/// exp(-i angle/2 G) for a Hermitian G
Eigen::MatrixXcd rotation(const Eigen::MatrixXcd& generator, double angle) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXcd> solver(generator);
  const Eigen::VectorXcd phases = (Complex(0.0, -angle / 2) * solver.eigenvalues().array()).exp();
  return solver.eigenvectors() * phases.asDiagonal() * solver.eigenvectors().adjoint();
}

/// Whether the generator of the only operation of `circuit` makes its gate, up to a phase.
void check_generator(const Circuit& circuit, double angle) {
  const LoweredCircuit low = lower(circuit);
  REQUIRE(low.ops.size() == 1);
  Eigen::MatrixXcd sum = Eigen::MatrixXcd::Zero(1 << kQubits, 1 << kQubits);
  for (const Bracket& bracket : generator(low.ops[0], 7)) {
    CHECK(bracket.op == 7);
    sum += dense(bracket);
  }
  CHECK((sum - sum.adjoint()).cwiseAbs().maxCoeff() < 1e-15);
  const Eigen::MatrixXcd gate =
      test::full_matrix(circuit, circuit.operations()[0], std::vector<double>{angle});
  const Eigen::MatrixXcd made = rotation(sum, angle);
  const Complex overlap = (made.adjoint() * gate).trace() / static_cast<double>(gate.rows());
  CHECK(std::abs(std::abs(overlap) - 1.0) < 1e-14);
}

}  // namespace

TEST_CASE("the generator of a gate is a sum of Pauli strings, controls and projectors included") {
  using Qubits = std::vector<Qubit>;
  using Controls = std::vector<Control>;
  const auto check = [](Gate gate, const Qubits& on, const Controls& controls) {
    Circuit circuit(kQubits);
    const std::vector<Param> angle = {circuit.parameter("a")};
    circuit.apply(gate, on, angle, controls);
    check_generator(circuit, 0.7);
    check_generator(circuit, -2.9);
  };
  for (const Gate gate : {Gate::rx, Gate::ry, Gate::rz, Gate::p}) {
    check(gate, {2}, {});
    check(gate, {1}, {{3, false}});
    check(gate, {0}, {{3, true}, {2, false}});
  }
  for (const Gate gate : {Gate::rxx, Gate::ryy, Gate::rzz}) {
    check(gate, {2, 0}, {});
    check(gate, {1, 3}, {{0, true}});
  }
  const auto check_string = [](std::string_view paulis, const Qubits& on,
                               const Controls& controls) {
    Circuit circuit(kQubits);
    const Param angle = circuit.parameter("a");
    circuit.pauli_rotation(paulis, on, angle, controls);
    check_generator(circuit, 1.3);
  };
  check_string("XYZ", {3, 0, 1}, {});
  check_string("YY", {3, 1}, {{2, false}});
}
