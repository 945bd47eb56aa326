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

}  // namespace

int usable_processors() {
  int count = affinity_count();
  // cgroup v2: "quota period" in microseconds, or "max period".
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0.0;
  double period = 0.0;
  if (file >> quota >> period && period > 0.0) {
    count = std::clamp(static_cast<int>(quota / period), 1, count);
  }
  return count;
}

int ranks_sharing(Communicator& comm) {
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
  const std::vector<double> all = comm.all_gather(mine);
  int sharing = 0;
  for (std::size_t r = 0; r < all.size(); r += kNumbers) {
    bool meets = static_cast<int>(r / kNumbers) == comm.rank();
    for (std::size_t k = 1; k < kNumbers; ++k) {
      meets = meets ||
              (static_cast<std::uint64_t>(all[r + k]) & static_cast<std::uint64_t>(mine[k])) != 0;
    }
    if (meets && all[r] == mine[0]) ++sharing;
  }
  return sharing;
}

ThreadChoice choose_threads(int requested, int ranks_sharing) {
  const int processors = usable_processors();
  ThreadChoice choice;
  if (requested > 0) {
    choice = {requested, "--threads", {}};
  } else {
    choice = {std::max(1, processors / std::max(1, ranks_sharing)),
              fmt::format("{} processor{}, {} rank{} here", processors, processors == 1 ? "" : "s",
                          ranks_sharing, ranks_sharing == 1 ? "" : "s"),
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
  if (choice.warning.empty() && choice.threads * std::max(1, ranks_sharing) > processors &&
      (requested > 0 || choice.reason == "OMP_NUM_THREADS")) {
    choice.warning = fmt::format(
        "{} thread{} on each of {} rank{} share {} processor{} here; expect no speed-up",
        choice.threads, choice.threads == 1 ? "" : "s", ranks_sharing,
        ranks_sharing == 1 ? "" : "s", processors, processors == 1 ? "" : "s");
  }
  return choice;
}

}  // namespace qross::qsim
