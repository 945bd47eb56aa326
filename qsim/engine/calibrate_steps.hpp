// SPDX-License-Identifier: Apache-2.0
// Rates of the steps of tile programs, and of memory in the order that passes read it: what each
// form of work takes on this host at its best. A part of calibrate.
#pragma once

#include "qsim/plan/host_profile.hpp"

namespace qross::qsim {

/// Seconds of each form for one block, measured on sub-blocks in the L2 cache with all threads
/// busy, best of several runs. Takes some 0.1 s.
template <class T>
[[nodiscard]] StepSeconds measure_steps(int threads);

/// Bytes/s, read plus write, of one trip over `bytes` at `data` (a power of two, 16 MiB or more) in
/// blocks of 2^low_bytes_log2 contiguous bytes at 2^high_qubits places.
[[nodiscard]] double measure_pass_rate(const HostProfile& profile, int threads, double* data,
                                       std::size_t bytes);

/// Seconds from the beginning to the end of a parallel loop that has nothing to do.
[[nodiscard]] double measure_fork(int threads);

}  // namespace qross::qsim
