// SPDX-License-Identifier: Apache-2.0
// How calibration measures: everything once a round, several rounds, then the middle of each, so
// that a disturbance falls on a few samples of many rates and not on all samples of one.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace qross::qsim {

/// Something to be timed.
struct Probe {
  std::string name;
  std::function<double()> seconds;  ///< does it once and says what that took
};

struct Timing {
  double median = 0.0;
  /// The upper less the lower quartile, over the median: 0.02 to 0.1 where nothing disturbs.
  double spread = 0.0;
};

/// Throws Error(bug) without samples.
[[nodiscard]] Timing summarise(std::vector<double> samples);

/// The timing of each probe, from `rounds` rounds through all of them. A probe runs once before
/// the first round, uncounted. Cost: that of the probes, rounds + 1 times.
[[nodiscard]] std::vector<Timing> measure_in_turns(std::span<const Probe> probes, int rounds);

/// CPU seconds that one call of work(part) takes where it takes longest, for the parts 0 to
/// threads - 1, each `loops` times in a row, all parts at the same time if there are processors
/// for them. Threads that wait for a processor do not count.
[[nodiscard]] double slowest_part(int threads, int loops,
                                  const std::function<void(std::int64_t)>& work);

}  // namespace qross::qsim
