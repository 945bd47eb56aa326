// SPDX-License-Identifier: Apache-2.0
// How a computed number is held against a published one: it agrees if it lies within the relative
// tolerance, or if it is equal when rounded to the digits that were printed.
#pragma once

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

namespace qross::cost {

/// Exponent of the last printed digit of a number such as "85.7", "1287" or "3.14e23".
inline int last_digit(std::string_view printed) {
  const std::size_t e = printed.find_first_of("eE");
  const std::string_view mantissa = printed.substr(0, e);
  const int exponent =
      e == std::string_view::npos ? 0 : std::atoi(std::string(printed.substr(e + 1)).c_str());
  const std::size_t point = mantissa.find('.');
  const int decimals =
      point == std::string_view::npos ? 0 : static_cast<int>(mantissa.size() - point - 1);
  return exponent - decimals;
}

inline bool agrees(double computed, std::string_view printed, double tolerance) {
  const double expected = std::strtod(std::string(printed).c_str(), nullptr);
  if (std::abs(computed - expected) <= tolerance * std::abs(expected)) return true;
  const double unit = std::pow(10.0, last_digit(printed));
  return std::abs(std::round(computed / unit) - std::round(expected / unit)) < 0.5;
}

}  // namespace qross::cost
