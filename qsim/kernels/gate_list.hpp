// SPDX-License-Identifier: Apache-2.0
// ListedGate: one gate of a circuit that runs gate by gate, on all blocks of a small state, in
// eight bytes. Made by plan/gate_list.hpp, run by gate_list-inl.hpp.
#pragma once

#include <cstdint>

namespace qross::qsim {

/// With positions t (target) and c (control, if there is one), on amplitudes where bit c is 1:
enum class ListedKind : std::uint8_t {
  flip,    ///< X on t
  phase,   ///< where bit t is 1, too: times numbers (re, im)
  real,    ///< the matrix of numbers (m00, m01, m10, m11) on t
  cross,   ///< exp(-i angle/2 X) on t, of numbers (cosine, sine) of the half angle
  matrix,  ///< the matrix of numbers (re, im of m00, m01, m10, m11) on t
  scale,   ///< everything times numbers (re, im)
};

struct ListedGate {
  static constexpr std::uint8_t kNowhere = 255;  ///< no position: every amplitude has this bit

  ListedKind kind = ListedKind::flip;
  std::uint8_t target = 0;  ///< a position; kNowhere for scale
  std::uint8_t control = kNowhere;
  std::uint32_t number = 0;  ///< where its numbers begin
};
static_assert(sizeof(ListedGate) == 8);

}  // namespace qross::qsim
