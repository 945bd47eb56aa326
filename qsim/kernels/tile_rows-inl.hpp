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

template <class T>
struct Rows {
#if HWY_COMPILER_CLANG || HWY_ARCH_ARM
  // Written out because the compiler's own constructor would lack the instruction set's attribute.
  HWY_INLINE Rows() {}
#endif

  Vec<T> re[kTileRows][kParts<T>];
  Vec<T> im[kTileRows][kParts<T>];
};

// Where the rows of a tile lie, in numbers, anywhere.
struct RowOffsets {
  std::size_t at[kTileRows];

  template <unsigned kRow>
  [[nodiscard]] HWY_INLINE std::size_t of() const {
    return at[kRow];
  }
};

// The same where offsets add up, as those that rows are loaded from do: three registers hold them.
struct RowSums {
  std::size_t o1;
  std::size_t o2;
  std::size_t o4;

  template <unsigned kRow>
  [[nodiscard]] HWY_INLINE std::size_t of() const {
    return (kRow & 1U) * o1 + ((kRow >> 1) & 1U) * o2 + (kRow >> 2) * o4;
  }
};

template <class T>
HWY_INLINE RowOffsets row_offsets(const std::array<std::uint64_t, kTileRows>& blocks,
                                  const TilePlaces& place) {
  RowOffsets offset;
  for (unsigned r = 0; r < kTileRows; ++r) offset.at[r] = blocks[place[r]] * kBlock<T>;
  return offset;
}

template <class T>
HWY_INLINE RowSums row_sums(const std::array<std::uint64_t, kTileRows>& blocks) {
  return {blocks[1] * kBlock<T>, blocks[2] * kBlock<T>, blocks[4] * kBlock<T>};
}

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

// Stores a row, past the caches where none was loaded.
template <unsigned kRow, class T>
HWY_INLINE void stream_row_unless(const Rows<T>& x, T* HWY_RESTRICT block, const TilePlaces& place,
                                  unsigned loaded) {
  if (((loaded >> place[kRow]) & 1U) != 0) return store_row<kRow>(x, block);
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    hn::Stream(x.re[kRow][p], d, block + p * kVector<T>);
    hn::Stream(x.im[kRow][p], d, block + kLanes<T> + p * kVector<T>);
  }
}

template <class T, class Where>
HWY_INLINE void load_rows(Rows<T>& x, const T* tile, const Where& where) {
  load_row<0>(x, tile + where.template of<0>());
  load_row<1>(x, tile + where.template of<1>());
  load_row<2>(x, tile + where.template of<2>());
  load_row<3>(x, tile + where.template of<3>());
  load_row<4>(x, tile + where.template of<4>());
  load_row<5>(x, tile + where.template of<5>());
  load_row<6>(x, tile + where.template of<6>());
  load_row<7>(x, tile + where.template of<7>());
}

template <class T, class Where>
HWY_INLINE void store_rows(const Rows<T>& x, T* tile, const Where& where) {
  store_row<0>(x, tile + where.template of<0>());
  store_row<1>(x, tile + where.template of<1>());
  store_row<2>(x, tile + where.template of<2>());
  store_row<3>(x, tile + where.template of<3>());
  store_row<4>(x, tile + where.template of<4>());
  store_row<5>(x, tile + where.template of<5>());
  store_row<6>(x, tile + where.template of<6>());
  store_row<7>(x, tile + where.template of<7>());
}

template <class T, class Where>
HWY_INLINE void load_rows_of(Rows<T>& x, const T* tile, const Where& where, unsigned rows) {
  load_row_if<0>(x, tile + where.template of<0>(), rows);
  load_row_if<1>(x, tile + where.template of<1>(), rows);
  load_row_if<2>(x, tile + where.template of<2>(), rows);
  load_row_if<3>(x, tile + where.template of<3>(), rows);
  load_row_if<4>(x, tile + where.template of<4>(), rows);
  load_row_if<5>(x, tile + where.template of<5>(), rows);
  load_row_if<6>(x, tile + where.template of<6>(), rows);
  load_row_if<7>(x, tile + where.template of<7>(), rows);
}

template <class T, class Where>
HWY_INLINE void stream_rows(const Rows<T>& x, T* tile, const Where& where, const TilePlaces& place,
                            unsigned loaded) {
  stream_row_unless<0>(x, tile + where.template of<0>(), place, loaded);
  stream_row_unless<1>(x, tile + where.template of<1>(), place, loaded);
  stream_row_unless<2>(x, tile + where.template of<2>(), place, loaded);
  stream_row_unless<3>(x, tile + where.template of<3>(), place, loaded);
  stream_row_unless<4>(x, tile + where.template of<4>(), place, loaded);
  stream_row_unless<5>(x, tile + where.template of<5>(), place, loaded);
  stream_row_unless<6>(x, tile + where.template of<6>(), place, loaded);
  stream_row_unless<7>(x, tile + where.template of<7>(), place, loaded);
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
