// SPDX-License-Identifier: Apache-2.0
// The interpreter of tile programs. All rows live in local variables, so on AVX-512 the sixteen
// vectors of a tile stay in registers from load to store; only the steps' numbers come from memory.
// Included once per instruction set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_TILE_INL
#undef QROSS_KERNELS_TILE_INL
#else
#define QROSS_KERNELS_TILE_INL
#endif

#include "qsim/kernels/tile_steps-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// NOLINTBEGIN(cppcoreguidelines-macro-usage): seven directions of eight families as switch cases
#define QROSS_TILE_CASE(FAMILY, first, direction)              \
  case static_cast<unsigned>(TileKind::first) + (direction)-1: \
    pairs<FAMILY, direction>(x, c);                            \
    break;
#define QROSS_TILE_CASES(FAMILY, first) \
  QROSS_TILE_CASE(FAMILY, first, 1)     \
  QROSS_TILE_CASE(FAMILY, first, 2)     \
  QROSS_TILE_CASE(FAMILY, first, 3)     \
  QROSS_TILE_CASE(FAMILY, first, 4)     \
  QROSS_TILE_CASE(FAMILY, first, 5)     \
  QROSS_TILE_CASE(FAMILY, first, 6)     \
  QROSS_TILE_CASE(FAMILY, first, 7)
#define QROSS_TILE_CHOSEN(FAMILY, first, direction)            \
  case static_cast<unsigned>(TileKind::first) + (direction)-1: \
    chosen_pairs<FAMILY, direction>(x, c, step->pairs);        \
    break;
#define QROSS_TILE_CHOSENS(FAMILY, first) \
  QROSS_TILE_CHOSEN(FAMILY, first, 1)     \
  QROSS_TILE_CHOSEN(FAMILY, first, 2)     \
  QROSS_TILE_CHOSEN(FAMILY, first, 3)     \
  QROSS_TILE_CHOSEN(FAMILY, first, 4)     \
  QROSS_TILE_CHOSEN(FAMILY, first, 5)     \
  QROSS_TILE_CHOSEN(FAMILY, first, 6)     \
  QROSS_TILE_CHOSEN(FAMILY, first, 7)
#define QROSS_TILE_MEMBER(first, member) case static_cast<unsigned>(TileKind::first) + (member)
// NOLINTEND(cppcoreguidelines-macro-usage)

// Twice the odd parity on the first mask, four times that on the second.
HWY_INLINE std::size_t further_parities(std::uint64_t at,
                                        const std::array<std::uint64_t, 2>& masks) {
  if ((masks[0] | masks[1]) == 0) return 0;
  return 2 * parity(at & masks[0]) + 4 * parity(at & masks[1]);
}

// Runs the steps [step, last) on the rows of one tile: `at` is the index of its first block, `t`
// its number among the tiles.
template <class T>
HWY_INLINE void run_steps(Rows<T>& x, const TileStep<T>* step, const TileStep<T>* last,
                          std::uint64_t at, std::size_t t, const T* HWY_RESTRICT scratch) {
  for (; step != last; ++step) {
    if ((at & step->mask) != step->value) continue;
    const T* c = step->coef;
    if (step->parity != 0 && parity(at & step->parity) != 0) c += step->odd;
    switch (static_cast<unsigned>(step->kind)) {
      QROSS_TILE_CASES(Shear, shear)
      QROSS_TILE_CASES(ShearCross, shear_cross)
      QROSS_TILE_CASES(Coshear, coshear)
      QROSS_TILE_CASES(CoshearCross, coshear_cross)
      QROSS_TILE_CHOSENS(Rotate, rotate)
      QROSS_TILE_CHOSENS(RotateCross, rotate_cross)
      QROSS_TILE_CASES(Exchange, exchange)
      QROSS_TILE_CASES(Turned, turned)
      QROSS_TILE_CHOSENS(RotateTurned, rotate_turned)
      QROSS_TILE_MEMBER(phase, 0) : phase_rows(x, c);
      break;
      QROSS_TILE_MEMBER(flip, 0) : swap_rows<0, 1, 2, 3>(x);
      swap_rows<4, 5, 6, 7>(x);
      break;
      QROSS_TILE_MEMBER(flip, 1) : swap_rows<0, 2, 1, 3>(x);
      swap_rows<4, 6, 5, 7>(x);
      break;
      QROSS_TILE_MEMBER(flip, 2) : swap_rows<0, 4, 1, 5>(x);
      swap_rows<2, 6, 3, 7>(x);
      break;
      QROSS_TILE_MEMBER(controlled_flip, 0) : swap_rows<1, 3, 5, 7>(x);
      break;
      QROSS_TILE_MEMBER(controlled_flip, 1) : swap_rows<1, 5, 3, 7>(x);
      break;
      QROSS_TILE_MEMBER(controlled_flip, 2) : swap_rows<2, 3, 6, 7>(x);
      break;
      QROSS_TILE_MEMBER(controlled_flip, 3) : swap_rows<2, 6, 3, 7>(x);
      break;
      QROSS_TILE_MEMBER(controlled_flip, 4) : swap_rows<4, 5, 6, 7>(x);
      break;
      QROSS_TILE_MEMBER(controlled_flip, 5) : swap_rows<4, 6, 5, 7>(x);
      break;
      QROSS_TILE_MEMBER(swap, 0) : swap_rows<1, 2, 5, 6>(x);
      break;
      QROSS_TILE_MEMBER(swap, 1) : swap_rows<1, 4, 3, 6>(x);
      break;
      QROSS_TILE_MEMBER(swap, 2) : swap_rows<2, 4, 3, 5>(x);
      break;
      QROSS_TILE_MEMBER(diagonal, 0)
          : multiply_rows(x, c + step->odd * further_parities(at, step->further));
      break;
      QROSS_TILE_MEMBER(diagonal_table, 0) : multiply_rows(x, c + t * kTileRows * kBlock<T>);
      break;
      QROSS_TILE_MEMBER(diagonal_product, 0)
          : multiply_products(x, scratch + step->scratch,
                              scratch + step->scratch + kTileRows * kBlock<T> + 2 * t);
      break;
      QROSS_TILE_MEMBER(scale, 0) : scale_rows(x, c[0]);
      break;
      QROSS_TILE_MEMBER(dense, 0) : dense_four<0, 1, 2, 3>(x, c);
      dense_four<4, 5, 6, 7>(x, c);
      break;
      QROSS_TILE_MEMBER(dense, 1) : dense_four<0, 1, 4, 5>(x, c);
      dense_four<2, 3, 6, 7>(x, c);
      break;
      QROSS_TILE_MEMBER(dense, 2) : dense_four<0, 2, 4, 6>(x, c);
      dense_four<1, 3, 5, 7>(x, c);
      break;
      QROSS_TILE_MEMBER(lane_swap, 0) : swap_lane_bit<1>(x, step->lane);
      break;
      QROSS_TILE_MEMBER(lane_swap, 1) : swap_lane_bit<2>(x, step->lane);
      break;
      QROSS_TILE_MEMBER(lane_swap, 2) : swap_lane_bit<4>(x, step->lane);
      break;
      default:
        throw Error(ErrorCode::bug, "a tile program has a step of unknown kind");
    }
  }
}

template <class T>
void tile(T* HWY_RESTRICT blocks, std::uint64_t index, const TileCall<T>& call,
          const T* HWY_RESTRICT scratch, TileAhead* ahead) {
  const TileStep<T>* const first = call.steps.data();
  const TileStep<T>* const last = first + call.steps.size();
  const std::uint64_t free = call.free;
  const RowSums from = row_sums<T>(call.offset);
  const RowOffsets to = row_offsets<T>(call.offset, call.place);
  const unsigned loaded = call.loaded;
  const bool plain = !call.stream && call.place == kSamePlaces;
  std::uint64_t i = 0;
  std::size_t t = 0;
  do {
    T* const rows = blocks + i * kBlock<T>;
    if (ahead != nullptr) ahead->fetch();
    Rows<T> x;
    if (loaded == kAllRows) {
      load_rows(x, rows, from);
    } else {
      load_rows_of(x, rows, from, loaded);
    }
    run_steps(x, first, last, index | i, t, scratch);
    if (plain) {
      store_rows(x, rows, from);
    } else if (!call.stream) {
      store_rows(x, rows, to);
    } else {
      stream_rows(x, rows, to, call.place, loaded);
    }
    i = next_subset(i, free);
    ++t;
  } while (i != 0);
  if (call.stream) hwy::FlushStream();
}

#undef QROSS_TILE_CASE
#undef QROSS_TILE_CASES
#undef QROSS_TILE_CHOSEN
#undef QROSS_TILE_CHOSENS
#undef QROSS_TILE_MEMBER

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
