// SPDX-License-Identifier: Apache-2.0
// Rounds, medians and quartiles.
#include "qsim/engine/probe.hpp"

#include <algorithm>
#include <cmath>

#include "qsim/core/error.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/parallel.hpp"

namespace qross::qsim {
namespace {

/// The value a share of the way through sorted samples, between two of them if need be.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double weight = at - std::floor(at);
  return (1.0 - weight) * sorted[below] + weight * sorted[above];
}

}  // namespace

Timing summarise(std::vector<double> samples) {
  if (samples.empty()) throw Error(ErrorCode::bug, "there is nothing to take the median of");
  std::sort(samples.begin(), samples.end());
  Timing timing;
  timing.median = quantile(samples, 0.5);
  const double range = quantile(samples, 0.75) - quantile(samples, 0.25);
  timing.spread = timing.median != 0.0 ? std::abs(range / timing.median) : 0.0;
  return timing;
}

std::vector<Timing> measure_in_turns(std::span<const Probe> probes, int rounds) {
  std::vector<std::vector<double>> samples(probes.size());
  for (int round = -1; round < rounds; ++round) {
    for (std::size_t k = 0; k < probes.size(); ++k) {
      const double seconds = probes[k].seconds();
      if (round >= 0) samples[k].push_back(seconds);
    }
  }
  std::vector<Timing> timings;
  for (auto& of_probe : samples) timings.push_back(summarise(std::move(of_probe)));
  return timings;
}

double slowest_part(int threads, int loops, const std::function<void(std::int64_t)>& work) {
  std::vector<double> seconds(static_cast<std::size_t>(threads));
  parallel_for(threads, 0, threads, [&](std::int64_t part) {
    const double start = thread_seconds();
    for (int i = 0; i < loops; ++i) work(part);
    seconds[static_cast<std::size_t>(part)] = thread_seconds() - start;
  });
  return *std::max_element(seconds.begin(), seconds.end()) / loops;
}

}  // namespace qross::qsim
