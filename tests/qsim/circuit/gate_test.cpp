// SPDX-License-Identifier: Apache-2.0
// The gate table, and the matrices of the named gates against those of the oracle.
#include "qsim/circuit/gate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/support/oracle.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kGates = static_cast<unsigned>(Gate::global_phase) + 1;

/// Angles on all sides of the circle, beyond 2 pi and 4 pi too.
constexpr std::array kAngles{0.0, 0.3, 2.0, 3.7, -1.1, 7.0, -9.5, 13.0};

bool has_matrix(Gate gate) { return info(gate).targets > 0; }

}  // namespace

TEST_CASE("names are unique and found again") {
  std::set<std::string> names;
  for (unsigned g = 0; g < kGates; ++g) {
    const auto gate = static_cast<Gate>(g);
    names.insert(std::string(info(gate).name));
    REQUIRE(find_gate(info(gate).name).has_value());
    CHECK(*find_gate(info(gate).name) == gate);
  }
  CHECK(names.size() == kGates);
  CHECK_FALSE(find_gate("cx").has_value());
  CHECK_FALSE(find_gate("").has_value());
}

TEST_CASE("every matrix is unitary and equals the oracle's, whatever the angles") {
  for (unsigned g = 0; g < kGates; ++g) {
    const auto gate = static_cast<Gate>(g);
    if (!has_matrix(gate)) continue;
    CAPTURE(info(gate).name);
    for (std::size_t first = 0; first < kAngles.size(); ++first) {
      std::vector<double> angles;
      std::vector<Param> params;
      for (std::size_t k = 0; k < static_cast<std::size_t>(info(gate).params); ++k) {
        angles.push_back(kAngles[(first + 3 * k) % kAngles.size()]);
        params.emplace_back(angles.back());
      }
      const auto list = matrix(gate, angles);
      const Eigen::Index dim = Eigen::Index{1} << info(gate).targets;
      REQUIRE(list.size() == static_cast<std::size_t>(dim * dim));
      const Eigen::MatrixXcd m =
          Eigen::Map<const Eigen::Matrix<Complex, -1, -1, Eigen::RowMajor>>(list.data(), dim, dim);
      CHECK((m.adjoint() * m - Eigen::MatrixXcd::Identity(dim, dim)).norm() < 1e-14);
      Circuit circuit(2);
      const std::array<Qubit, 2> qubits{0, 1};
      circuit.apply(gate, std::span(qubits).first(static_cast<std::size_t>(info(gate).targets)),
                    params);
      CHECK((m - test::target_matrix(circuit, circuit.operations()[0], {})).norm() < 1e-14);
    }
  }
}

TEST_CASE("inverse pairs multiply to the identity exactly where they are exact") {
  const auto product = [](Gate a, Gate b) {
    const auto m = matrix(a, {});
    const auto n = matrix(b, {});
    return std::array{m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3],
                      m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3]};
  };
  const std::array<Complex, 4> identity{1, 0, 0, 1};
  CHECK(product(Gate::s, Gate::sdg) == identity);
  CHECK(product(Gate::sx, Gate::sxdg) == identity);
  CHECK(product(Gate::x, Gate::x) == identity);
  CHECK(product(Gate::y, Gate::y) == identity);
}

TEST_CASE("gates with their own data have no fixed matrix") {
  for (unsigned g = 0; g < kGates; ++g) {
    const auto gate = static_cast<Gate>(g);
    if (has_matrix(gate)) continue;
    const std::array angle{0.1};
    CHECK_THROWS_AS((void)matrix(gate, angle), Error);
  }
}

namespace {

// e^{i (a + b)} with each angle reduced on its own, in long double.
Complex turn(double a, double b = 0.0) {
  const auto phase = [](double x) {
    return std::complex<long double>(std::cos(static_cast<long double>(x)),
                                     std::sin(static_cast<long double>(x)));
  };
  const std::complex<long double> product = phase(a) * phase(b);
  return {static_cast<double>(product.real()), static_cast<double>(product.imag())};
}

double distance_to_unitary(const std::vector<Complex>& m) {
  const std::size_t dim = m.size() == 4 ? 2 : 4;
  double worst = 0.0;
  for (std::size_t i = 0; i < dim; ++i) {
    for (std::size_t j = 0; j < dim; ++j) {
      Complex dot = 0.0;
      for (std::size_t k = 0; k < dim; ++k) dot += std::conj(m[k * dim + i]) * m[k * dim + j];
      worst = std::max(worst, std::abs(dot - (i == j ? 1.0 : 0.0)));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("fault_B12 large angles keep u unitary, and its phases are products") {
  for (const double phi : {0.3, 1e5, 1e18, -1e300}) {
    for (const double lambda : {0.3, -7.0, 3e5, 1e18}) {
      CAPTURE(phi);
      CAPTURE(lambda);
      const double c = std::cos(0.5);
      const double s = std::sin(0.5);
      const auto m = matrix(Gate::u, std::vector<double>{1.0, phi, lambda});
      CHECK(distance_to_unitary(m) < 1e-15);
      CHECK(std::abs(m[0] - c) < 1e-15);
      CHECK(std::abs(m[1] + s * turn(lambda)) < 1e-15);
      CHECK(std::abs(m[2] - s * turn(phi)) < 1e-15);
      CHECK(std::abs(m[3] - c * turn(phi, lambda)) < 1e-15);
    }
  }
}

TEST_CASE("case_N5 huge angles and denormals in every gate: unitary to rounding") {
  for (const double angle : {1e5, 1e18, -1e300, 4.9e-324, -0.0}) {
    for (const Gate gate :
         {Gate::rx, Gate::ry, Gate::rz, Gate::p, Gate::rxx, Gate::ryy, Gate::rzz}) {
      CHECK(distance_to_unitary(matrix(gate, std::vector<double>{angle})) < 1e-15);
    }
    CHECK(distance_to_unitary(matrix(Gate::fsim, std::vector<double>{angle, angle})) < 1e-15);
    CHECK(distance_to_unitary(matrix(Gate::u, std::vector<double>{angle, angle, -angle})) < 1e-15);
    CHECK(std::abs(matrix(Gate::p, std::vector<double>{angle})[3] - turn(angle)) < 1e-15);
  }
}
