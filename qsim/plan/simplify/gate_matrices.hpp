// SPDX-License-Identifier: Apache-2.0
// Matrices of gates on one and on two qubits, and their products, of fixed size: nothing comes from
// the heap. For fuse.cpp, which looks at every gate of a circuit.
#pragma once

#include <array>
#include <cstddef>

#include "qsim/circuit/circuit.hpp"

namespace qross::qsim {

/// std::complex multiplies with a look for infinities.
inline Complex times(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

using Two = std::array<Complex, 4>;    // row-major
using Four = std::array<Complex, 16>;  // row-major

inline Two product(const Two& a, const Two& b) {
  return {times(a[0], b[0]) + times(a[1], b[2]), times(a[0], b[1]) + times(a[1], b[3]),
          times(a[2], b[0]) + times(a[3], b[2]), times(a[2], b[1]) + times(a[3], b[3])};
}

inline Four product(const Four& a, const Four& b) {
  Four result{};
  for (std::size_t r = 0; r < 4; ++r) {
    for (std::size_t k = 0; k < 4; ++k) {
      for (std::size_t c = 0; c < 4; ++c) result[4 * r + c] += times(a[4 * r + k], b[4 * k + c]);
    }
  }
  return result;
}

/// The matrix of gates on both qubits, `low` on the low bit.
inline Four both(const Two& low, const Two& high) {
  Four result;
  for (std::size_t r = 0; r < 4; ++r) {
    for (std::size_t c = 0; c < 4; ++c) {
      result[4 * r + c] = times(high[2 * (r >> 1) + (c >> 1)], low[2 * (r & 1) + (c & 1)]);
    }
  }
  return result;
}

/// m = m times a gate on the bit `step` (1 or 2) of the index.
inline void multiply_right(Four& m, const Two& gate, std::size_t step) {
  for (std::size_t r = 0; r < 16; r += 4) {
    for (std::size_t k = 0; k < 2; ++k) {
      Complex& a = m[r + k * (3 - step)];
      Complex& b = m[r + k * (3 - step) + step];
      const Complex first = times(a, gate[0]) + times(b, gate[2]);
      b = times(a, gate[1]) + times(b, gate[3]);
      a = first;
    }
  }
}

/// The matrix of a constant gate on one qubit, its control left out.
[[nodiscard]] Two single_matrix(const Circuit& circuit, const Operation& op);

/// The matrix of a constant gate on both qubits of `on`; on[0] is the low bit of the index.
[[nodiscard]] Four pair_matrix(const Circuit& circuit, const Operation& op,
                               const std::array<Qubit, 2>& on);

}  // namespace qross::qsim
