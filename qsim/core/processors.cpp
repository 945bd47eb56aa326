// SPDX-License-Identifier: Apache-2.0
// The affinity mask from the kernel, the places from an OpenMP runtime if there is one, the quotas
// from the files of the cgroups (Linux, Documentation/admin-guide/cgroup-v2.rst and
// scheduler/sched-bwc.rst).
#include "qsim/core/processors.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <pthread.h>
#include <sched.h>

// There in programs that have OpenMP, null in others. OpenMP 4.5, sections 3.2.23 to 3.2.25.
extern "C" {
int omp_get_num_places() __attribute__((weak));
int omp_get_place_num_procs(int place) __attribute__((weak));
void omp_get_place_proc_ids(int place, int* ids) __attribute__((weak));
}

#include "qsim/core/text_file.hpp"
#include "qsim/core/text_parts.hpp"

namespace qross::qsim {
namespace {

constexpr int kMostProcessors = 1 << 16;

struct FreeSet {
  void operator()(cpu_set_t* set) const noexcept { CPU_FREE(set); }
};
using Set = std::unique_ptr<cpu_set_t, FreeSet>;

std::vector<int> affinity() {
  // The kernel refuses sets that are smaller than its own.
  for (int most = CPU_SETSIZE; most <= kMostProcessors; most *= 2) {
    const Set set(CPU_ALLOC(static_cast<std::size_t>(most)));
    if (set == nullptr) return {};
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(most));
    CPU_ZERO_S(bytes, set.get());
    if (sched_getaffinity(0, bytes, set.get()) != 0) {
      if (errno == EINVAL) continue;
      return {};
    }
    std::vector<int> result;
    for (int cpu = 0; cpu < most; ++cpu) {
      if (CPU_ISSET_S(static_cast<std::size_t>(cpu), bytes, set.get())) result.push_back(cpu);
    }
    return result;
  }
  return {};
}

/// Where the OpenMP runtime of this program, if any, places its threads.
std::vector<int> open_mp_places() {
  std::vector<int> result;
  if (omp_get_num_places == nullptr || omp_get_place_num_procs == nullptr ||
      omp_get_place_proc_ids == nullptr) {
    return result;
  }
  const int places = omp_get_num_places();
  for (int place = 0; place < places; ++place) {
    std::vector<int> ids(static_cast<std::size_t>(std::max(0, omp_get_place_num_procs(place))));
    if (!ids.empty()) omp_get_place_proc_ids(place, ids.data());
    result.insert(result.end(), ids.begin(), ids.end());
  }
  return result;
}

/// The smaller of two quotas, of which 0 is none.
double tighter(double a, double b) { return a == 0.0 ? b : b == 0.0 ? a : std::min(a, b); }

/// 0 for none.
double quota_of(std::string_view quota, std::string_view period) {
  const double a = number_in<double>(quota).value_or(0.0);
  const double b = number_in<double>(period).value_or(0.0);
  return a > 0.0 && b > 0.0 ? a / b : 0.0;
}

/// Version 2: "quota period" in microseconds, or "max period".
double quota_of_version2(const std::filesystem::path& folder) {
  const std::string text = read_system_file((folder / "cpu.max").string());
  std::string_view words = text;
  const std::string_view quota = take_word(words);
  return quota_of(quota, take_word(words));
}

/// Version 1: a file each; a quota of -1 is none.
double quota_of_version1(const std::filesystem::path& folder) {
  const std::string quota = read_system_file((folder / "cpu.cfs_quota_us").string());
  const std::string period = read_system_file((folder / "cpu.cfs_period_us").string());
  std::string_view first = quota;
  std::string_view second = period;
  return quota_of(take_word(first), take_word(second));
}

/// The tightest quota of the cgroup at `folder` ("/a/b") and of all above it. Within a container
/// the name may be the host's, and absent; then the root is the container's own.
template <class Quota>
double along(const std::filesystem::path& root, std::string folder, const Quota& quota_of) {
  double quota = 0.0;
  for (;;) {
    const std::string relative = folder.substr(std::min<std::size_t>(folder.size(), 1));
    quota = tighter(quota, quota_of(relative.empty() ? root : root / relative));
    const std::size_t slash = folder.find_last_of('/');
    if (slash == std::string::npos || folder.size() <= 1) return quota;
    folder.resize(std::max<std::size_t>(slash, 1));
  }
}

bool has_cpu(std::string_view controllers) {
  while (!controllers.empty()) {
    const std::size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == "cpu") return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

}  // namespace

std::vector<int> usable_processor_set() {
  std::vector<int> result = affinity();
  const std::vector<int> places = open_mp_places();
  result.insert(result.end(), places.begin(), places.end());
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

void spread_over_processors() noexcept {
  try {
    if (open_mp_places().empty()) return;
    const std::vector<int> processors = usable_processor_set();
    if (processors.empty() || processors.front() < 0) return;
    const auto most = static_cast<std::size_t>(processors.back()) + 1;
    const Set set(CPU_ALLOC(most));
    if (set == nullptr) return;
    const std::size_t bytes = CPU_ALLOC_SIZE(most);
    CPU_ZERO_S(bytes, set.get());
    for (const int cpu : processors) CPU_SET_S(static_cast<std::size_t>(cpu), bytes, set.get());
    // A refusal only costs speed.
    (void)pthread_setaffinity_np(pthread_self(), bytes, set.get());
  } catch (const std::bad_alloc&) {  // nor is this worth more
  }
}

double cpu_quota(const std::filesystem::path& root) {
  const std::filesystem::path groups = root / "sys/fs/cgroup";
  const std::string groups_of_this = read_system_file((root / "proc/self/cgroup").string());
  // The container's own root counts, whatever the file says.
  double quota = tighter(quota_of_version2(groups), quota_of_version1(groups / "cpu"));
  for (std::string_view rest = groups_of_this; !rest.empty();) {
    std::string_view line = take_until(rest, '\n');  // number:controllers:/folder
    (void)take_until(line, ':');
    const std::string controllers(take_until(line, ':'));
    const std::string folder(line);
    if (folder.empty()) continue;
    if (folder.find("..") != std::string::npos) continue;  // outside of what is mounted here
    if (controllers.empty()) {
      quota = tighter(quota, along(groups, folder, quota_of_version2));
      quota = tighter(quota, along(groups / "unified", folder, quota_of_version2));
    } else if (has_cpu(controllers)) {
      quota = tighter(quota, along(groups / "cpu", folder, quota_of_version1));
      quota = tighter(quota, along(groups / controllers, folder, quota_of_version1));
    }
  }
  return quota;
}

}  // namespace qross::qsim
