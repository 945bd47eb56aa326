// SPDX-License-Identifier: Apache-2.0
// Conditions on the bits of an index: which blocks of the state a pass changes, and how many those
// are. Passes whose operations share controls leave the other blocks alone.
#pragma once

#include <cstdint>

#include "qsim/plan/layout.hpp"

namespace qross::qsim {

/// The amplitudes whose global index has `value` at the positions of `mask`; no amplitudes if
/// `value` has a 1 anywhere else.
struct Conditioned {
  std::uint64_t mask = 0;
  std::uint64_t value = 0;

  [[nodiscard]] bool holds(std::uint64_t index) const noexcept { return (index & mask) == value; }
  [[nodiscard]] bool nowhere() const noexcept { return (value & ~mask) != 0; }
  friend bool operator==(const Conditioned&, const Conditioned&) = default;
};

inline constexpr Conditioned kEverywhere{0, 0};
inline constexpr Conditioned kNowhere{0, 1};

/// The fewest amplitudes that one condition can name and that include those of both.
[[nodiscard]] Conditioned common(const Conditioned& a, const Conditioned& b) noexcept;

/// Of the amplitudes that the busiest rank holds, the share that a pass visits: those in `changed`
/// without a 1 at a position of `zero`. Exact where every rank holds the same power of two of
/// shards; elsewhere no rank visits more.
[[nodiscard]] double visited_share(const Shape& shape, std::uint64_t zero,
                                   const Conditioned& changed) noexcept;

}  // namespace qross::qsim
