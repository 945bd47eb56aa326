// SPDX-License-Identifier: Apache-2.0
// How many threads one rank should take, and why: so that a job neither idles nor oversubscribes.
#pragma once

#include <span>
#include <string>

#include "qsim/dist/communicator.hpp"

namespace qross::qsim {

struct ThreadChoice {
  int threads = 1;
  std::string reason;   ///< for the result and `qross info`
  std::string warning;  ///< empty, or what is wrong with the setting
};

/// The ranks of this machine, this one among them: those on processors that this one may use too
/// (one if each is bound to its own), and all, which share the cgroup's CPU quota.
struct Neighbours {
  int sharing = 1;
  int here = 1;
};
/// All ranks call it together.
[[nodiscard]] Neighbours neighbours(Communicator& comm);

/// `requested` > 0 wins; else OMP_NUM_THREADS if it is a sensible number, of which a list's first
/// counts; else the processors this process may use (affinity and cgroup quota) divided by the
/// ranks that share them. Never more than OMP_THREAD_LIMIT.
[[nodiscard]] ThreadChoice choose_threads(int requested, const Neighbours& ranks = {});

/// Processors this process may use: affinity mask, limited by the cgroup's CPU quota.
[[nodiscard]] int usable_processors();

/// Processors that all ranks with `threads` each keep busy: no more than there are.
/// All ranks call it together.
[[nodiscard]] double busy_processors(Communicator& comm, int threads);

/// How many of the ranks whose numbers are in `gathered`, `each` of them a rank (first one that
/// names the machine, then words of 32 processors), share the machine and a processor with `rank`.
[[nodiscard]] int count_sharing(std::span<const double> gathered, std::size_t each, int rank);

}  // namespace qross::qsim
