// SPDX-License-Identifier: Apache-2.0
// Escaping: nothing from outside can open a tag, close an attribute or break the encoding.
#include "benchmarks/report/html.hpp"

#include <doctest/doctest.h>

using namespace qross::cost;

TEST_CASE("the five characters of markup become entities") {
  CHECK(escape("<script>alert('x & \"y\"')</script>") ==
        "&lt;script&gt;alert(&#39;x &amp; &quot;y&quot;&#39;)&lt;/script&gt;");
  CHECK(escape("&amp;") == "&amp;amp;");
  CHECK(escape("").empty());
}

TEST_CASE("UTF-8 passes, anything else becomes the replacement character") {
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(escape("H\xC3\xA4ner \xE2\x82\xAC \xF0\x9F\x99\x82") ==
        "H\xC3\xA4ner \xE2\x82\xAC \xF0\x9F\x99\x82");
  CHECK(escape("a\xFF"
               "b") == "a" + replacement + "b");
  CHECK(escape("\xC3") == replacement);
  CHECK(escape("\xC0\x80") == replacement + replacement);
  CHECK(escape("\xED\xA0\x80") == replacement + replacement + replacement);
  CHECK(escape("\xF4\x90\x80\x80").find("\xF4") == std::string::npos);
  CHECK(escape(std::string_view("\0\x1B\x7F", 3)) == replacement + replacement + replacement);
  CHECK(escape("tab\tline\n") == "tab\tline\n");
}

TEST_CASE("elements escape attributes and text, not markup") {
  CHECK(element("p", {{"title", "\"a\""}}, "<b>x</b>") ==
        "<p title=\"&quot;a&quot;\"><b>x</b></p>");
  CHECK(text_element("td", "<b>", {{"class", "c"}}) == "<td class=\"c\">&lt;b&gt;</td>");
  CHECK(empty_element("rect", {{"x", "1"}, {"y", "2"}}) == "<rect x=\"1\" y=\"2\"/>");
}
