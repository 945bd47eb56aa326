// SPDX-License-Identifier: Apache-2.0
// Which instruction sets the kernels are compiled for. Older x86 sets and the sizeless ones (SVE,
// RVV: no arrays of vectors) are left out; scalar code is always there. Must come before anything
// that includes Highway, which else has chosen by itself. No include guard: Highway includes its
// caller once for each target.
#ifndef QROSS_TARGETS_CHOSEN
#define QROSS_TARGETS_CHOSEN
#ifdef HIGHWAY_HWY_DETECT_TARGETS_H_
#error "targets-inl.hpp must come before every header that includes Highway"
#endif
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#endif
#ifndef HWY_COMPILE_ALL_ATTAINABLE
#define HWY_COMPILE_ALL_ATTAINABLE  // scalar code also where the least processor has vectors
#endif
#endif
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>
