// SPDX-License-Identifier: Apache-2.0
// Conjugation rules: CX spreads X from control to target and Z from target to control (Aaronson and
// Gottesman, arXiv:quant-ph/0406196).
#include "qsim/engine/batch/frame.hpp"

#include <bit>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {

void SignedString::conjugate_flip(unsigned target, std::optional<unsigned> control) noexcept {
  const bool z_target = (z & bit(target)) != 0;
  if (!control) {
    negative = negative != z_target;
    return;
  }
  const bool x_control = (x & bit(*control)) != 0;
  const bool x_target = (x & bit(target)) != 0;
  const bool z_control = (z & bit(*control)) != 0;
  if (x_control && z_target && x_target == z_control) negative = !negative;
  if (x_control) x ^= bit(target);
  if (z_target) z ^= bit(*control);
}

BatchFrame::BatchFrame(std::uint64_t wires) : wires_(wires) {
  if (std::popcount(wires) != static_cast<int>(kTileBits)) {
    throw Error(ErrorCode::bug, "a tile has three wires");
  }
  for (unsigned j = 0; j < kTileBits; ++j, wires &= wires - 1) {
    wire_[j] = static_cast<unsigned>(std::countr_zero(wires));
  }
}

void BatchFrame::flip(unsigned target, std::optional<unsigned> control) {
  if ((wires_ & bit(target)) == 0) {
    throw Error(ErrorCode::bug, "a flip's target is outside its tile");
  }
  flips_.emplace_back(target, control);
}

SignedString BatchFrame::on_rows(SignedString string) const {
  for (auto flip = flips_.rbegin(); flip != flips_.rend(); ++flip) {
    string.conjugate_flip(flip->first, flip->second);
  }
  return string;
}

BatchSigns BatchFrame::on_rows(BatchSigns signs) const {
  for (auto flip = flips_.rbegin(); flip != flips_.rend(); ++flip) {
    signs.pass_flip(flip->first, flip->second);
  }
  return signs;
}

unsigned BatchFrame::rows(std::uint64_t mask) const noexcept {
  unsigned result = 0;
  for (unsigned j = 0; j < kTileBits; ++j) {
    if ((mask & bit(wire_[j])) != 0) result |= 1U << j;
  }
  return result;
}

BatchRows BatchFrame::before() const {
  BatchRows rows;
  for (unsigned r = 0; r < kTileRows; ++r) {
    for (unsigned j = 0; j < kTileBits; ++j) {
      if (((r >> j) & 1U) != 0) rows.offset[r] |= bit(wire_[j]);
    }
  }
  return rows;
}

BatchRows BatchFrame::after() const {
  // Bit j of a row's place is the parity of its number on own[j] and of the index on rest[j].
  std::array<unsigned, kTileBits> own{1, 2, 4};
  std::array<bool, kTileBits> turned{};
  BatchRows result;
  for (unsigned j = 0; j < kTileBits; ++j) result.flip[j] = bit(wire_[j]);
  const auto place = [&](unsigned wire) {
    unsigned j = 0;
    while (wire_[j] != wire) ++j;
    return j;
  };
  for (const auto& [target, control] : flips_) {
    const unsigned t = place(target);
    if (!control) {
      turned[t] = !turned[t];
    } else if ((wires_ & bit(*control)) == 0) {
      result.parity[t] ^= bit(*control);
    } else {
      const unsigned c = place(*control);
      own[t] ^= own[c];
      turned[t] = turned[t] != turned[c];
      result.parity[t] ^= result.parity[c];
    }
  }
  for (unsigned r = 0; r < kTileRows; ++r) {
    for (unsigned j = 0; j < kTileBits; ++j) {
      if ((parity(r & own[j]) != 0) != turned[j]) result.offset[r] |= bit(wire_[j]);
    }
  }
  return result;
}

}  // namespace qross::qsim
