// SPDX-License-Identifier: Apache-2.0
// Taking C++ apart: what is code and what is comment, with the line numbers kept.
#include "tests/layout/text.hpp"

#include <doctest/doctest.h>

using qross::layout::split_lines;
using qross::layout::take_apart;
using Lines = std::vector<std::string>;

TEST_CASE("lines with and without an end") {
  CHECK(split_lines("").empty());
  CHECK(split_lines("a\n\nb") == Lines{"a", "", "b"});
  CHECK(split_lines("a\n") == Lines{"a"});
}

TEST_CASE("comments and literals leave the code") {
  const auto parts =
      take_apart("int a; // exit(1)\nf(\"// \\\" exit\", '\"'); /* abort()\nx */ g();");
  REQUIRE(parts.code.size() == 3);
  CHECK(parts.code == Lines{"int a; ", "f(\"\", ''); ", "  g();"});
  CHECK(parts.comments == Lines{"// exit(1)", "/* abort()", "x */"});
}

TEST_CASE("raw strings, digit separators and unclosed literals") {
  CHECK(take_apart("auto s = R\"x(a\n\" // )x\"; f();").code == Lines{"auto s = R\"\"", "; f();"});
  CHECK(take_apart("int n = 1'000'000; // c").code == Lines{"int n = 1'000'000; "});
  CHECK(take_apart("char c = 'a', d = '\\'';").code == Lines{"char c = '', d = '';"});
  CHECK(take_apart("auto c = u'a';").code == Lines{"auto c = u'';"});
  CHECK(take_apart("a \"open\nb").code == Lines{"a \"\"", "b"});
  CHECK(take_apart("a /* open\nb").code == Lines{"a ", " "});
}
