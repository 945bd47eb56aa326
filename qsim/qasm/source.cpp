// SPDX-License-Identifier: Apache-2.0
// Lines, columns and printable windows of source lines.
#include "qsim/qasm/source.hpp"

#include <algorithm>
#include <cstring>

namespace qross::qsim::qasm {
namespace {

constexpr std::uint32_t kWindow = 120;  // characters of a line that are shown
constexpr std::uint32_t kBefore = 40;   // of those, before the place in a long line
constexpr std::string_view kEllipsis = "...";

// Appends one character of a line and returns how many characters that takes on the screen. Tabs
// stay: the caret line repeats them.
std::uint32_t append_character(std::string& out, std::string_view character) {
  if (character == "\t") {
    out += '\t';
    return 1;
  }
  const std::string shown = qross::printable(character);
  out += shown;
  return shown == character ? 1 : static_cast<std::uint32_t>(shown.size());
}

}  // namespace

std::uint32_t SourceMap::add(SourceFile file) {
  entries_.push_back({std::move(file), {}});
  return size() - 1;
}

std::string_view SourceMap::text(const Span& span) const {
  return entries_[span.file].file.text.substr(span.begin, span.end - span.begin);
}

std::uint32_t SourceMap::line_of(const Entry& entry, std::uint32_t offset) const {
  if (entry.line_starts.empty()) {
    const std::string_view text = entry.file.text;
    entry.line_starts.push_back(0);
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (!ends_line(text[at])) continue;
      if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
      entry.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
    }
  }
  const auto next = std::upper_bound(entry.line_starts.begin(), entry.line_starts.end(), offset);
  return static_cast<std::uint32_t>(next - entry.line_starts.begin()) - 1;
}

Location SourceMap::locate(std::uint32_t file, std::uint32_t offset) const {
  const Entry& entry = entries_[file];
  const std::uint32_t line = line_of(entry, offset);
  std::uint32_t begin = entry.line_starts[line];
  // A byte-order mark is no character of the first line.
  if (line == 0 && entry.file.text.starts_with("\xEF\xBB\xBF")) begin = std::min(3U, offset);
  Location result{line + 1, 1};
  while (begin < offset) {
    begin += static_cast<std::uint32_t>(character_bytes(entry.file.text.substr(begin)));
    ++result.column;
  }
  return result;
}

Snippet SourceMap::snippet(const Span& span) const {
  const Entry& entry = entries_[span.file];
  const Location place = locate(span.file, span.begin);
  std::string_view line = entry.file.text.substr(entry.line_starts[place.line - 1]);
  line = line.substr(0, line.find_first_of("\r\n"));
  if (place.line == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);

  Snippet result;
  const std::uint32_t target = place.column - 1;
  const std::uint32_t first = target > kWindow - kBefore ? target - kBefore : 0;
  if (first > 0) result.text = kEllipsis;
  std::uint32_t shown = first > 0 ? 3 : 0;  // characters of the window so far
  std::uint32_t character = 0;              // of the line
  std::uint32_t underline_end = 0;          // in characters of the window
  std::size_t at = 0;
  const auto line_offset = static_cast<std::size_t>(line.data() - entry.file.text.data());
  while (at < line.size() && character < first + kWindow) {
    if (character == target) result.caret = shown;
    const std::size_t bytes = character_bytes(line.substr(at));
    if (character >= first) shown += append_character(result.text, line.substr(at, bytes));
    at += bytes;
    ++character;
    if (character > target && line_offset + at <= span.end) underline_end = shown;
  }
  if (character <= target) result.caret = shown;  // behind the line's last character
  if (at < line.size()) result.text += kEllipsis;
  result.length = underline_end > result.caret ? underline_end - result.caret : 1;
  return result;
}

}  // namespace qross::qsim::qasm
