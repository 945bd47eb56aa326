// SPDX-License-Identifier: Apache-2.0
// Taking lines, words and numbers from the front of a text, without a stream: streams take a lack
// of memory for the end of their text. Called by readers of small formats, such as the files that
// the kernel writes.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace qross {

/// What stands before the first `end`, or all of the text; removes it and the `end` from `text`.
[[nodiscard]] inline std::string_view take_until(std::string_view& text, char end) noexcept {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

/// What stands before the next end of line, removed from `text` with it: LF, CR or CR LF.
[[nodiscard]] inline std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  text.remove_prefix(text.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, text.size()));
  return line;
}

/// The next word between blanks and ends of lines, removed from `text`; empty if there is none.
[[nodiscard]] inline std::string_view take_word(std::string_view& text) noexcept {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text.remove_prefix(word.size());
  return word;
}

/// The number that a whole word is, if it is one of this type.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view word) noexcept {
  Number value{};
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace qross
