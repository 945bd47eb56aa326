// SPDX-License-Identifier: Apache-2.0
// Vectors and lane permutations shared by the kernels of one instruction set. Included once per
// instruction set. A block is kLanes numbers; a vector holds kVector of them (8 doubles on
// AVX-512, 4 on AVX2, 1 in scalar code), so a block is one or more vectors.
#if defined(QROSS_KERNELS_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_LANES_INL
#undef QROSS_KERNELS_LANES_INL
#else
#define QROSS_KERNELS_LANES_INL
#endif

#include <bit>
#include <cstdint>

#include <hwy/highway.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/kernels/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
using qsim::parity;
#else
// 1 if an odd number of bits is set: every processor with vectors counts bits in one instruction.
// Not HWY_INLINE, with which GCC moves the rows of tile walks about and takes up to a fifth longer.
constexpr unsigned parity(std::uint64_t value) noexcept {
  return static_cast<unsigned>(std::popcount(value)) & 1U;
}
#endif

template <class T>
using Tag = hn::CappedTag<T, kLanes<T>>;

template <class T>
inline constexpr std::size_t kVector = hn::MaxLanes(Tag<T>());

// A block is kParts vectors of real and kParts of imaginary parts.
template <class T>
inline constexpr std::size_t kParts = kLanes<T> / kVector<T>;

template <class T>
using Vec = hn::Vec<Tag<T>>;

// Numbers that are used several times, read once: left alone, the compiler makes memory an operand
// of every use, and kernels that keep their rows in registers are bound by loads. The empty asm
// hides from it where the numbers came from.
template <class T>
HWY_INLINE hn::Vec<Tag<T>> load_once(const T* numbers) {
  auto v = hn::Load(Tag<T>(), numbers);
#if HWY_ARCH_X86 && HWY_TARGET != HWY_EMU128 && HWY_TARGET != HWY_SCALAR
  asm("" : "+v"(v.raw));
#endif
  return v;
}

template <class T>
HWY_INLINE void copy_block(const T* HWY_RESTRICT from, T* HWY_RESTRICT to) {
  const Tag<T> d;
  for (std::size_t v = 0; v < kBlock<T>; v += kVector<T>) {
    hn::Store(hn::Load(d, from + v), d, to + v);
  }
}

// kXorIndex[x][l] = l ^ x, the table for lane permutations within one vector.
template <class T>
struct XorIndex {
  hwy::MakeSigned<T> at[kLanes<T>][kLanes<T>];
  constexpr XorIndex() : at{} {
    for (unsigned x = 0; x < kLanes<T>; ++x) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        at[x][l] = static_cast<hwy::MakeSigned<T>>((l ^ x) & (kVector<T> - 1));
      }
    }
  }
};
template <class T>
alignas(64) inline constexpr XorIndex<T> kXorIndex;

// to[l] = from[l ^ x] for real and imaginary parts. Bits of x above the vector size exchange
// whole vectors. `from` and `to` must not overlap unless x is 0.
template <class T>
HWY_INLINE void permute_block(const T* HWY_RESTRICT from, T* HWY_RESTRICT to, unsigned x) {
  const Tag<T> d;
  if (x == 0) return copy_block(from, to);
  const auto index = hn::SetTableIndices(d, kXorIndex<T>.at[x]);
  const std::size_t far = x & ~(kVector<T> - 1) & (kLanes<T> - 1);
  for (std::size_t v = 0; v < kLanes<T>; v += kVector<T>) {
    const std::size_t source = v ^ far;
    hn::Store(hn::TableLookupLanes(hn::Load(d, from + source), index), d, to + v);
    hn::Store(hn::TableLookupLanes(hn::Load(d, from + kLanes<T> + source), index), d,
              to + kLanes<T> + v);
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
