// SPDX-License-Identifier: Apache-2.0
// Walks over the tiles of two states at once, for derivatives. Each tile of the first state runs
// through the program and leaves a copy of its rows at every stop; the tile of the second state
// follows, in registers from load to store, and meets those copies. Included once per instruction
// set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_TILE_BRACKET_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_TILE_BRACKET_INL
#undef QROSS_KERNELS_TILE_BRACKET_INL
#else
#define QROSS_KERNELS_TILE_BRACKET_INL
#endif

#include <hwy/cache_control.h>

#include "qsim/kernels/tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

template <unsigned kRow, class T>
HWY_INLINE void sum_row(const Rows<T>& x, const T* b, T* sum) {
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const std::size_t v = p * kVector<T>;
    auto total = hn::Load(d, sum + kRow * kLanes<T> + v);
    total = hn::MulAdd(hn::Load(d, b + kRow * kBlock<T> + v), x.im[kRow][p], total);
    total = hn::NegMulAdd(hn::Load(d, b + kRow * kBlock<T> + kLanes<T> + v), x.re[kRow][p], total);
    hn::Store(total, d, sum + kRow * kLanes<T> + v);
  }
}

template <class T>
QROSS_STEP void sum_rows(const Rows<T>& x, const T* b, T* sum) {
  sum_row<0>(x, b, sum);
  sum_row<1>(x, b, sum);
  sum_row<2>(x, b, sum);
  sum_row<3>(x, b, sum);
  sum_row<4>(x, b, sum);
  sum_row<5>(x, b, sum);
  sum_row<6>(x, b, sum);
  sum_row<7>(x, b, sum);
}

template <unsigned kA, unsigned kB, bool kCross, class T>
HWY_INLINE void sum_pair(const Rows<T>& x, const T* b, T* sum) {
  const Tag<T> d;
  const T* const ba = b + kA * kBlock<T>;
  const T* const bb = b + kB * kBlock<T>;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const std::size_t v = p * kVector<T>;
    const std::size_t w = kLanes<T> + v;
    auto total = hn::Load(d, sum + v);
    if constexpr (kCross) {
      total = hn::MulAdd(hn::Load(d, ba + v), x.im[kB][p], total);
      total = hn::NegMulAdd(hn::Load(d, ba + w), x.re[kB][p], total);
      total = hn::MulAdd(hn::Load(d, bb + v), x.im[kA][p], total);
      total = hn::NegMulAdd(hn::Load(d, bb + w), x.re[kA][p], total);
    } else {
      total = hn::MulAdd(hn::Load(d, ba + v), x.re[kB][p], total);
      total = hn::MulAdd(hn::Load(d, ba + w), x.im[kB][p], total);
      total = hn::NegMulAdd(hn::Load(d, bb + v), x.re[kA][p], total);
      total = hn::NegMulAdd(hn::Load(d, bb + w), x.im[kA][p], total);
    }
    hn::Store(total, d, sum + v);
  }
}

template <unsigned kD, bool kCross, class T>
QROSS_STEP void sum_pairs(const Rows<T>& x, const T* b, T* sum) {
  sum_pair<pair_row(kD, 0), pair_row(kD, 0) ^ kD, kCross>(x, b, sum);
  sum_pair<pair_row(kD, 1), pair_row(kD, 1) ^ kD, kCross>(x, b, sum + kLanes<T>);
  sum_pair<pair_row(kD, 2), pair_row(kD, 2) ^ kD, kCross>(x, b, sum + 2 * kLanes<T>);
  sum_pair<pair_row(kD, 3), pair_row(kD, 3) ^ kD, kCross>(x, b, sum + 3 * kLanes<T>);
}

// Row kRow += coef * row kFrom of b, or -i coef times it.
template <unsigned kRow, unsigned kFrom, bool kCross, class T>
HWY_INLINE void add_row(Rows<T>& x, const T* b, const T* coef) {
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const std::size_t v = p * kVector<T>;
    const auto c = load_once(coef + kRow * kLanes<T> + v);
    const auto re = hn::Load(d, b + kFrom * kBlock<T> + v);
    const auto im = hn::Load(d, b + kFrom * kBlock<T> + kLanes<T> + v);
    if constexpr (kCross) {
      x.re[kRow][p] = hn::MulAdd(c, im, x.re[kRow][p]);
      x.im[kRow][p] = hn::NegMulAdd(c, re, x.im[kRow][p]);
    } else {
      x.re[kRow][p] = hn::MulAdd(c, re, x.re[kRow][p]);
      x.im[kRow][p] = hn::MulAdd(c, im, x.im[kRow][p]);
    }
  }
}

template <unsigned kD, bool kCross, class T>
QROSS_STEP void add_rows(Rows<T>& x, const T* b, const T* coef) {
  add_row<0, 0 ^ kD, kCross>(x, b, coef);
  add_row<1, 1 ^ kD, kCross>(x, b, coef);
  add_row<2, 2 ^ kD, kCross>(x, b, coef);
  add_row<3, 3 ^ kD, kCross>(x, b, coef);
  add_row<4, 4 ^ kD, kCross>(x, b, coef);
  add_row<5, 5 ^ kD, kCross>(x, b, coef);
  add_row<6, 6 ^ kD, kCross>(x, b, coef);
  add_row<7, 7 ^ kD, kCross>(x, b, coef);
}

// NOLINTBEGIN(cppcoreguidelines-macro-usage): seven directions of four families as switch cases
#define QROSS_MEETING(first, direction, work)                         \
  case static_cast<unsigned>(TileMeetingKind::first) + (direction)-1: \
    work;                                                             \
    break;
#define QROSS_SUMS(first, cross)                            \
  QROSS_MEETING(first, 1, (sum_pairs<1, cross>(x, b, sum))) \
  QROSS_MEETING(first, 2, (sum_pairs<2, cross>(x, b, sum))) \
  QROSS_MEETING(first, 3, (sum_pairs<3, cross>(x, b, sum))) \
  QROSS_MEETING(first, 4, (sum_pairs<4, cross>(x, b, sum))) \
  QROSS_MEETING(first, 5, (sum_pairs<5, cross>(x, b, sum))) \
  QROSS_MEETING(first, 6, (sum_pairs<6, cross>(x, b, sum))) \
  QROSS_MEETING(first, 7, (sum_pairs<7, cross>(x, b, sum)))
#define QROSS_ADDITIONS(first, cross)                       \
  QROSS_MEETING(first, 1, (add_rows<1, cross>(x, b, coef))) \
  QROSS_MEETING(first, 2, (add_rows<2, cross>(x, b, coef))) \
  QROSS_MEETING(first, 3, (add_rows<3, cross>(x, b, coef))) \
  QROSS_MEETING(first, 4, (add_rows<4, cross>(x, b, coef))) \
  QROSS_MEETING(first, 5, (add_rows<5, cross>(x, b, coef))) \
  QROSS_MEETING(first, 6, (add_rows<6, cross>(x, b, coef))) \
  QROSS_MEETING(first, 7, (add_rows<7, cross>(x, b, coef)))
// NOLINTEND(cppcoreguidelines-macro-usage)

// One meeting of the rows x with the copy b in tile `t`, whose first block has index `at`.
template <class T>
HWY_INLINE void meet(Rows<T>& x, const T* b, const TileMeeting<T>& meeting, std::uint64_t at,
                     std::size_t t, T* HWY_RESTRICT sums) {
  T* sum = sums + meeting.place;
  if (meeting.classes != nullptr) sum += meeting.classes[t] * std::size_t{kTileRows * kLanes<T>};
  const T* coef = meeting.coef;
  if (meeting.parity != 0 && parity(at & meeting.parity) != 0) coef += meeting.odd;
  switch (static_cast<unsigned>(meeting.kind)) {
    QROSS_MEETING(diagonal, 1, sum_rows(x, b, sum))
    QROSS_SUMS(straight, false)
    QROSS_SUMS(cross, true)
    QROSS_MEETING(add_diagonal, 1, (add_rows<0, true>(x, b, coef)))
    QROSS_ADDITIONS(add_straight, false)
    QROSS_ADDITIONS(add_cross, true)
    default:
      throw Error(ErrorCode::bug, "two states meet in an unknown way");
  }
}

#undef QROSS_MEETING
#undef QROSS_SUMS
#undef QROSS_ADDITIONS

template <class T>
HWY_INLINE void copy_rows(const Rows<T>& x, T* copy) {
  store_row<0>(x, copy);
  store_row<1>(x, copy + kBlock<T>);
  store_row<2>(x, copy + 2 * kBlock<T>);
  store_row<3>(x, copy + 3 * kBlock<T>);
  store_row<4>(x, copy + 4 * kBlock<T>);
  store_row<5>(x, copy + 5 * kBlock<T>);
  store_row<6>(x, copy + 6 * kBlock<T>);
  store_row<7>(x, copy + 7 * kBlock<T>);
}

template <class T>
void tile_walk(T* HWY_RESTRICT first, T* HWY_RESTRICT second, std::uint64_t index,
               const TileWalkCall<T>& call, const T* HWY_RESTRICT scratch, T* HWY_RESTRICT sums,
               T* HWY_RESTRICT kept) {
  using Stop = typename TileWalkCall<T>::Stop;
  const TileStep<T>* const steps = call.steps.data();
  const TileMeeting<T>* const meetings = call.meetings.data();
  const Stop* const stops = call.stops.data();
  const Stop* const end = stops + call.stops.size();
  const RowOffsets from = row_offsets<T>(call.offset, kSamePlaces);
  const RowOffsets to = row_offsets<T>(call.offset, call.place);
  std::uint64_t i = 0;
  std::size_t t = 0;
  do {
    const std::uint64_t next = next_subset(i, call.free);
    T* rows = first + i * kBlock<T>;
    T* other = second + i * kBlock<T>;  // next to be run
    for (const bool meets : {false, true}) {
      Rows<T> x;
      load_rows(x, rows, from);
      T* copy = kept;
      std::uint32_t step = 0;
      std::uint32_t meeting = 0;
      for (const Stop* stop = stops; stop != end; ++stop, copy += kTileRows * kBlock<T>) {
        run_steps(x, steps + step, steps + stop->step, index | i, t, scratch);
        step = stop->step;
        if (meeting == stop->meeting) continue;
        if (meets) {
          for (; meeting != stop->meeting; ++meeting) {
            meet(x, copy, meetings[meeting], index | i, t, sums);
          }
        } else {
          copy_rows(x, copy);
          meeting = stop->meeting;
        }
      }
      store_rows(x, rows, to);
      rows = other;
      other = first + next * kBlock<T>;
    }
    i = next;
    ++t;
  } while (i != 0);
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
