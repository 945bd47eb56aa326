// SPDX-License-Identifier: Apache-2.0
// Reads markup tag by tag and says where opening and closing do not match; for tests of the report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qross::cost {

/// Empty if every tag that opens closes in order, else what is wrong. `<x/>` and `<!...>` stand
/// alone; a bare `<` or `>` in text is an error.
inline std::string tag_trouble(std::string_view markup) {
  std::vector<std::string> open;
  while (!markup.empty()) {
    const std::size_t at = markup.find_first_of("<>");
    if (at == std::string_view::npos) break;
    const bool style = !open.empty() && open.back() == "style";
    if (markup[at] == '>') {
      if (!style) return "bare '>' near: " + std::string(markup.substr(0, at + 1)).substr(0, 60);
      markup.remove_prefix(at + 1);
      continue;
    }
    const std::size_t end = markup.find('>', at);
    if (end == std::string_view::npos) return "tag without end";
    const std::string_view tag = markup.substr(at + 1, end - at - 1);
    const std::string word(
        tag.substr(0, tag.find_first_of(" /", tag.empty() || tag[0] != '/' ? 0 : 1)));
    if (word.empty()) return "empty tag";
    if (word[0] == '/') {
      if (open.empty() || "/" + open.back() != word) return "unexpected <" + word + ">";
      open.pop_back();
    } else if (word[0] != '!' && tag.back() != '/') {
      open.push_back(word);
    }
    markup.remove_prefix(end + 1);
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

}  // namespace qross::cost
