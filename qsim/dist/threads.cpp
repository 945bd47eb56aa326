// SPDX-License-Identifier: Apache-2.0
// From processors, quotas, neighbours and the variables of OpenMP to a number of threads.
#include "qsim/dist/threads.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <unistd.h>

#include "qsim/core/printable.hpp"
#include "qsim/core/processors.hpp"
#include "qsim/core/units.hpp"

namespace qross::qsim {
namespace {

constexpr int kMostThreads = 1024;
constexpr std::size_t kQuoted = 40;  // characters of a variable

int affinity_count() { return std::max(1, static_cast<int>(usable_processor_set().size())); }

/// Whole processors that the quotas of cgroups make up; 0: there is none.
int quota_count() {
  const double quota = cpu_quota();
  return quota <= 0.0 ? 0 : std::max(1, static_cast<int>(std::min(quota, 1e6)));
}

/// A variable of OpenMP: "4", or "4,2" for nested levels, of which the first counts.
struct Variable {
  const char* text = nullptr;  ///< null: not set, or empty
  int value = 0;               ///< 0: no number from 1 to kMostThreads
};
Variable variable(const char* name) {
  Variable result;
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return result;
  result.text = text;
  while (*text == ' ' || *text == '\t') ++text;
  const char* const end = text + std::strlen(text);
  int value = 0;
  const auto [stop, error] = std::from_chars(text, end, value);
  std::string_view left(stop, static_cast<std::size_t>(end - stop));
  while (!left.empty() && (left.front() == ' ' || left.front() == '\t')) left.remove_prefix(1);
  if (error == std::errc() && (left.empty() || left.front() == ',') && value >= 1 &&
      value <= kMostThreads) {
    result.value = value;
  }
  return result;
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
  constexpr int kMostProcessors = 4096;
  constexpr std::size_t kEach = 1 + kMostProcessors / kWord;
  std::array<char, 256> name{};
  (void)gethostname(name.data(), name.size() - 1);
  std::array<double, kEach> mine{};
  mine[0] = static_cast<double>(std::hash<std::string_view>()(name.data()) >> 11U);
  for (const int cpu : usable_processor_set()) {
    if (cpu < kMostProcessors) {
      mine[static_cast<std::size_t>(1 + cpu / kWord)] += std::ldexp(1.0, cpu % kWord);
    }
  }
  const int here = comm.ranks_on_node();
  const int sharing = count_sharing(comm.all_gather(mine), kEach, comm.rank());
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
  ThreadChoice choice;
  if (requested > 0) {
    choice = {requested, "--threads", {}};
  } else {
    choice = {std::max(1, share.processors / share.ranks),
              fmt::format("{} processor{}, {} rank{} here", share.processors,
                          plural(share.processors), share.ranks, plural(share.ranks)),
              {}};
    if (const Variable number = variable("OMP_NUM_THREADS"); number.value > 0) {
      choice.threads = number.value;
      choice.reason = "OMP_NUM_THREADS";
    } else if (number.text != nullptr) {
      choice.warning = fmt::format("OMP_NUM_THREADS={} is not a number from 1 to {}; using {}",
                                   printable(number.text, kQuoted), kMostThreads, choice.threads);
    }
  }
  if (const Variable limit = variable("OMP_THREAD_LIMIT");
      limit.value > 0 && limit.value < choice.threads) {
    if (requested > 0) {
      choice.warning = fmt::format("OMP_THREAD_LIMIT allows {} of the {} threads asked for",
                                   limit.value, choice.threads);
    }
    choice.threads = limit.value;
    choice.reason = "OMP_THREAD_LIMIT";
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
