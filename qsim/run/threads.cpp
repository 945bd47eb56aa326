// SPDX-License-Identifier: Apache-2.0
// Reads the affinity mask, the cgroup quota and OMP_NUM_THREADS.
#include "qsim/run/threads.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <fmt/core.h>
#include <sched.h>

namespace qross::qsim {
namespace {

constexpr int kMostThreads = 1024;

int affinity_count() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
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

ThreadChoice choose_threads(int requested, int ranks_on_node) {
  const int processors = usable_processors();
  ThreadChoice choice;
  if (requested > 0) {
    choice = {requested, "--threads", {}};
  } else {
    choice = {std::max(1, processors / std::max(1, ranks_on_node)),
              fmt::format("{} processors, {} rank{} here", processors, ranks_on_node,
                          ranks_on_node == 1 ? "" : "s"),
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
  if (choice.warning.empty() && choice.threads * std::max(1, ranks_on_node) > processors &&
      (requested > 0 || choice.reason == "OMP_NUM_THREADS")) {
    choice.warning =
        fmt::format("{} thread{} on each of {} rank{} share {} processors here; expect no speed-up",
                    choice.threads, choice.threads == 1 ? "" : "s", ranks_on_node,
                    ranks_on_node == 1 ? "" : "s", processors);
  }
  return choice;
}

}  // namespace qross::qsim
