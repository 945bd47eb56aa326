// SPDX-License-Identifier: Apache-2.0
// How far a run is, from what was forecast and what has passed. For whoever shows progress.
#pragma once

#include "qsim/run/command_parts.hpp"
#include "qsim/run/run.hpp"

namespace qross::qsim {

/// How far a run is and how long it will take.
class Reckoning {
 public:
  /// The forecast of the whole command; without one, only parts that count their steps are known.
  void expect(const CommandForecast& command) { command_ = command; }
  [[nodiscard]] bool has_forecast() const { return command_.seconds() > 0.0; }
  [[nodiscard]] double forecast() const { return command_.seconds(); }

  /// The share of the work that is done `since` seconds after the run was at `at`, from 0 to 1;
  /// negative if that is not known. The step under way goes on as was forecast, to its end at most.
  [[nodiscard]] double share(const RunProgress& at, double since = 0.0) const;
  /// Seconds that are left after `elapsed`, as fast as it went until now; negative if not known, as
  /// in a part of one step or none that takes longer than was forecast.
  [[nodiscard]] double left(const RunProgress& at, double elapsed, double since = 0.0) const;

 private:
  CommandForecast command_;
};

}  // namespace qross::qsim
