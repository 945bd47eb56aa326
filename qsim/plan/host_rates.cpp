// SPDX-License-Identifier: Apache-2.0
// Rates for other numbers of threads and ranks than were measured.
#include "qsim/plan/host_rates.hpp"

#include <algorithm>

namespace qross::qsim {

HostRates rates_with(const HostRates& profile, unsigned threads, unsigned ranks) {
  HostRates result = profile;
  threads = std::max(threads, 1U);
  ranks = std::max(ranks, 1U);
  result.threads = threads;
  result.ranks = ranks;
  if (threads == profile.threads && ranks == profile.ranks) return result;
  result.scaled = true;

  const double more_threads = static_cast<double>(threads) / profile.threads;
  const double more_ranks = static_cast<double>(ranks) / profile.ranks;
  result.cache_rate *= more_threads;
  result.flop_rate *= more_threads;

  // The machine moves no more than was seen, whoever asks for it, and a rank no more than its
  // threads can ask for.
  const double share =
      std::min(1.0 / more_ranks, threads * profile.thread_memory_rate / profile.memory_rate);
  result.memory_rate *= share;
  result.pass_rate *= share;
  // What computes as well grows with threads until all that were measured are at work.
  CommandRates& command = result.command;
  for (double* rate : {&command.fill_rate, &command.free_rate, &command.norm_rate,
                       &command.expect_rate, &command.expect_flip_rate, &command.sample_rate}) {
    *rate *= std::min(more_threads, 1.0 / more_ranks);
  }
  return result;
}

}  // namespace qross::qsim
