// SPDX-License-Identifier: Apache-2.0
// Calibration: measures the rates of this host that plans and reports are set against.
#pragma once

#include "qsim/dist/communicator.hpp"
#include "qsim/plan/host_profile.hpp"

namespace qross::qsim {

/// Measures memory and cache bandwidth (in-place update, contiguous and in the order of a pass),
/// FLOP/s of a dense kernel, the seconds of every step of tile programs, the cost of a parallel
/// loop, and the rate and latency of messages between neighbouring ranks. All ranks call it and get
/// rank 0's numbers. Takes a few seconds and at most 1 GiB a rank. Throws Error(resources) if there
/// is no room to measure.
[[nodiscard]] HostProfile calibrate(Communicator& comm, int threads);

}  // namespace qross::qsim
