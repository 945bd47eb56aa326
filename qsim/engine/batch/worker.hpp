// SPDX-License-Identifier: Apache-2.0
// BatchWorker: one thread's two states and working memory; it takes a group of circuits, one a
// lane, through a compiled batch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qsim/core/buffer.hpp"
#include "qsim/engine/batch/code.hpp"
#include "qsim/engine/batch/observables.hpp"
#include "qsim/engine/coefficients.hpp"
#include "qsim/engine/prepare.hpp"
#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {

/// What all workers share: nothing in it changes once it is made.
template <class T>
struct BatchShared {
  const KernelTable<T>* kernels = nullptr;
  LoweredCircuit circuit;
  BatchCode code;
  BatchObservables<T> observables;
  std::vector<Prepared<T>> wide;          ///< one for each BatchWide that is no rotation
  std::vector<Prepared<T>> wide_inverse;  ///< their inverses
  std::vector<std::uint32_t> used_slots;  ///< parameters that phasors name

  BatchShared(const KernelTable<T>& table, LoweredCircuit lowered, BatchCode compiled,
              BatchObservables<T> sums);
};

template <class T>
class BatchWorker {
 public:
  explicit BatchWorker(const BatchShared<T>& shared);

  /// Bytes that a worker takes.
  [[nodiscard]] static std::uint64_t bytes(const BatchCode& code);

  /// The parameter sets of a group: `count` of them (at most kLanes), one after the other. Lanes
  /// that are left run the last set again. Throws Error(bad_input) if an angle is not finite.
  void set_parameters(std::span<const double> sets, std::size_t count);
  /// Takes the ket through the circuit and computes the values of the observables.
  void run_forward();
  /// Takes both states back; the weights are set before.
  void run_backward();

  /// A line for each observable.
  [[nodiscard]] const double* values() const noexcept { return values_.data(); }
  [[nodiscard]] double* weights() noexcept { return weights_.data(); }
  /// Adds the gradient of lane `lane` to `gradient`; `set` are its parameters.
  void add_gradient(unsigned lane, std::span<const double> set, std::span<double> gradient) const;

 private:
  void check_angles(std::span<const double> sets, std::size_t count);
  [[nodiscard]] BatchNumbers<T> numbers();
  [[nodiscard]] BatchData<T> data() noexcept;
  void walk_forward(const BatchWalk& walk);
  void walk_backward(const BatchWalk& walk);
  void apply_wide(const BatchWide& wide, bool inverse, T* state);
  void bracket(const BatchWide& wide);
  void link();
  void link_product();
  [[nodiscard]] BatchWireOps wire_ops() const noexcept;

  const BatchShared<T>* shared_;
  Buffer states_;
  T* ket_ = nullptr;
  T* bra_ = nullptr;
  Coefficients<T> numbers_;
  Coefficients<T> scratch_;
  Coefficients<T> tables_;  ///< of product states
  Coefficients<double> table_sums_;
  Coefficients<double> wire_states_;       ///< after each gate of the product
  Coefficients<double> wires_;             ///< the product's last states, then their environments
  Coefficients<double> wire_derivatives_;  ///< lines
  Coefficients<double> slots_;             ///< lines
  Coefficients<double> phasors_;           ///< pairs of lines
  Coefficients<double> scale_;             ///< one line
  Coefficients<double> squares_;           ///< lines: the scale squared when sums were measured
  Coefficients<double> sums_;              ///< lines
  Coefficients<double> values_;            ///< lines
  Coefficients<double> weights_;           ///< lines
  Coefficients<double> gradients_;         ///< lines, one for each slot
  std::vector<std::uint8_t> enabled_;
};

}  // namespace qross::qsim
