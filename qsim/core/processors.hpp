// SPDX-License-Identifier: Apache-2.0
// The processors this process may use, and the share of their time that it is granted. Read by
// those who choose a number of threads; the helpers of parallel loops run on all of them.
#pragma once

#include <filesystem>
#include <vector>

namespace qross::qsim {

/// The numbers of the processors that the calling thread may run on, in rising order; also those
/// on which an OpenMP runtime of the program that embeds this library places threads, for it may
/// have bound this thread to one of them. Empty if the system does not say.
[[nodiscard]] std::vector<int> usable_processor_set();

/// Lets the calling thread run on all of usable_processor_set(), where an OpenMP runtime has bound
/// the thread that it comes from to some of them. Does nothing elsewhere.
void spread_over_processors() noexcept;

/// Processors' worth of time that the CPU quotas of the process's cgroups grant, of whichever of
/// both versions and of every cgroup above it; 0: no quota. `root` is where proc/self/cgroup and
/// sys/fs/cgroup are looked for.
[[nodiscard]] double cpu_quota(const std::filesystem::path& root = "/");

}  // namespace qross::qsim
