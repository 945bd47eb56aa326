// SPDX-License-Identifier: Apache-2.0
// Compiles the kernels once for each instruction set and gathers them into tables. Included by
// dispatch_double.cpp and dispatch_float.cpp, which define QROSS_REAL and HWY_TARGET_INCLUDE.
#if defined(QROSS_KERNELS_DISPATCH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QROSS_KERNELS_DISPATCH_INL
#undef QROSS_KERNELS_DISPATCH_INL
#else
#define QROSS_KERNELS_DISPATCH_INL
#endif

#include "qsim/kernels/batch_numbers-inl.hpp"
#include "qsim/kernels/batch_sums-inl.hpp"
#include "qsim/kernels/diagonal-inl.hpp"
#include "qsim/kernels/gate_list-inl.hpp"
#include "qsim/kernels/matrix-inl.hpp"
#include "qsim/kernels/pauli-inl.hpp"
#include "qsim/kernels/sincos-inl.hpp"
#include "qsim/kernels/tile-inl.hpp"
#include "qsim/kernels/tile_bracket-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace qross::qsim::HWY_NAMESPACE {

// Tables are data that the compiler makes: code for an instruction set must not run before the
// processor was asked for it.
template <class T>
consteval KernelTable<T> make_table(std::string_view name) {
  return {name,          &matrix<T>,      &diagonal<T>,     &permute<T>,     &pauli_rotation<T>,
          &bracket<T>,   &block_norms<T>, &pauli_expect<T>, &pauli_apply<T>, &tile<T>,
          &tile_walk<T>, &sincos,         &gate_list<T>,    make_batch<T>()};
}

}  // namespace qross::qsim::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
