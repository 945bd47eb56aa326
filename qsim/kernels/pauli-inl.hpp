// SPDX-License-Identifier: Apache-2.0
// Pauli rotations, and the sums over Pauli strings: brackets of the adjoint gradient, expectation
// values, and applying an observable. Included once per instruction set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_PAULI_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_PAULI_INL
#undef QROSS_KERNELS_PAULI_INL
#else
#define QROSS_KERNELS_PAULI_INL
#endif

#include "qsim/kernels/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// out = keep * own + sign * mix * other, lane by lane. sign flips mix.
template <class T>
HWY_INLINE void rotate_block(const T* own, const T* other, T* out, const PauliCall<T>& call,
                             bool negative) {
  const Tag<T> d;
  const auto sign = hn::Set(d, negative ? T{-1} : T{1});
  for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
    const auto keep = hn::Load(d, call.keep + v);
    const auto mr = hn::Mul(sign, hn::Load(d, call.mix_re + v));
    const auto mi = hn::Mul(sign, hn::Load(d, call.mix_im + v));
    const auto br = hn::Load(d, other + v);
    const auto bi = hn::Load(d, other + kLanes<T> + v);
    auto re = hn::Mul(keep, hn::Load(d, own + v));
    auto im = hn::Mul(keep, hn::Load(d, own + kLanes<T> + v));
    re = hn::NegMulAdd(mi, bi, hn::MulAdd(mr, br, re));
    im = hn::MulAdd(mi, br, hn::MulAdd(mr, bi, im));
    hn::Store(re, d, out + v);
    hn::Store(im, d, out + kLanes<T> + v);
  }
}

template <class T>
void pauli_rotation(T* blocks, const PauliCall<T>& call) {
  HWY_ALIGN T a[kBlock<T>];
  HWY_ALIGN T b[kBlock<T>];
  blocks += call.fixed * kBlock<T>;
  std::uint64_t i = 0;
  do {
    const std::uint64_t j = i ^ call.flip;
    T* const row_i = blocks + i * kBlock<T>;
    T* const row_j = blocks + j * kBlock<T>;
    // The sign of out_i is that of its partner's index, so i takes parity(j) and j takes parity(i).
    permute_block(row_i, a, call.lane_xor);
    if (call.flip == 0) {
      rotate_block(row_i, a, row_i, call, parity(i & call.phase_mask) != 0);
    } else {
      permute_block(row_j, b, call.lane_xor);
      rotate_block(row_i, b, row_i, call, parity(j & call.phase_mask) != 0);
      rotate_block(row_j, a, row_j, call, parity(i & call.phase_mask) != 0);
    }
    i = next_subset(i, call.free);
  } while (i != 0);
}

template <class T>
void bracket(const T* bra, const T* ket, const BracketCall<T>& call, double* re_im) {
  HWY_ALIGN T b[kBlock<T>];
  double re[kLanes<T>] = {};
  double im[kLanes<T>] = {};
  bra += call.fixed * kBlock<T>;
  ket += call.fixed * kBlock<T>;
  std::uint64_t i = 0;
  do {
    const std::uint64_t j = i ^ call.flip;
    permute_block(ket + j * kBlock<T>, b, call.lane_xor);
    const double sign = parity(j & call.phase_mask) != 0 ? -1.0 : 1.0;
    const T* const a = bra + i * kBlock<T>;
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const double w = sign * static_cast<double>(call.weight[l]);
      const double ar = a[l];
      const double ai = a[kLanes<T> + l];
      const double br = b[l];
      const double bi = b[kLanes<T> + l];
      re[l] += w * (ar * br + ai * bi);
      im[l] += w * (ar * bi - ai * br);
    }
    i = next_subset(i, call.free);
  } while (i != 0);
  for (unsigned half = kLanes<T> / 2; half != 0; half /= 2) {
    for (unsigned l = 0; l < half; ++l) {
      re[l] += re[l + half];
      im[l] += im[l + half];
    }
  }
  re_im[0] = re[0];
  re_im[1] = im[0];
}

// Adjacent lanes first: the tree of the index bits.
template <class T>
HWY_INLINE double lane_tree(double* lanes) {
  for (unsigned width = kLanes<T>; width > 1; width /= 2) {
    for (unsigned l = 0; l < width / 2; ++l) lanes[l] = lanes[2 * l] + lanes[2 * l + 1];
  }
  return lanes[0];
}

template <class T>
void block_norms(const T* blocks, std::uint64_t count, double* out) {
  for (std::uint64_t k = 0; k < count; ++k, blocks += kBlock<T>) {
    double lanes[kLanes<T>];
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const double re = blocks[l];
      const double im = blocks[kLanes<T> + l];
      lanes[l] = re * re + im * im;
    }
    out[k] = lane_tree<T>(lanes);
  }
}

// The operator of a group on the partners of blocks k0 .. k0 + count - 1, one complex factor a
// lane; `count` is a power of two that divides k0. fi only if call.is_complex.
template <class T>
HWY_INLINE void group_factors(const PauliGroupCall<T>& call, std::uint64_t k0, std::uint64_t count,
                              double* HWY_RESTRICT fr, double* HWY_RESTRICT fi) {
  constexpr std::size_t lanes = kLanes<T>;
  const std::uint64_t first = (call.first + k0) ^ call.global_flip;
  const std::uint64_t window = call.window | (count - 1);
  for (std::uint64_t k = 0; k < count; ++k) {
    const std::size_t from = ((first ^ k) & call.window) * lanes;
    for (std::size_t l = 0; l < lanes; ++l) {
      fr[k * lanes + l] = call.re != nullptr ? call.re[from + l] : 0.0;
    }
    if (!call.is_complex) continue;
    for (std::size_t l = 0; l < lanes; ++l) {
      fi[k * lanes + l] = call.im != nullptr ? call.im[from + l] : 0.0;
    }
  }
  for (std::size_t t = 0; t < call.terms.size();) {
    // Terms that look alike inside the window are one, with the sum of their signed coefficients.
    const GroupTerm& alike = call.terms[t];
    double re = 0.0;
    double im = 0.0;
    for (; t < call.terms.size(); ++t) {
      const GroupTerm& term = call.terms[t];
      if (((term.z_block ^ alike.z_block) & window) != 0 || term.z_lane != alike.z_lane) break;
      const bool odd = parity(first & term.z_block) != 0;
      re += odd ? -term.re : term.re;
      im += odd ? -term.im : term.im;
    }
    double r[lanes];
    double i[lanes];
    for (unsigned l = 0; l < lanes; ++l) {
      const bool odd = parity((l ^ call.lane_xor) & alike.z_lane) != 0;
      r[l] = odd ? -re : re;
      i[l] = odd ? -im : im;
    }
    for (std::uint64_t k = 0; k < count; ++k) {
      const double sign = parity(k & alike.z_block) != 0 ? -1.0 : 1.0;
      for (std::size_t l = 0; l < lanes; ++l) fr[k * lanes + l] += sign * r[l];
      if (!call.is_complex) continue;
      for (std::size_t l = 0; l < lanes; ++l) fi[k * lanes + l] += sign * i[l];
    }
  }
}

// Blocks whose factors are made at a time.
inline constexpr std::uint64_t kFactorBlocks = 64;

// Re(sum over lanes of conj(a) f b)
template <class T>
HWY_INLINE double expect_block(const T* a, const T* b, const double* fr, const double* fi,
                               bool is_complex) {
  double lanes[kLanes<T>];
  for (unsigned l = 0; l < kLanes<T>; ++l) {
    const double ar = a[l];
    const double ai = a[kLanes<T> + l];
    const double br = b[l];
    const double bi = b[kLanes<T> + l];
    lanes[l] = fr[l] * (ar * br + ai * bi);
    if (is_complex) lanes[l] -= fi[l] * (ar * bi - ai * br);
  }
  return lane_tree<T>(lanes);
}

template <class T>
void pauli_expect(const T* ket, const T* partner, std::uint64_t count,
                  const PauliGroupCall<T>& call, double* out) {
  HWY_ALIGN T moved[kBlock<T>];
  HWY_ALIGN double fr[kFactorBlocks * kLanes<T>];
  HWY_ALIGN double fi[kFactorBlocks * kLanes<T>];
  const std::uint64_t part = count < kFactorBlocks ? count : kFactorBlocks;
  for (std::uint64_t k0 = 0; k0 < count; k0 += part) {
    group_factors(call, k0, part, fr, fi);
    for (std::uint64_t k = 0; k < part; ++k) {
      const T* b = partner + ((k0 + k) ^ call.flip) * kBlock<T>;
      if (call.lane_xor != 0) {
        permute_block(b, moved, call.lane_xor);
        b = moved;
      }
      out[k0 + k] = expect_block(ket + (k0 + k) * kBlock<T>, b, fr + k * kLanes<T>,
                                 fi + k * kLanes<T>, call.is_complex);
    }
  }
}

template <class T>
HWY_INLINE void apply_block(T* a, const T* b, const double* fr, const double* fi, bool is_complex,
                            bool assign) {
  for (unsigned l = 0; l < kLanes<T>; ++l) {
    const T br = b[l];
    const T bi = b[kLanes<T> + l];
    T re = static_cast<T>(fr[l]) * br;
    T im = static_cast<T>(fr[l]) * bi;
    if (is_complex) {
      re -= static_cast<T>(fi[l]) * bi;
      im += static_cast<T>(fi[l]) * br;
    }
    a[l] = assign ? re : a[l] + re;
    a[kLanes<T> + l] = assign ? im : a[kLanes<T> + l] + im;
  }
}

template <class T>
void pauli_apply(T* bra, const T* ket, const T* partner, std::uint64_t count,
                 const PauliGroupCall<T>& call, double* out) {
  HWY_ALIGN T moved[kBlock<T>];
  HWY_ALIGN double fr[kFactorBlocks * kLanes<T>];
  HWY_ALIGN double fi[kFactorBlocks * kLanes<T>];
  const std::uint64_t part = count < kFactorBlocks ? count : kFactorBlocks;
  for (std::uint64_t k0 = 0; k0 < count; k0 += part) {
    group_factors(call, k0, part, fr, fi);
    for (std::uint64_t k = 0; k < part; ++k) {
      const T* b = partner + ((k0 + k) ^ call.flip) * kBlock<T>;
      if (call.lane_xor != 0) {
        permute_block(b, moved, call.lane_xor);
        b = moved;
      }
      const double* const r = fr + k * kLanes<T>;
      const double* const i = fi + k * kLanes<T>;
      if (out != nullptr) {
        out[k0 + k] = expect_block(ket + (k0 + k) * kBlock<T>, b, r, i, call.is_complex);
      }
      apply_block(bra + (k0 + k) * kBlock<T>, b, r, i, call.is_complex, call.assign);
    }
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
