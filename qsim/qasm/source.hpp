// SPDX-License-Identifier: Apache-2.0
// Source texts and places in them. A Span is a byte range of one text; lines and columns are
// worked out only when a diagnostic asks. Texts are at most 2^32 - 2 bytes. Used by the lexer,
// the diagnostics and both parsers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qsim/core/printable.hpp"

namespace qross::qsim::qasm {

/// Bytes [begin, end) of text number `file`.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// From the begin of `a` to the end of `b`, both in one text.
[[nodiscard]] inline Span join(const Span& a, const Span& b) { return {a.file, a.begin, b.end}; }

/// 1-based line, and 1-based column in characters (bytes that are not UTF-8 count one each).
struct Location {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// A printable window of one line, with the characters to underline.
struct Snippet {
  std::string text;
  std::uint32_t caret = 0;   ///< 0-based character
  std::uint32_t length = 1;  ///< characters, cut at the window's or the line's end
};

/// A text being read; one that is included twice is two of these. The text must outlive them.
struct SourceFile {
  std::string name;
  std::string_view text;
  std::uint32_t bundled = 0;  ///< its number in the SourceBundle
  std::optional<Span> included_from;
};

/// True for the bytes that end a line: LF, CR LF and CR alone do, each once.
[[nodiscard]] constexpr bool ends_line(char c) { return c == '\n' || c == '\r'; }

class SourceMap {
 public:
  /// Adds a text and returns its number.
  std::uint32_t add(SourceFile file);
  [[nodiscard]] const SourceFile& file(std::uint32_t number) const { return entries_[number].file; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }
  [[nodiscard]] std::string_view text(const Span& span) const;
  /// Cost: the text's length at the first call for a text, then logarithmic in its lines.
  [[nodiscard]] Location locate(std::uint32_t file, std::uint32_t offset) const;
  /// The line of span.begin, at most 120 characters of it.
  [[nodiscard]] Snippet snippet(const Span& span) const;

 private:
  struct Entry {
    SourceFile file;
    mutable std::vector<std::uint32_t> line_starts;  // filled at the first locate()
  };
  [[nodiscard]] std::uint32_t line_of(const Entry& entry, std::uint32_t offset) const;

  std::vector<Entry> entries_;
};

/// Length in bytes of the UTF-8 character at text[0], 1 for a byte that is not part of one.
[[nodiscard]] inline std::size_t character_bytes(std::string_view text) {
  return std::max<std::size_t>(1, utf8_length(text));
}

/// `text` fit for a message: at most `limit` characters, what is not visible spelled out.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t limit = 48) {
  return qross::printable(text, limit);
}

}  // namespace qross::qsim::qasm
