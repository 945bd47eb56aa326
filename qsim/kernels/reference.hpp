// SPDX-License-Identifier: Apache-2.0
// The scalar twins of the kernels: what "correct" means, in the plainest code there is. They work
// on whole states of 2^n amplitudes in index order (bit q of the index is qubit q), compute in
// double precision and round once. Called by tests only.
#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

namespace qross::qsim::reference {

template <class T>
using Amplitudes = std::span<std::complex<T>>;
template <class T>
using ConstAmplitudes = std::span<const std::complex<T>>;

/// A gate acts on the indices i with (i & mask) == value; the default is everywhere.
struct Where {
  std::uint64_t mask = 0;
  std::uint64_t value = 0;

  [[nodiscard]] bool holds(std::uint64_t i) const noexcept { return (i & mask) == value; }
};

/// coefficient * X^x Z^z with a factor i for each qubit in both (so that XZ there means Y).
struct String {
  double coefficient = 1.0;
  std::uint64_t x = 0;
  std::uint64_t z = 0;
};

/// state[i with row r on targets] = sum over c of m[r][c] * old[i with c on targets]. `m` is
/// row-major; bit k of r and c is qubit targets[k]. Cost: 4^k * 2^n.
template <class T>
void matrix(Amplitudes<T> state, std::span<const unsigned> targets,
            std::span<const std::complex<double>> m, Where where = {});

/// state[i] *= phases[bits of i on targets].
template <class T>
void diagonal(Amplitudes<T> state, std::span<const unsigned> targets,
              std::span<const std::complex<double>> phases, Where where = {});

/// The amplitude with k on targets moves to table[k].
template <class T>
void permutation(Amplitudes<T> state, std::span<const unsigned> targets,
                 std::span<const std::uint32_t> table, Where where = {});

/// exp(-i angle/2 P) with the string's P; its coefficient is not used.
template <class T>
void pauli_rotation(Amplitudes<T> state, const String& p, double angle, Where where = {});

/// <bra| Pi P |ket>, Pi the projector on `where`; the coefficient is included.
template <class T>
[[nodiscard]] std::complex<double> bracket(ConstAmplitudes<T> bra, ConstAmplitudes<T> ket,
                                           const String& p, Where where = {});

/// Sums of |a|^2 over runs of `block` amplitudes.
template <class T>
[[nodiscard]] std::vector<double> block_norms(ConstAmplitudes<T> state, std::size_t block);

/// Real part of <state| sum of strings |state>.
template <class T>
[[nodiscard]] double pauli_expect(ConstAmplitudes<T> state, std::span<const String> strings);

/// bra += (sum of strings) |ket>.
template <class T>
void pauli_apply(Amplitudes<T> bra, ConstAmplitudes<T> ket, std::span<const String> strings);

}  // namespace qross::qsim::reference
