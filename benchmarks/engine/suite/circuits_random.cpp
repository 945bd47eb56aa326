// SPDX-License-Identifier: Apache-2.0
// Quantum volume, random circuits on a grid, random Clifford+T circuits.
#include <Eigen/Dense>
#include <array>
#include <complex>
#include <numbers>
#include <numeric>
#include <vector>

#include "benchmarks/engine/suite/circuits.hpp"
#include "benchmarks/engine/suite/draws.hpp"
#include "qsim/core/error.hpp"

namespace qross::bench {
namespace {

using qsim::Complex;

/// A Haar random SU(4), row-major: the unitary factor of a Gaussian matrix whose triangular factor
/// has a positive diagonal, divided by a fourth root of its determinant (Mezzadri,
/// math-ph/0609050).
std::array<Complex, 16> random_su4(Draws& draws) {
  Eigen::Matrix4cd gaussian;
  for (int column = 0; column < 4; ++column) {
    for (int row = 0; row < 4; ++row) {
      const double real = draws.gaussian();
      gaussian(row, column) = Complex(real, draws.gaussian());
    }
  }
  const Eigen::HouseholderQR<Eigen::Matrix4cd> factors(gaussian);
  Eigen::Matrix4cd unitary = factors.householderQ();
  for (int column = 0; column < 4; ++column) {
    const Complex pivot = factors.matrixQR()(column, column);
    unitary.col(column) *= pivot / std::abs(pivot);
  }
  unitary /= std::pow(unitary.determinant(), 0.25);
  std::array<Complex, 16> rows{};
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) {
      rows[static_cast<std::size_t>(4 * row + column)] = unitary(row, column);
    }
  }
  return rows;
}

/// (1+i)/2 I + (1-i)/2 W with W = (X + Y)/sqrt 2.
std::array<Complex, 4> sqrt_w() {
  const double r = std::numbers::sqrt2 / 2;
  return {Complex(0.5, 0.5), Complex(0.0, -r), Complex(r, 0.0), Complex(0.5, 0.5)};
}

void append_couplers(Circuit& circuit, Qubit rows, Qubit cols, char pattern, Coupler coupler) {
  const bool between_rows = pattern == 'A' || pattern == 'B';
  const Qubit offset = pattern == 'B' || pattern == 'C' ? 1 : 0;
  for (Qubit r = 0; r < rows - (between_rows ? 1 : 0); ++r) {
    for (Qubit c = 0; c < cols - (between_rows ? 0 : 1); ++c) {
      if ((r + c) % 2 != offset) continue;
      const Qubit a = r * cols + c;
      const Qubit b = between_rows ? a + cols : a + 1;
      if (coupler == Coupler::fsim) {
        circuit.fsim(a, b, std::numbers::pi / 2, std::numbers::pi / 6);
      } else {
        circuit.cz(a, b);
      }
    }
  }
}

}  // namespace

Circuit quantum_volume(Qubit n, unsigned depth, std::uint64_t seed) {
  if (n < 2) throw Error(ErrorCode::bad_input, "quantum volume needs at least 2 qubits");
  Draws draws(seed);
  Circuit circuit(n);
  std::vector<Qubit> order(n);
  for (unsigned layer = 0; layer < depth; ++layer) {
    std::iota(order.begin(), order.end(), Qubit{0});
    draws.shuffle(std::span(order));
    for (Qubit k = 0; k + 1 < n; k += 2) {
      const auto matrix = random_su4(draws);
      circuit.unitary(std::array{order[k], order[k + 1]}, matrix);
    }
  }
  return circuit;
}

Circuit grid(Qubit rows, Qubit cols, unsigned cycles, Coupler coupler, std::uint64_t seed) {
  if (rows == 0 || cols == 0) throw Error(ErrorCode::bad_input, "a grid needs rows and columns");
  constexpr std::array kPatterns{'A', 'B', 'C', 'D', 'C', 'D', 'A', 'B'};
  const auto w = sqrt_w();
  Draws draws(seed);
  Circuit circuit(rows * cols);
  std::vector<std::uint64_t> last(circuit.qubits(), 3);  // 0, 1, 2: sqrt X, Y, W; 3: none yet
  for (unsigned cycle = 0; cycle < cycles; ++cycle) {
    for (Qubit q = 0; q < circuit.qubits(); ++q) {
      last[q] = last[q] == 3 ? draws.below(3) : (last[q] + 1 + draws.below(2)) % 3;
      switch (last[q]) {
        case 0:
          circuit.sx(q);
          break;
        case 1:
          circuit.ry(q, std::numbers::pi / 2);
          break;
        default:
          circuit.unitary(std::array{q}, w);
      }
    }
    append_couplers(circuit, rows, cols, kPatterns[cycle % kPatterns.size()], coupler);
  }
  return circuit;
}

Circuit clifford_t(Qubit n, std::size_t gates, std::uint64_t seed) {
  if (n < 2) throw Error(ErrorCode::bad_input, "a Clifford+T circuit needs at least 2 qubits");
  Draws draws(seed);
  Circuit circuit(n);
  for (std::size_t k = 0; k < gates; ++k) {
    const std::uint64_t kind = draws.below(6);
    const auto q = static_cast<Qubit>(draws.below(n));
    switch (kind) {
      case 0:
        circuit.h(q);
        break;
      case 1:
        circuit.s(q);
        break;
      case 2:
        circuit.sdg(q);
        break;
      case 3:
        circuit.t(q);
        break;
      case 4:
        circuit.tdg(q);
        break;
      default:
        circuit.cx(q, static_cast<Qubit>((q + 1 + draws.below(n - 1)) % n));
    }
  }
  return circuit;
}

Circuit rotations(Qubit n, std::size_t gates, std::uint64_t seed) {
  if (n < 2) throw Error(ErrorCode::bad_input, "a circuit of rotations needs at least 2 qubits");
  Draws draws(seed);
  Circuit circuit(n);
  for (std::size_t k = 0; k < gates; ++k) {
    const std::uint64_t kind = draws.below(6);
    const auto q = static_cast<Qubit>(draws.below(n));
    switch (kind) {
      case 0:
        circuit.h(q);
        break;
      case 1:
        circuit.t(q);
        break;
      case 2:
        circuit.rx(q, draws.angle());
        break;
      case 3:
        circuit.ry(q, draws.angle());
        break;
      case 4:
        circuit.rz(q, draws.angle());
        break;
      default:
        circuit.cx(q, static_cast<Qubit>((q + 1 + draws.below(n - 1)) % n));
    }
  }
  return circuit;
}

}  // namespace qross::bench
