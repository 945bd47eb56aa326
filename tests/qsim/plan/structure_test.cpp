// SPDX-License-Identifier: Apache-2.0
// What constant matrices are: found again from their phases, noise forgiven, all else dense.
#include "qsim/plan/structure.hpp"

#include <cmath>
#include <numbers>

#include <doctest/doctest.h>

#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

using Kind = Structure::Kind;

/// The matrix that a structure says: phases on the permutation of its kind.
std::vector<Complex> rebuilt(const Structure& s) {
  const std::size_t dim = s.phases.size();
  std::vector<Complex> m(dim * dim, 0.0);
  for (std::size_t r = 0; r < dim; ++r) {
    std::size_t from = r;
    if (s.kind == Kind::flip) from = 1 - r;
    if (s.kind == Kind::exchange && (r == 1 || r == 2)) from = 3 - r;
    m[r * dim + from] = s.phases[r];
  }
  return m;
}

void check_kind(const std::vector<Complex>& m, Kind kind) {
  const Structure s = structure_of(m);
  REQUIRE(s.kind == kind);
  if (kind == Kind::dense) {
    CHECK(s.phases.empty());
    return;
  }
  const auto again = rebuilt(s);
  REQUIRE(again.size() == m.size());
  for (std::size_t k = 0; k < m.size(); ++k) CHECK(std::abs(again[k] - m[k]) < 1e-14);
  for (const Complex& phase : s.phases) CHECK(std::abs(std::abs(phase) - 1.0) < 1e-15);
}

constexpr double kPi = std::numbers::pi;

}  // namespace

TEST_CASE("gates of the table that are phases, flips or exchanges") {
  for (const Gate gate : {Gate::id, Gate::z, Gate::s, Gate::tdg}) {
    check_kind(matrix(gate, {}), Kind::diagonal);
  }
  for (const Gate gate : {Gate::x, Gate::y}) check_kind(matrix(gate, {}), Kind::flip);
  for (const Gate gate : {Gate::swap, Gate::iswap}) check_kind(matrix(gate, {}), Kind::exchange);
  for (const Gate gate : {Gate::h, Gate::sx, Gate::sxdg}) check_kind(matrix(gate, {}), Kind::dense);
}

TEST_CASE("angles that are all or nothing, to rounding") {
  check_kind(matrix(Gate::u, std::array{0.0, 0.3, 0.4}), Kind::diagonal);
  check_kind(matrix(Gate::u, std::array{kPi, 0.3, 0.4}), Kind::flip);
  check_kind(matrix(Gate::u, std::array{1e-9, 0.3, 0.4}), Kind::dense);
  check_kind(matrix(Gate::rzz, std::array{0.7}), Kind::diagonal);
  check_kind(matrix(Gate::fsim, std::array{kPi / 2, 0.9}), Kind::exchange);
  check_kind(matrix(Gate::fsim, std::array{-kPi / 2, 0.0}), Kind::exchange);
  check_kind(matrix(Gate::fsim, std::array{0.0, 0.9}), Kind::diagonal);
  check_kind(matrix(Gate::fsim, std::array{0.4, 0.9}), Kind::dense);
  // XX(pi) = -i X X flips both qubits: no structure of its own.
  check_kind(matrix(Gate::rxx, std::array{kPi}), Kind::dense);
}

TEST_CASE("phases are made to have length 1, noise of 1e-15 counts as nothing") {
  const Complex a = std::polar(1.0 + 1e-9, 0.3);
  check_kind({std::polar(1.0, 0.3), 1e-16, 1e-16, 1.0}, Kind::diagonal);
  check_kind({1.0, 1e-14, 1e-14, 1.0}, Kind::dense);
  const Structure s = structure_of(std::vector<Complex>{a, 0.0, 0.0, a});
  REQUIRE(s.kind == Kind::diagonal);
  CHECK(std::abs(s.phases[0] - std::polar(1.0, 0.3)) < 1e-15);
}

TEST_CASE("other permutations of two qubits, random matrices and other sizes are dense") {
  check_kind({1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0}, Kind::dense);  // CX
  test::Generator random(91);
  for (unsigned qubits = 1; qubits <= 3; ++qubits) {
    check_kind(test::random_unitary(random, qubits), Kind::dense);
  }
  check_kind({1.0}, Kind::dense);
  std::vector<Complex> eight(64, 0.0);
  for (std::size_t k = 0; k < 8; ++k) eight[9 * k] = 1.0;
  check_kind(eight, Kind::dense);
}
