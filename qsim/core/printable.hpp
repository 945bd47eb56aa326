// SPDX-License-Identifier: Apache-2.0
// Text that came from outside, made fit for a message: valid UTF-8 without control characters, so
// that no terminal is steered by a file's bytes and every encoder of JSON takes the result. Called
// by the diagnostics of circuit files, by readers that quote what they read, and by the program on
// everything it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace qross {

/// Bytes of the UTF-8 character that `text` begins with (1 to 4); 0 if the first byte begins no
/// valid one (stray, truncated, overlong, a surrogate, beyond U+10FFFF). `text` is not empty.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

/// The code point of one whole UTF-8 character, as utf8_length() measured it.
[[nodiscard]] std::uint32_t utf8_code_point(std::string_view character) noexcept;

/// `text` with its visible characters as they are and everything else spelled out: \t \n \r \0 or
/// \x1b for control characters and for bytes that are not UTF-8, \u202e for characters that steer
/// the direction or the lines of text unseen. Cost: linear; at most six bytes for one.
[[nodiscard]] std::string printable(std::string_view text);

/// printable(), but ends of lines and tabulators stay: for messages of several lines. A carriage
/// return stays as part of CR LF only.
[[nodiscard]] std::string printable_lines(std::string_view text);

/// The first `limit` characters of printable(text), with "..." behind them if there were more. A
/// character that is spelled out counts as one. For quotes of text of any size.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit);

}  // namespace qross
