// SPDX-License-Identifier: Apache-2.0
// Reads the affinity mask, the cgroup quota and OMP_NUM_THREADS.
#include "qsim/run/threads.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <sched.h>
#include <unistd.h>

namespace qross::qsim {
namespace {

constexpr int kMostThreads = 1024;

/// Empty if it cannot be read.
cpu_set_t affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) CPU_ZERO(&set);
  return set;
}

int affinity_count() {
  const cpu_set_t set = affinity();
  return std::max(1, CPU_COUNT(&set));
}

/// Whole processors that the cgroup's quota makes up; 0: there is none.
int quota_count() {
  // cgroup v2: "quota period" in microseconds, or "max period".
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0.0;
  double period = 0.0;
  if (!(file >> quota >> period) || period <= 0.0) return 0;
  return std::max(1, static_cast<int>(std::min(quota / period, 1e6)));
}

/// Processors, and the ranks among which they are divided.
struct Share {
  int processors = 1;
  int ranks = 1;
};
Share share_of(const Neighbours& ranks) {
  const Share bound{affinity_count(), std::max(1, ranks.sharing)};
  const Share limited{quota_count(), std::max(1, ranks.here)};
  const bool quota =
      limited.processors > 0 && limited.processors * bound.ranks < bound.processors * limited.ranks;
  return quota ? limited : bound;
}

}  // namespace

int usable_processors() {
  const int quota = quota_count();
  return quota > 0 ? std::min(quota, affinity_count()) : affinity_count();
}

int count_sharing(std::span<const double> gathered, std::size_t each, int rank) {
  const auto of = [&](std::size_t r) { return gathered.subspan(r * each, each); };
  const auto mine = of(static_cast<std::size_t>(rank));
  int sharing = 0;
  for (std::size_t r = 0; r < gathered.size() / each; ++r) {
    bool meets = static_cast<int>(r) == rank;
    for (std::size_t k = 1; k < each; ++k) {
      meets = meets ||
              (static_cast<std::uint64_t>(of(r)[k]) & static_cast<std::uint64_t>(mine[k])) != 0;
    }
    if (meets && of(r)[0] == mine[0]) ++sharing;
  }
  return sharing;
}

Neighbours neighbours(Communicator& comm) {
  // The machine by a hash of its name, then its processors in words that a double holds exactly.
  constexpr int kWord = 32;
  constexpr std::size_t kNumbers = 1 + CPU_SETSIZE / kWord;
  std::array<char, 256> name{};
  (void)gethostname(name.data(), name.size() - 1);
  const cpu_set_t set = affinity();
  std::array<double, kNumbers> mine{};
  mine[0] = static_cast<double>(std::hash<std::string_view>()(name.data()) >> 11U);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) mine[1 + cpu / kWord] += std::ldexp(1.0, cpu % kWord);
  }
  const int here = comm.ranks_on_node();
  const int sharing = count_sharing(comm.all_gather(mine), kNumbers, comm.rank());
  return {std::min(sharing, here), here};  // machines may have the same name
}

double busy_processors(Communicator& comm, int threads) {
  const Share share = share_of(neighbours(comm));
  const double mine =
      std::min<double>(threads, static_cast<double>(share.processors) / share.ranks);
  double sum = 0.0;
  for (const double of_rank : comm.all_gather(std::span(&mine, 1))) sum += of_rank;
  return sum;
}

ThreadChoice choose_threads(int requested, const Neighbours& ranks) {
  const Share share = share_of(ranks);
  const auto plural = [](int count) { return count == 1 ? "" : "s"; };
  ThreadChoice choice;
  if (requested > 0) {
    choice = {requested, "--threads", {}};
  } else {
    choice = {std::max(1, share.processors / share.ranks),
              fmt::format("{} processor{}, {} rank{} here", share.processors,
                          plural(share.processors), share.ranks, plural(share.ranks)),
              {}};
    if (const char* text = std::getenv("OMP_NUM_THREADS"); text != nullptr && *text != '\0') {
      int value = 0;
      const char* const end = text + std::strlen(text);
      const auto [stop, error] = std::from_chars(text, end, value);
      const bool list = stop != end && *stop == ',';  // "4,2": the first level counts
      if (error == std::errc() && (stop == end || list) && value >= 1 && value <= kMostThreads) {
        choice.threads = value;
        choice.reason = "OMP_NUM_THREADS";
      } else {
        choice.warning = fmt::format("OMP_NUM_THREADS={} is not a number from 1 to {}; using {}",
                                     text, kMostThreads, choice.threads);
      }
    }
  }
  if (choice.warning.empty() && choice.threads * share.ranks > share.processors &&
      (requested > 0 || choice.reason == "OMP_NUM_THREADS")) {
    choice.warning = fmt::format(
        "{} thread{} on each of {} rank{} share {} processor{} here; expect no speed-up",
        choice.threads, plural(choice.threads), share.ranks, plural(share.ranks), share.processors,
        plural(share.processors));
  }
  return choice;
}

}  // namespace qross::qsim
