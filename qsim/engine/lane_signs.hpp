// SPDX-License-Identifier: Apache-2.0
// Signs of the lanes of a block: most numbers of tile steps are one number for each row whose sign
// is the parity of the lane's bits on a mask.
#pragma once

#include <array>

#include "qsim/core/bits.hpp"
#include "qsim/kernels/layout.hpp"

namespace qross::qsim {

/// [mask][lane]: (-1)^parity(mask & lane).
template <class T>
inline constexpr auto kLaneSigns = [] {
  std::array<std::array<T, kLanes<T>>, kLanes<T>> signs{};
  for (unsigned mask = 0; mask < kLanes<T>; ++mask) {
    for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
      signs[mask][lane] = parity(mask & lane) != 0 ? T{-1} : T{1};
    }
  }
  return signs;
}();

/// out[lane] = (-1)^parity(mask & lane) value.
template <class T>
inline void fill_lanes(T* out, T value, unsigned mask) noexcept {
  const auto& signs = kLaneSigns<T>[mask];
  for (unsigned lane = 0; lane < kLanes<T>; ++lane) out[lane] = signs[lane] * value;
}

}  // namespace qross::qsim
