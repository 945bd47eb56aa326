// SPDX-License-Identifier: Apache-2.0
// The canonical form gives the matrix back, with its angles in range, for matrices of every class.
#include "qsim/plan/simplify/two_qubit.hpp"

#include <complex>
#include <numbers>

#include <doctest/doctest.h>

#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;
using Eigen::Matrix2cd;
using Eigen::Matrix4cd;

namespace {

constexpr double kPi = std::numbers::pi;

Matrix4cd product(const Matrix2cd& high, const Matrix2cd& low) {
  Matrix4cd m;
  for (Eigen::Index r = 0; r < 4; ++r) {
    for (Eigen::Index c = 0; c < 4; ++c) m(r, c) = high(r / 2, c / 2) * low(r % 2, c % 2);
  }
  return m;
}

/// exp(i (xx XX + yy YY + zz ZZ)), on even and odd parity.
Matrix4cd rotation(double xx, double yy, double zz) {
  const std::complex<double> i(0.0, 1.0);
  Matrix4cd m = Matrix4cd::Zero();
  m(0, 0) = m(3, 3) = std::polar(1.0, zz) * std::cos(xx - yy);
  m(0, 3) = m(3, 0) = std::polar(1.0, zz) * i * std::sin(xx - yy);
  m(1, 1) = m(2, 2) = std::polar(1.0, -zz) * std::cos(xx + yy);
  m(1, 2) = m(2, 1) = std::polar(1.0, -zz) * i * std::sin(xx + yy);
  return m;
}

Matrix4cd exchange() {
  Matrix4cd m = Matrix4cd::Zero();
  m(0, 0) = m(1, 2) = m(2, 1) = m(3, 3) = 1.0;
  return m;
}

void check_form(const Matrix4cd& u) {
  const TwoQubitForm form = two_qubit_form(u);
  Matrix4cd back = rotation(form.xx, form.yy, form.zz) * product(form.before[1], form.before[0]);
  if (form.exchanged) back = exchange() * back;
  back = std::polar(1.0, form.phase) * product(form.after[1], form.after[0]) * back;
  CHECK((back - u).cwiseAbs().maxCoeff() < 2e-14);
  CHECK(std::abs(form.xx) + std::abs(form.yy) <= kPi / 4 + 1e-12);
  CHECK(std::abs(form.zz) <= kPi / 4 + 1e-12);
  for (const auto& side : {form.before, form.after}) {
    for (const Matrix2cd& m : side) {
      CHECK(std::abs(m.determinant() - 1.0) < 1e-13);
      CHECK((m * m.adjoint() - Matrix2cd::Identity()).cwiseAbs().maxCoeff() < 1e-13);
    }
  }
}

Matrix4cd random_matrix(test::Generator& random) {
  const auto numbers = test::random_unitary(random, 2);
  Matrix4cd m;
  for (std::size_t k = 0; k < 16; ++k) {
    m(static_cast<Eigen::Index>(k / 4), static_cast<Eigen::Index>(k % 4)) = numbers[k];
  }
  return m;
}

Matrix2cd random_single(test::Generator& random) {
  const auto numbers = test::random_unitary(random, 1);
  Matrix2cd m;
  m << numbers[0], numbers[1], numbers[2], numbers[3];
  return m;
}

}  // namespace

TEST_CASE("random matrices") {
  test::Generator random(801);
  for (int trial = 0; trial < 300; ++trial) check_form(random_matrix(random));
}

TEST_CASE("matrices whose angles are equal, zero, or multiples of pi/8, between any gates") {
  test::Generator random(802);
  const auto angle = [&] { return (static_cast<double>(random() % 17) - 8.0) * kPi / 8; };
  for (int trial = 0; trial < 500; ++trial) {
    const double a = angle();
    const double b = trial % 3 == 0 ? a : angle();
    const double c = trial % 5 == 0 ? b : angle();
    Matrix4cd u = rotation(a, b, c);
    if (trial % 2 == 0) {
      u = product(random_single(random), random_single(random)) * u *
          product(random_single(random), random_single(random));
    }
    check_form(u);
  }
}

TEST_CASE("the gates everybody has") {
  check_form(Matrix4cd::Identity());
  check_form(exchange());
  Matrix4cd cx = Matrix4cd::Zero();
  cx(0, 0) = cx(1, 3) = cx(2, 2) = cx(3, 1) = 1.0;
  check_form(cx);
  check_form(exchange() * cx);
  check_form(cx * exchange() * cx * exchange() * cx);  // an exchange again
  Matrix4cd cz = Matrix4cd::Identity();
  cz(3, 3) = -1.0;
  check_form(cz);
  check_form(rotation(kPi / 4, kPi / 4, 0.0));  // iSWAP
  check_form(rotation(kPi / 8, kPi / 8, 0.0));
}

TEST_CASE("angles that differ by rounding only") {
  test::Generator random(803);
  for (const double close : {1e-16, 1e-15, 1e-12, 1e-9, 1e-7}) {
    for (int trial = 0; trial < 20; ++trial) {
      const double a = static_cast<double>(random() % 1000) * 0.0007;
      check_form(product(random_single(random), random_single(random)) *
                 rotation(a, a + close, a - 2 * close) *
                 product(random_single(random), random_single(random)));
    }
  }
}

TEST_CASE("products of many gates, unitary up to their rounding") {
  test::Generator random(804);
  for (int trial = 0; trial < 200; ++trial) {
    Matrix4cd u = Matrix4cd::Identity();
    for (int k = 0; k < 30; ++k) u = random_matrix(random) * u;
    check_form(u);
  }
}
