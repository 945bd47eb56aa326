// SPDX-License-Identifier: Apache-2.0
// Measured host profiles as a TOML file: one entry for each processor model, instruction set and
// number of threads and ranks, so that one file serves a whole cluster. `qross calibrate` adds to
// it; run, plan, bench and info read it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "qsim/plan/host_rates.hpp"

namespace qross::qsim {

/// What rates are wanted for.
struct ProfileKey {
  std::string processor;  ///< core/machine_load.hpp
  std::string isa;        ///< instruction set of the kernels; empty: any
  unsigned threads = 1;   ///< of each rank
  unsigned ranks = 1;     ///< on this machine
};

/// Where the profiles lie if no file is named: $XDG_CACHE_HOME/qross/profiles.toml, else
/// ~/.cache/qross/profiles.toml; empty if neither variable is set.
[[nodiscard]] std::filesystem::path default_profile_path();

/// The entry for the processor and the instruction set, of several the one whose threads and ranks
/// are nearest, with rates_with() the wanted numbers; null without such an entry. Cost: O(entries).
[[nodiscard]] const HostRates* find_profile(const std::vector<HostRates>& entries,
                                            const ProfileKey& key);

/// Rates from the file of default_profile_path(); the defaults if there is none or it does not know
/// this processor. Throws Error(config) with file and line if the file is broken.
[[nodiscard]] HostRates load_profile(const ProfileKey& key);

/// Rates from a file that was named: of the processor and instruction set, or, if the file knows
/// only one other, of that (planning for another machine).
/// Throws Error(missing_input) if it cannot be read, Error(config) if it is broken or knows several
/// processors, none of them this one.
[[nodiscard]] HostRates read_profile(const std::filesystem::path& path, const ProfileKey& key);

/// Before minutes of measuring, not after: throws Error(output) if `path` is empty or no file can
/// be made or replaced there, Error(config) if what lies there is no file of profiles. Creates the
/// folder of default_profile_path() if it is missing, no other.
void require_profile_place(const std::filesystem::path& path);

/// Adds the profile to the file, in the place of the entry with the same key; the file is replaced
/// as a whole. Throws Error(output), Error(io) and Error(config) as require_profile_place().
void save_profile(const HostRates& profile, const std::filesystem::path& path);

/// One entry.
[[nodiscard]] std::string profile_text(const HostRates& profile);
/// All entries of a file. Throws Error(config) naming `source` and the line or key.
[[nodiscard]] std::vector<HostRates> parse_profiles(std::string_view text,
                                                    const std::string& source);
/// The only entry. Throws as parse_profiles, also if there is not exactly one.
[[nodiscard]] HostRates parse_profile(std::string_view text, const std::string& source);

}  // namespace qross::qsim
