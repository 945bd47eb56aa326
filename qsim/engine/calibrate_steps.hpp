// SPDX-License-Identifier: Apache-2.0
// Rates of the steps of tile programs, and of memory in the order that passes read it: what each
// form of work takes on this host. A part of calibrate, which passes in how calls are timed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "qsim/kernels/kernels.hpp"
#include "qsim/plan/host_profile.hpp"

namespace qross::qsim {

/// Seconds that a program takes one thread for one block of 128 bytes, on a sub-block in the L2
/// cache, all threads busy. The scratch numbers are those of diagonal_product.
template <class T>
using StepTimer = std::function<double(const TileCall<T>& call, const T* scratch)>;

/// CPU seconds of the slowest of `threads` threads, so that neighbours who take the processor for a
/// while do not count. Each call of the timer takes some milliseconds.
template <class T>
[[nodiscard]] StepTimer<T> step_timer(const KernelTable<T>& kernels, int threads);

struct MeasuredSteps {
  StepSeconds seconds;
  double spread = 0.0;              ///< of the trip
  std::vector<std::string> hidden;  ///< forms that took no time that could be told from 0
};

/// Seconds of each form for one block: a program with more steps of the form less one with fewer,
/// the median of `rounds` rounds through all forms. A form that takes less than a store takes
/// (kLeastStep) is `hidden` and has the default's share of the trip instead.
/// Cost: 2 * forms + 3 calls of the timer a round.
template <class T>
[[nodiscard]] MeasuredSteps measure_steps(const StepTimer<T>& timer, int rounds);

/// What no step on a block can take less than: a tenth of a cycle.
inline constexpr double kLeastStep = 0.03e-9;

/// Seconds of one trip over `bytes` at `data` (a power of two, 16 MiB or more) in blocks of
/// 2^low_bytes_log2 contiguous bytes at 2^high_qubits places: a read and a write.
[[nodiscard]] double pass_trip_seconds(const KernelTable<double>& kernels,
                                       const HostProfile& profile, int threads, double* data,
                                       std::size_t bytes);

/// Seconds from the beginning to the end of a parallel loop that has nothing to do.
[[nodiscard]] double fork_seconds(int threads);

}  // namespace qross::qsim
