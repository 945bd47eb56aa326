// SPDX-License-Identifier: Apache-2.0
// Calibration: measures the rates of this host that plans and reports are set against. What a
// command does beside its gates is measured a few floors above (run/calibrate_command.hpp).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qsim/dist/communicator.hpp"
#include "qsim/plan/host_rates.hpp"

namespace qross::qsim {

/// Rates, and what says whether to trust them.
struct Calibration {
  HostRates profile;
  std::vector<std::pair<std::string, double>> spreads;  ///< of repeats (engine/probe.hpp), by rate
  std::vector<std::string> hidden;  ///< steps that could not be told from nothing
};

/// Repeats further apart than this are not those of a machine at rest.
inline constexpr double kMostSpread = 0.25;
/// And others may keep this share of the processors busy.
inline constexpr double kMostOthers = 0.10;

/// Measures memory and cache bandwidth (in-place update, contiguous and in the order of a pass),
/// FLOP/s of a dense kernel, the seconds of every step of tile programs, the cost of a parallel
/// loop, and the rate and latency of messages between neighbouring ranks: medians of several rounds
/// in turns. All ranks call it and get rank 0's numbers. Takes some five seconds and at most
/// 512 MiB a rank. Throws Error(resources) if there is no room to measure, Error(unavailable) for
/// an instruction set that is not here.
[[nodiscard]] Calibration calibrate(Communicator& comm, int threads, std::string_view isa = {});

/// Why rates measured so should not be kept, in words that end a sentence; empty if they may be.
/// `others`: of `processors` processors, those that other programs kept busy meanwhile; negative if
/// that is not known.
[[nodiscard]] std::string doubts(const Calibration& measured, double others, int processors);

}  // namespace qross::qsim
