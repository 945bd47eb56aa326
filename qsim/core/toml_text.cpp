// SPDX-License-Identifier: Apache-2.0
// A scanner that knows of TOML only its strings, comments, brackets and dots.
#include <cstddef>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/text_file.hpp"
#include "qsim/core/toml_text-inl.hpp"

namespace qross {
namespace {

/// The index behind the string that begins at `at` with a quote. A string in single lines ends at
/// the end of its line at the latest; the parser will say what is wrong with it.
std::size_t skip_string(std::string_view text, std::size_t at, std::size_t& line) {
  const char quote = text[at];
  const bool triple = text.substr(at, 3) == std::string(3, quote);
  std::size_t i = at + (triple ? 3 : 1);
  for (; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      if (i + 1 < text.size() && text[i + 1] == '\n') ++line;
      ++i;
    } else if (text[i] == '\n') {
      if (!triple) return i;
      ++line;
    } else if (text[i] == quote) {
      if (!triple) return i + 1;
      if (text.substr(i, 3) == std::string(3, quote)) return i + 3;
    }
  }
  return text.size();
}

}  // namespace

void check_toml_depth(std::string_view text, const std::string& source) {
  std::size_t line = 1;
  int brackets = 0;
  int parts = 1;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = skip_string(text, i, line);
      continue;
    }
    ++i;
    switch (c) {
      case '#':
        while (i < text.size() && text[i] != '\n') ++i;
        break;
      case '\n':
        ++line;
        parts = 1;
        break;
      case '[':
      case '{':
        ++brackets;
        parts = 1;
        break;
      case ']':
      case '}':
        if (brackets > 0) --brackets;
        parts = 1;
        break;
      case '=':
      case ',':
        parts = 1;
        break;
      case '.':
        ++parts;
        break;
      default:
        break;
    }
    if (brackets > kMaxTomlDepth || parts > kMaxTomlDepth) {
      throw Error(ErrorCode::config,
                  fmt::format("{}:{}: nests deeper than the {} levels allowed", source, line,
                              kMaxTomlDepth),
                  "no file of Qross needs more than a few levels");
    }
  }
}

toml::table parse_toml(std::string_view text, const std::string& source) {
  if (text.size() > kMaxTomlBytes) {
    throw Error(ErrorCode::config, fmt::format("{} has {} bytes, the limit for TOML is {}", source,
                                               text.size(), kMaxTomlBytes));
  }
  check_toml_depth(text, source);
  try {
    return toml::parse(text, source);
  } catch (const toml::parse_error&) {
    // The library reads numbers from streams, which take a lack of memory for text that is no
    // number. What is wrong with the text is wrong the second time, too.
  }
  try {
    return toml::parse(text, source);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    throw Error(ErrorCode::config,
                fmt::format("{}:{}:{}: not valid TOML: {}", source, at.line, at.column,
                            error.description()),
                "see https://toml.io for the syntax");
  }
}

toml::table read_toml(const std::string& path) {
  return parse_toml(read_text_file(path, kMaxTomlBytes), path);
}

}  // namespace qross
