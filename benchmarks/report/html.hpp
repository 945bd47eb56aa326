// SPDX-License-Identifier: Apache-2.0
// The few pieces of HTML and SVG text the report is built from. Everything that comes from outside
// (names, notes, numbers as text) goes through escape(); tags and attributes are the report's own.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace qross::cost {

/// Text made safe for element content and quoted attributes: & < > " ' become entities, control
/// characters (except tab and newline) and bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string escape(std::string_view text);

using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// `<tag a="v">content</tag>`; attribute values are escaped, the content is markup already.
[[nodiscard]] std::string element(std::string_view tag, Attributes attributes,
                                  std::string_view content);

/// `<tag>text</tag>` with the text escaped.
[[nodiscard]] std::string text_element(std::string_view tag, std::string_view text,
                                       Attributes attributes = {});

/// `<tag a="v"/>`, for SVG shapes.
[[nodiscard]] std::string empty_element(std::string_view tag, Attributes attributes);

}  // namespace qross::cost
