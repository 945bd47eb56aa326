// SPDX-License-Identifier: Apache-2.0
// Sines and cosines of many angles, for tables of phases. Included once per instruction set by
// dispatch-inl.hpp.
#if defined(QROSS_KERNELS_SINCOS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_SINCOS_INL
#undef QROSS_KERNELS_SINCOS_INL
#else
#define QROSS_KERNELS_SINCOS_INL
#endif

#include <cmath>

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

inline void sincos(const double* angle, std::size_t count, double* cosine, double* sine) {
  const hn::CappedTag<double, 8> d;
  constexpr std::size_t vector = hn::MaxLanes(hn::CappedTag<double, 8>());
  std::size_t k = 0;
  for (; k + vector <= count; k += vector) {
    const auto x = hn::LoadU(d, angle + k);
    hn::StoreU(hn::Cos(d, x), d, cosine + k);
    hn::StoreU(hn::Sin(d, x), d, sine + k);
  }
  for (; k < count; ++k) {
    cosine[k] = std::cos(angle[k]);
    sine[k] = std::sin(angle[k]);
  }
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
