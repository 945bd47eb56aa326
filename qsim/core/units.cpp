// SPDX-License-Identifier: Apache-2.0
// Units by thresholds.
#include "qsim/core/units.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace qross::qsim {

std::string byte_text(double bytes) {
  for (const char* unit : {"B", "KiB", "MiB", "GiB", "TiB", "PiB"}) {
    if (bytes < 1023.95) return fmt::format("{:.4g} {}", bytes, unit);
    bytes /= 1024.0;
  }
  return fmt::format("{:.4g} EiB", bytes);
}

std::string duration_text(double seconds) {
  struct Unit {
    const char* name;
    double seconds;
    double most;  // of this unit, before the next is taken
  };
  constexpr std::array kUnits = {Unit{"us", 1e-6, 999.5},  Unit{"ms", 1e-3, 999.5},
                                 Unit{"s", 1.0, 119.5},    Unit{"min", 60.0, 119.5},
                                 Unit{"h", 3600.0, 47.95}, Unit{"d", 86400.0, 729.5}};
  if (!std::isfinite(seconds)) return "unknown";
  if (seconds == 0.0) return "0 s";
  for (const Unit& unit : kUnits) {
    const double value = seconds / unit.seconds;
    if (value >= unit.most) continue;
    return fmt::format("{:.{}g} {}", value, std::abs(value) < 99.95 ? 2 : 3, unit.name);
  }
  return fmt::format("{:.3g} years", seconds / 31557600.0);
}

}  // namespace qross::qsim
