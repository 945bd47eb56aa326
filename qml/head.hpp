// SPDX-License-Identifier: Apache-2.0
// ClassifierHead: from expectation values of Z to class scores, and the chain rule back from the
// loss. A plain value, shared by the ways in which a classifier runs its circuits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace qross::qml {

/// Two classes: scores {a <Z0> + b, 0}. More: score k = a <Z_k> + b_k.
/// Weights of a model: `angles` angles of its circuit, then a, then b or all b_k.
class ClassifierHead {
 public:
  ClassifierHead(std::size_t classes, std::size_t angles) noexcept
      : classes_(classes), angles_(angles) {}

  [[nodiscard]] std::size_t classes() const noexcept { return classes_; }
  [[nodiscard]] std::size_t angles() const noexcept { return angles_; }
  /// Expectation values that are read: <Z0> tells two classes apart.
  [[nodiscard]] std::size_t observables() const noexcept { return classes_ == 2 ? 1 : classes_; }
  /// One scale, and one bias for each observable.
  [[nodiscard]] std::size_t weights() const noexcept { return 1 + observables(); }

  /// From z[observable] to scores[class]; `weights` are all of the model.
  void scores(std::span<const double> z, std::span<const double> weights,
              std::span<double> scores) const noexcept;

  /// The same, and the cross-entropy of the label, its derivatives by the head's numbers in their
  /// places of `gradient` (of all weights), and by_z[observable] = d(loss)/d(z).
  double loss_and_gradient(std::span<const double> z, std::uint32_t label,
                           std::span<const double> weights, std::span<double> scores,
                           std::span<double> gradient, std::span<double> by_z) const noexcept;

 private:
  std::size_t classes_;
  std::size_t angles_;
};

}  // namespace qross::qml
