// SPDX-License-Identifier: Apache-2.0
// The memory layout of a state, the same on every instruction set, rank and build ("B64"):
// amplitudes come in blocks of 64 bytes of real parts followed by 64 bytes of imaginary parts.
// Amplitude i lies in block i >> kLaneBits, lane i & (kLanes - 1).
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>

namespace qross::qsim {

/// Lanes of one block: 8 doubles or 16 floats.
template <class T>
inline constexpr unsigned kLanes = 64 / sizeof(T);

/// log2(kLanes): the qubits that lie inside one block.
template <class T>
inline constexpr unsigned kLaneBits = sizeof(T) == 8 ? 3 : 4;

/// Numbers (real and imaginary) in one block.
template <class T>
inline constexpr std::size_t kBlock = std::size_t{2} * kLanes<T>;

/// Amplitude i of a state stored at `state`.
template <class T>
[[nodiscard]] inline std::complex<T> get_amplitude(const T* state, std::uint64_t i) noexcept {
  const T* block = state + (i >> kLaneBits<T>)*kBlock<T>;
  const auto lane = i & (kLanes<T> - 1);
  return {block[lane], block[kLanes<T> + lane]};
}

template <class T>
inline void set_amplitude(T* state, std::uint64_t i, std::complex<T> value) noexcept {
  T* block = state + (i >> kLaneBits<T>)*kBlock<T>;
  const auto lane = i & (kLanes<T> - 1);
  block[lane] = value.real();
  block[kLanes<T> + lane] = value.imag();
}

}  // namespace qross::qsim
