// SPDX-License-Identifier: Apache-2.0
// Prepared operations: a planned operation with its numbers, its positions in the current layout
// and the kernel call it becomes on one sub-block. Made once a pass, used for every sub-block.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "qsim/core/bits.hpp"
#include "qsim/engine/coefficients.hpp"
#include "qsim/kernels/kernels.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

template <class T>
struct PreparedMatrix {
  MatrixCall<T> call;
  Coefficients<T> coef;
};

/// One diagonal call for each value of the target bits outside the sub-block.
template <class T>
struct PreparedDiagonal {
  std::uint64_t outer_targets = 0;  ///< positions
  std::vector<DiagonalCall<T>> variants;
  Coefficients<T> coef;
};

template <class T>
struct PreparedPermute {
  PermuteCall<T> call;
  std::vector<MoveTerm> terms;
};

/// The call for an even and for an odd number of outer z bits.
template <class T>
struct PreparedPauli {
  std::uint64_t outer_z = 0;  ///< positions
  PauliCall<T> even;
  PauliCall<T> odd;
  Coefficients<T> coef;
};

template <class T>
struct Prepared {
  /// Controls outside the sub-block: the operation runs where (index & mask) == value.
  std::uint64_t outer_mask = 0;
  std::uint64_t outer_value = 0;
  std::variant<PreparedMatrix<T>, PreparedDiagonal<T>, PreparedPermute<T>, PreparedPauli<T>> work;
};

/// Prepares `op` for sub-blocks with the given active positions.
template <class T>
[[nodiscard]] Prepared<T> prepare(const LoweredCircuit& circuit, const Lowered& op,
                                  const Layout& layout, std::uint64_t active,
                                  std::span<const double> values, bool inverse);

/// Runs a prepared operation on the sub-block at `blocks`, whose first amplitude has the global
/// index `index` (shard number above the local bits).
template <class T>
void apply(const KernelTable<T>& kernels, const Prepared<T>& op, std::uint64_t index, T* blocks);

/// Im of the sum of conj(bra) G ket, G the generator of an operation with an angle: a Pauli string
/// with exp(-i angle/2 P), or a projector with exp(i angle Pi), both on the controls' subspace.
template <class T>
struct PreparedBracket {
  std::uint64_t outer_mask = 0;
  std::uint64_t outer_value = 0;
  std::uint64_t outer_z = 0;
  unsigned ys = 0;     ///< number of Y letters: P = i^ys X^x Z^z
  double scale = 1.0;  ///< 1 for a Pauli string, -2 for a projector
  BracketCall<T> call;
  Coefficients<T> weight;
};

/// Whether the operation has an angle that expectation values depend on.
[[nodiscard]] bool has_derivative(const LoweredCircuit& circuit, const Lowered& op);

template <class T>
[[nodiscard]] PreparedBracket<T> prepare_bracket(const Lowered& op, const Layout& layout,
                                                 std::uint64_t active);

/// d(expectation)/d(angle) contributed by one sub-block.
template <class T>
[[nodiscard]] double derivative(const KernelTable<T>& kernels, const PreparedBracket<T>& op,
                                std::uint64_t index, const T* bra, const T* ket);

}  // namespace qross::qsim
