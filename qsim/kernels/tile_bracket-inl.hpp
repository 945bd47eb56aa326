// SPDX-License-Identifier: Apache-2.0
// Sums over the tiles of two states, for derivatives. Included once per instruction set by
// dispatch-inl.hpp.
#if defined(QROSS_KERNELS_TILE_BRACKET_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_TILE_BRACKET_INL
#undef QROSS_KERNELS_TILE_BRACKET_INL
#else
#define QROSS_KERNELS_TILE_BRACKET_INL
#endif

#include "qsim/kernels/tile_steps-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

template <class T>
HWY_INLINE void bracket_diagonal(const T* const* bra, const T* const* ket, T* HWY_RESTRICT sum) {
  const Tag<T> d;
  for (unsigned r = 0; r < kTileRows; ++r) {
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
      auto total = hn::Load(d, sum + r * kLanes<T> + v);
      total = hn::MulAdd(hn::Load(d, bra[r] + v), hn::Load(d, ket[r] + kLanes<T> + v), total);
      total = hn::NegMulAdd(hn::Load(d, bra[r] + kLanes<T> + v), hn::Load(d, ket[r] + v), total);
      hn::Store(total, d, sum + r * kLanes<T> + v);
    }
  }
}

template <unsigned kD, bool kCross, class T>
QROSS_STEP void bracket_pairs(const T* const* bra, const T* const* ket, T* HWY_RESTRICT sum) {
  const Tag<T> d;
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const T* const ba = bra[pair_row(kD, k)];
    const T* const bb = bra[pair_row(kD, k) ^ kD];
    const T* const ka = ket[pair_row(kD, k)];
    const T* const kb = ket[pair_row(kD, k) ^ kD];
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
      const std::size_t w = kLanes<T> + v;
      auto total = hn::Load(d, sum + k * kLanes<T> + v);
      if constexpr (kCross) {
        total = hn::MulAdd(hn::Load(d, ba + v), hn::Load(d, kb + w), total);
        total = hn::NegMulAdd(hn::Load(d, ba + w), hn::Load(d, kb + v), total);
        total = hn::MulAdd(hn::Load(d, bb + v), hn::Load(d, ka + w), total);
        total = hn::NegMulAdd(hn::Load(d, bb + w), hn::Load(d, ka + v), total);
      } else {
        total = hn::MulAdd(hn::Load(d, ba + v), hn::Load(d, kb + v), total);
        total = hn::MulAdd(hn::Load(d, ba + w), hn::Load(d, kb + w), total);
        total = hn::NegMulAdd(hn::Load(d, bb + v), hn::Load(d, ka + v), total);
        total = hn::NegMulAdd(hn::Load(d, bb + w), hn::Load(d, ka + w), total);
      }
      hn::Store(total, d, sum + k * kLanes<T> + v);
    }
  }
}

// sums[item][odd][row or pair][lane] += ..., kTileRows vectors for each parity of each item.
template <class T>
void tile_bracket(const T* HWY_RESTRICT bra, const T* HWY_RESTRICT ket, std::uint64_t index,
                  const TileBracketCall& call, T* HWY_RESTRICT sums) {
  constexpr std::size_t size = kTileRows * kLanes<T>;
  std::uint64_t i = 0;
  do {
    const T* b[kTileRows];
    const T* k[kTileRows];
    for (unsigned r = 0; r < kTileRows; ++r) {
      b[r] = bra + (i + call.offset[r]) * kBlock<T>;
      k[r] = ket + (i + call.offset[r]) * kBlock<T>;
    }
    T* sum = sums;
    for (const TileBracketCall::Item& item : call.items) {
      T* const to = parity((index | i) & item.parity) != 0 ? sum + size : sum;
      switch (static_cast<unsigned>(item.kind)) {
        case 0:
          bracket_diagonal(b, k, to);
          break;
        case 1:
          bracket_pairs<1, false>(b, k, to);
          break;
        case 2:
          bracket_pairs<2, false>(b, k, to);
          break;
        case 3:
          bracket_pairs<3, false>(b, k, to);
          break;
        case 4:
          bracket_pairs<4, false>(b, k, to);
          break;
        case 5:
          bracket_pairs<5, false>(b, k, to);
          break;
        case 6:
          bracket_pairs<6, false>(b, k, to);
          break;
        case 7:
          bracket_pairs<7, false>(b, k, to);
          break;
        case 8:
          bracket_pairs<1, true>(b, k, to);
          break;
        case 9:
          bracket_pairs<2, true>(b, k, to);
          break;
        case 10:
          bracket_pairs<3, true>(b, k, to);
          break;
        case 11:
          bracket_pairs<4, true>(b, k, to);
          break;
        case 12:
          bracket_pairs<5, true>(b, k, to);
          break;
        case 13:
          bracket_pairs<6, true>(b, k, to);
          break;
        case 14:
          bracket_pairs<7, true>(b, k, to);
          break;
        default:
          throw Error(ErrorCode::bug, "a bracket of tiles is of unknown kind");
      }
      sum += 2 * size;
    }
    i = next_subset(i, call.free);
  } while (i != 0);
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
