// SPDX-License-Identifier: Apache-2.0
// Reading a whole text file of bounded size. Called by everything that parses configuration and
// data, and by what asks the kernel about this machine.
#pragma once

#include <cstdint>
#include <string>

namespace qross {

/// The bytes of a regular file. Opening never blocks, and nothing is allocated before the size is
/// known to be at most `most_bytes`.
/// Throws Error(missing_input) if the file cannot be opened or is no regular file, Error(io) if
/// opening or reading it fails because of the disk, Error(resources) naming both sizes above the
/// limit, or if this process may open no more files.
[[nodiscard]] std::string read_text_file(const std::string& path, std::uintmax_t most_bytes);

/// What a file of the kernel (/proc, /sys) says, of which it tells no size; empty if it cannot be
/// read. At most 16 MiB are.
[[nodiscard]] std::string read_system_file(const std::string& path);

}  // namespace qross
