// SPDX-License-Identifier: Apache-2.0
// SourceBundle: a circuit file with every text it includes, so that reading and parsing are two
// steps. One process reads (gather_sources), all others receive the same bytes (pack, unpack), and
// each parses from memory (parse_bundle in qasm.hpp) without touching a file. Called by parse_file
// and by programs that run on several ranks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qross::qsim::qasm {

struct Options;

struct SourceBundle {
  /// A text of its own; one that is included in several places or under several names is kept once.
  struct Text {
    std::string name;  ///< as diagnostics show it
    std::string text;
  };
  /// What became of the name in an include statement.
  struct Include {
    enum class Outcome : std::uint8_t { read, missing, refused, unreadable, too_large };
    std::uint32_t from = 0;  ///< number of the text the statement stands in
    std::string name;        ///< as written there
    Outcome outcome = Outcome::missing;
    std::uint32_t text = 0;  ///< number of the text it stands for, if read
    std::string reason;      ///< for a person, if refused or unreadable
  };
  /// The include statement that exceeds Limits::include_bytes or Limits::includes.
  struct Excess {
    std::uint32_t text = 0;
    std::uint32_t begin = 0;  ///< bytes of the name with its quotes
    std::uint32_t end = 0;
    bool bytes = false;  ///< else the number of inclusions
  };

  std::vector<Text> texts;  ///< the circuit file itself first
  std::vector<Include> includes;
  std::optional<Excess> excess;

  /// What is known of `name` as included by text `from`; null if nothing is.
  [[nodiscard]] const Include* find(std::uint32_t from, std::string_view name) const;
};

/// Reads a circuit file and all it includes. `path` may be "-" (standard input), a pipe or
/// /dev/fd/N; included files must be regular and lie, by their real paths, below the circuit file's
/// folder or one of Options::include_paths (for standard input and pipes: the working folder).
/// Nothing blocks but a pipe that somebody has open for writing; on a named pipe it waits
/// Options::pipe_wait_ms for a writer. Each file is read once, however often it is included.
/// Throws Error(missing_input) if the circuit file does not exist or cannot be read,
/// Error(bad_input) if it is too large, Error(io) if a disk fails. What is wrong with an include is
/// kept for the parser.
[[nodiscard]] SourceBundle gather_sources(const std::filesystem::path& path,
                                          const Options& options);

/// The same for a text in memory, whose includes are looked for in the folder of `name`.
[[nodiscard]] SourceBundle gather_text(std::string_view text, std::string_view name,
                                       const Options& options);

/// The bundle as bytes, and back: for a broadcast. unpack throws Error(bug) on other bytes.
[[nodiscard]] std::string pack(const SourceBundle& bundle);
[[nodiscard]] SourceBundle unpack(std::string_view bytes);

}  // namespace qross::qsim::qasm
