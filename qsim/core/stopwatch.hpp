// SPDX-License-Identifier: Apache-2.0
// Seconds of wall time since a moment, and the best of several runs.
#pragma once

#include <algorithm>
#include <chrono>

namespace qross::qsim {

/// Starts when it is made.
class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// The least seconds that `work` took in so many runs.
template <class Work>
[[nodiscard]] double best_seconds(int runs, const Work& work) {
  double best = 1e300;
  for (int r = 0; r < runs; ++r) {
    const Stopwatch watch;
    work();
    best = std::min(best, watch.seconds());
  }
  return best;
}

}  // namespace qross::qsim
