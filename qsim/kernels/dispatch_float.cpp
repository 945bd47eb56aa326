// SPDX-License-Identifier: Apache-2.0
// The kernel tables for float, one for each instruction set this build knows.
#define QROSS_REAL float
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qsim/kernels/dispatch_float.cpp"
// Not in alphabetic order: the sets are chosen before any header includes Highway.
// clang-format off
#include "qsim/kernels/targets-inl.hpp"
#include "qsim/kernels/dispatch-inl.hpp"
// clang-format on

#if HWY_ONCE
#include "qsim/kernels/tables-inl.hpp"
#endif
