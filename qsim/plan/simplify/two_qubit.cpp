// SPDX-License-Identifier: Apache-2.0
// The angles of the form are first taken modulo pi/2 (exp(i pi/2 XX) is X on both qubits). If the
// two smallest are still too large together, the gate is taken as a SWAP after another gate, whose
// angles are all pi/4 away. The largest angle becomes that of ZZ.
#include "qsim/plan/simplify/two_qubit.hpp"

#include <Eigen/Jacobi>
#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

namespace qross::qsim {
namespace {

using Eigen::Matrix2cd;
using Eigen::Matrix4cd;
using Eigen::Matrix4d;
using Complex = std::complex<double>;

constexpr double kPi = std::numbers::pi;
constexpr Complex kI{0.0, 1.0};

/// Columns: (|00> + |11>), i(|00> - |11>), i(|01> + |10>), (|01> - |10>), each over the root of 2.
Matrix4cd magic_basis() {
  Matrix4cd b = Matrix4cd::Zero();
  b(0, 0) = b(3, 0) = 1.0;
  b(0, 1) = kI;
  b(3, 1) = -kI;
  b(1, 2) = b(2, 2) = kI;
  b(1, 3) = 1.0;
  b(2, 3) = -1.0;
  return b / std::numbers::sqrt2;
}

/// A rotation O with p = O D O^T, D diagonal, for a symmetric unitary matrix: its real and its
/// imaginary part commute. Jacobi's method on both at once is accurate however close eigenvalues
/// are, each turn the best one for a pair of columns (Cardoso and Souloumiac, SIAM J. Matrix Anal.
/// Appl. 17, 161, 1996).
Matrix4d real_eigenvectors(const Matrix4cd& p) {
  std::array<Matrix4d, 2> parts = {p.real(), p.imag()};
  Matrix4d o = Matrix4d::Identity();
  constexpr int kMostSweeps = 50;
  constexpr double kNothing = 4e-16;
  bool turned = true;
  for (int sweep = 0; turned && sweep < kMostSweeps; ++sweep) {
    turned = false;
    for (Eigen::Index i = 0; i < 4; ++i) {
      for (Eigen::Index j = i + 1; j < 4; ++j) {
        double on = 0.0;
        double off = 0.0;
        double size = 0.0;
        for (const Matrix4d& m : parts) {
          const double gap = m(i, i) - m(j, j);
          const double square = m(i, j) * m(i, j);
          on += gap * gap - 4.0 * square;
          off += 4.0 * gap * m(i, j);
          size += square;
        }
        if (size < kNothing * kNothing) continue;
        turned = true;
        const double angle = std::atan2(off, on) / 4.0;
        const Eigen::JacobiRotation<double> turn(std::cos(angle), -std::sin(angle));
        for (Matrix4d& m : parts) {
          m.applyOnTheLeft(i, j, turn.transpose());
          m.applyOnTheRight(i, j, turn);
        }
        o.applyOnTheRight(i, j, turn);
      }
    }
  }
  if (o.determinant() < 0.0) o.col(0) = -o.col(0);
  return o;
}

/// Splits a tensor product (high x low) into factors of determinant 1; returns the phase left.
double split(const Matrix4cd& m, Matrix2cd& high, Matrix2cd& low) {
  // The largest block shows the low factor, traces against it the high one.
  Eigen::Index row = 0;
  Eigen::Index column = 0;
  double largest = 0.0;
  for (Eigen::Index r = 0; r < 2; ++r) {
    for (Eigen::Index c = 0; c < 2; ++c) {
      const double size = m.block<2, 2>(2 * r, 2 * c).norm();
      if (size > largest) {
        largest = size;
        row = r;
        column = c;
      }
    }
  }
  low = m.block<2, 2>(2 * row, 2 * column);
  low /= std::sqrt(low.determinant());
  for (Eigen::Index r = 0; r < 2; ++r) {
    for (Eigen::Index c = 0; c < 2; ++c) {
      high(r, c) = (low.adjoint() * m.block<2, 2>(2 * r, 2 * c)).trace() / 2.0;
    }
  }
  const Complex root = std::sqrt(high.determinant());
  high /= root;
  return std::arg(root);
}

Matrix2cd pauli(unsigned axis) {
  Matrix2cd m;
  if (axis == 0) m << 0.0, 1.0, 1.0, 0.0;
  if (axis == 1) m << 0.0, -kI, kI, 0.0;
  if (axis == 2) m << 1.0, 0.0, 0.0, -1.0;
  return m;
}

/// Takes every angle into [-pi/4, pi/4].
void reduce(TwoQubitForm& form, std::array<double, 3>& angle) {
  for (unsigned axis = 0; axis < 3; ++axis) {
    const double turns = std::round(angle[axis] / (kPi / 2));
    if (turns == 0.0) continue;
    angle[axis] -= turns * kPi / 2;
    // exp(i turns pi/2 PP) = (i PP)^turns = e^{-i turns pi/2} ((i P) x (i P))^turns
    form.phase -= turns * kPi / 2;
    if (std::abs(std::remainder(turns, 2.0)) == 1.0) {
      for (Matrix2cd& m : form.before) m = (kI * pauli(axis)) * m;
      form.phase += (turns - 1.0) * kPi;
    } else {
      form.phase += turns * kPi;
    }
  }
}

double two_smallest(const std::array<double, 3>& angle) {
  const double largest = std::max({std::abs(angle[0]), std::abs(angle[1]), std::abs(angle[2])});
  return std::abs(angle[0]) + std::abs(angle[1]) + std::abs(angle[2]) - largest;
}

/// Conjugates with C x C so that the angle of ZZ is the largest.
void turn_axes(TwoQubitForm& form, std::array<double, 3>& angle) {
  unsigned axis = 2;
  for (const unsigned other : {0U, 1U}) {
    if (std::abs(angle[other]) > std::abs(angle[axis])) axis = other;
  }
  if (axis == 2) return;
  // A half turn about the axis between P and Z exchanges PP and ZZ, and keeps the third.
  const Matrix2cd c = kI * (pauli(axis) + pauli(2)) / std::numbers::sqrt2;
  std::swap(angle[axis], angle[2]);
  for (Matrix2cd& m : form.before) m = c * m;
  for (Matrix2cd& m : form.after) m = m * c.adjoint();
}

}  // namespace

TwoQubitForm two_qubit_form(const Matrix4cd& u) {
  static const Matrix4cd magic = magic_basis();
  TwoQubitForm form;
  form.phase = std::arg(u.determinant()) / 4.0;
  const Matrix4cd m = magic.adjoint() * (std::polar(1.0, -form.phase) * u) * magic;
  const Matrix4d o = real_eigenvectors(m.transpose() * m);
  const Matrix4cd d = o.transpose() * (m.transpose() * m) * o;
  std::array<double, 4> theta;
  for (Eigen::Index k = 0; k < 4; ++k) theta[static_cast<std::size_t>(k)] = std::arg(d(k, k)) / 2;
  const auto left = [&] {
    Matrix4cd turned = m * o.cast<Complex>();
    for (Eigen::Index k = 0; k < 4; ++k) {
      turned.col(k) *= std::polar(1.0, -theta[static_cast<std::size_t>(k)]);
    }
    return turned;
  };
  if (left().real().determinant() < 0.0) theta[0] += kPi;
  const Matrix4cd first = magic * left().real().cast<Complex>() * magic.adjoint();
  const Matrix4cd last = magic * o.transpose().cast<Complex>() * magic.adjoint();
  form.phase += split(first, form.after[1], form.after[0]);
  form.phase += split(last, form.before[1], form.before[0]);
  // The magic states have (XX, YY, ZZ) = (1, -1, 1), (-1, 1, 1), (1, 1, -1), (-1, -1, -1).
  form.phase += (theta[0] + theta[1] + theta[2] + theta[3]) / 4;
  std::array<double, 3> angle = {(theta[0] - theta[1] + theta[2] - theta[3]) / 4,
                                 (theta[1] - theta[0] + theta[2] - theta[3]) / 4,
                                 (theta[0] + theta[1] - theta[2] - theta[3]) / 4};
  reduce(form, angle);
  if (two_smallest(angle) > kPi / 4) {
    // SWAP = e^{-i pi/4} exp(i pi/4 (XX + YY + ZZ)) is its own inverse.
    for (double& a : angle) a += kPi / 4;
    form.phase -= kPi / 4;
    form.exchanged = true;
    reduce(form, angle);
  }
  turn_axes(form, angle);
  form.xx = angle[0];
  form.yy = angle[1];
  form.zz = angle[2];
  return form;
}

}  // namespace qross::qsim
