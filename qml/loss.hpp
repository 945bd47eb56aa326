// SPDX-License-Identifier: Apache-2.0
// Scores to probabilities and the cross-entropy loss with its derivative. Called by all models.
#pragma once

#include <cstdint>
#include <span>

namespace qross::qml {

/// p_k = exp(s_k) / sum exp(s). For two scores {s, 0} this is the logistic function of s. In place
/// is allowed.
void softmax(std::span<const double> scores, std::span<double> probabilities) noexcept;

/// -ln p_label of the softmax, without overflow; gradient[k] = p_k - (k == label).
[[nodiscard]] double cross_entropy(std::span<const double> scores, std::uint32_t label,
                                   std::span<double> gradient) noexcept;

/// The largest score; the first of equal ones.
[[nodiscard]] std::uint32_t argmax(std::span<const double> scores) noexcept;

}  // namespace qross::qml
