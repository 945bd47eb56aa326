// SPDX-License-Identifier: Apache-2.0
// Files: reading them without ever blocking on what is not a regular file, and the rules for the
// names in include statements (relative, never upwards). Used by the parser and the public API.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "qsim/qasm/source.hpp"

namespace qross::qsim::qasm {

struct FileContent {
  enum class Status : std::uint8_t { ok, missing, not_regular, unreadable, too_large };
  Status status = Status::ok;
  std::string reason;  ///< for a person, if not ok: "is a directory"
  std::string text;
  FileIdentity identity;
};

/// Reads a regular file of at most `max_bytes`. Never blocks on FIFOs, never opens devices.
[[nodiscard]] FileContent read_regular_file(const std::filesystem::path& path,
                                            std::uint64_t max_bytes);

/// Why the name in an include statement is refused (absolute, "..", empty, NUL), if it is.
[[nodiscard]] std::optional<std::string> refuse_include_name(std::string_view name);

/// The first of `directory`/name and each of `search`/name that exists.
[[nodiscard]] std::optional<std::filesystem::path> find_include(
    std::string_view name, const std::filesystem::path& directory,
    std::span<const std::filesystem::path> search);

}  // namespace qross::qsim::qasm
