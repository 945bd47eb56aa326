// SPDX-License-Identifier: Apache-2.0
// The little of C++'s grammar that the layout rules need: what of a file is code, comment or
// literal. Used by rules.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qross::layout {

/// A C++ file taken apart, each part with as many lines as the file.
struct SourceText {
  std::vector<std::string> code;      ///< without comments; literals are left empty ("" and '')
  std::vector<std::string> comments;  ///< what stands in comments
};

/// Splits at '\n'; a last line without '\n' counts.
[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);

/// Takes a C++ file apart: line and block comments, string, character and raw string literals,
/// digit separators. Does not join lines ended by a backslash.
[[nodiscard]] SourceText take_apart(std::string_view text);

}  // namespace qross::layout
