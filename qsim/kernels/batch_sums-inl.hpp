// SPDX-License-Identifier: Apache-2.0
// Observables of batches: sums over blocks that keep the lanes apart, in a fixed order, collected
// in double. Included once per instruction set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_BATCH_SUMS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_BATCH_SUMS_INL
#undef QROSS_KERNELS_BATCH_SUMS_INL
#else
#define QROSS_KERNELS_BATCH_SUMS_INL
#endif

#include "qsim/kernels/batch_product-inl.hpp"
#include "qsim/kernels/batch_tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// Blocks that are summed in the precision of the state before they join the double sum.
inline constexpr std::uint64_t kSumRun = 16;

// kCount factors on the blocks [first, first + run) that do not flip: re * |a|^2.
template <unsigned kCount, class T>
HWY_INLINE void expect_run(const T* state, std::uint64_t first, std::uint64_t run,
                           const BatchFactors<T>* factors, double* sums) {
  const Tag<T> d;
  for (std::size_t p = 0; p < kParts<T>; ++p) {
    Vec<T> total[kCount];
    for (unsigned f = 0; f < kCount; ++f) total[f] = hn::Zero(d);
    const T* block = state + first * kBlock<T> + p * kVector<T>;
    for (std::uint64_t i = first; i < first + run; ++i, block += kBlock<T>) {
      const auto re = hn::Load(d, block);
      const auto im = hn::Load(d, block + kLanes<T>);
      const auto norm = hn::MulAdd(im, im, hn::Mul(re, re));
      for (unsigned f = 0; f < kCount; ++f) {
        total[f] = hn::MulAdd(hn::Set(d, factors[f].re[i]), norm, total[f]);
      }
    }
    for (unsigned f = 0; f < kCount; ++f) add_part<T>(sums + f * kLanes<T>, total[f], p);
  }
}

template <unsigned kCount, class T>
HWY_INLINE void expect_plain(const T* state, std::uint64_t count, const BatchFactors<T>* factors,
                             double* sums) {
  for (std::uint64_t first = 0; first < count; first += kSumRun) {
    expect_run<kCount>(state, first, count - first < kSumRun ? count - first : kSumRun, factors,
                       sums);
  }
}

// Re(conj(a) f b) for a = block i, b = the partner's block i ^ flip.
template <class T>
HWY_INLINE void expect_flipped(const T* state, const T* partner, std::uint64_t count,
                               std::uint64_t flip, const BatchFactors<T>& factors, double* sum) {
  const Tag<T> d;
  for (std::uint64_t first = 0; first < count; first += kSumRun) {
    const std::uint64_t end = count - first < kSumRun ? count : first + kSumRun;
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      auto total = hn::Zero(d);
      for (std::uint64_t i = first; i < end; ++i) {
        const T* const a = state + i * kBlock<T> + p * kVector<T>;
        const T* const b = partner + (i ^ flip) * kBlock<T> + p * kVector<T>;
        const auto ar = hn::Load(d, a);
        const auto ai = hn::Load(d, a + kLanes<T>);
        const auto br = hn::Load(d, b);
        const auto bi = hn::Load(d, b + kLanes<T>);
        if (factors.re != nullptr) {
          const auto product = hn::MulAdd(ai, bi, hn::Mul(ar, br));
          total = hn::MulAdd(hn::Set(d, factors.re[i]), product, total);
        }
        if (factors.im != nullptr) {
          const auto product = hn::NegMulAdd(ai, br, hn::Mul(ar, bi));
          total = hn::NegMulAdd(hn::Set(d, factors.im[i]), product, total);
        }
      }
      add_part<T>(sum, total, p);
    }
  }
}

template <class T>
void batch_expect(const T* state, const T* partner, std::uint64_t count, std::uint64_t flip,
                  std::span<const BatchFactors<T>> factors, double* sums) {
  if (flip != 0 || partner != state) {
    for (std::size_t f = 0; f < factors.size(); ++f) {
      expect_flipped(state, partner, count, flip, factors[f], sums + f * kLanes<T>);
    }
    return;
  }
  switch (factors.size()) {
    case 1:
      return expect_plain<1>(state, count, factors.data(), sums);
    case 2:
      return expect_plain<2>(state, count, factors.data(), sums);
    case 3:
      return expect_plain<3>(state, count, factors.data(), sums);
    case 4:
      return expect_plain<4>(state, count, factors.data(), sums);
    default:
      throw Error(ErrorCode::bug, "more factors at once than the kernel takes");
  }
}

// out (+)= f * in for f = fr + i fi; kIm: fi is not 0.
template <bool kAdd, bool kIm, class T>
HWY_INLINE void apply_part(T* out, const T* in, Vec<T> fr, Vec<T> fi) {
  const Tag<T> d;
  const auto br = hn::Load(d, in);
  const auto bi = hn::Load(d, in + kLanes<T>);
  auto re = hn::Mul(fr, br);
  auto im = hn::Mul(fr, bi);
  if constexpr (kIm) {
    re = hn::NegMulAdd(fi, bi, re);
    im = hn::MulAdd(fi, br, im);
  }
  if constexpr (kAdd) {
    re = hn::Add(hn::Load(d, out), re);
    im = hn::Add(hn::Load(d, out + kLanes<T>), im);
  }
  hn::Store(re, d, out);
  hn::Store(im, d, out + kLanes<T>);
}

template <bool kAdd, bool kIm, class T>
HWY_INLINE void apply_blocks(T* bra, const T* ket, std::uint64_t count, std::uint64_t flip,
                             std::span<const BatchFactors<T>> factors, const T* weights) {
  const Tag<T> d;
  for (std::uint64_t i = 0; i < count; ++i) {
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
      auto fr = hn::Zero(d);
      auto fi = hn::Zero(d);
      const T* weight = weights + v;
      for (const BatchFactors<T>& factor : factors) {
        const auto w = hn::Load(d, weight);
        if (factor.re != nullptr) fr = hn::MulAdd(hn::Set(d, factor.re[i]), w, fr);
        if (kIm && factor.im != nullptr) fi = hn::MulAdd(hn::Set(d, factor.im[i]), w, fi);
        weight += kLanes<T>;
      }
      apply_part<kAdd, kIm>(bra + i * kBlock<T> + v, ket + (i ^ flip) * kBlock<T> + v, fr, fi);
    }
  }
}

template <class T>
void batch_apply(T* bra, const T* ket, std::uint64_t count, std::uint64_t flip,
                 std::span<const BatchFactors<T>> factors, const double* weights, bool add) {
  HWY_ALIGN T rounded[kBatchMostFactors * kLanes<T>];
  bool imaginary = false;
  for (std::size_t f = 0; f < factors.size(); ++f) {
    imaginary = imaginary || factors[f].im != nullptr;
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      rounded[f * kLanes<T> + l] = static_cast<T>(weights[f * kLanes<T> + l]);
    }
  }
  if (add && imaginary) {
    apply_blocks<true, true>(bra, ket, count, flip, factors, rounded);
  } else if (add) {
    apply_blocks<true, false>(bra, ket, count, flip, factors, rounded);
  } else if (imaginary) {
    apply_blocks<false, true>(bra, ket, count, flip, factors, rounded);
  } else {
    apply_blocks<false, false>(bra, ket, count, flip, factors, rounded);
  }
}

template <class T>
void batch_bracket(const T* bra, const T* ket, std::uint64_t free, std::uint64_t fixed,
                   std::uint64_t flip, std::uint64_t phase_mask, unsigned turns, double* sums) {
  const Tag<T> d;
  std::uint64_t i = 0;
  do {
    const std::uint64_t own = fixed | i;
    const std::uint64_t there = own ^ flip;
    // Im(i^turns z) is Im z, Re z, -Im z, -Re z.
    const bool negative = (parity(there & phase_mask) != 0) != ((turns & 2) != 0);
    const auto sign = hn::Set(d, negative ? T{-1} : T{1});
    for (std::size_t p = 0; p < kParts<T>; ++p) {
      const T* const a = bra + own * kBlock<T> + p * kVector<T>;
      const T* const b = ket + there * kBlock<T> + p * kVector<T>;
      const auto ar = hn::Mul(sign, hn::Load(d, a));
      const auto ai = hn::Mul(sign, hn::Load(d, a + kLanes<T>));
      const auto br = hn::Load(d, b);
      const auto bi = hn::Load(d, b + kLanes<T>);
      const auto value = (turns & 1) != 0 ? hn::MulAdd(ai, bi, hn::Mul(ar, br))
                                          : hn::NegMulAdd(ai, br, hn::Mul(ar, bi));
      add_part<T>(sums, value, p);
    }
    i = next_subset(i, free);
  } while (i != 0);
}

template <class T>
consteval BatchKernels<T> make_batch() {
  return {&batch_tile<T>,        &batch_phasors<T>,         &batch_numbers<T>, &batch_expect<T>,
          &batch_apply<T>,       &batch_bracket<T>,         &batch_wires<T>,   &batch_product<T>,
          &batch_environment<T>, &batch_wire_derivatives<T>};
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
