// SPDX-License-Identifier: Apache-2.0
// Diagonal gates and permutations: gates that mix no amplitudes. Included once per instruction
// set by dispatch-inl.hpp.
#if defined(QROSS_KERNELS_DIAGONAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_DIAGONAL_INL
#undef QROSS_KERNELS_DIAGONAL_INL
#else
#define QROSS_KERNELS_DIAGONAL_INL
#endif

#include "qsim/kernels/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

template <class T>
void diagonal(T* blocks, const DiagonalCall<T>& call) {
  const Tag<T> d;
  blocks += call.fixed * kBlock<T>;
  for (unsigned e = 0; e < call.entries; ++e) {
    const T* const coef = call.coef + e * kBlock<T>;
    T* const base = blocks + call.offset[e] * kBlock<T>;
    for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
      const auto cr = hn::Load(d, coef + v);
      const auto ci = hn::Load(d, coef + kLanes<T> + v);
      std::uint64_t i = 0;
      do {
        T* const block = base + i * kBlock<T> + v;
        const auto ar = hn::Load(d, block);
        const auto ai = hn::Load(d, block + kLanes<T>);
        hn::Store(hn::NegMulAdd(ci, ai, hn::Mul(cr, ar)), d, block);
        hn::Store(hn::MulAdd(ci, ar, hn::Mul(cr, ai)), d, block + kLanes<T>);
        i = next_subset(i, call.free);
      } while (i != 0);
    }
  }
}

// X and its controlled forms above the lanes: exchange of two rows.
template <class T>
void swap_rows(T* blocks, const PermuteCall<T>& call) {
  const Tag<T> d;
  blocks += call.fixed * kBlock<T>;
  std::uint64_t i = 0;
  do {
    T* const row0 = blocks + (i + call.offset[0]) * kBlock<T>;
    T* const row1 = blocks + (i + call.offset[1]) * kBlock<T>;
    for (std::size_t v = 0; v < kBlock<T>; v += kVector<T>) {
      const auto a = hn::Load(d, row0 + v);
      const auto b = hn::Load(d, row1 + v);
      hn::Store(b, d, row0 + v);
      hn::Store(a, d, row1 + v);
    }
    i = next_subset(i, call.free);
  } while (i != 0);
}

template <class T>
void permute(T* blocks, const PermuteCall<T>& call) {
  constexpr unsigned kAll = (1U << kLanes<T>)-1;
  const auto whole = [&](unsigned r, unsigned source) {
    const MoveTerm& term = call.terms[call.first_term[r]];
    return call.first_term[r + 1] - call.first_term[r] == 1 && term.mask == kAll &&
           term.lane_xor == 0 && term.source == source;
  };
  if (call.rows == 2 && whole(0, 1) && whole(1, 0)) return swap_rows(blocks, call);

  HWY_ALIGN T in[kMaxRows * kBlock<T>];
  HWY_ALIGN T moved[kBlock<T>];
  blocks += call.fixed * kBlock<T>;
  std::uint64_t i = 0;
  do {
    for (unsigned r = 0; r < call.rows; ++r) {
      copy_block(blocks + (i + call.offset[r]) * kBlock<T>, in + r * kBlock<T>);
    }
    for (unsigned r = 0; r < call.rows; ++r) {
      T* const out = blocks + (i + call.offset[r]) * kBlock<T>;
      for (unsigned t = call.first_term[r]; t < call.first_term[r + 1]; ++t) {
        const MoveTerm& term = call.terms[t];
        const T* source = in + term.source * kBlock<T>;
        if (term.mask == kAll) {
          permute_block(source, out, term.lane_xor);
          continue;
        }
        permute_block(source, moved, term.lane_xor);
        for (unsigned l = 0; l < kLanes<T>; ++l) {
          const bool take = ((term.mask >> l) & 1U) != 0;
          out[l] = take ? moved[l] : out[l];
          out[kLanes<T> + l] = take ? moved[kLanes<T> + l] : out[kLanes<T> + l];
        }
      }
    }
    i = next_subset(i, call.free);
  } while (i != 0);
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
