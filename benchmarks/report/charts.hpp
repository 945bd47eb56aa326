// SPDX-License-Identifier: Apache-2.0
// Charts as inline SVG: curves over epochs, and bars with ranges on a log scale. No script, no font
// and no colour comes from outside; each has a title and a description for screen readers.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "benchmarks/cost/estimate.hpp"

namespace qross::cost {

/// One curve; x is the index, counted from 1.
struct Curve {
  std::string name;
  std::vector<double> values;  ///< values that are not finite leave a gap
  std::string colour;          ///< any CSS colour
  bool dashed = false;
};

/// A chart of curves over epochs on linear axes. `id` must be unique in the page.
[[nodiscard]] std::string line_chart(std::string_view id, std::string_view title,
                                     std::string_view x_label, std::string_view y_label,
                                     std::span<const Curve> curves);

/// One bar; a measured one is drawn solid, a modelled one pale with a dashed edge and a whisker
/// from low to high.
struct Bar {
  std::string label;
  Estimate estimate;
  std::string colour;
};

/// Horizontal bars on a log scale with the values at the right. Bars whose value is not positive
/// have no place on a log scale: their value is printed without a bar.
[[nodiscard]] std::string bar_chart(std::string_view id, std::string_view title,
                                    std::span<const Bar> bars);

/// Tick positions for a log axis from low to high in `unit`: steps a person knows (second, minute,
/// hour, day, year for time; thousands otherwise), or every decade where that leaves fewer than
/// three.
[[nodiscard]] std::vector<double> log_ticks(double low, double high, std::string_view unit);

/// Ticks at 1, 2 or 5 times a power of ten, four to eight of them, covering low to high.
[[nodiscard]] std::vector<double> linear_ticks(double low, double high);

}  // namespace qross::cost
