// SPDX-License-Identifier: Apache-2.0
// As many consecutive shards as a power of two hold the same number of those that a condition on
// their lowest bits names, wherever they begin: the ranks need not be looked at one by one.
#include "qsim/engine/conditioned.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"

namespace qross::qsim {

Conditioned common(const Conditioned& a, const Conditioned& b) noexcept {
  if (a.nowhere()) return b;
  if (b.nowhere()) return a;
  const std::uint64_t mask = a.mask & b.mask & ~(a.value ^ b.value);
  return {mask, a.value & mask};
}

double visited_share(const Shape& shape, std::uint64_t zero, const Conditioned& changed) noexcept {
  if (changed.nowhere() || (changed.value & zero) != 0) return 0.0;
  const std::uint64_t fixed = zero | changed.mask;
  const std::uint64_t most = shape.most_shards();
  const auto bits = static_cast<unsigned>(std::bit_width(most - 1));
  const std::uint64_t among = (fixed >> shape.local_bits()) & low_mask(bits);
  const std::uint64_t shards =
      std::min(most, bit(bits - static_cast<unsigned>(std::popcount(among))));
  return std::ldexp(static_cast<double>(shards) / static_cast<double>(most),
                    -std::popcount(fixed & low_mask(shape.local_bits())));
}

}  // namespace qross::qsim
