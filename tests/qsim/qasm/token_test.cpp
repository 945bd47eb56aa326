// SPDX-License-Identifier: Apache-2.0
// Keywords, reserved words, descriptions.
#include "qsim/qasm/token.hpp"

#include <set>
#include <string>

#include "tests/qsim/qasm/support.hpp"

using namespace qross::qsim::qasm;

TEST_CASE("keywords are words of the language, whole and in their case") {
  CHECK(classify_word("gate", Language::openqasm2) == TokenKind::kw_gate);
  CHECK(classify_word("Gate", Language::openqasm2) == TokenKind::identifier);
  CHECK(classify_word("gates", Language::openqasm2) == TokenKind::identifier);
  CHECK(classify_word("", Language::openqasm2) == TokenKind::identifier);
  // Words of later versions are free names in version 2.
  for (const char* word : {"qubit", "bit", "int", "ctrl", "pow", "box"}) {
    CHECK(classify_word(word, Language::openqasm2) == TokenKind::identifier);
    CHECK(is_openqasm3_word(word));
  }
  CHECK_FALSE(is_openqasm3_word("gate"));
  CHECK(is_reserved_word("pi"));
  CHECK(is_reserved_word("CX"));
  CHECK_FALSE(is_reserved_word("cx"));
}

TEST_CASE("every kind of token has a description of its own") {
  std::set<std::string> seen;
  for (int k = 0; k <= static_cast<int>(TokenKind::other); ++k) {
    const auto kind = static_cast<TokenKind>(k);
    CHECK(seen.insert(std::string(describe(kind))).second);
    CHECK(begins_statement(kind) == (k >= static_cast<int>(TokenKind::kw_openqasm) &&
                                     k <= static_cast<int>(TokenKind::kw_if)));
  }
}
