// SPDX-License-Identifier: Apache-2.0
// The definitions, index by index. No blocks, no masks of lanes, no tricks.
#include "qsim/kernels/reference.hpp"

#include <cmath>

#include "qsim/core/bits.hpp"

namespace qross::qsim::reference {
namespace {

using Number = std::complex<double>;

/// Bits of i on the targets, bit k from targets[k].
std::uint64_t read(std::uint64_t i, std::span<const unsigned> targets) {
  std::uint64_t value = 0;
  for (std::size_t k = 0; k < targets.size(); ++k) value |= ((i >> targets[k]) & 1) << k;
  return value;
}

/// i with its bits on the targets replaced by those of `value`.
std::uint64_t write(std::uint64_t i, std::span<const unsigned> targets, std::uint64_t value) {
  for (std::size_t k = 0; k < targets.size(); ++k) {
    i = (i & ~bit(targets[k])) | (((value >> k) & 1) << targets[k]);
  }
  return i;
}

/// (P a)_i for one string.
template <class T>
Number apply_string(std::span<const std::complex<T>> a, const String& p, std::uint64_t i) {
  Number factor = p.coefficient;
  for (std::uint64_t ys = p.x & p.z; ys != 0; ys &= ys - 1) factor *= Number(0, 1);
  const std::uint64_t j = i ^ p.x;
  return (parity(j & p.z) != 0 ? -factor : factor) * Number(a[j]);
}

template <class T>
std::vector<std::complex<T>> copy(std::span<const std::complex<T>> state) {
  return {state.begin(), state.end()};
}

}  // namespace

template <class T>
void matrix(Amplitudes<T> state, std::span<const unsigned> targets,
            std::span<const std::complex<double>> m, Where where) {
  const auto old = copy<T>(state);
  const std::uint64_t dim = bit(static_cast<unsigned>(targets.size()));
  for (std::uint64_t i = 0; i < state.size(); ++i) {
    if (!where.holds(i)) continue;
    const std::uint64_t row = read(i, targets);
    Number sum = 0.0;
    for (std::uint64_t c = 0; c < dim; ++c) {
      sum += m[row * dim + c] * Number(old[write(i, targets, c)]);
    }
    state[i] = std::complex<T>(sum);
  }
}

template <class T>
void diagonal(Amplitudes<T> state, std::span<const unsigned> targets,
              std::span<const std::complex<double>> phases, Where where) {
  for (std::uint64_t i = 0; i < state.size(); ++i) {
    if (where.holds(i)) state[i] = std::complex<T>(phases[read(i, targets)] * Number(state[i]));
  }
}

template <class T>
void permutation(Amplitudes<T> state, std::span<const unsigned> targets,
                 std::span<const std::uint32_t> table, Where where) {
  const auto old = copy<T>(state);
  for (std::uint64_t i = 0; i < state.size(); ++i) {
    if (where.holds(i)) state[write(i, targets, table[read(i, targets)])] = old[i];
  }
}

template <class T>
void pauli_rotation(Amplitudes<T> state, const String& p, double angle, Where where) {
  const auto old = copy<T>(state);
  const String plain{1.0, p.x, p.z};
  for (std::uint64_t i = 0; i < state.size(); ++i) {
    if (!where.holds(i)) continue;
    state[i] = std::complex<T>(std::cos(angle / 2) * Number(old[i]) -
                               Number(0, std::sin(angle / 2)) * apply_string<T>(old, plain, i));
  }
}

template <class T>
std::complex<double> bracket(ConstAmplitudes<T> bra, ConstAmplitudes<T> ket, const String& p,
                             Where where) {
  Number sum = 0.0;
  for (std::uint64_t i = 0; i < bra.size(); ++i) {
    if (where.holds(i)) sum += std::conj(Number(bra[i])) * apply_string<T>(ket, p, i);
  }
  return sum;
}

template <class T>
std::vector<double> block_norms(ConstAmplitudes<T> state, std::size_t block) {
  std::vector<double> sums(state.size() / block, 0.0);
  for (std::size_t i = 0; i < state.size(); ++i) sums[i / block] += std::norm(Number(state[i]));
  return sums;
}

template <class T>
double pauli_expect(ConstAmplitudes<T> state, std::span<const String> strings) {
  double sum = 0.0;
  for (const String& p : strings) sum += bracket<T>(state, state, p).real();
  return sum;
}

template <class T>
void pauli_apply(Amplitudes<T> bra, ConstAmplitudes<T> ket, std::span<const String> strings) {
  for (std::uint64_t i = 0; i < bra.size(); ++i) {
    Number sum = bra[i];
    for (const String& p : strings) sum += apply_string<T>(ket, p, i);
    bra[i] = std::complex<T>(sum);
  }
}

#define QROSS_INSTANTIATE(T)                                                                      \
  template void matrix<T>(Amplitudes<T>, std::span<const unsigned>,                               \
                          std::span<const std::complex<double>>, Where);                          \
  template void diagonal<T>(Amplitudes<T>, std::span<const unsigned>,                             \
                            std::span<const std::complex<double>>, Where);                        \
  template void permutation<T>(Amplitudes<T>, std::span<const unsigned>,                          \
                               std::span<const std::uint32_t>, Where);                            \
  template void pauli_rotation<T>(Amplitudes<T>, const String&, double, Where);                   \
  template std::complex<double> bracket<T>(ConstAmplitudes<T>, ConstAmplitudes<T>, const String&, \
                                           Where);                                                \
  template std::vector<double> block_norms<T>(ConstAmplitudes<T>, std::size_t);                   \
  template double pauli_expect<T>(ConstAmplitudes<T>, std::span<const String>);                   \
  template void pauli_apply<T>(Amplitudes<T>, ConstAmplitudes<T>, std::span<const String>);
QROSS_INSTANTIATE(double)
QROSS_INSTANTIATE(float)
#undef QROSS_INSTANTIATE

}  // namespace qross::qsim::reference
