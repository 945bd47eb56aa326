// SPDX-License-Identifier: Apache-2.0
// Files: reading them without ever blocking on what is not a regular file, the pipes a circuit file
// may be, and the rules for the names in include statements (relative, never upwards, and by their
// real paths below the folders that were named). Used by gather.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace qross::qsim::qasm {

/// Device and inode: the same file under any name.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

struct FileContent {
  enum class Status : std::uint8_t { ok, missing, not_regular, unreadable, too_large, outside };
  Status status = Status::ok;
  std::string reason;  ///< for a person, if not ok: "is a directory"
  std::string text;
  FileIdentity identity;
  bool failed = false;  ///< the disk failed: no fault of the file or its name
  bool stream = false;  ///< a pipe or standard input: it has no folder and cannot be read again
};

/// Reads a regular file of at most `max_bytes`. Never blocks on FIFOs, never opens devices.
[[nodiscard]] FileContent read_regular_file(const std::filesystem::path& path,
                                            std::uint64_t max_bytes);

/// The same if the file's real path lies below one of `roots`, whose real paths these are.
/// Otherwise `outside`, without a byte having been read.
[[nodiscard]] FileContent read_file_below(const std::filesystem::path& path,
                                          std::span<const std::filesystem::path> roots,
                                          std::uint64_t max_bytes);

/// The number of the open descriptor that the path names, if it names one: 0 for "-" and
/// /dev/stdin, N for /dev/fd/N and /proc/self/fd/N.
[[nodiscard]] std::optional<int> descriptor_of(const std::filesystem::path& path);

/// Reads a regular file, standard input ("-") or a pipe to its end, at most `max_bytes`. Waits
/// `wait_ms` milliseconds for the first byte of a named pipe, and on other pipes for their end.
[[nodiscard]] FileContent read_input(const std::filesystem::path& path, std::uint64_t max_bytes,
                                     int wait_ms);

/// Why the name in an include statement is refused (absolute, "..", empty, NUL), if it is.
[[nodiscard]] std::optional<std::string> refuse_include_name(std::string_view name);

/// The first of `directory`/name and each of `search`/name that exists.
[[nodiscard]] std::optional<std::filesystem::path> find_include(
    std::string_view name, const std::filesystem::path& directory,
    std::span<const std::filesystem::path> search);

}  // namespace qross::qsim::qasm
