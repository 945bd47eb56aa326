// SPDX-License-Identifier: Apache-2.0
// Fitting and applying feature scalers.
#include "qml/scaler.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/tree_sum.hpp"

namespace qross::qml {

namespace {

/// Neither 0 nor infinite where the values of a feature differ: they would all be scaled to the
/// same number, or to none.
void require_factor(double factor, double low, double high, std::size_t feature) {
  if (low == high || (factor > 0.0 && std::isfinite(factor))) return;
  throw Error(ErrorCode::bad_input,
              fmt::format("feature {} lies between {} and {}, too {} to be scaled", feature + 1,
                          low, high, high - low < 1.0 ? "near each other" : "far apart"),
              "give it in another unit, or leave the column out");
}

}  // namespace

void Scaler::apply(std::span<const double> row, std::span<double> scaled) const {
  if (row.size() != features() || scaled.size() != features()) {
    throw Error(ErrorCode::bad_input,
                fmt::format("a sample has {} features, the scaler {}", row.size(), features()));
  }
  for (std::size_t f = 0; f < row.size(); ++f) {
    scaled[f] = (row[f] - centre[f]) * factor[f] + offset;
  }
}

std::optional<std::size_t> Scaler::find_outside(std::span<const double> row) const noexcept {
  for (std::size_t f = 0; f < std::min(row.size(), least.size()); ++f) {
    if (factor[f] == 0.0) continue;  // constant in training: no value of it changes anything
    const double width = most[f] - least[f];
    if (row[f] < least[f] - width || row[f] > most[f] + width) return f;
  }
  return std::nullopt;
}

Scaler fit_scaler(std::span<const double> values, std::size_t features,
                  const ScalerOptions& options) {
  if (features == 0 || values.empty() || values.size() % features != 0) {
    throw Error(ErrorCode::bad_input, "a scaler needs at least one complete sample");
  }
  const bool min_max = options.kind == Scaling::min_max;
  if (min_max &&
      !(std::isfinite(options.low) && std::isfinite(options.high) && options.low < options.high)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the range [{}, {}] of a scaler is empty", options.low, options.high));
  }
  Scaler scaler;
  scaler.offset = min_max ? 0.5 * (options.low + options.high) : 0.0;
  const std::size_t rows = values.size() / features;
  for (std::size_t f = 0; f < features; ++f) {
    std::vector<double> column(rows);
    for (std::size_t r = 0; r < rows; ++r) column[r] = values[r * features + f];
    const auto [low, high] = std::minmax_element(column.begin(), column.end());
    scaler.least.push_back(*low);
    scaler.most.push_back(*high);
    if (min_max) {
      scaler.centre.push_back(0.5 * *low + 0.5 * *high);
      scaler.factor.push_back(*high > *low ? (options.high - options.low) / (*high - *low) : 0.0);
      require_factor(scaler.factor.back(), *low, *high, f);
      continue;
    }
    const double mean = qsim::tree_sum(column) / static_cast<double>(rows);
    for (double& value : column) value = (value - mean) * (value - mean);
    const double deviation = std::sqrt(qsim::tree_sum(column) / static_cast<double>(rows));
    scaler.centre.push_back(mean);
    scaler.factor.push_back(deviation > 0.0 ? 1.0 / deviation : 0.0);
    require_factor(scaler.factor.back(), scaler.least.back(), scaler.most.back(), f);
  }
  return scaler;
}

std::string_view name(Scaling scaling) {
  switch (scaling) {
    case Scaling::min_max:
      return "min_max";
    case Scaling::standardise:
      return "standardise";
  }
  throw Error(ErrorCode::bug, "unknown kind of scaling");
}

Scaling parse_scaling(std::string_view text) {
  for (const Scaling scaling : {Scaling::min_max, Scaling::standardise}) {
    if (name(scaling) == text) return scaling;
  }
  throw Error(ErrorCode::bad_input, fmt::format("unknown scaling \"{}\"", text),
              "the kinds of scaling are min_max and standardise");
}

}  // namespace qross::qml
