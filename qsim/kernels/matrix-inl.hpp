// SPDX-License-Identifier: Apache-2.0
// Dense gates on 1..6 targets. Included once per instruction set by dispatch-inl.hpp.
// Targets above the lanes make rows (whole blocks); targets inside the lanes make lane
// permutations with per-lane coefficients; controls inside the lanes are folded into those.

// A function with a per-target include guard, as Highway asks for.
#if defined(QROSS_KERNELS_MATRIX_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_MATRIX_INL
#undef QROSS_KERNELS_MATRIX_INL
#else
#define QROSS_KERNELS_MATRIX_INL
#endif

#include "qsim/kernels/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// One target above the lanes: two rows, eight coefficients in registers.
template <class T>
void matrix_one(T* blocks, const MatrixCall<T>& call) {
  const Tag<T> d;
  const auto c00r = hn::Set(d, call.coef[0]);
  const auto c00i = hn::Set(d, call.coef[1]);
  const auto c01r = hn::Set(d, call.coef[2]);
  const auto c01i = hn::Set(d, call.coef[3]);
  const auto c10r = hn::Set(d, call.coef[4]);
  const auto c10i = hn::Set(d, call.coef[5]);
  const auto c11r = hn::Set(d, call.coef[6]);
  const auto c11i = hn::Set(d, call.coef[7]);
  const std::uint64_t distance = (call.offset[1] - call.offset[0]) * kBlock<T>;
  blocks += (call.fixed + call.offset[0]) * kBlock<T>;
  std::uint64_t i = 0;
  do {
    T* const row0 = blocks + i * kBlock<T>;
    T* const row1 = row0 + distance;
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
      const auto a0r = hn::Load(d, row0 + v);
      const auto a0i = hn::Load(d, row0 + kLanes<T> + v);
      const auto a1r = hn::Load(d, row1 + v);
      const auto a1i = hn::Load(d, row1 + kLanes<T> + v);
      auto b0r = hn::Mul(c00r, a0r);
      auto b0i = hn::Mul(c00r, a0i);
      auto b1r = hn::Mul(c10r, a0r);
      auto b1i = hn::Mul(c10r, a0i);
      b0r = hn::NegMulAdd(c00i, a0i, b0r);
      b0i = hn::MulAdd(c00i, a0r, b0i);
      b1r = hn::NegMulAdd(c10i, a0i, b1r);
      b1i = hn::MulAdd(c10i, a0r, b1i);
      b0r = hn::MulAdd(c01r, a1r, b0r);
      b0i = hn::MulAdd(c01r, a1i, b0i);
      b1r = hn::MulAdd(c11r, a1r, b1r);
      b1i = hn::MulAdd(c11r, a1i, b1i);
      b0r = hn::NegMulAdd(c01i, a1i, b0r);
      b0i = hn::MulAdd(c01i, a1r, b0i);
      b1r = hn::NegMulAdd(c11i, a1i, b1r);
      b1i = hn::MulAdd(c11i, a1r, b1i);
      hn::Store(b0r, d, row0 + v);
      hn::Store(b0i, d, row0 + kLanes<T> + v);
      hn::Store(b1r, d, row1 + v);
      hn::Store(b1i, d, row1 + kLanes<T> + v);
    }
    i = next_subset(i, call.free);
  } while (i != 0);
}

// 2..6 targets above the lanes. The rows are copied to L1 first: results overwrite inputs.
template <unsigned kRows, class T>
void matrix_rows(T* blocks, const MatrixCall<T>& call) {
  const Tag<T> d;
  HWY_ALIGN T in[kRows * kBlock<T>];
  blocks += call.fixed * kBlock<T>;
  std::uint64_t i = 0;
  do {
    for (unsigned r = 0; r < kRows; ++r) {
      copy_block(blocks + (i + call.offset[r]) * kBlock<T>, in + r * kBlock<T>);
    }
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
      // Two output rows a trip: four accumulator chains, each input vector loaded once a trip.
      for (unsigned r = 0; r < kRows; r += 2) {
        const T* const c0 = call.coef + std::size_t{2} * kRows * r;
        const T* const c1 = c0 + 2 * kRows;
        auto b0r = hn::Zero(d);
        auto b0i = hn::Zero(d);
        auto b1r = hn::Zero(d);
        auto b1i = hn::Zero(d);
        for (unsigned c = 0; c < kRows; ++c) {
          const auto ar = hn::Load(d, in + c * kBlock<T> + v);
          const auto ai = hn::Load(d, in + c * kBlock<T> + kLanes<T> + v);
          const auto m0r = hn::Set(d, c0[2 * c]);
          const auto m0i = hn::Set(d, c0[2 * c + 1]);
          const auto m1r = hn::Set(d, c1[2 * c]);
          const auto m1i = hn::Set(d, c1[2 * c + 1]);
          b0r = hn::MulAdd(m0r, ar, b0r);
          b0i = hn::MulAdd(m0r, ai, b0i);
          b1r = hn::MulAdd(m1r, ar, b1r);
          b1i = hn::MulAdd(m1r, ai, b1i);
          b0r = hn::NegMulAdd(m0i, ai, b0r);
          b0i = hn::MulAdd(m0i, ar, b0i);
          b1r = hn::NegMulAdd(m1i, ai, b1r);
          b1i = hn::MulAdd(m1i, ar, b1i);
        }
        T* const row0 = blocks + (i + call.offset[r]) * kBlock<T> + v;
        T* const row1 = blocks + (i + call.offset[r + 1]) * kBlock<T> + v;
        hn::Store(b0r, d, row0);
        hn::Store(b0i, d, row0 + kLanes<T>);
        hn::Store(b1r, d, row1);
        hn::Store(b1i, d, row1 + kLanes<T>);
      }
    }
    i = next_subset(i, call.free);
  } while (i != 0);
}

// Some target or control inside the lanes: coefficients differ by lane. kRows and kXors are the
// call's counts, or 0 to read them from the call.
template <unsigned kRows, unsigned kXors, class T>
void matrix_lanes(T* blocks, const MatrixCall<T>& call) {
  const Tag<T> d;
  const unsigned rows = kRows != 0 ? kRows : call.rows;
  const unsigned xors = kXors != 0 ? kXors : call.xors;
  const unsigned columns = rows * xors;
  HWY_ALIGN T in[(kRows != 0 ? kRows * kXors : kMaxRows) * kBlock<T>];
  blocks += call.fixed * kBlock<T>;
  std::uint64_t i = 0;
  do {
    for (unsigned c = 0; c < rows; ++c) {
      for (unsigned x = 0; x < xors; ++x) {
        permute_block(blocks + (i + call.offset[c]) * kBlock<T>, in + (c * xors + x) * kBlock<T>,
                      call.lane_xor[x]);
      }
    }
    for (unsigned r = 0; r < rows; ++r) {
      const T* const coef = call.coef + std::size_t{r} * columns * kBlock<T>;
      T* const out = blocks + (i + call.offset[r]) * kBlock<T>;
      for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
        auto re = hn::Zero(d);
        auto im = hn::Zero(d);
        for (unsigned j = 0; j < columns; ++j) {
          const auto cr = hn::Load(d, coef + j * kBlock<T> + v);
          const auto ci = hn::Load(d, coef + j * kBlock<T> + kLanes<T> + v);
          const auto ar = hn::Load(d, in + j * kBlock<T> + v);
          const auto ai = hn::Load(d, in + j * kBlock<T> + kLanes<T> + v);
          re = hn::MulAdd(cr, ar, re);
          im = hn::MulAdd(cr, ai, im);
          re = hn::NegMulAdd(ci, ai, re);
          im = hn::MulAdd(ci, ar, im);
        }
        hn::Store(re, d, out + v);
        hn::Store(im, d, out + kLanes<T> + v);
      }
    }
    i = next_subset(i, call.free);
  } while (i != 0);
}

template <class T>
void matrix(T* blocks, const MatrixCall<T>& call) {
  if (call.per_lane) {
    if (call.rows == 1 && call.xors == 2) return matrix_lanes<1, 2>(blocks, call);
    if (call.rows == 2 && call.xors == 2) return matrix_lanes<2, 2>(blocks, call);
    if (call.rows == 1 && call.xors == 4) return matrix_lanes<1, 4>(blocks, call);
    if (call.rows == 2 && call.xors == 1) return matrix_lanes<2, 1>(blocks, call);
    return matrix_lanes<0, 0>(blocks, call);
  }
  switch (call.rows) {
    case 2:
      return matrix_one(blocks, call);
    case 4:
      return matrix_rows<4>(blocks, call);
    case 8:
      return matrix_rows<8>(blocks, call);
    case 16:
      return matrix_rows<16>(blocks, call);
    case 32:
      return matrix_rows<32>(blocks, call);
    case 64:
      return matrix_rows<64>(blocks, call);
    default:
      throw Error(ErrorCode::bug, "matrix kernel called with a wrong number of rows");
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
