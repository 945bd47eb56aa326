// SPDX-License-Identifier: Apache-2.0
// The front end's public face: OpenQASM 2.0 text in, Program or diagnostics out. Everything else
// in this folder is behind it. Called by the program's subcommands, by qml and by embedders.
// Meaning: qubits and bits are numbered in order of declaration, the first qubit is qubit 0 and
// the least significant bit; barriers are checked and then dropped; angles are plain doubles and
// never reduced; phases are those of the common software convention (README.md of this folder).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qsim/circuit/program.hpp"
#include "qsim/core/error.hpp"
#include "qsim/qasm/bundle.hpp"

namespace qross::qsim::qasm {

/// What a file may ask for. Every limit is checked before anything of that size is made.
struct Limits {
  std::uint64_t operations = 100'000'000;     ///< gates, measures, resets; at most 8e8
  std::uint32_t qubits = 1U << 20;            ///< over all registers; below 2^31
  std::uint32_t bits = 1U << 20;              ///< over all registers
  std::uint64_t source_bytes = 1ULL << 30;    ///< all files together; never above 2^32 - 2
  std::uint64_t include_bytes = 64ULL << 20;  ///< of included texts, each time they are included
  std::uint64_t condition_bits = 1ULL << 30;  ///< sum over distinct conditions
  std::uint32_t include_depth = 64;
  std::uint32_t includes = 1000;  ///< include statements in all
  std::uint32_t nesting = 256;    ///< parentheses in an expression
  std::size_t diagnostics = 20;   ///< kept; the rest are counted
};

struct Options {
  /// Only the language of the OpenQASM 2.0 paper and the 23 gates of its qelib1.inc.
  bool strict = false;
  /// Searched for included files after the including file's own directory.
  std::vector<std::filesystem::path> include_paths;
  /// How long the reader of a named pipe waits for the first byte.
  int pipe_wait_ms = 10'000;
  Limits limits;
};

enum class Severity : std::uint8_t { error, warning, note };

/// A place that explains a diagnostic: "declared here", "included from here".
struct Note {
  std::string message;
  std::string file;
  std::uint32_t line = 0;    ///< 1-based; 0: the note has no place
  std::uint32_t column = 0;  ///< 1-based, in characters
};

struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;          ///< stable, "Q2307"
  std::string file;          ///< fit for a message, as all texts here are
  std::uint32_t line = 0;    ///< 1-based
  std::uint32_t column = 0;  ///< 1-based, in characters
  std::string message;
  std::string source_line;   ///< the line, cut to a window around the place if it is long
  std::uint32_t caret = 0;   ///< 0-based character of source_line under which the place begins
  std::uint32_t length = 1;  ///< characters to underline, at least 1
  std::vector<Note> notes;
  std::string help;
};

struct ParseResult {
  std::optional<Program> program;       ///< present exactly if there is no error
  std::vector<Diagnostic> diagnostics;  ///< in order of place, at most Limits::diagnostics
  std::size_t suppressed = 0;           ///< errors and warnings found beyond those
  std::size_t suppressed_errors = 0;    ///< of these, the errors
  bool version3 = false;                ///< the text is OpenQASM 3, which is not in this build
};

/// What a result without a program is as an Error: unavailable for OpenQASM 3, else bad_input.
[[nodiscard]] ErrorCode failure_of(const ParseResult& result);

/// Reads OpenQASM 2.0 text. `file_name` is used in diagnostics, and its directory is where
/// includes are looked for first. Cost: linear in text and expanded operations; no recursion.
/// Wrong text is reported in the result, not thrown.
[[nodiscard]] ParseResult parse(std::string_view text, std::string_view file_name,
                                const Options& options = {});

/// Reads a file, standard input ("-") or a pipe: gather_sources() and parse_bundle() in one.
/// Throws what gather_sources() throws.
[[nodiscard]] ParseResult parse_file(const std::filesystem::path& path,
                                     const Options& options = {});

/// Reads texts that gather_sources() or gather_text() collected, perhaps in another process; no
/// file is touched.
[[nodiscard]] ParseResult parse_bundle(const SourceBundle& bundle, const Options& options = {});

/// The diagnostic for a person: code, message, place, line, caret, notes, help; several lines,
/// ends with a newline. Control characters of the source are replaced, so it is safe to print.
[[nodiscard]] std::string format(const Diagnostic& diagnostic);

/// All errors of a failed result, formatted, with "and N more" where some were suppressed.
[[nodiscard]] std::string format_errors(const ParseResult& result);

/// The program, or an Error (failure_of) whose message holds the formatted errors. Warnings are not
/// shown; use parse() or parse_file() for them. Free names in angles are parameters of the circuit
/// (unless strict); who runs it gives them values.
[[nodiscard]] Program load(std::string_view text, std::string_view file_name,
                           const Options& options = {});

/// load() of a file; throws what parse_file() throws, too.
[[nodiscard]] Program load_file(const std::filesystem::path& path, const Options& options = {});

}  // namespace qross::qsim::qasm
