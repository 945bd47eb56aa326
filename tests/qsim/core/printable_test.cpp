// SPDX-License-Identifier: Apache-2.0
// Text from outside as messages may show it.
#include "qsim/core/printable.hpp"

#include <cstdint>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace qross;

TEST_CASE("visible characters stay whole") {
  for (const char* text : {"", "plain text", "caf\u00e9 \u03c0 \u20ac", "\U0001F9EA", "a\\b"}) {
    CHECK(printable(text) == text);
    CHECK(printable_lines(text) == text);
  }
}

TEST_CASE("fault_D6 control characters are spelled out") {
  CHECK(printable("\x1b[31mred\x07\x7f") == "\\x1b[31mred\\x07\\x7f");
  CHECK(printable("a\nb\tc\r") == "a\\nb\\tc\\r");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\0b");
  CHECK(printable("\xC2\x9B"
                  "31m") == "\\u009b31m");  // CSI in one character
  CHECK(printable("\u202Eabc\u2028\uFEFF") == "\\u202eabc\\u2028\\ufeff");
}

TEST_CASE("lines and tabulators stay where a message has several lines") {
  CHECK(printable_lines("a\n\tb\x1b\n") == "a\n\tb\\x1b\n");
  CHECK(printable_lines("a\r\nb\rc") == "a\r\nb\\rc");
}

TEST_CASE("fault_D6 bytes that are not UTF-8 are spelled out one by one") {
  CHECK(printable("nof\xe9.qasm") == "nof\\xe9.qasm");
  CHECK(printable("\xC3") == "\\xc3");                    // cut off
  CHECK(printable("\xC0\xAF") == "\\xc0\\xaf");           // overlong /
  CHECK(printable("\xE0\x80\xAF") == "\\xe0\\x80\\xaf");  // overlong
  CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");  // a surrogate
  CHECK(printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
  CHECK(printable("\xFF\xFE") == "\\xff\\xfe");
  CHECK(utf8_length("\xF4\x8F\xBF\xBF") == 4);
  CHECK(utf8_length("\xED\x9F\xBF") == 3);
  CHECK(utf8_length("\x80") == 0);
}

TEST_CASE("a cut never splits a character") {
  CHECK(printable("\u03c0\u03c0\u03c0", 2) == "\u03c0\u03c0...");
  CHECK(printable("\u03c0\u03c0", 2) == "\u03c0\u03c0");
  CHECK(printable("\x1b\x1b\x1b", 1) == "\\x1b...");
}

TEST_CASE("every string of three bytes becomes what JSON can hold") {
  // All pairs behind a few leads reach every branch of the check of UTF-8.
  for (const int lead : {0x00, 0x41, 0xC2, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4}) {
    for (int b = 0; b < 256; b += 1) {
      for (int c = 0; c < 256; c += 15) {
        const std::string text{static_cast<char>(lead), static_cast<char>(b), static_cast<char>(c)};
        const std::string shown = printable(text);
        CHECK_NOTHROW((void)nlohmann::json(shown).dump());
        CHECK(shown.find('\x1b') == std::string::npos);
        CHECK(printable(shown) == shown);
      }
    }
  }
}
