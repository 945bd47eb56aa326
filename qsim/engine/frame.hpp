// SPDX-License-Identifier: Apache-2.0
// Frame: where each position of a sub-block is while a tile program runs. The eight rows of a tile
// span three block positions, the carriers; a lane position that a gate needs changes places with
// a carrier for the time of the program.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "qsim/kernels/tile.hpp"

namespace qross::qsim {

struct Frame {
  unsigned lane_bits = 0;
  std::uint64_t inner = 0;                        ///< positions of the sub-block
  std::uint64_t loop = 0;                         ///< of them, those the tiles run over
  std::array<std::uint8_t, kTileBits> carrier{};  ///< ascending
  std::array<std::uint8_t, kTileBits> row{};      ///< position that row bit j holds
  std::array<std::uint8_t, 4> lane{};             ///< position that lane bit l holds
  /// (row bit, lane bit) of those that have changed places.
  class Swapped {
   public:
    void add(unsigned row_bit, unsigned lane_bit) noexcept {
      pairs_[count_++] = {row_bit, lane_bit};
    }
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] const auto& operator[](std::size_t k) const noexcept { return pairs_[k]; }
    [[nodiscard]] const auto* begin() const noexcept { return pairs_.data(); }
    [[nodiscard]] const auto* end() const noexcept { return pairs_.data() + count_; }

   private:
    std::array<std::pair<unsigned, unsigned>, kTileBits> pairs_{};
    std::size_t count_ = 0;
  };
  Swapped swapped;

  /// Row bits that hold positions of `mask`, lane bits that do, and the rest of the mask.
  struct Parts {
    unsigned rows = 0;
    unsigned lanes = 0;
    std::uint64_t rest = 0;  ///< positions
  };
  [[nodiscard]] Parts parts(std::uint64_t mask) const noexcept;

  /// Positions in rows or lanes.
  [[nodiscard]] std::uint64_t held() const noexcept;

  /// The mask with lane bits lowest, then row bits, then loop positions: the index of a phase
  /// table. The mask must lie inside the sub-block.
  [[nodiscard]] std::uint64_t compact(std::uint64_t mask) const noexcept;
};

/// The frame for a tile that needs `active` (at most three positions) in the sub-block `inner`,
/// which has at least three positions above the lanes.
[[nodiscard]] Frame make_frame(std::uint64_t active, std::uint64_t inner, unsigned lane_bits);

}  // namespace qross::qsim
