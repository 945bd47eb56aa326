// SPDX-License-Identifier: Apache-2.0
// How many threads one rank should take, and why: so that a job neither idles nor oversubscribes.
#pragma once

#include <string>

#include "qsim/dist/communicator.hpp"

namespace qross::qsim {

struct ThreadChoice {
  int threads = 1;
  std::string reason;   ///< for the result and `qross info`
  std::string warning;  ///< empty, or what is wrong with the setting
};

/// `requested` > 0 wins; else OMP_NUM_THREADS if it is a sensible number; else the processors this
/// process may use (affinity and cgroup quota) divided by the ranks that share them.
[[nodiscard]] ThreadChoice choose_threads(int requested, int ranks_sharing);

/// How many ranks, this one among them, run on this machine on processors that this one may use:
/// one if each rank is bound to its own. All ranks call it together.
[[nodiscard]] int ranks_sharing(Communicator& comm);

/// Processors this process may use: affinity mask, limited by the cgroup's CPU quota.
[[nodiscard]] int usable_processors();

}  // namespace qross::qsim
