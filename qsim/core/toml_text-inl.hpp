// SPDX-License-Identifier: Apache-2.0
// The one door through which TOML comes in: bounded in size and depth before the TOML library sees
// it, because that library and everything that walks its trees recurses once for each level.
// Includes the TOML library, so it is for sources alone.
#pragma once

#include <string>
#include <string_view>

#include <toml++/toml.h>

namespace qross {

inline constexpr std::size_t kMaxTomlBytes = std::size_t{1} << 20;
/// Levels of brackets, and parts of a dotted key.
inline constexpr int kMaxTomlDepth = 32;

/// Throws Error(config) "SOURCE:LINE: ..." if brackets nest deeper than kMaxTomlDepth or a key has
/// more parts. Cost: one read of the text, no memory.
void check_toml_depth(std::string_view text, const std::string& source);

/// Parses TOML; `source` names it in messages. Throws Error(config) with line and column for what
/// is no TOML, nests too deep, or is larger than kMaxTomlBytes.
[[nodiscard]] toml::table parse_toml(std::string_view text, const std::string& source);

/// Reads and parses a file. Throws as parse_toml() and read_text_file().
[[nodiscard]] toml::table read_toml(const std::string& path);

}  // namespace qross
