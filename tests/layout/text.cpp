// SPDX-License-Identifier: Apache-2.0
// A scanner with one character of state, see text.hpp.
#include "tests/layout/text.hpp"

#include <cctype>

namespace qross::layout {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The closing mark of the raw string whose opening quote is at `quote`, or empty if it is none.
std::string raw_end(std::string_view text, std::size_t quote) {
  if (quote == 0 || text[quote - 1] != 'R') return {};
  if (quote >= 2 && is_word(text[quote - 2])) {
    // Only the prefixes u8R, uR, UR and LR make a raw string; FOR"..." does not.
    std::size_t begin = quote - 1;
    while (begin > 0 && is_word(text[begin - 1])) --begin;
    const std::string_view prefix = text.substr(begin, quote - begin);
    if (prefix != "u8R" && prefix != "uR" && prefix != "UR" && prefix != "LR") return {};
  }
  const std::size_t open = text.find('(', quote);
  if (open == std::string_view::npos) return {};
  return ")" + std::string(text.substr(quote + 1, open - quote - 1)) + "\"";
}

/// The index after a literal that opens with `quote` at `at`; an unclosed one ends with its line.
std::size_t literal_end(std::string_view text, std::size_t at, char quote) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    } else if (text[i] == '\n') {
      return i;
    }
  }
  return text.size();
}

}  // namespace

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

SourceText take_apart(std::string_view text) {
  std::string code;
  std::string comments;
  const auto newline = [&] {
    code += '\n';
    comments += '\n';
  };
  std::size_t i = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '\n') {
      newline();
      ++i;
    } else if (text.substr(i, 2) == "//") {
      while (i < text.size() && text[i] != '\n') comments += text[i++];
    } else if (text.substr(i, 2) == "/*") {
      std::size_t end = text.find("*/", i + 2);
      end = end == std::string_view::npos ? text.size() : end + 2;
      for (; i < end; ++i) {
        if (text[i] == '\n') {
          newline();
        } else {
          comments += text[i];
        }
      }
      code += ' ';
    } else if (c == '"') {
      std::size_t end = 0;
      if (const std::string mark = raw_end(text, i); !mark.empty()) {
        const std::size_t close = text.find(mark, i);
        end = close == std::string_view::npos ? text.size() : close + mark.size();
      } else {
        end = literal_end(text, i, '"');
      }
      for (code += "\"\""; i < end; ++i) {
        if (text[i] == '\n') newline();
      }
    } else if (c == '\'' && !(i > 0 && is_word(text[i - 1]) && i + 1 < text.size() &&
                              is_word(text[i + 1]) && literal_end(text, i, '\'') != i + 3)) {
      // The exception is a digit separator as in 1'000: words on both sides and no 'x' literal.
      i = literal_end(text, i, '\'');
      code += "''";
    } else {
      code += c;
      ++i;
    }
  }
  return {split_lines(code), split_lines(comments)};
}

}  // namespace qross::layout
