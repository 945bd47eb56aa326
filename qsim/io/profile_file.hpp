// SPDX-License-Identifier: Apache-2.0
// The measured host profile as a small TOML file in the user's cache folder:
// $XDG_CACHE_HOME/qross/HOST.toml, or ~/.cache/qross/HOST.toml.
#pragma once

#include <filesystem>
#include <string>

#include "qsim/plan/host_profile.hpp"

namespace qross::qsim {

/// Where this host's profile lies; empty if there is no home or cache folder.
[[nodiscard]] std::filesystem::path host_profile_path();

/// The profile of this host, or the defaults if none was measured.
/// Throws Error(config) with file and line if the file is broken.
[[nodiscard]] HostProfile load_host_profile();

/// Writes the profile for load_host_profile(); returns the path. Throws Error(output).
std::filesystem::path save_host_profile(const HostProfile& profile);

[[nodiscard]] std::string profile_text(const HostProfile& profile);
/// Throws Error(config) naming `source` and the line.
[[nodiscard]] HostProfile parse_profile(const std::string& text, const std::string& source);

}  // namespace qross::qsim
