// SPDX-License-Identifier: Apache-2.0
// The steps of tile programs on rows of vectors: what kernels/tile.hpp says, one function each.
// Included once per instruction set by tile-inl.hpp.
#if defined(QROSS_KERNELS_TILE_STEPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_TILE_STEPS_INL
#undef QROSS_KERNELS_TILE_STEPS_INL
#else
#define QROSS_KERNELS_TILE_STEPS_INL
#endif

#include "qsim/kernels/tile_rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// Where a block is several vectors the rows do not fit the registers: steps are functions on rows
// in the L1 cache, which also keeps the code small.
// NOLINTBEGIN(cppcoreguidelines-macro-usage)
#undef QROSS_STEP
#if HWY_TARGET == HWY_AVX3
#define QROSS_STEP HWY_INLINE
#else
#define QROSS_STEP HWY_NOINLINE
#endif
// NOLINTEND(cppcoreguidelines-macro-usage)

// One pair of each family. `c` holds the numbers of the pair.
struct Shear {
  static constexpr unsigned kNumbers = 1;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* c) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto t = load_once(c + p * kVector<T>);
      const auto re = hn::NegMulAdd(t, x.re[kB][p], x.re[kA][p]);
      x.re[kB][p] = hn::MulAdd(t, x.re[kA][p], x.re[kB][p]);
      x.re[kA][p] = re;
      const auto im = hn::NegMulAdd(t, x.im[kB][p], x.im[kA][p]);
      x.im[kB][p] = hn::MulAdd(t, x.im[kA][p], x.im[kB][p]);
      x.im[kA][p] = im;
    }
  }
};

struct ShearCross {
  static constexpr unsigned kNumbers = 1;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* c) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto t = load_once(c + p * kVector<T>);
      const auto re = hn::MulAdd(t, x.im[kB][p], x.re[kA][p]);
      x.im[kB][p] = hn::NegMulAdd(t, x.re[kA][p], x.im[kB][p]);
      x.re[kA][p] = re;
      const auto im = hn::NegMulAdd(t, x.re[kB][p], x.im[kA][p]);
      x.re[kB][p] = hn::MulAdd(t, x.im[kA][p], x.re[kB][p]);
      x.im[kA][p] = im;
    }
  }
};

struct Coshear {
  static constexpr unsigned kNumbers = 1;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* c) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto k = load_once(c + p * kVector<T>);
      const auto re = hn::MulSub(k, x.re[kA][p], x.re[kB][p]);
      x.re[kB][p] = hn::MulAdd(k, x.re[kB][p], x.re[kA][p]);
      x.re[kA][p] = re;
      const auto im = hn::MulSub(k, x.im[kA][p], x.im[kB][p]);
      x.im[kB][p] = hn::MulAdd(k, x.im[kB][p], x.im[kA][p]);
      x.im[kA][p] = im;
    }
  }
};

struct CoshearCross {
  static constexpr unsigned kNumbers = 1;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* c) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto k = load_once(c + p * kVector<T>);
      const auto re = hn::MulAdd(k, x.re[kA][p], x.im[kB][p]);
      x.im[kB][p] = hn::MulSub(k, x.im[kB][p], x.re[kA][p]);
      x.re[kA][p] = re;
      const auto im = hn::MulSub(k, x.im[kA][p], x.re[kB][p]);
      x.re[kB][p] = hn::MulAdd(k, x.re[kB][p], x.im[kA][p]);
      x.im[kA][p] = im;
    }
  }
};

struct Rotate {
  static constexpr unsigned kNumbers = 2;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* numbers) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto c = load_once(numbers + p * kVector<T>);
      const auto s = load_once(numbers + kLanes<T> + p * kVector<T>);
      const auto re_b = hn::Mul(s, x.re[kB][p]);
      const auto re_a = hn::Mul(s, x.re[kA][p]);
      x.re[kA][p] = hn::MulSub(c, x.re[kA][p], re_b);
      x.re[kB][p] = hn::MulAdd(c, x.re[kB][p], re_a);
      const auto im_b = hn::Mul(s, x.im[kB][p]);
      const auto im_a = hn::Mul(s, x.im[kA][p]);
      x.im[kA][p] = hn::MulSub(c, x.im[kA][p], im_b);
      x.im[kB][p] = hn::MulAdd(c, x.im[kB][p], im_a);
    }
  }
};

struct RotateCross {
  static constexpr unsigned kNumbers = 2;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* numbers) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto c = load_once(numbers + p * kVector<T>);
      const auto s = load_once(numbers + kLanes<T> + p * kVector<T>);
      const auto im_b = hn::Mul(s, x.im[kB][p]);
      const auto re_a = hn::Mul(s, x.re[kA][p]);
      x.re[kA][p] = hn::MulAdd(c, x.re[kA][p], im_b);
      x.im[kB][p] = hn::MulSub(c, x.im[kB][p], re_a);
      const auto re_b = hn::Mul(s, x.re[kB][p]);
      const auto im_a = hn::Mul(s, x.im[kA][p]);
      x.im[kA][p] = hn::MulSub(c, x.im[kA][p], re_b);
      x.re[kB][p] = hn::MulAdd(c, x.re[kB][p], im_a);
    }
  }
};

struct Turned {
  static constexpr unsigned kNumbers = 2;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* numbers) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto wr = load_once(numbers + p * kVector<T>);
      const auto wi = load_once(numbers + kLanes<T> + p * kVector<T>);
      const auto ar = x.re[kA][p];
      const auto ai = x.im[kA][p];
      const auto br = x.re[kB][p];
      const auto bi = x.im[kB][p];
      x.re[kA][p] = hn::MulAdd(wi, bi, hn::NegMulAdd(wr, br, ar));
      x.im[kA][p] = hn::NegMulAdd(wi, br, hn::NegMulAdd(wr, bi, ai));
      x.re[kB][p] = hn::MulAdd(wi, ai, hn::MulAdd(wr, ar, br));
      x.im[kB][p] = hn::NegMulAdd(wi, ar, hn::MulAdd(wr, ai, bi));
    }
  }
};

struct RotateTurned {
  static constexpr unsigned kNumbers = 3;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* numbers) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto c = load_once(numbers + p * kVector<T>);
      const auto wr = load_once(numbers + kLanes<T> + p * kVector<T>);
      const auto wi = load_once(numbers + 2 * kLanes<T> + p * kVector<T>);
      const auto ar = x.re[kA][p];
      const auto ai = x.im[kA][p];
      const auto br = x.re[kB][p];
      const auto bi = x.im[kB][p];
      x.re[kA][p] = hn::MulAdd(wi, bi, hn::NegMulAdd(wr, br, hn::Mul(c, ar)));
      x.im[kA][p] = hn::NegMulAdd(wi, br, hn::NegMulAdd(wr, bi, hn::Mul(c, ai)));
      x.re[kB][p] = hn::MulAdd(wi, ai, hn::MulAdd(wr, ar, hn::Mul(c, br)));
      x.im[kB][p] = hn::NegMulAdd(wi, ar, hn::MulAdd(wr, ai, hn::Mul(c, bi)));
    }
  }
};

struct Exchange {
  static constexpr unsigned kNumbers = 1;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* numbers) {
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto where = hn::Ne(hn::Load(d, numbers + p * kVector<T>), hn::Zero(d));
      const auto re = hn::IfThenElse(where, x.re[kB][p], x.re[kA][p]);
      x.re[kB][p] = hn::IfThenElse(where, x.re[kA][p], x.re[kB][p]);
      x.re[kA][p] = re;
      const auto im = hn::IfThenElse(where, x.im[kB][p], x.im[kA][p]);
      x.im[kB][p] = hn::IfThenElse(where, x.im[kA][p], x.im[kB][p]);
      x.im[kA][p] = im;
    }
  }
};

// All pairs of direction kD.
template <class Family, unsigned kD, class T>
QROSS_STEP void pairs(Rows<T>& x, const T* c) {
  constexpr std::size_t step = Family::kNumbers * kLanes<T>;
  Family::template pair<pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x, c);
  Family::template pair<pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x, c + step);
  Family::template pair<pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x, c + 2 * step);
  Family::template pair<pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x, c + 3 * step);
}

// Those of them that are chosen.
template <class Family, unsigned kD, class T>
QROSS_STEP void chosen_pairs(Rows<T>& x, const T* c, unsigned chosen) {
  constexpr std::size_t step = Family::kNumbers * kLanes<T>;
  if ((chosen & 1U) != 0) {
    Family::template pair<pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x, c);
  }
  if ((chosen & 2U) != 0) {
    Family::template pair<pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x, c + step);
  }
  if ((chosen & 4U) != 0) {
    Family::template pair<pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x, c + 2 * step);
  }
  if ((chosen & 8U) != 0) {
    Family::template pair<pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x, c + 3 * step);
  }
}

template <unsigned kA, unsigned kB, class T>
HWY_INLINE void swap_two(Rows<T>& x) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto re = x.re[kA][p];
    x.re[kA][p] = x.re[kB][p];
    x.re[kB][p] = re;
    const auto im = x.im[kA][p];
    x.im[kA][p] = x.im[kB][p];
    x.im[kB][p] = im;
  }
}

// A <-> B and C <-> D.
template <unsigned kA, unsigned kB, unsigned kC, unsigned kD, class T>
QROSS_STEP void swap_rows(Rows<T>& x) {
  swap_two<kA, kB>(x);
  swap_two<kC, kD>(x);
}

// Row times a block of complex numbers.
template <unsigned kRow, class T>
HWY_INLINE void multiply_row(Rows<T>& x, const T* block) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto c = load_once(block + p * kVector<T>);
    const auto s = load_once(block + kLanes<T> + p * kVector<T>);
    const auto cross = hn::Mul(s, x.im[kRow][p]);
    x.im[kRow][p] = hn::MulAdd(c, x.im[kRow][p], hn::Mul(s, x.re[kRow][p]));
    x.re[kRow][p] = hn::MulSub(c, x.re[kRow][p], cross);
  }
}

template <class T>
QROSS_STEP void multiply_rows(Rows<T>& x, const T* blocks) {
  multiply_row<0>(x, blocks);
  multiply_row<1>(x, blocks + kBlock<T>);
  multiply_row<2>(x, blocks + 2 * kBlock<T>);
  multiply_row<3>(x, blocks + 3 * kBlock<T>);
  multiply_row<4>(x, blocks + 4 * kBlock<T>);
  multiply_row<5>(x, blocks + 5 * kBlock<T>);
  multiply_row<6>(x, blocks + 6 * kBlock<T>);
  multiply_row<7>(x, blocks + 7 * kBlock<T>);
}

// Row times (fr + i fi) times a block of complex numbers.
template <unsigned kRow, class T>
HWY_INLINE void multiply_product(Rows<T>& x, const T* block, Vec<T> fr, Vec<T> fi) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto br = load_once(block + p * kVector<T>);
    const auto bi = load_once(block + kLanes<T> + p * kVector<T>);
    const auto c = hn::MulSub(fr, br, hn::Mul(fi, bi));
    const auto s = hn::MulAdd(fr, bi, hn::Mul(fi, br));
    const auto cross = hn::Mul(s, x.im[kRow][p]);
    x.im[kRow][p] = hn::MulAdd(c, x.im[kRow][p], hn::Mul(s, x.re[kRow][p]));
    x.re[kRow][p] = hn::MulSub(c, x.re[kRow][p], cross);
  }
}

template <class T>
QROSS_STEP void multiply_products(Rows<T>& x, const T* blocks, const T* factor) {
  const Tag<T> d;
  const auto fr = hn::Set(d, factor[0]);
  const auto fi = hn::Set(d, factor[1]);
  multiply_product<0>(x, blocks, fr, fi);
  multiply_product<1>(x, blocks + kBlock<T>, fr, fi);
  multiply_product<2>(x, blocks + 2 * kBlock<T>, fr, fi);
  multiply_product<3>(x, blocks + 3 * kBlock<T>, fr, fi);
  multiply_product<4>(x, blocks + 4 * kBlock<T>, fr, fi);
  multiply_product<5>(x, blocks + 5 * kBlock<T>, fr, fi);
  multiply_product<6>(x, blocks + 6 * kBlock<T>, fr, fi);
  multiply_product<7>(x, blocks + 7 * kBlock<T>, fr, fi);
}

template <unsigned kRow, class T>
HWY_INLINE void phase_row(Rows<T>& x, const T* numbers) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto t = load_once(numbers + p * kVector<T>);
    const auto re = hn::NegMulAdd(t, x.im[kRow][p], x.re[kRow][p]);
    x.im[kRow][p] = hn::MulAdd(t, x.re[kRow][p], x.im[kRow][p]);
    x.re[kRow][p] = re;
  }
}

template <class T>
QROSS_STEP void phase_rows(Rows<T>& x, const T* numbers) {
  phase_row<0>(x, numbers);
  phase_row<1>(x, numbers + kLanes<T>);
  phase_row<2>(x, numbers + 2 * kLanes<T>);
  phase_row<3>(x, numbers + 3 * kLanes<T>);
  phase_row<4>(x, numbers + 4 * kLanes<T>);
  phase_row<5>(x, numbers + 5 * kLanes<T>);
  phase_row<6>(x, numbers + 6 * kLanes<T>);
  phase_row<7>(x, numbers + 7 * kLanes<T>);
}

template <class T>
QROSS_STEP void scale_rows(Rows<T>& x, T factor) {
  const auto f = hn::Set(Tag<T>(), factor);
  for (unsigned r = 0; r < kTileRows; ++r) {
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      x.re[r][p] = hn::Mul(f, x.re[r][p]);
      x.im[r][p] = hn::Mul(f, x.im[r][p]);
    }
  }
}

// out += (m[0] + i m[1]) * row
template <unsigned kRow, class T>
HWY_INLINE void add_product(const Rows<T>& x, std::size_t p, const T* m, Vec<T>& re, Vec<T>& im) {
  const Tag<T> d;
  const auto mr = hn::Set(d, m[0]);
  const auto mi = hn::Set(d, m[1]);
  re = hn::MulAdd(mr, x.re[kRow][p], re);
  im = hn::MulAdd(mr, x.im[kRow][p], im);
  re = hn::NegMulAdd(mi, x.im[kRow][p], re);
  im = hn::MulAdd(mi, x.re[kRow][p], im);
}

template <unsigned kR0, unsigned kR1, unsigned kR2, unsigned kR3, class T>
QROSS_STEP void dense_four(Rows<T>& x, const T* m) {
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    Vec<T> re[4];
    Vec<T> im[4];
    for (unsigned r = 0; r < 4; ++r) {
      const T* const row = m + std::size_t{8} * r;
      const auto mr = hn::Set(d, row[0]);
      const auto mi = hn::Set(d, row[1]);
      re[r] = hn::NegMulAdd(mi, x.im[kR0][p], hn::Mul(mr, x.re[kR0][p]));
      im[r] = hn::MulAdd(mi, x.re[kR0][p], hn::Mul(mr, x.im[kR0][p]));
      add_product<kR1>(x, p, row + 2, re[r], im[r]);
      add_product<kR2>(x, p, row + 4, re[r], im[r]);
      add_product<kR3>(x, p, row + 6, re[r], im[r]);
    }
    x.re[kR0][p] = re[0];
    x.im[kR0][p] = im[0];
    x.re[kR1][p] = re[1];
    x.im[kR1][p] = im[1];
    x.re[kR2][p] = re[2];
    x.im[kR2][p] = im[2];
    x.re[kR3][p] = re[3];
    x.im[kR3][p] = im[3];
  }
}

// Lanes of `a` with the lane bit 1 change places with lanes of `b` with the bit 0.
template <class T, class Index, class Mask>
HWY_INLINE void swap_lanes(Vec<T>& a, Vec<T>& b, Index index, Mask high) {
  const auto from_b = hn::TableLookupLanes(b, index);
  const auto from_a = hn::TableLookupLanes(a, index);
  a = hn::IfThenElse(high, from_b, a);
  b = hn::IfThenElse(high, b, from_a);
}

// kHighLane[x][l] is 1 where l & x, for x a power of two.
template <class T>
struct HighLane {
  T at[kLanes<T>][kLanes<T>];
  constexpr HighLane() : at{} {
    for (unsigned x = 0; x < kLanes<T>; ++x) {
      for (unsigned l = 0; l < kLanes<T>; ++l) at[x][l] = (l & x) != 0 ? T{1} : T{0};
    }
  }
};
template <class T>
alignas(64) inline constexpr HighLane<T> kHighLane;

template <unsigned kA, unsigned kB, class T, class Index, class Mask>
HWY_INLINE void swap_lane_pair(Rows<T>& x, Index index, Mask high) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    swap_lanes<T>(x.re[kA][p], x.re[kB][p], index, high);
    swap_lanes<T>(x.im[kA][p], x.im[kB][p], index, high);
  }
}

// Lane bits above the vector choose among the parts of a block: whole vectors change places.
template <unsigned kA, unsigned kB, class T>
HWY_INLINE void swap_part_pair(Rows<T>& x, std::size_t far) {
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    if ((p & far) == 0) continue;
    const auto re = x.re[kA][p];
    x.re[kA][p] = x.re[kB][p ^ far];
    x.re[kB][p ^ far] = re;
    const auto im = x.im[kA][p];
    x.im[kA][p] = x.im[kB][p ^ far];
    x.im[kB][p ^ far] = im;
  }
}

template <unsigned kD, class T>
QROSS_STEP void swap_lane_bit(Rows<T>& x, unsigned lane_bit) {
  const Tag<T> d;
  const std::size_t lane = std::size_t{1} << lane_bit;
  if constexpr (kParts < T >> 1) {
    if (lane >= kVector<T>) {
      const std::size_t far = lane / kVector<T>;
      swap_part_pair<pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x, far);
      swap_part_pair<pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x, far);
      swap_part_pair<pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x, far);
      swap_part_pair<pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x, far);
      return;
    }
  }
  const auto index = hn::SetTableIndices(d, kXorIndex<T>.at[lane]);
  const auto high = hn::Ne(hn::Load(d, kHighLane<T>.at[lane]), hn::Zero(d));
  swap_lane_pair<pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x, index, high);
  swap_lane_pair<pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x, index, high);
  swap_lane_pair<pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x, index, high);
  swap_lane_pair<pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x, index, high);
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
