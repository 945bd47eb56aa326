// SPDX-License-Identifier: Apache-2.0
// Scores, and the chain rule through them.
#include "qml/head.hpp"

#include <array>

#include "qml/circuit_spec.hpp"
#include "qml/loss.hpp"

namespace qross::qml {

void ClassifierHead::scores(std::span<const double> z, std::span<const double> weights,
                            std::span<double> scores) const noexcept {
  scores[classes_ - 1] = 0.0;  // the second of two classes
  for (std::size_t k = 0; k < observables(); ++k) {
    scores[k] = weights[angles_] * z[k] + weights[angles_ + 1 + k];
  }
}

double ClassifierHead::loss_and_gradient(std::span<const double> z, std::uint32_t label,
                                         std::span<const double> weights, std::span<double> scores,
                                         std::span<double> gradient,
                                         std::span<double> by_z) const noexcept {
  this->scores(z, weights, scores);
  // More than two classes have a qubit each.
  std::array<double, kMaxModelQubits> by_score;
  const double loss = cross_entropy(scores, label, std::span(by_score).first(classes_));
  double by_scale = 0.0;
  for (std::size_t k = 0; k < observables(); ++k) {
    by_z[k] = weights[angles_] * by_score[k];
    by_scale += by_score[k] * z[k];
    gradient[angles_ + 1 + k] = by_score[k];
  }
  gradient[angles_] = by_scale;
  return loss;
}

}  // namespace qross::qml
