// SPDX-License-Identifier: Apache-2.0
// Where the ticks of an axis stand.
#include <array>
#include <cmath>

#include "benchmarks/report/charts.hpp"

namespace qross::cost {
namespace {

constexpr std::array kTimeSteps{1e-9,   1e-6,    1e-3,       1.0,          60.0,
                                3600.0, 86400.0, 31536000.0, 31536000.0e3, 31536000.0e6};

/// Powers of ten between the bounds whose exponent is a multiple of `step`.
std::vector<double> powers(double low, double high, int step) {
  std::vector<double> ticks;
  const int first = static_cast<int>(std::ceil(std::log10(low) / step - 1e-9)) * step;
  for (int exponent = first; std::pow(10.0, exponent) <= high * (1.0 + 1e-9); exponent += step) {
    ticks.push_back(std::pow(10.0, exponent));
  }
  return ticks;
}

}  // namespace

std::vector<double> log_ticks(double low, double high, std::string_view unit) {
  std::vector<double> ticks;
  if (!(low > 0.0) || !(high > low) || !std::isfinite(high)) return ticks;
  if (unit == "s") {
    for (const double step : kTimeSteps) {
      if (step >= low * (1.0 - 1e-9) && step <= high * (1.0 + 1e-9)) ticks.push_back(step);
    }
  } else {
    ticks = powers(low, high, 3);
  }
  return ticks.size() >= 3 ? ticks : powers(low, high, 1);
}

std::vector<double> linear_ticks(double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high)) return {};
  if (!(high > low)) high = low + (low == 0.0 ? 1.0 : std::abs(low));
  const double rough = (high - low) / 5.0;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10.0 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= rough * (1.0 - 1e-9)) step = factor * power;
  }
  std::vector<double> ticks;
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  for (double k = first; k <= last; k += 1.0) ticks.push_back(k * step);
  return ticks;
}

}  // namespace qross::cost
