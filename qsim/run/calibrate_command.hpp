// SPDX-License-Identifier: Apache-2.0
// The second half of calibration: what a command does beside its gates, done at a small scale with
// the functions that commands use. Called by `qross calibrate` after engine/calibrate.hpp.
#pragma once

#include <filesystem>

#include "qsim/engine/calibrate.hpp"

namespace qross::qsim {

/// Sets the rates of CommandRates but for start_seconds and base_bytes, which only the program
/// knows, and adds the spreads of repeats. `folder`: where a state file of 64 MiB is written and
/// removed again. All ranks call it together and get rank 0's numbers. Takes some five seconds and
/// 256 MiB of memory over all ranks. Throws Error(resources), Error(output), Error(io).
void calibrate_command(Communicator& comm, int threads, std::string_view isa,
                       const std::filesystem::path& folder, Calibration& result);

}  // namespace qross::qsim
