// SPDX-License-Identifier: Apache-2.0
// What the steps of batch programs do to the rows of a tile, where each lane has its own numbers.
// Included once per instruction set by batch_tile-inl.hpp.
#if defined(QROSS_KERNELS_BATCH_STEPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_BATCH_STEPS_INL
#undef QROSS_KERNELS_BATCH_STEPS_INL
#else
#define QROSS_KERNELS_BATCH_STEPS_INL
#endif

#include "qsim/kernels/batch.hpp"
#include "qsim/kernels/tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// The rows of a tile as numbers from the tile's first block. Where they depend on the block index,
// `at` makes the list anew.
template <class T>
struct RowPlaces {
  std::size_t row[kTileRows];
  std::size_t turned[kTileRows];
  std::size_t flip[kTileBits];
  std::uint64_t parity[kTileBits];
  bool moves = false;

  explicit RowPlaces(const BatchRows& rows) {
    for (unsigned r = 0; r < kTileRows; ++r) row[r] = rows.offset[r] * kBlock<T>;
    for (unsigned j = 0; j < kTileBits; ++j) {
      flip[j] = rows.flip[j] * kBlock<T>;
      parity[j] = rows.parity[j];
      moves = moves || parity[j] != 0;
    }
  }
  [[nodiscard]] HWY_INLINE const std::size_t* at(std::uint64_t index) {
    if (!moves) return row;
    std::size_t x = 0;
    for (unsigned j = 0; j < kTileBits; ++j) {
      x ^= flip[j] & (std::size_t{0} - HWY_NAMESPACE::parity(index & parity[j]));
    }
    for (unsigned r = 0; r < kTileRows; ++r) turned[r] = row[r] ^ x;
    return turned;
  }
};

template <class T>
HWY_INLINE void load_rows(Rows<T>& x, const T* tile, const std::size_t* row) {
  load_row<0>(x, tile + row[0]);
  load_row<1>(x, tile + row[1]);
  load_row<2>(x, tile + row[2]);
  load_row<3>(x, tile + row[3]);
  load_row<4>(x, tile + row[4]);
  load_row<5>(x, tile + row[5]);
  load_row<6>(x, tile + row[6]);
  load_row<7>(x, tile + row[7]);
}

template <class T>
HWY_INLINE void store_rows(const Rows<T>& x, T* tile, const std::size_t* row) {
  store_row<0>(x, tile + row[0]);
  store_row<1>(x, tile + row[1]);
  store_row<2>(x, tile + row[2]);
  store_row<3>(x, tile + row[3]);
  store_row<4>(x, tile + row[4]);
  store_row<5>(x, tile + row[5]);
  store_row<6>(x, tile + row[6]);
  store_row<7>(x, tile + row[7]);
}

// All pairs of direction kD with one line for all.
template <class Family, unsigned kD, class T>
QROSS_STEP void all_pairs(Rows<T>& x, const T* c) {
  Family::template pair<pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x, c);
  Family::template pair<pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x, c);
  Family::template pair<pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x, c);
  Family::template pair<pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x, c);
}

// Where the numbers of pair k are, for each set of signs: the first line or the second, in numbers
// of a line.
struct SignLines {
  std::uint8_t at[16][kTilePairs];
  constexpr SignLines() : at{} {
    for (unsigned s = 0; s < 16; ++s) {
      for (unsigned k = 0; k < kTilePairs; ++k) at[s][k] = static_cast<std::uint8_t>(s >> k & 1);
    }
  }
};
inline constexpr SignLines kSignLines;

// The same with a sign for each pair.
template <class Family, unsigned kD, class T>
QROSS_STEP void signed_pairs(Rows<T>& x, const T* c, unsigned signs) {
  const std::uint8_t* const line = kSignLines.at[signs];
  Family::template pair<pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x, c + line[0] * kLanes<T>);
  Family::template pair<pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x, c + line[1] * kLanes<T>);
  Family::template pair<pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x, c + line[2] * kLanes<T>);
  Family::template pair<pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x, c + line[3] * kLanes<T>);
}

// Some of the pairs: (c, s), then the same with the other sign.
template <class Family, unsigned kD, class T>
QROSS_STEP void some_pairs(Rows<T>& x, const T* c, unsigned signs, unsigned pairs) {
  constexpr std::size_t other = Family::kNumbers * kLanes<T>;
  if ((pairs & 1) != 0) {
    Family::template pair<pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x, c + (signs & 1) * other);
  }
  if ((pairs & 2) != 0) {
    Family::template pair<pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x, c + (signs >> 1 & 1) * other);
  }
  if ((pairs & 4) != 0) {
    Family::template pair<pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x, c + (signs >> 2 & 1) * other);
  }
  if ((pairs & 8) != 0) {
    Family::template pair<pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x, c + (signs >> 3 & 1) * other);
  }
}

template <unsigned kD, class T>
QROSS_STEP void exchange_pairs(Rows<T>& x, unsigned pairs) {
  if ((pairs & 1) != 0) swap_two<pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x);
  if ((pairs & 2) != 0) swap_two<pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x);
  if ((pairs & 4) != 0) swap_two<pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x);
  if ((pairs & 8) != 0) swap_two<pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x);
}

// Row times c + i s, or times c - i s.
template <unsigned kRow, bool kConjugate, class T>
HWY_INLINE void turn_row(Rows<T>& x, const T* block) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto c = load_once(block + p * kVector<T>);
    const auto s = load_once(block + kLanes<T> + p * kVector<T>);
    const auto from_im = hn::Mul(s, x.im[kRow][p]);
    const auto from_re = hn::Mul(s, x.re[kRow][p]);
    if constexpr (kConjugate) {
      x.im[kRow][p] = hn::MulSub(c, x.im[kRow][p], from_re);
      x.re[kRow][p] = hn::MulAdd(c, x.re[kRow][p], from_im);
    } else {
      x.im[kRow][p] = hn::MulAdd(c, x.im[kRow][p], from_re);
      x.re[kRow][p] = hn::MulSub(c, x.re[kRow][p], from_im);
    }
  }
}

template <bool kFirst, bool kConjugate, class T>
QROSS_STEP void turn_rows(Rows<T>& x, const T* blocks) {
  if constexpr (!kFirst) turn_row<0, kConjugate>(x, blocks);
  turn_row<1, kConjugate>(x, blocks + kBlock<T>);
  turn_row<2, kConjugate>(x, blocks + 2 * kBlock<T>);
  turn_row<3, kConjugate>(x, blocks + 3 * kBlock<T>);
  turn_row<4, kConjugate>(x, blocks + 4 * kBlock<T>);
  turn_row<5, kConjugate>(x, blocks + 5 * kBlock<T>);
  turn_row<6, kConjugate>(x, blocks + 6 * kBlock<T>);
  turn_row<7, kConjugate>(x, blocks + 7 * kBlock<T>);
}

// The k-th lowest row whose number has odd (or even) parity on kD.
constexpr unsigned parity_row(unsigned direction, bool odd, unsigned k) {
  unsigned r = 0;
  for (;; ++r) {
    if ((parity(r & direction) != 0) == odd && k-- == 0) return r;
  }
}

template <bool kOdd, unsigned kD, class T>
QROSS_STEP void turn_half(Rows<T>& x, const T* block) {
  turn_row<parity_row(kD, kOdd, 0), false>(x, block);
  turn_row<parity_row(kD, kOdd, 1), false>(x, block);
  turn_row<parity_row(kD, kOdd, 2), false>(x, block);
  turn_row<parity_row(kD, kOdd, 3), false>(x, block);
}

template <class T>
QROSS_STEP void turn_some(Rows<T>& x, const T* block, unsigned rows) {
  if ((rows & 0x01) != 0) turn_row<0, false>(x, block);
  if ((rows & 0x02) != 0) turn_row<1, false>(x, block);
  if ((rows & 0x04) != 0) turn_row<2, false>(x, block);
  if ((rows & 0x08) != 0) turn_row<3, false>(x, block);
  if ((rows & 0x10) != 0) turn_row<4, false>(x, block);
  if ((rows & 0x20) != 0) turn_row<5, false>(x, block);
  if ((rows & 0x40) != 0) turn_row<6, false>(x, block);
  if ((rows & 0x80) != 0) turn_row<7, false>(x, block);
}

template <unsigned kRow, class T>
HWY_INLINE void negate_row(Rows<T>& x) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    x.re[kRow][p] = hn::Neg(x.re[kRow][p]);
    x.im[kRow][p] = hn::Neg(x.im[kRow][p]);
  }
}

template <class T>
QROSS_STEP void negate_some(Rows<T>& x, unsigned rows) {
  if ((rows & 0x01) != 0) negate_row<0>(x);
  if ((rows & 0x02) != 0) negate_row<1>(x);
  if ((rows & 0x04) != 0) negate_row<2>(x);
  if ((rows & 0x08) != 0) negate_row<3>(x);
  if ((rows & 0x10) != 0) negate_row<4>(x);
  if ((rows & 0x20) != 0) negate_row<5>(x);
  if ((rows & 0x40) != 0) negate_row<6>(x);
  if ((rows & 0x80) != 0) negate_row<7>(x);
}

template <class T>
QROSS_STEP void rescale_rows(Rows<T>& x, const T* line) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto factor = load_once(line + p * kVector<T>);
    for (unsigned r = 0; r < kTileRows; ++r) {
      x.re[r][p] = hn::Mul(factor, x.re[r][p]);
      x.im[r][p] = hn::Mul(factor, x.im[r][p]);
    }
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
