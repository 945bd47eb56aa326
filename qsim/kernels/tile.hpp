// SPDX-License-Identifier: Apache-2.0
// Tile programs: short sequences of steps on eight blocks held in registers, "register tiles". A
// program is data, run by one loop with the amplitudes in registers between its steps, so any
// sequence of gates on three index bits costs one trip to memory. Made by engine/, run by the
// kernel `tile`; kernels/reference has the scalar twin, which defines what each step does.
//
// The eight rows of a tile are the blocks base + i + offset[r]; i runs over the subsets of `free`.
// Directions d = 1..7 pair the rows r and r ^ d; pair k is the k-th lowest row A whose lowest bit
// of d is 0, with B = A ^ d.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "qsim/kernels/layout.hpp"

namespace qross::qsim {

inline constexpr unsigned kTileBits = 3;
inline constexpr unsigned kTileRows = 1U << kTileBits;
inline constexpr unsigned kTilePairs = kTileRows / 2;
inline constexpr std::uint8_t kAllRows = 0xff;

/// What a step does, with L = kLanes and block vectors of L numbers. Those with a direction are
/// families: add d - 1.
enum class TileKind : std::uint8_t {
  /// A' = A - t B, B' = B + t A (a rotation without its factor cos). coef: t of each pair, [4][L].
  shear = 0,
  /// The same with -i in the mix: A' = A - i t B, B' = B - i t A. coef as shear.
  shear_cross = 7,
  /// A' = k A - B, B' = A + k B (a rotation without its factor sin). coef as shear.
  coshear = 14,
  /// A' = k A - i B, B' = k B - i A. coef as shear.
  coshear_cross = 21,
  /// A' = c A - s B, B' = s A + c B. coef: (c, s) of each pair, [4][2][L].
  rotate = 28,
  /// A' = c A - i s B, B' = c B - i s A. coef as rotate.
  rotate_cross = 35,
  /// A and B change places where the mask is not 0. coef: mask of each pair, [4][L].
  exchange = 42,
  /// Rows exchanged outright: bit j is flipped.
  flip = 49,  // + j
  /// Bit j is flipped where bit k is 1; + index of (k, j) in kTileControlled.
  controlled_flip = 52,
  /// Bits j < k change places; + index in kTileBitPairs.
  swap = 58,
  /// Row r times coef block r. coef: [8][2][L], chosen by up to three parities.
  diagonal = 61,
  /// Tile t (the t-th i), row r times coef block 8 t + r.
  diagonal_table = 62,
  /// Row r times (x_t coef block r): scratch holds 8 blocks, then (re, im) for each t.
  diagonal_product = 63,
  /// All rows times coef[0].
  scale = 64,
  /// Dense gate on bits j < k: + index in kTileBitPairs. coef: 4 x 4 (re, im), row-major; bit 0 of
  /// the matrix index is j.
  dense = 65,
  /// Lane bit `lane` and row bit j change places: + j.
  lane_swap = 68,
  /// A' = A - w B, B' = B + conj(w) A. coef: w of each pair, [4][2][L] (re, im).
  turned = 71,
  /// Row r becomes (1 + i t) times itself. coef: t of each row, [8][L].
  phase = 78,
  /// A' = c A - w B, B' = c B + conj(w) A. coef: (c, re w, im w) of each pair, [4][3][L].
  rotate_turned = 79,
  count = 86,
};

/// Row A of pair `pair` of a direction; row B is A ^ direction.
[[nodiscard]] constexpr unsigned pair_row(unsigned direction, unsigned pair) noexcept {
  const unsigned low = direction & (~direction + 1);
  return (pair & (low - 1)) | ((pair & ~(low - 1)) << 1);
}

inline constexpr std::array<std::array<std::uint8_t, 2>, 6> kTileControlled = {
    {{0, 1}, {0, 2}, {1, 0}, {1, 2}, {2, 0}, {2, 1}}};  // (control k, target j)
inline constexpr std::array<std::array<std::uint8_t, 2>, 3> kTileBitPairs = {
    {{0, 1}, {0, 2}, {1, 2}}};

/// The kind of a family member.
[[nodiscard]] constexpr TileKind tile_kind(TileKind family, unsigned member) noexcept {
  return static_cast<TileKind>(static_cast<unsigned>(family) + member);
}

/// Where rows go: row r is stored where row [r] was loaded.
using TilePlaces = std::array<std::uint8_t, kTileRows>;
inline constexpr TilePlaces kSamePlaces = {0, 1, 2, 3, 4, 5, 6, 7};

template <class T>
struct TileStep {
  TileKind kind = TileKind::scale;
  std::uint8_t lane = 0;
  /// rotate, rotate_cross, rotate_turned: which of the four pairs turn; the others stay.
  std::uint8_t pairs = 0xf;
  /// The step runs where (block index & mask) == value.
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
  /// Where the block index has odd parity on this mask, coef starts `odd` numbers later.
  std::uint64_t parity = 0;
  std::uint32_t odd = 0;
  /// diagonal: the same for these masks, 2 odd and 4 odd numbers later.
  std::array<std::uint64_t, 2> further{};
  /// diagonal_product: place in the caller's scratch, in numbers.
  std::uint32_t scratch = 0;
  const T* coef = nullptr;
};

/// Lines of memory that will be needed next, asked for a few at every tile: `count` lines in rows
/// of 2^row_log2 contiguous ones.
struct TileAhead {
  static constexpr std::size_t kLine = 64;
  const char* const* rows = nullptr;
  unsigned row_log2 = 0;
  std::uint32_t count = 0;
  std::uint32_t next = 0;
  std::uint32_t each = 0;  ///< lines at every tile

  void fetch() noexcept {
    for (std::uint32_t k = 0; k < each && next < count; ++k, ++next) {
      const std::size_t within = next & ((1U << row_log2) - 1);
      __builtin_prefetch(rows[next >> row_log2] + kLine * within, 0, 2);
    }
  }
};

template <class T>
struct TileCall {
  std::uint64_t free = 0;
  /// In blocks; row 3 is as far as rows 1 and 2 together, and so on.
  std::array<std::uint64_t, kTileRows> offset{};
  std::vector<TileStep<T>> steps;
  TilePlaces place = kSamePlaces;
  /// Rows that are loaded; the others are 0, whatever lies in memory.
  std::uint8_t loaded = kAllRows;
  /// Where nothing was loaded rows are stored past the caches, so memory is not read there.
  bool stream = false;
};

/// What two states meet in, at a stop of a walk over the tiles of both: rows b of the first state
/// as they were at this stop, rows k of the second. Sums go to sums[class][8][L] (pairs use four
/// vectors); additions to the second state take their numbers from coef[8][L].
enum class TileMeetingKind : std::uint8_t {
  diagonal = 0,  ///< sum Im(conj(b_r) k_r) of each row r
  straight = 1,  ///< + d - 1: sum Re(conj(b_A) k_B) - Re(conj(b_B) k_A) of each pair of direction d
  cross = 8,     ///< + d - 1: sum Im(conj(b_A) k_B) + Im(conj(b_B) k_A)
  add_diagonal = 15,  ///< k_r += -i coef_r b_r
  add_straight = 16,  ///< + d - 1: k_r += coef_r b_{r ^ d}
  add_cross = 23,     ///< + d - 1: k_r += -i coef_r b_{r ^ d}
  count = 30,
};

template <class T>
struct TileMeeting {
  TileMeetingKind kind = TileMeetingKind::diagonal;
  /// Of sums: their place in numbers, and the class of each tile (none: all are of class 0).
  std::uint32_t place = 0;
  const std::uint8_t* classes = nullptr;
  /// Of additions: where the block index has odd parity, coef starts `odd` numbers later.
  const T* coef = nullptr;
  std::uint64_t parity = 0;
  std::uint32_t odd = 0;
};

/// A program run on the tiles of two states, rows as in TileCall, with stops where they meet.
template <class T>
struct TileWalkCall {
  /// After the steps before `step` both states stop, and the meetings before `meeting`, which no
  /// earlier stop had, are held. The last stop ends the program.
  struct Stop {
    std::uint32_t step = 0;
    std::uint32_t meeting = 0;
  };
  std::uint64_t free = 0;
  std::array<std::uint64_t, kTileRows> offset{};
  TilePlaces place = kSamePlaces;
  std::vector<TileStep<T>> steps;
  std::vector<Stop> stops;
  std::vector<TileMeeting<T>> meetings;

  /// Numbers of working memory for the kernel: the first state's rows at each stop.
  [[nodiscard]] std::size_t rows_kept() const noexcept {
    return stops.size() * kTileRows * kBlock<T>;
  }
};

}  // namespace qross::qsim
