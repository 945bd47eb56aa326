// SPDX-License-Identifier: Apache-2.0
// Feature scaling, fitted on the training part and stored with the model, so that new samples are
// scaled the same way. Called by train.cpp and predict.cpp.
#pragma once

#include <cstddef>
#include <numbers>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace qross::qml {

enum class Scaling { min_max, standardise };

struct ScalerOptions {
  Scaling kind = Scaling::min_max;
  double low = 0.0;                ///< min_max: the smallest training value becomes this
  double high = std::numbers::pi;  ///< min_max: and the largest this
};

/// y = (x - centre) * factor + offset, for each feature. New values may fall outside the range.
struct Scaler {
  std::vector<double> centre;
  std::vector<double> factor;
  double offset = 0.0;
  std::vector<double> least;  ///< the range of each training feature, unscaled; empty: not known
  std::vector<double> most;

  [[nodiscard]] std::size_t features() const noexcept { return centre.size(); }
  /// Throws Error(bad_input) for a wrong number of features.
  void apply(std::span<const double> row, std::span<double> scaled) const;
  /// The first feature of a row that lies outside its training range by more than the width of that
  /// range: an angle that the model has not met, and that may be the same as one that it has.
  /// Features that were constant in training are left out: the model does not look at them.
  [[nodiscard]] std::optional<std::size_t> find_outside(std::span<const double> row) const noexcept;
};

/// min_max maps [min, max] onto [low, high]; standardise subtracts the mean and divides by the
/// standard deviation (of the samples, divisor n). A constant feature becomes `offset`.
/// `values` is row-major. Throws Error(bad_input) if there are no rows, low >= high, or the
/// values of a feature are so near each other or so far apart that doubles cannot scale them.
[[nodiscard]] Scaler fit_scaler(std::span<const double> values, std::size_t features,
                                const ScalerOptions& options);

[[nodiscard]] std::string_view name(Scaling scaling);
/// Throws Error(bad_input) naming the known kinds.
[[nodiscard]] Scaling parse_scaling(std::string_view text);

}  // namespace qross::qml
