// SPDX-License-Identifier: Apache-2.0
// The gate table, and the matrices of the named gates against those of the oracle.
#include "qsim/circuit/gate.hpp"

#include <array>
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
