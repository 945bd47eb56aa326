// SPDX-License-Identifier: Apache-2.0
#include "qsim/core/text_parts.hpp"

#include <cstdint>

#include <doctest/doctest.h>

using namespace qross;

TEST_CASE("parts are taken from the front until nothing is left") {
  std::string_view text = "a,b,,c";
  CHECK(take_until(text, ',') == "a");
  CHECK(take_until(text, ',') == "b");
  CHECK(take_until(text, ',').empty());
  CHECK(text == "c");
  CHECK(take_until(text, ',') == "c");
  CHECK(text.empty());
  CHECK(take_until(text, ',').empty());
}

TEST_CASE("fault_B7 lines end with LF, CR or CR LF") {
  std::string_view text = "a\rb\r\nc\n\nd\r";
  for (const char* const line : {"a", "b", "c", "", "d"}) CHECK(take_line(text) == line);
  CHECK(text.empty());
  CHECK(take_line(text).empty());
}

TEST_CASE("words lie between blanks of any kind") {
  std::string_view text = "  one\ttwo\r\n three";
  CHECK(take_word(text) == "one");
  CHECK(take_word(text) == "two");
  CHECK(take_word(text) == "three");
  CHECK(take_word(text).empty());
  std::string_view blanks = " \n ";
  CHECK(take_word(blanks).empty());
  CHECK(blanks.empty());
}

TEST_CASE("a word is a number as a whole or not at all") {
  CHECK(number_in<std::uint64_t>("18446744073709551615") == ~std::uint64_t{0});
  CHECK(number_in<double>("-1") == -1.0);
  for (const char* const wrong : {"", "max", "12x", " 1", "18446744073709551616"}) {
    CAPTURE(wrong);
    CHECK_FALSE(number_in<std::uint64_t>(wrong));
  }
}
