// SPDX-License-Identifier: Apache-2.0
// Lines, columns, windows of long lines, safe printing.
#include "qsim/qasm/source.hpp"

#include "tests/qsim/qasm/support.hpp"

using namespace qross::qsim::qasm;

namespace {

SourceMap one(std::string_view text) {
  SourceMap sources;
  SourceFile file;
  file.text = text;
  sources.add(file);
  return sources;
}

std::string at(const SourceMap& sources, std::uint32_t offset) {
  const Location place = sources.locate(0, offset);
  return fmt::format("{}:{}", place.line, place.column);
}

}  // namespace

TEST_CASE("lines and columns, in characters") {
  const SourceMap sources = one("ab\n\xCF\x80x\r\n\n\tz");
  CHECK(at(sources, 0) == "1:1");
  CHECK(at(sources, 2) == "1:3");
  CHECK(at(sources, 3) == "2:1");
  CHECK(at(sources, 5) == "2:2");
  CHECK(at(sources, 8) == "3:1");
  CHECK(at(sources, 9) == "4:1");
  CHECK(at(sources, 10) == "4:2");
  CHECK(at(sources, 11) == "4:3");
  CHECK(at(one(""), 0) == "1:1");
  CHECK(at(one("\xEF\xBB\xBF"
               "abc"),
           4) == "1:2");
  CHECK(at(one("\xFF\xFE\xCF"
               "a"),
           3) == "1:4");
}

TEST_CASE("snippets: whole lines, windows of long ones") {
  const SourceMap sources = one("first\r\nse\tcond \xCF\x80!\nthird");
  Snippet snippet = sources.snippet({0, 7, 9});
  CHECK(snippet.text == "se\tcond \xCF\x80!");
  CHECK(snippet.caret == 0);
  CHECK(snippet.length == 2);
  snippet = sources.snippet({0, 15, 17});
  CHECK(snippet.caret == 8);
  CHECK(snippet.length == 1);
  snippet = sources.snippet({0, 5, 5});
  CHECK(snippet.text == "first");
  CHECK(snippet.caret == 5);
  CHECK(snippet.length == 1);
  CHECK(sources.snippet({0, 19, 24}).text == "third");

  const std::string line = std::string(1000, 'a') + "b" + std::string(1000, 'c');
  const SourceMap longer = one(line);
  snippet = longer.snippet({0, 1000, 1001});
  CHECK(snippet.text.size() == 126);
  CHECK(snippet.text[snippet.caret] == 'b');
  CHECK(longer.snippet({0, 0, 2000}).length == 120);
  CHECK(longer.snippet({0, 0, 1}).caret == 0);
}

TEST_CASE("printing is safe: controls and broken bytes are replaced, long texts cut") {
  CHECK(printable("abc") == "abc");
  CHECK(printable("\x1B[31m") == "\\x1b[31m");
  CHECK(printable("\xC2\x9B") == "\\u009b");
  CHECK(printable("\xC2") == "\\xc2");
  CHECK(printable("\xFF") == "\\xff");
  CHECK(printable("\xE2\x82") == "\\xe2\\x82");
  CHECK(printable(std::string(100, 'a'), 10) == "aaaaaaaaaa...");
  CHECK(character_bytes("\xF0\x9F\x98\x80") == 4);
  CHECK(character_bytes("\xF0\x9F\x98") == 1);
}
