// SPDX-License-Identifier: Apache-2.0
#include "tests/support/oracle.hpp"

#include <complex>
#include <stdexcept>

namespace qross::test {
namespace {

using Matrix = Eigen::MatrixXcd;
using qsim::Gate;
const std::complex<double> kI(0, 1);

Matrix pauli(char letter) {
  Matrix m = Matrix::Zero(2, 2);
  switch (letter) {
    case 'I':
      m << 1, 0, 0, 1;
      break;
    case 'X':
      m << 0, 1, 1, 0;
      break;
    case 'Y':
      m << 0, -kI, kI, 0;
      break;
    case 'Z':
      m << 1, 0, 0, -1;
      break;
    default:
      throw std::logic_error("not a Pauli letter");
  }
  return m;
}

// Low bit first: the last factor is the most significant.
Matrix kron(const Matrix& low, const Matrix& high) {
  Matrix m(low.rows() * high.rows(), low.cols() * high.cols());
  for (Eigen::Index i = 0; i < high.rows(); ++i) {
    for (Eigen::Index j = 0; j < high.cols(); ++j) {
      m.block(i * low.rows(), j * low.cols(), low.rows(), low.cols()) = high(i, j) * low;
    }
  }
  return m;
}

Matrix pauli_string(std::string_view letters) {
  Matrix m = Matrix::Identity(1, 1);
  for (const char c : letters) m = kron(m, pauli(c));
  return m;
}

// exp(-i angle P), P^2 = 1.
Matrix exponential(const Matrix& p, double angle) {
  return std::cos(angle) * Matrix::Identity(p.rows(), p.cols()) - kI * std::sin(angle) * p;
}

Matrix phase(double angle) {
  Matrix m = Matrix::Identity(2, 2);
  m(1, 1) = std::exp(kI * angle);
  return m;
}

Matrix half_turn_root_of_x(double sign) {
  return std::exp(sign * kI * M_PI / 4.0) * exponential(pauli('X'), sign * M_PI / 4.0);
}

}  // namespace

Matrix target_matrix(const qsim::Circuit& circuit, const qsim::Operation& op,
                     std::span<const double> values) {
  std::vector<double> a;
  for (const qsim::Param& p : circuit.params(op)) a.push_back(p.evaluate(values));
  const Eigen::Index dim = Eigen::Index{1} << op.targets;
  switch (op.gate) {
    case Gate::id:
      return Matrix::Identity(2, 2);
    case Gate::x:
      return pauli('X');
    case Gate::y:
      return pauli('Y');
    case Gate::z:
      return pauli('Z');
    case Gate::h:
      return (pauli('X') + pauli('Z')) / std::sqrt(2.0);
    case Gate::s:
      return phase(M_PI / 2);
    case Gate::sdg:
      return phase(-M_PI / 2);
    case Gate::t:
      return phase(M_PI / 4);
    case Gate::tdg:
      return phase(-M_PI / 4);
    case Gate::sx:
      return half_turn_root_of_x(1.0);
    case Gate::sxdg:
      return half_turn_root_of_x(-1.0);
    case Gate::rx:
      return exponential(pauli('X'), a[0] / 2);
    case Gate::ry:
      return exponential(pauli('Y'), a[0] / 2);
    case Gate::rz:
      return exponential(pauli('Z'), a[0] / 2);
    case Gate::p:
      return phase(a[0]);
    case Gate::u:
      return phase(a[1]) * exponential(pauli('Y'), a[0] / 2) * phase(a[2]);
    case Gate::swap:
      return (pauli_string("II") + pauli_string("XX") + pauli_string("YY") + pauli_string("ZZ")) /
             2;
    case Gate::iswap:
      return exponential(pauli_string("XX"), -M_PI / 4) *
             exponential(pauli_string("YY"), -M_PI / 4);
    case Gate::rxx:
      return exponential(pauli_string("XX"), a[0] / 2);
    case Gate::ryy:
      return exponential(pauli_string("YY"), a[0] / 2);
    case Gate::rzz:
      return exponential(pauli_string("ZZ"), a[0] / 2);
    case Gate::fsim: {
      Matrix both = Matrix::Identity(4, 4);
      both(3, 3) = std::exp(-kI * a[1]);
      return exponential(pauli_string("XX"), a[0] / 2) * exponential(pauli_string("YY"), a[0] / 2) *
             both;
    }
    case Gate::pauli_rotation:
      return exponential(pauli_string(circuit.paulis(op)), a[0] / 2);
    case Gate::unitary: {
      Matrix m(dim, dim);
      const auto data = circuit.matrix(op);
      for (Eigen::Index i = 0; i < dim; ++i) {
        for (Eigen::Index j = 0; j < dim; ++j)
          m(i, j) = data[static_cast<std::size_t>(i * dim + j)];
      }
      return m;
    }
    case Gate::diagonal: {
      Matrix m = Matrix::Zero(dim, dim);
      for (Eigen::Index i = 0; i < dim; ++i)
        m(i, i) = circuit.matrix(op)[static_cast<std::size_t>(i)];
      return m;
    }
    case Gate::permutation: {
      Matrix m = Matrix::Zero(dim, dim);
      for (Eigen::Index i = 0; i < dim; ++i)
        m(circuit.table(op)[static_cast<std::size_t>(i)], i) = 1;
      return m;
    }
    case Gate::global_phase:
      return Matrix::Constant(1, 1, std::exp(kI * a[0]));
  }
  throw std::logic_error("unknown gate in the oracle");
}

Matrix full_matrix(const qsim::Circuit& circuit, const qsim::Operation& op,
                   std::span<const double> values) {
  const Eigen::Index dim = Eigen::Index{1} << circuit.qubits();
  const Matrix small = target_matrix(circuit, op, values);
  const auto targets = circuit.targets(op);
  Matrix full = Matrix::Zero(dim, dim);
  for (Eigen::Index i = 0; i < dim; ++i) {
    bool holds = true;
    for (const qsim::Control& c : circuit.controls(op)) {
      holds = holds && (((i >> c.qubit) & 1) != 0) != c.negative;
    }
    if (!holds) {
      full(i, i) = 1;
      continue;
    }
    Eigen::Index column = 0;
    Eigen::Index rest = i;
    for (std::size_t k = 0; k < targets.size(); ++k) {
      column |= ((i >> targets[k]) & 1) << k;
      rest &= ~(Eigen::Index{1} << targets[k]);
    }
    for (Eigen::Index row = 0; row < small.rows(); ++row) {
      Eigen::Index j = rest;
      for (std::size_t k = 0; k < targets.size(); ++k) j |= ((row >> k) & 1) << targets[k];
      full(j, i) = small(row, column);
    }
  }
  return full;
}

Eigen::VectorXcd apply(const qsim::Circuit& circuit, const qsim::Operation& op,
                       std::span<const double> values, const Eigen::VectorXcd& state) {
  const Matrix small = target_matrix(circuit, op, values);
  const auto targets = circuit.targets(op);
  // Where the rows of the target matrix lie, from the index whose target bits are 0.
  std::vector<Eigen::Index> offset(static_cast<std::size_t>(small.rows()), 0);
  for (std::size_t row = 0; row < offset.size(); ++row) {
    for (std::size_t k = 0; k < targets.size(); ++k) {
      offset[row] |= static_cast<Eigen::Index>((row >> k) & 1) << targets[k];
    }
  }
  const auto controls = circuit.controls(op);
  Eigen::VectorXcd result = state;
  for (Eigen::Index i = 0; i < state.size(); ++i) {
    bool holds = (i & offset.back()) == 0;
    for (const qsim::Control& c : controls) {
      holds = holds && (((i >> c.qubit) & 1) != 0) != c.negative;
    }
    if (!holds) continue;
    for (std::size_t row = 0; row < offset.size(); ++row) {
      std::complex<double> sum = 0.0;
      for (std::size_t column = 0; column < offset.size(); ++column) {
        sum += small(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) *
               state(i | offset[column]);
      }
      result(i | offset[row]) = sum;
    }
  }
  return result;
}

Eigen::VectorXcd run(const qsim::Circuit& circuit, std::span<const double> values) {
  Eigen::VectorXcd state = Eigen::VectorXcd::Zero(Eigen::Index{1} << circuit.qubits());
  state(0) = 1;
  return run(circuit, values, state);
}

Eigen::VectorXcd run(const qsim::Circuit& circuit, std::span<const double> values,
                     const Eigen::VectorXcd& start) {
  Eigen::VectorXcd state = start;
  for (const qsim::Operation& op : circuit.operations()) {
    state = apply(circuit, op, values, state);
  }
  return state;
}

Matrix matrix(const qsim::PauliSum& sum, unsigned n) {
  Matrix m = Matrix::Zero(Eigen::Index{1} << n, Eigen::Index{1} << n);
  for (const qsim::PauliString& s : sum.strings()) {
    std::string letters;
    for (unsigned q = 0; q < n; ++q) {
      const bool x = ((s.x >> q) & 1) != 0;
      const bool z = ((s.z >> q) & 1) != 0;
      letters += x ? (z ? 'Y' : 'X') : (z ? 'Z' : 'I');
    }
    m += s.coefficient * pauli_string(letters);
  }
  return m;
}

}  // namespace qross::test
