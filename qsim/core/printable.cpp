// SPDX-License-Identifier: Apache-2.0
// One walk over the characters: what is whole and visible is copied, the rest is spelled out.
#include "qsim/core/printable.hpp"

#include <fmt/core.h>

namespace qross {
namespace {

bool between(std::uint32_t value, std::uint32_t first, std::uint32_t last) {
  return value >= first && value <= last;
}

// Marks of direction, separators of lines and paragraphs, and the byte-order mark: they change how
// the text around them is shown.
bool steers(std::uint32_t point) {
  return between(point, 0x200E, 0x200F) || between(point, 0x2028, 0x202E) ||
         between(point, 0x2066, 0x2069) || point == 0x061C || point == 0xFEFF;
}

void append_control(std::string& out, unsigned char byte) {
  switch (byte) {
    case '\0':
      out += "\\0";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      out += fmt::format("\\x{:02x}", byte);
  }
}

// Appends the character (or the broken byte) at the front of `rest` and returns its bytes.
std::size_t append_front(std::string& out, std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest[0]);
  const std::size_t length = utf8_length(rest);
  if (length == 0 || lead < 0x20 || lead == 0x7F) {
    append_control(out, lead);
    return 1;
  }
  const std::string_view character = rest.substr(0, length);
  const std::uint32_t point = utf8_code_point(character);
  if (between(point, 0x80, 0x9F) || steers(point)) {
    out += fmt::format("\\u{:04x}", point);
  } else {
    out += character;
  }
  return length;
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xC2   ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  if (lead == 0xE0 && second < 0xA0) return 0;   // overlong
  if (lead == 0xED && second >= 0xA0) return 0;  // a surrogate
  if (lead == 0xF0 && second < 0x90) return 0;   // overlong
  if (lead == 0xF4 && second >= 0x90) return 0;  // beyond U+10FFFF
  return length;
}

std::uint32_t utf8_code_point(std::string_view character) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
  };
  switch (character.size()) {
    case 2:
      return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
    case 3:
      return (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    case 4:
      return (byte(0) & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U |
             (byte(3) & 0x3FU);
    default:
      return byte(0);
  }
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) text.remove_prefix(append_front(out, text));
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (text[0] == '\n' || text[0] == '\t' || text.starts_with("\r\n")) {
      out += text[0];
      text.remove_prefix(1);
    } else {
      text.remove_prefix(append_front(out, text));
    }
  }
  return out;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  for (std::size_t characters = 0; !text.empty(); ++characters) {
    if (characters == limit) return out.append("...");
    text.remove_prefix(append_front(out, text));
  }
  return out;
}

}  // namespace qross
