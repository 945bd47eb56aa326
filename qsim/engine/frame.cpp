// SPDX-License-Identifier: Apache-2.0
// Choosing carriers: block positions the tile needs carry themselves, the lowest free ones carry
// lane positions or nothing.
#include "qsim/engine/frame.hpp"

#include <bit>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {

Frame::Parts Frame::parts(std::uint64_t mask) const noexcept {
  Parts result;
  for (unsigned j = 0; j < kTileBits; ++j) {
    if ((mask & bit(row[j])) != 0) result.rows |= 1U << j;
  }
  for (unsigned l = 0; l < lane_bits; ++l) {
    if ((mask & bit(lane[l])) != 0) result.lanes |= 1U << l;
  }
  result.rest = mask & ~held();
  return result;
}

std::uint64_t Frame::held() const noexcept {
  std::uint64_t mask = 0;
  for (const std::uint8_t p : row) mask |= bit(p);
  for (unsigned l = 0; l < lane_bits; ++l) mask |= bit(lane[l]);
  return mask;
}

std::uint64_t Frame::compact(std::uint64_t mask) const noexcept {
  const Parts p = parts(mask);
  return p.lanes | (std::uint64_t{p.rows} << lane_bits) |
         (collect(p.rest, loop) << (lane_bits + kTileBits));
}

Frame make_frame(std::uint64_t active, std::uint64_t inner, unsigned lane_bits) {
  Frame frame;
  frame.lane_bits = lane_bits;
  frame.inner = inner;
  const std::uint64_t lanes = low_mask(lane_bits);
  std::uint64_t carriers = active & ~lanes;
  std::uint64_t spare = inner & ~lanes & ~carriers;
  while (std::popcount(carriers) < static_cast<int>(kTileBits) && spare != 0) {
    carriers |= spare & (~spare + 1);
    spare &= spare - 1;
  }
  if (std::popcount(carriers) != static_cast<int>(kTileBits) || (active & ~lanes & ~inner) != 0) {
    throw Error(ErrorCode::bug, "a tile does not fit its sub-block");
  }
  frame.loop = inner & ~lanes & ~carriers;
  for (unsigned l = 0; l < lane_bits; ++l) frame.lane[l] = static_cast<std::uint8_t>(l);
  std::uint64_t wanted = active & lanes;
  for (unsigned j = 0; j < kTileBits; ++j, carriers &= carriers - 1) {
    const auto position = static_cast<std::uint8_t>(std::countr_zero(carriers));
    frame.carrier[j] = frame.row[j] = position;
    if ((active & bit(position)) != 0 || wanted == 0) continue;
    const auto l = static_cast<unsigned>(std::countr_zero(wanted));
    wanted &= wanted - 1;
    frame.row[j] = static_cast<std::uint8_t>(l);
    frame.lane[l] = position;
    frame.swapped.add(j, l);
  }
  return frame;
}

}  // namespace qross::qsim
