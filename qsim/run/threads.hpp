// SPDX-License-Identifier: Apache-2.0
// How many threads one rank should take, and why: so that a job neither idles nor oversubscribes.
#pragma once

#include <string>

namespace qross::qsim {

struct ThreadChoice {
  int threads = 1;
  std::string reason;   ///< for the result and `qross info`
  std::string warning;  ///< empty, or what is wrong with the setting
};

/// `requested` > 0 wins; else OMP_NUM_THREADS if it is a sensible number; else the processors this
/// process may use (affinity and cgroup quota) divided by the ranks on this machine.
[[nodiscard]] ThreadChoice choose_threads(int requested, int ranks_on_node);

/// Processors this process may use: affinity mask, limited by the cgroup's CPU quota.
[[nodiscard]] int usable_processors();

}  // namespace qross::qsim
