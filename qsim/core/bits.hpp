// SPDX-License-Identifier: Apache-2.0
// Bit algebra on basis indices. A "mask" is a set of bit positions; a "subset" of a mask is an
// index with bits only there.
#pragma once

#include <bit>
#include <cstdint>

namespace qross::qsim {

/// The bit of position p.
[[nodiscard]] constexpr std::uint64_t bit(unsigned p) noexcept { return std::uint64_t{1} << p; }

/// The mask of positions 0..n-1 (n <= 64).
[[nodiscard]] constexpr std::uint64_t low_mask(unsigned n) noexcept {
  return n >= 64 ? ~std::uint64_t{0} : bit(n) - 1;
}

/// The subset of `mask` that follows `i` in counting order; 0 after the last.
[[nodiscard]] constexpr std::uint64_t next_subset(std::uint64_t i, std::uint64_t mask) noexcept {
  return ((i | ~mask) + 1) & mask;
}

/// Puts bit k of `value` at the k-th lowest position of `mask`.
[[nodiscard]] constexpr std::uint64_t spread(std::uint64_t value, std::uint64_t mask) noexcept {
  std::uint64_t result = 0;
  for (; mask != 0 && value != 0; mask &= mask - 1, value >>= 1) {
    if ((value & 1) != 0) result |= mask & (~mask + 1);
  }
  return result;
}

/// Collects the bits of `value` at the positions of `mask`, lowest first: the inverse of spread.
[[nodiscard]] constexpr std::uint64_t collect(std::uint64_t value, std::uint64_t mask) noexcept {
  std::uint64_t result = 0;
  for (unsigned k = 0; mask != 0; mask &= mask - 1, ++k) {
    if ((value & mask & (~mask + 1)) != 0) result |= bit(k);
  }
  return result;
}

/// 1 if an odd number of bits is set.
[[nodiscard]] constexpr unsigned parity(std::uint64_t value) noexcept {
  // Processors that count no bits have an instruction for parities.
  return static_cast<unsigned>(__builtin_parityll(value));
}

}  // namespace qross::qsim
