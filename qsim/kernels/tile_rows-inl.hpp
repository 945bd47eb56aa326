// SPDX-License-Identifier: Apache-2.0
// The rows of a tile in registers, and their ways from and to memory.
// Included once per instruction set by tile_steps-inl.hpp.
#if defined(QROSS_KERNELS_TILE_ROWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_TILE_ROWS_INL
#undef QROSS_KERNELS_TILE_ROWS_INL
#else
#define QROSS_KERNELS_TILE_ROWS_INL
#endif

#include <hwy/cache_control.h>

#include "qsim/kernels/lanes-inl.hpp"
#include "qsim/kernels/tile.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// A block is kParts vectors of real and kParts of imaginary parts.
template <class T>
inline constexpr std::size_t kParts = kLanes<T> / kVector<T>;

template <class T>
using Vec = hn::Vec<Tag<T>>;

template <class T>
struct Rows {
  Vec<T> re[kTileRows][kParts<T>];
  Vec<T> im[kTileRows][kParts<T>];
};

// Where the rows lie, in numbers. Offsets add up: row 3 = row 1 + row 2, ...
template <class T>
struct RowOffsets {
  std::size_t o1;
  std::size_t o2;
  std::size_t o4;

  explicit RowOffsets(const std::array<std::uint64_t, kTileRows>& blocks)
      : o1(blocks[1] * kBlock<T>), o2(blocks[2] * kBlock<T>), o4(blocks[4] * kBlock<T>) {}

  template <unsigned kRow>
  HWY_INLINE T* row(T* tile) const {
    if constexpr ((kRow & 4U) != 0) tile += o4;
    if constexpr ((kRow & 2U) != 0) tile += o2;
    if constexpr ((kRow & 1U) != 0) tile += o1;
    return tile;
  }
};

template <unsigned kRow, class T>
HWY_INLINE void load_row(Rows<T>& x, const T* HWY_RESTRICT block) {
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    x.re[kRow][p] = hn::Load(d, block + p * kVector<T>);
    x.im[kRow][p] = hn::Load(d, block + kLanes<T> + p * kVector<T>);
  }
}

template <unsigned kRow, class T>
HWY_INLINE void store_row(const Rows<T>& x, T* HWY_RESTRICT block) {
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    hn::Store(x.re[kRow][p], d, block + p * kVector<T>);
    hn::Store(x.im[kRow][p], d, block + kLanes<T> + p * kVector<T>);
  }
}

// Loads a row, or makes it 0.
template <unsigned kRow, class T>
HWY_INLINE void load_row_if(Rows<T>& x, const T* HWY_RESTRICT block, unsigned rows) {
  if (((rows >> kRow) & 1U) != 0) return load_row<kRow>(x, block);
  const auto zero = hn::Zero(Tag<T>());
  for (std::size_t p = 0; p < kParts<T>; ++p) x.re[kRow][p] = x.im[kRow][p] = zero;
}

// Stores a row, past the caches if it was not loaded.
template <unsigned kRow, class T>
HWY_INLINE void stream_row_unless(const Rows<T>& x, T* HWY_RESTRICT block, unsigned loaded) {
  if (((loaded >> kRow) & 1U) != 0) return store_row<kRow>(x, block);
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    hn::Stream(x.re[kRow][p], d, block + p * kVector<T>);
    hn::Stream(x.im[kRow][p], d, block + kLanes<T> + p * kVector<T>);
  }
}

template <class T>
HWY_INLINE void load_rows(Rows<T>& x, T* tile, const RowOffsets<T>& at) {
  load_row<0>(x, at.template row<0>(tile));
  load_row<1>(x, at.template row<1>(tile));
  load_row<2>(x, at.template row<2>(tile));
  load_row<3>(x, at.template row<3>(tile));
  load_row<4>(x, at.template row<4>(tile));
  load_row<5>(x, at.template row<5>(tile));
  load_row<6>(x, at.template row<6>(tile));
  load_row<7>(x, at.template row<7>(tile));
}

template <class T>
HWY_INLINE void store_rows(const Rows<T>& x, T* tile, const RowOffsets<T>& at) {
  store_row<0>(x, at.template row<0>(tile));
  store_row<1>(x, at.template row<1>(tile));
  store_row<2>(x, at.template row<2>(tile));
  store_row<3>(x, at.template row<3>(tile));
  store_row<4>(x, at.template row<4>(tile));
  store_row<5>(x, at.template row<5>(tile));
  store_row<6>(x, at.template row<6>(tile));
  store_row<7>(x, at.template row<7>(tile));
}

template <class T>
HWY_INLINE void load_rows_of(Rows<T>& x, T* tile, const RowOffsets<T>& at, unsigned rows) {
  load_row_if<0>(x, at.template row<0>(tile), rows);
  load_row_if<1>(x, at.template row<1>(tile), rows);
  load_row_if<2>(x, at.template row<2>(tile), rows);
  load_row_if<3>(x, at.template row<3>(tile), rows);
  load_row_if<4>(x, at.template row<4>(tile), rows);
  load_row_if<5>(x, at.template row<5>(tile), rows);
  load_row_if<6>(x, at.template row<6>(tile), rows);
  load_row_if<7>(x, at.template row<7>(tile), rows);
}

template <class T>
HWY_INLINE void stream_rows(const Rows<T>& x, T* tile, const RowOffsets<T>& at, unsigned loaded) {
  stream_row_unless<0>(x, at.template row<0>(tile), loaded);
  stream_row_unless<1>(x, at.template row<1>(tile), loaded);
  stream_row_unless<2>(x, at.template row<2>(tile), loaded);
  stream_row_unless<3>(x, at.template row<3>(tile), loaded);
  stream_row_unless<4>(x, at.template row<4>(tile), loaded);
  stream_row_unless<5>(x, at.template row<5>(tile), loaded);
  stream_row_unless<6>(x, at.template row<6>(tile), loaded);
  stream_row_unless<7>(x, at.template row<7>(tile), loaded);
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
