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

#include "qsim/kernels/lanes-inl.hpp"
#include "qsim/kernels/tile.hpp"

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

// The rows A of direction kD in ascending order: those whose lowest bit of kD is 0.
constexpr unsigned pair_row(unsigned direction, unsigned pair) {
  const unsigned low = direction & (~direction + 1);
  return (pair & (low - 1)) | ((pair & ~(low - 1)) << 1);
}

// One pair of each family. `c` holds the numbers of the pair.
struct Shear {
  static constexpr unsigned kNumbers = 1;
  template <unsigned kA, unsigned kB, class T>
  static HWY_INLINE void pair(Rows<T>& x, const T* c) {
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto t = hn::Load(d, c + p * kVector<T>);
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
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto t = hn::Load(d, c + p * kVector<T>);
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
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto k = hn::Load(d, c + p * kVector<T>);
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
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto k = hn::Load(d, c + p * kVector<T>);
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
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto c = hn::Load(d, numbers + p * kVector<T>);
      const auto s = hn::Load(d, numbers + kLanes<T> + p * kVector<T>);
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
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto c = hn::Load(d, numbers + p * kVector<T>);
      const auto s = hn::Load(d, numbers + kLanes<T> + p * kVector<T>);
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
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto wr = hn::Load(d, numbers + p * kVector<T>);
      const auto wi = hn::Load(d, numbers + kLanes<T> + p * kVector<T>);
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
    const Tag<T> d;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const auto c = hn::Load(d, numbers + p * kVector<T>);
      const auto wr = hn::Load(d, numbers + kLanes<T> + p * kVector<T>);
      const auto wi = hn::Load(d, numbers + 2 * kLanes<T> + p * kVector<T>);
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
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto c = hn::Load(d, block + p * kVector<T>);
    const auto s = hn::Load(d, block + kLanes<T> + p * kVector<T>);
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
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto br = hn::Load(d, block + p * kVector<T>);
    const auto bi = hn::Load(d, block + kLanes<T> + p * kVector<T>);
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
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const auto t = hn::Load(d, numbers + p * kVector<T>);
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

template <class T>
void tile(T* HWY_RESTRICT blocks, std::uint64_t index, const TileCall<T>& call,
          const T* HWY_RESTRICT scratch) {
  const TileStep<T>* const first = call.steps.data();
  const TileStep<T>* const last = first + call.steps.size();
  const std::uint64_t free = call.free;
  // Offsets add up: row 3 = row 1 + row 2, ...
  const std::size_t o1 = call.offset[1] * kBlock<T>;
  const std::size_t o2 = call.offset[2] * kBlock<T>;
  const std::size_t o4 = call.offset[4] * kBlock<T>;
  std::uint64_t i = 0;
  std::size_t t = 0;
  do {
    T* const row0 = blocks + i * kBlock<T>;
    T* const row2 = row0 + o2;
    T* const row4 = row0 + o4;
    T* const row6 = row4 + o2;
    Rows<T> x;
    load_row<0>(x, row0);
    load_row<1>(x, row0 + o1);
    load_row<2>(x, row2);
    load_row<3>(x, row2 + o1);
    load_row<4>(x, row4);
    load_row<5>(x, row4 + o1);
    load_row<6>(x, row6);
    load_row<7>(x, row6 + o1);
    for (const TileStep<T>* step = first; step != last; ++step) {
      const std::uint64_t at = index | i;
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
        QROSS_TILE_MEMBER(diagonal, 0) : multiply_rows(x, c);
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
    store_row<0>(x, row0);
    store_row<1>(x, row0 + o1);
    store_row<2>(x, row2);
    store_row<3>(x, row2 + o1);
    store_row<4>(x, row4);
    store_row<5>(x, row4 + o1);
    store_row<6>(x, row6);
    store_row<7>(x, row6 + o1);
    i = next_subset(i, free);
    ++t;
  } while (i != 0);
}

#undef QROSS_TILE_CASE
#undef QROSS_TILE_CASES
#undef QROSS_TILE_CHOSEN
#undef QROSS_TILE_CHOSENS
#undef QROSS_TILE_MEMBER

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
