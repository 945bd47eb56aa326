// SPDX-License-Identifier: Apache-2.0
// Two reports side by side: what got faster, what slower. Called by bench_engine --compare.
#pragma once

#include <string>
#include <vector>

#include "benchmarks/engine/measure/report.hpp"

namespace qross::bench {

/// One circuit at one precision in both reports; seconds are medians of one set of parameters.
struct Ratio {
  std::string name;
  std::string group;
  std::string precision;
  double before_s = 0;
  double after_s = 0;
  double ratio = 1;  ///< after over before: above 1 is slower
};

struct Comparison {
  std::vector<Ratio> rows;
  std::vector<std::string> warnings;  ///< what makes the reports hard to compare, what one lacks

  /// The rows whose ratio is above the tolerance.
  [[nodiscard]] std::vector<Ratio> slower(double tolerance) const;
};

/// Pairs results by name and precision. Throws Error(bad_input) if the reports share none.
[[nodiscard]] Comparison compare(const Report& before, const Report& after);

/// exp of the mean of the logarithms; 1 for none.
[[nodiscard]] double geometric_mean(const std::vector<Ratio>& rows);

/// The table of ratios, their geometric means by group and precision and over all, the verdict.
[[nodiscard]] std::string comparison_text(const Comparison& comparison, double tolerance);

}  // namespace qross::bench
