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

// The operator of a group at partner block index `index`: one complex factor a lane.
template <class T>
HWY_INLINE void group_factor(const PauliGroupCall<T>& call, std::uint64_t index, double* fr,
                             double* fi) {
  for (unsigned l = 0; l < kLanes<T>; ++l) fr[l] = fi[l] = 0.0;
  for (const GroupTerm& term : call.terms) {
    const double sign = parity(index & term.z_block) != 0 ? -1.0 : 1.0;
    const double re = sign * term.re;
    const double im = sign * term.im;
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const double s = parity((l ^ call.lane_xor) & term.z_lane) != 0 ? -1.0 : 1.0;
      fr[l] += s * re;
      fi[l] += s * im;
    }
  }
}

template <class T>
void pauli_expect(const T* ket, const T* partner, std::uint64_t count,
                  const PauliGroupCall<T>& call, double* out) {
  HWY_ALIGN T b[kBlock<T>];
  double fr[kLanes<T>];
  double fi[kLanes<T>];
  for (std::uint64_t k = 0; k < count; ++k) {
    group_factor(call, (call.first + k) ^ call.global_flip, fr, fi);
    permute_block(partner + (k ^ call.flip) * kBlock<T>, b, call.lane_xor);
    const T* const a = ket + k * kBlock<T>;
    double lanes[kLanes<T>];
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const double ar = a[l];
      const double ai = a[kLanes<T> + l];
      const double br = b[l];
      const double bi = b[kLanes<T> + l];
      // Re(conj(a) f b)
      lanes[l] = fr[l] * (ar * br + ai * bi) - fi[l] * (ar * bi - ai * br);
    }
    out[k] = lane_tree<T>(lanes);
  }
}

template <class T>
void pauli_apply(T* bra, const T* partner, std::uint64_t count, const PauliGroupCall<T>& call) {
  HWY_ALIGN T b[kBlock<T>];
  double fr[kLanes<T>];
  double fi[kLanes<T>];
  for (std::uint64_t k = 0; k < count; ++k) {
    group_factor(call, (call.first + k) ^ call.global_flip, fr, fi);
    permute_block(partner + (k ^ call.flip) * kBlock<T>, b, call.lane_xor);
    T* const a = bra + k * kBlock<T>;
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const T re = static_cast<T>(fr[l]);
      const T im = static_cast<T>(fi[l]);
      a[l] += re * b[l] - im * b[kLanes<T> + l];
      a[kLanes<T> + l] += re * b[kLanes<T> + l] + im * b[l];
    }
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
