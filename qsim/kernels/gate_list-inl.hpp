// SPDX-License-Identifier: Apache-2.0
// Runs listed gates one after the other on a state that the first caches hold. A target above the
// lanes pairs blocks; one in the lanes pairs lanes, with numbers of its own for each lane. Controls
// above the lanes leave out blocks, those in the lanes are part of the numbers, or of what is kept.
// Included once per instruction set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_GATE_LIST_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_GATE_LIST_INL
#undef QROSS_KERNELS_GATE_LIST_INL
#else
#define QROSS_KERNELS_GATE_LIST_INL
#endif

#include "qsim/kernels/gate_list.hpp"
#include "qsim/kernels/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// at[q][l]: all bits where bit q of lane l is 1; at[kLaneBits]: everywhere.
template <class T>
struct LaneBits {
  hwy::MakeUnsigned<T> at[kLaneBits<T> + 1][kLanes<T>];
  constexpr LaneBits() : at{} {
    for (unsigned q = 0; q <= kLaneBits<T>; ++q) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const bool one = q == kLaneBits<T> || ((l >> q) & 1U) != 0;
        at[q][l] = one ? static_cast<hwy::MakeUnsigned<T>>(~hwy::MakeUnsigned<T>{0}) : 0;
      }
    }
  }
};
template <class T>
alignas(64) inline constexpr LaneBits<T> kLaneOnes;

template <class T>
HWY_INLINE hn::Mask<Tag<T>> lanes_of(unsigned row, std::size_t v) {
  const Tag<T> d;
  const hn::RebindToUnsigned<Tag<T>> bits;
  return hn::MaskFromVec(hn::BitCast(d, hn::Load(bits, kLaneOnes<T>.at[row] + v)));
}

// Where a gate acts: the blocks fixed | i for subsets i of free, and the lanes of a row of
// kLaneOnes.
struct GatePlaces {
  std::uint64_t free;
  std::uint64_t fixed;
  unsigned lanes;
};

// The bit of a block's number that a position is, 0 for one in the lanes and for none. No branch:
// where the next gate acts cannot be foreseen.
template <class T>
HWY_INLINE std::uint64_t block_bit(unsigned position, std::uint64_t count) {
  static_assert(((ListedGate::kNowhere - kLaneBits<T>)&63U) > 32U, "above all blocks");
  return (std::uint64_t{1} << ((position - kLaneBits<T>)&63U)) & (count - 1);
}

// The row of kLaneOnes for a position: all lanes for one above them and for none.
template <class T>
HWY_INLINE unsigned lane_row(unsigned position) {
  return position < kLaneBits<T> ? position : kLaneBits<T>;
}

template <class T>
HWY_INLINE GatePlaces gate_places(const ListedGate& gate, std::uint64_t count) {
  const std::uint64_t fixed = block_bit<T>(gate.control, count);
  return {(count - 1) & ~fixed, fixed, lane_row<T>(gate.control)};
}

// a, b = m (a, b), for pairs of blocks; only the lanes that the control has change.
template <class T, ListedKind kKind>
HWY_INLINE void pair_blocks(T* HWY_RESTRICT blocks, const GatePlaces& places, std::size_t stride,
                            const double* m) {
  const Tag<T> d;
  using V = Vec<T>;
  V number[8];
  constexpr int kNumbers = kKind == ListedKind::matrix  ? 8
                           : kKind == ListedKind::real  ? 4
                           : kKind == ListedKind::cross ? 2
                                                        : 0;
  for (int k = 0; k < kNumbers; ++k) number[k] = hn::Set(d, static_cast<T>(m[k]));
  const bool all = places.lanes == kLaneBits<T>;
  std::uint64_t i = 0;
  do {
    T* const a = blocks + (i | places.fixed) * kBlock<T>;
    T* const b = a + stride;
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
      const V ar = hn::Load(d, a + v);
      const V ai = hn::Load(d, a + kLanes<T> + v);
      const V br = hn::Load(d, b + v);
      const V bi = hn::Load(d, b + kLanes<T> + v);
      V cr, ci, dr, di;
      if constexpr (kKind == ListedKind::flip) {
        cr = br;
        ci = bi;
        dr = ar;
        di = ai;
      } else if constexpr (kKind == ListedKind::real) {
        cr = hn::MulAdd(number[1], br, hn::Mul(number[0], ar));
        ci = hn::MulAdd(number[1], bi, hn::Mul(number[0], ai));
        dr = hn::MulAdd(number[2], ar, hn::Mul(number[3], br));
        di = hn::MulAdd(number[2], ai, hn::Mul(number[3], bi));
      } else if constexpr (kKind == ListedKind::cross) {
        cr = hn::MulAdd(number[1], bi, hn::Mul(number[0], ar));
        ci = hn::NegMulAdd(number[1], br, hn::Mul(number[0], ai));
        dr = hn::MulAdd(number[1], ai, hn::Mul(number[0], br));
        di = hn::NegMulAdd(number[1], ar, hn::Mul(number[0], bi));
      } else {
        cr = hn::NegMulAdd(number[1], ai, hn::Mul(number[0], ar));
        ci = hn::MulAdd(number[1], ar, hn::Mul(number[0], ai));
        cr = hn::NegMulAdd(number[3], bi, hn::MulAdd(number[2], br, cr));
        ci = hn::MulAdd(number[3], br, hn::MulAdd(number[2], bi, ci));
        dr = hn::NegMulAdd(number[5], ai, hn::Mul(number[4], ar));
        di = hn::MulAdd(number[5], ar, hn::Mul(number[4], ai));
        dr = hn::NegMulAdd(number[7], bi, hn::MulAdd(number[6], br, dr));
        di = hn::MulAdd(number[7], br, hn::MulAdd(number[6], bi, di));
      }
      if (!all) {
        const auto where = lanes_of<T>(places.lanes, v);
        cr = hn::IfThenElse(where, cr, ar);
        ci = hn::IfThenElse(where, ci, ai);
        dr = hn::IfThenElse(where, dr, br);
        di = hn::IfThenElse(where, di, bi);
      }
      hn::Store(cr, d, a + v);
      hn::Store(ci, d, a + kLanes<T> + v);
      hn::Store(dr, d, b + v);
      hn::Store(di, d, b + kLanes<T> + v);
    }
    i = next_subset(i, places.free);
  } while (i != 0);
}

// The same for pairs of lanes that differ in bit `target`: x = own x + other y, with y the partner.
template <class T, ListedKind kKind>
HWY_INLINE void pair_lanes(T* HWY_RESTRICT blocks, const GatePlaces& places, unsigned target,
                           const double* m) {
  const Tag<T> d;
  using V = Vec<T>;
  const V one = hn::Set(d, T{1});
  const V none = hn::Zero(d);
  V own[2][kParts<T>];  // real and imaginary parts
  V other[2][kParts<T>];
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto high = lanes_of<T>(target, p * kVector<T>);
    own[0][p] = none;
    own[1][p] = none;
    other[0][p] = none;
    other[1][p] = none;
    if constexpr (kKind == ListedKind::real) {
      own[0][p] =
          hn::IfThenElse(high, hn::Set(d, static_cast<T>(m[3])), hn::Set(d, static_cast<T>(m[0])));
      other[0][p] =
          hn::IfThenElse(high, hn::Set(d, static_cast<T>(m[2])), hn::Set(d, static_cast<T>(m[1])));
    } else if constexpr (kKind == ListedKind::cross) {
      own[0][p] = hn::Set(d, static_cast<T>(m[0]));
      other[1][p] = hn::Set(d, static_cast<T>(-m[1]));
    } else if constexpr (kKind == ListedKind::matrix) {
      for (int part = 0; part < 2; ++part) {
        own[part][p] = hn::IfThenElse(high, hn::Set(d, static_cast<T>(m[6 + part])),
                                      hn::Set(d, static_cast<T>(m[part])));
        other[part][p] = hn::IfThenElse(high, hn::Set(d, static_cast<T>(m[4 + part])),
                                        hn::Set(d, static_cast<T>(m[2 + part])));
      }
    }
    if (kKind != ListedKind::flip && places.lanes != kLaneBits<T>) {
      const auto where = lanes_of<T>(places.lanes, p * kVector<T>);
      own[0][p] = hn::IfThenElse(where, own[0][p], one);
      own[1][p] = hn::IfThenElse(where, own[1][p], none);
      other[0][p] = hn::IfThenElse(where, other[0][p], none);
      other[1][p] = hn::IfThenElse(where, other[1][p], none);
    }
  }
  const std::size_t x = std::size_t{1} << target;
  const auto partners = hn::SetTableIndices(d, kXorIndex<T>.at[x]);
  const std::size_t far = (x & ~(kVector<T> - 1) & (kLanes<T> - 1)) / kVector<T>;
  std::uint64_t i = 0;
  do {
    T* const a = blocks + (i | places.fixed) * kBlock<T>;
    V re[kParts<T>];
    V im[kParts<T>];
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      re[p] = hn::Load(d, a + p * kVector<T>);
      im[p] = hn::Load(d, a + kLanes<T> + p * kVector<T>);
    }
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const V yr = hn::TableLookupLanes(re[p ^ far], partners);
      const V yi = hn::TableLookupLanes(im[p ^ far], partners);
      V cr, ci;
      if constexpr (kKind == ListedKind::flip) {
        const auto where = lanes_of<T>(places.lanes, p * kVector<T>);
        cr = hn::IfThenElse(where, yr, re[p]);
        ci = hn::IfThenElse(where, yi, im[p]);
      } else if constexpr (kKind == ListedKind::real) {
        cr = hn::MulAdd(other[0][p], yr, hn::Mul(own[0][p], re[p]));
        ci = hn::MulAdd(other[0][p], yi, hn::Mul(own[0][p], im[p]));
      } else if constexpr (kKind == ListedKind::cross) {
        cr = hn::NegMulAdd(other[1][p], yi, hn::Mul(own[0][p], re[p]));
        ci = hn::MulAdd(other[1][p], yr, hn::Mul(own[0][p], im[p]));
      } else {
        cr = hn::NegMulAdd(own[1][p], im[p], hn::Mul(own[0][p], re[p]));
        ci = hn::MulAdd(own[1][p], re[p], hn::Mul(own[0][p], im[p]));
        cr = hn::NegMulAdd(other[1][p], yi, hn::MulAdd(other[0][p], yr, cr));
        ci = hn::MulAdd(other[1][p], yr, hn::MulAdd(other[0][p], yi, ci));
      }
      hn::Store(cr, d, a + p * kVector<T>);
      hn::Store(ci, d, a + kLanes<T> + p * kVector<T>);
    }
    i = next_subset(i, places.free);
  } while (i != 0);
}

// Times a number, where the bits of target and control are 1.
template <class T>
HWY_INLINE void multiply(T* HWY_RESTRICT blocks, std::uint64_t count, const ListedGate& gate,
                         const double* m) {
  const Tag<T> d;
  using V = Vec<T>;
  GatePlaces places = gate_places<T>(gate, count);
  const std::uint64_t own = block_bit<T>(gate.target, count);
  places.fixed |= own;
  places.free &= ~own;
  const unsigned target = lane_row<T>(gate.target);
  V re[kParts<T>];
  V im[kParts<T>];
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto where =
        hn::And(lanes_of<T>(places.lanes, p * kVector<T>), lanes_of<T>(target, p * kVector<T>));
    re[p] = hn::IfThenElse(where, hn::Set(d, static_cast<T>(m[0])), hn::Set(d, T{1}));
    im[p] = hn::IfThenElse(where, hn::Set(d, static_cast<T>(m[1])), hn::Zero(d));
  }
  std::uint64_t i = 0;
  do {
    T* const a = blocks + (i | places.fixed) * kBlock<T>;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const V xr = hn::Load(d, a + p * kVector<T>);
      const V xi = hn::Load(d, a + kLanes<T> + p * kVector<T>);
      hn::Store(hn::NegMulAdd(im[p], xi, hn::Mul(re[p], xr)), d, a + p * kVector<T>);
      hn::Store(hn::MulAdd(im[p], xr, hn::Mul(re[p], xi)), d, a + kLanes<T> + p * kVector<T>);
    }
    i = next_subset(i, places.free);
  } while (i != 0);
}

template <class T, ListedKind kKind>
HWY_INLINE void pair_high(T* HWY_RESTRICT blocks, std::uint64_t count, const ListedGate& gate,
                          const double* m) {
  GatePlaces places = gate_places<T>(gate, count);
  const std::uint64_t stride = block_bit<T>(gate.target, count);
  places.free &= ~stride;
  pair_blocks<T, kKind>(blocks, places, stride * kBlock<T>, m);
}

template <class T, ListedKind kKind>
HWY_INLINE void pair_low(T* HWY_RESTRICT blocks, std::uint64_t count, const ListedGate& gate,
                         const double* m) {
  pair_lanes<T, kKind>(blocks, gate_places<T>(gate, count), gate.target, m);
}

// One jump chooses what a gate does and whether its target lies in the lanes.
constexpr unsigned listed_form(ListedKind kind, bool low) {
  return 2 * static_cast<unsigned>(kind) + (low ? 1U : 0U);
}

template <class T>
void gate_list(T* HWY_RESTRICT blocks, std::uint64_t count, const ListedGate* gate,
               const ListedGate* end, const double* numbers) {
  for (; gate != end; ++gate) {
    const double* const m = numbers + gate->number;
    switch (listed_form(gate->kind, gate->target < kLaneBits<T>)) {
      case listed_form(ListedKind::flip, false):
        pair_high<T, ListedKind::flip>(blocks, count, *gate, m);
        break;
      case listed_form(ListedKind::flip, true):
        pair_low<T, ListedKind::flip>(blocks, count, *gate, m);
        break;
      case listed_form(ListedKind::real, false):
        pair_high<T, ListedKind::real>(blocks, count, *gate, m);
        break;
      case listed_form(ListedKind::real, true):
        pair_low<T, ListedKind::real>(blocks, count, *gate, m);
        break;
      case listed_form(ListedKind::cross, false):
        pair_high<T, ListedKind::cross>(blocks, count, *gate, m);
        break;
      case listed_form(ListedKind::cross, true):
        pair_low<T, ListedKind::cross>(blocks, count, *gate, m);
        break;
      case listed_form(ListedKind::matrix, false):
        pair_high<T, ListedKind::matrix>(blocks, count, *gate, m);
        break;
      case listed_form(ListedKind::matrix, true):
        pair_low<T, ListedKind::matrix>(blocks, count, *gate, m);
        break;
      default:  // phase and scale
        multiply(blocks, count, *gate, m);
        break;
    }
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
