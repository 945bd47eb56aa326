// SPDX-License-Identifier: Apache-2.0
// Shares of the forecast, and the clock.
#include "qsim/run/reckoning.hpp"

#include <algorithm>

namespace qross::qsim {

double Reckoning::share(const RunProgress& at, double since) const {
  const double all = command_.seconds();
  if (!(all > 0.0)) {
    return at.part == CommandPart::run && at.total > 0.0 ? at.done / at.total : -1.0;
  }
  const double seconds = command_.of(at.part).seconds;
  const double steps = std::max(1.0, at.total);
  const double step = seconds > 0.0 ? std::min(1.0, since * steps / seconds) : 0.0;
  const double within = std::min(1.0, (at.done + step) / steps);
  double done = 0.0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(at.part); ++k) {
    done += command_.parts[k].seconds;
  }
  return std::clamp((done + within * seconds) / all, 0.0, 1.0);
}

double Reckoning::left(const RunProgress& at, double elapsed, double since) const {
  const double done = share(at, since);
  if (done < 0.0) return -1.0;
  if (!has_forecast()) return done > 0.0 ? elapsed * (1.0 - done) / done : -1.0;
  if (at.total <= 1.0 && since > 0.0 && since >= command_.of(at.part).seconds) return -1.0;
  // At first the forecast is all that is known; later what has passed says more.
  const double by_forecast = (1.0 - done) * command_.seconds();
  if (!(done > 0.0)) return by_forecast;
  const double by_clock = elapsed * (1.0 - done) / done;
  return (1.0 - done) * by_forecast + done * by_clock;
}

}  // namespace qross::qsim
