// SPDX-License-Identifier: Apache-2.0
// Softmax and cross-entropy, both shifted by the largest score.
#include "qml/loss.hpp"

#include <algorithm>
#include <cmath>

namespace qross::qml {

void softmax(std::span<const double> scores, std::span<double> probabilities) noexcept {
  const double top = *std::max_element(scores.begin(), scores.end());
  double sum = 0.0;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    probabilities[k] = std::exp(scores[k] - top);
    sum += probabilities[k];
  }
  for (double& p : probabilities) p /= sum;
}

double cross_entropy(std::span<const double> scores, std::uint32_t label,
                     std::span<double> gradient) noexcept {
  const double top = *std::max_element(scores.begin(), scores.end());
  double sum = 0.0;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    gradient[k] = std::exp(scores[k] - top);
    sum += gradient[k];
  }
  const double loss = std::log(sum) - (scores[label] - top);
  for (double& g : gradient) g /= sum;
  gradient[label] -= 1.0;
  return loss;
}

std::uint32_t argmax(std::span<const double> scores) noexcept {
  return static_cast<std::uint32_t>(std::max_element(scores.begin(), scores.end()) -
                                    scores.begin());
}

}  // namespace qross::qml
