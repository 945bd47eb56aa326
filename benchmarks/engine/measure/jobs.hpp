// SPDX-License-Identifier: Apache-2.0
// Jobs: suite entries at one precision, planned and ready to be timed again and again, and the
// round robin that times them. Called by program.cpp.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/engine/measure/report.hpp"
#include "benchmarks/engine/suite/suite.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::bench {

/// Where jobs run. The communicator outlives them.
struct Context {
  qsim::Communicator* comm = nullptr;
  int threads = 1;
  qsim::HostProfile profile;
  std::string isa = {};  ///< of EngineOptions
};

class Job {
 public:
  virtual ~Job() = default;
  /// Allocates fresh states, waits for all ranks, does the work once; the seconds of the work
  /// alone, on the slowest rank. A run begins at |0..0> in memory.
  /// Throws Error(resources) on all ranks if the states do not fit.
  [[nodiscard]] virtual double repeat() = 0;
  /// Of the circuit and its plan; the seconds of repeats are added by measure().
  Result result;
};

/// Makes the circuit and plans it. Collective.
[[nodiscard]] std::unique_ptr<Job> make_job(const Context& context, const SuiteEntry& entry,
                                            qsim::Precision precision);

/// Each job once, then each once more, `repeats` times, so that slow changes of the machine meet
/// all alike. Jobs whose states do not fit are marked as skipped. `note` hears of each round.
[[nodiscard]] std::vector<Result> measure(std::span<const std::unique_ptr<Job>> jobs, int repeats,
                                          const std::function<void(std::string_view)>& note);

}  // namespace qross::bench
