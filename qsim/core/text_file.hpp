// SPDX-License-Identifier: Apache-2.0
// Reading a whole text file of bounded size. Called by everything that parses configuration and
// data.
#pragma once

#include <cstdint>
#include <string>

namespace qross {

/// The bytes of a regular file. Opening never blocks, and nothing is allocated before the size is
/// known to be at most `most_bytes`.
/// Throws Error(missing_input) if the file cannot be opened or is no regular file,
/// Error(resources) naming both sizes above the limit, Error(io) if reading fails half-way.
[[nodiscard]] std::string read_text_file(const std::string& path, std::uintmax_t most_bytes);

}  // namespace qross
