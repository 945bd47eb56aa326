// SPDX-License-Identifier: Apache-2.0
// Parities: a few masks, and which parities of an index follow from those on them. Numbers that
// depend on several parities of a tile's place are kept once for each value of the few.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "qsim/core/bits.hpp"

namespace qross::qsim {

class Parities {
 public:
  /// At most this many masks; 2^most combinations are looked at.
  explicit Parities(unsigned most) : most_(most) {}

  [[nodiscard]] const std::vector<std::uint64_t>& masks() const noexcept { return masks_; }

  /// The c with parity(mask & i) = parity(c & v(i)) for every i, where bit k of v(i) is the parity
  /// of i on masks()[k]; none if the masks do not determine it.
  [[nodiscard]] std::optional<unsigned> find(std::uint64_t mask) const {
    for (unsigned c = 0; c < (1U << masks_.size()); ++c) {
      std::uint64_t sum = 0;
      for (std::size_t k = 0; k < masks_.size(); ++k) {
        if (((c >> k) & 1U) != 0) sum ^= masks_[k];
      }
      if (sum == mask) return c;
    }
    return std::nullopt;
  }

  /// find(), with `mask` taken in if that is needed and there is room.
  std::optional<unsigned> add(std::uint64_t mask) {
    if (const auto found = find(mask)) return found;
    if (masks_.size() == most_) return std::nullopt;
    masks_.push_back(mask);
    return 1U << (masks_.size() - 1);
  }

  /// v(i).
  [[nodiscard]] unsigned value(std::uint64_t i) const {
    unsigned v = 0;
    for (std::size_t k = 0; k < masks_.size(); ++k) v |= parity(i & masks_[k]) << k;
    return v;
  }

 private:
  unsigned most_;
  std::vector<std::uint64_t> masks_;
};

}  // namespace qross::qsim
