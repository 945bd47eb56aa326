// SPDX-License-Identifier: Apache-2.0
// Which measured rates a subcommand uses, and how they are shown: for run, plan, info, calibrate.
#pragma once

#include <filesystem>
#include <string>

#include "apps/qross/result_json.hpp"
#include "apps/qross/session.hpp"
#include "qsim/plan/host_rates.hpp"

namespace qross::app {

/// What --profile says, what rates are wanted for.
struct ProfileWish {
  std::string file;  ///< of --profile; empty: QROSS_PROFILE, else the user's cache folder
  std::string isa;   ///< empty: the best of this processor
  int threads = 1;
  int ranks = 0;  ///< on one machine; 0: as many as are here
};

/// The rates that were measured for this processor, the same on all ranks; the defaults if there
/// are none. A named file must be readable: throws Error(missing_input) or Error(config).
[[nodiscard]] qsim::HostRates host_profile(Session& session, const ProfileWish& wish);

/// The file that calibrate writes and the others read: the one that was named, else QROSS_PROFILE,
/// else that of the cache folder.
[[nodiscard]] std::filesystem::path profile_target(const std::string& named);

/// Where rates come from, in a few words: "measured on this processor", "defaults: ...".
[[nodiscard]] std::string profile_source(const qsim::HostRates& profile);

[[nodiscard]] Json profile_json(const qsim::HostRates& profile);
[[nodiscard]] std::string profile_lines(const qsim::HostRates& profile);

}  // namespace qross::app
