// SPDX-License-Identifier: Apache-2.0
// Derivatives: sums of products of the state in the registers with the one in the cache, lane by
// lane, collected in double. Included once per instruction set by batch_tile-inl.hpp.
#if defined(QROSS_KERNELS_BATCH_MEASURE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_BATCH_MEASURE_INL
#undef QROSS_KERNELS_BATCH_MEASURE_INL
#else
#define QROSS_KERNELS_BATCH_MEASURE_INL
#endif

#include "qsim/kernels/batch_steps-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// sum += values, lane by lane in double.
template <class T>
HWY_INLINE void add_part(double* sum, Vec<T> values, std::size_t part) {
  if constexpr (sizeof(T) == 8) {
    const Tag<double> d;
    double* const at = sum + part * kVector<T>;
    hn::Store(hn::Add(hn::Load(d, at), values), d, at);
  } else {
    HWY_ALIGN T lanes[kVector<T>];
    hn::Store(values, Tag<T>(), lanes);
    const Tag<double> d;
    const hn::Rebind<float, Tag<double>> narrow;
    for (std::size_t v = 0; v < kVector<T>; v += kVector<double>) {
      double* const at = sum + part * kVector<T> + v;
      const auto wide = hn::PromoteTo(d, hn::Load(narrow, lanes + v));
      hn::Store(hn::Add(hn::Load(d, at), wide), d, at);
    }
  }
}

// The other state's rows, in memory.
template <class T>
struct OtherRows {
  const T* tile;
  const std::size_t* row;
  template <unsigned kRow>
  [[nodiscard]] HWY_INLINE const T* at() const {
    return tile + row[kRow];
  }
};

template <bool kCross, unsigned kA, unsigned kB, class T>
HWY_INLINE Vec<T> measure_pair(const Rows<T>& x, const OtherRows<T>& other, std::size_t p) {
  const Tag<T> d;
  const T* const a = other.template at<kA>() + p * kVector<T>;
  const T* const b = other.template at<kB>() + p * kVector<T>;
  const auto a_re = hn::Load(d, a);
  const auto a_im = hn::Load(d, a + kLanes<T>);
  const auto b_re = hn::Load(d, b);
  const auto b_im = hn::Load(d, b + kLanes<T>);
  if constexpr (kCross) {
    auto sum = hn::Mul(a_re, x.im[kB][p]);
    sum = hn::NegMulAdd(a_im, x.re[kB][p], sum);
    sum = hn::MulAdd(b_re, x.im[kA][p], sum);
    return hn::NegMulAdd(b_im, x.re[kA][p], sum);
  } else {
    auto sum = hn::Mul(b_re, x.re[kA][p]);
    sum = hn::MulAdd(b_im, x.im[kA][p], sum);
    sum = hn::NegMulAdd(a_re, x.re[kB][p], sum);
    return hn::NegMulAdd(a_im, x.im[kB][p], sum);
  }
}

// What a logical instruction does to a number: nothing, turn its sign, or make it zero. Additions
// and logic run beside the multiplications.
template <class T>
struct Masks {
  T at[16][kTilePairs];
  constexpr Masks(T clear, T set) : at{} {
    for (unsigned s = 0; s < 16; ++s) {
      for (unsigned k = 0; k < kTilePairs; ++k) at[s][k] = (s >> k & 1) != 0 ? set : clear;
    }
  }
};
template <class T>
inline constexpr Masks<T> kSignMasks{T{0}, -T{0}};

template <bool kCross, unsigned kD, class T>
QROSS_STEP void measure_pairs(const Rows<T>& x, const OtherRows<T>& other, unsigned signs,
                              unsigned pairs, double* sum) {
  const Tag<T> d;
  const T* const sign = kSignMasks<T>.at[signs];
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    auto m0 = measure_pair<kCross, pair_row(kD, 0), pair_row(kD, 0) ^ kD>(x, other, p);
    auto m1 = measure_pair<kCross, pair_row(kD, 1), pair_row(kD, 1) ^ kD>(x, other, p);
    auto m2 = measure_pair<kCross, pair_row(kD, 2), pair_row(kD, 2) ^ kD>(x, other, p);
    auto m3 = measure_pair<kCross, pair_row(kD, 3), pair_row(kD, 3) ^ kD>(x, other, p);
    if (pairs != 0xf) {
      if ((pairs & 1) == 0) m0 = hn::Zero(d);
      if ((pairs & 2) == 0) m1 = hn::Zero(d);
      if ((pairs & 4) == 0) m2 = hn::Zero(d);
      if ((pairs & 8) == 0) m3 = hn::Zero(d);
    }
    const auto low = hn::Add(hn::Xor(m0, hn::Set(d, sign[0])), hn::Xor(m1, hn::Set(d, sign[1])));
    const auto high = hn::Add(hn::Xor(m2, hn::Set(d, sign[2])), hn::Xor(m3, hn::Set(d, sign[3])));
    add_part<T>(sum, hn::Add(low, high), p);
  }
}

// Im(conj(b_r) a_r)
template <unsigned kRow, class T>
HWY_INLINE Vec<T> measure_row(const Rows<T>& x, const OtherRows<T>& other, std::size_t p) {
  const Tag<T> d;
  const T* const b = other.template at<kRow>() + p * kVector<T>;
  const auto re = hn::Load(d, b);
  const auto im = hn::Load(d, b + kLanes<T>);
  return hn::NegMulAdd(im, x.re[kRow][p], hn::Mul(re, x.im[kRow][p]));
}

template <class T>
struct RowValues {
  Vec<T> at[kTileRows];
};

template <class T>
HWY_INLINE RowValues<T> measure_all_rows(const Rows<T>& x, const OtherRows<T>& other,
                                         std::size_t p) {
  return {{measure_row<0>(x, other, p), measure_row<1>(x, other, p), measure_row<2>(x, other, p),
           measure_row<3>(x, other, p), measure_row<4>(x, other, p), measure_row<5>(x, other, p),
           measure_row<6>(x, other, p), measure_row<7>(x, other, p)}};
}

template <unsigned kA, unsigned kB, class T>
HWY_INLINE void butterfly(RowValues<T>& v) {
  const auto sum = hn::Add(v.at[kA], v.at[kB]);
  v.at[kB] = hn::Sub(v.at[kA], v.at[kB]);
  v.at[kA] = sum;
}

// One product of the two states serves all phases of a layer: its Walsh-Hadamard transform over the
// rows holds the sum for every set of row bits.
template <class T>
QROSS_STEP void measure_phase_sums(const Rows<T>& x, const OtherRows<T>& other, std::uint64_t at,
                                   const BatchEntry* entries, unsigned count, double* sums) {
  const Tag<T> d;
  HWY_ALIGN T transformed[kTileRows][kVector<T>];
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    RowValues<T> v = measure_all_rows(x, other, p);
    butterfly<0, 1>(v);
    butterfly<2, 3>(v);
    butterfly<4, 5>(v);
    butterfly<6, 7>(v);
    butterfly<0, 2>(v);
    butterfly<1, 3>(v);
    butterfly<4, 6>(v);
    butterfly<5, 7>(v);
    butterfly<0, 4>(v);
    butterfly<1, 5>(v);
    butterfly<2, 6>(v);
    butterfly<3, 7>(v);
    for (unsigned r = 0; r < kTileRows; ++r) hn::Store(v.at[r], d, transformed[r]);
    for (unsigned k = 0; k < count; ++k) {
      const BatchEntry& entry = entries[k];
      const auto sign = hn::Set(d, parity(at & entry.parity) != 0 ? -T{0} : T{0});
      const auto value = hn::Xor(sign, hn::Load(d, transformed[entry.row]));
      add_part<T>(sums + std::size_t{entry.sum} * kLanes<T>, value, p);
    }
  }
}

template <class T>
QROSS_STEP void measure_some_rows(const Rows<T>& x, const OtherRows<T>& other, unsigned rows,
                                  double* sum) {
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    const RowValues<T> v = measure_all_rows(x, other, p);
    auto total = hn::Zero(d);
    for (unsigned r = 0; r < kTileRows; ++r) {
      total = hn::MulAdd(hn::Set(d, (rows >> r & 1) != 0 ? T{1} : T{0}), v.at[r], total);
    }
    add_part<T>(sum, total, p);
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
