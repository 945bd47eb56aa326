// SPDX-License-Identifier: Apache-2.0
// States for tests of files: every amplitude differs from every other, so that no exchange of bits
// goes unseen.
#pragma once

#include <cmath>
#include <complex>

#include "qsim/dist/state_vector.hpp"

namespace qross::test {

/// Amplitude i of the test state of n qubits: magnitudes grow with i, phases wind. Norm 1.
inline std::complex<double> amplitude(unsigned n, std::uint64_t i) {
  const double count = std::ldexp(1.0, static_cast<int>(n));
  // sum of k^2 for k = 1..N is N (N + 1) (2 N + 1) / 6.
  const double total = count * (count + 1) * (2 * count + 1) / 6;
  const double x = static_cast<double>(i + 1);
  return std::polar(x / std::sqrt(total), 0.7 * x / count + 0.1);
}

/// Gives the state the amplitudes above, wherever its layout has them.
template <class T>
void fill(qsim::StateVector<T>& state) {
  const unsigned local = state.shape().local_bits();
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    for (std::uint64_t i = 0; i < qsim::bit(local); ++i) {
      const std::uint64_t position = (state.first_shard() + k) << local | i;
      qsim::set_amplitude(
          state.mutable_shard(k), i,
          std::complex<T>(amplitude(state.shape().qubits, state.layout().qubits_at(position))));
    }
  }
}

/// How many amplitudes differ from the test state, rounded to the state's precision and by way of
/// the precision F of a file.
template <class F, class T>
std::uint64_t differences(const qsim::StateVector<T>& state) {
  std::uint64_t wrong = 0;
  const unsigned local = state.shape().local_bits();
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    for (std::uint64_t i = 0; i < qsim::bit(local); ++i) {
      const std::uint64_t position = (state.first_shard() + k) << local | i;
      const std::complex<F> expected(
          amplitude(state.shape().qubits, state.layout().qubits_at(position)));
      if (qsim::get_amplitude(state.shard(k), i) != std::complex<T>(expected)) ++wrong;
    }
  }
  return wrong;
}

}  // namespace qross::test
