// SPDX-License-Identifier: Apache-2.0
// Tokens, and which words are keywords in which version of the language. A token is a byte range
// of its text; its value is worked out where it is needed.
#pragma once

#include <cstdint>
#include <string_view>

namespace qross::qsim::qasm {

/// The versions this front end can lex. A new version adds an enumerator and its keywords.
enum class Language : std::uint8_t { openqasm2 };

enum class TokenKind : std::uint8_t {
  end,      ///< end of the text
  invalid,  ///< already reported by the lexer
  identifier,
  integer,
  real,
  string,
  // keywords
  kw_openqasm,
  kw_include,
  kw_qreg,
  kw_creg,
  kw_gate,
  kw_opaque,
  kw_measure,
  kw_reset,
  kw_barrier,
  kw_if,
  // punctuation
  semicolon,
  comma,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  arrow,
  equal,
  equal_equal,
  plus,
  minus,
  star,
  slash,
  caret,
  other,  ///< a character or operator of other versions: @ : = < > ! & | % ~ [kept for messages]
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Keyword kind of a word, or TokenKind::identifier.
[[nodiscard]] TokenKind classify_word(std::string_view word, Language language);

/// Begins a statement in every version: a place to resume after an error.
[[nodiscard]] bool begins_statement(TokenKind kind);

/// How a message names a kind: "an identifier", "';'".
[[nodiscard]] std::string_view describe(TokenKind kind);

/// True for a word that begins a statement or type of OpenQASM 3 but not of 2.
[[nodiscard]] bool is_openqasm3_word(std::string_view word);
/// The sign that `text` begins with if only OpenQASM 3 has it: a physical qubit ($0), an annotation
/// (@bind), #pragma; else empty.
[[nodiscard]] std::string_view openqasm3_sign(std::string_view text);

/// Words of OpenQASM 2 that no register, gate or formal may be called: pi, sin, ..., U, CX.
[[nodiscard]] bool is_reserved_word(std::string_view word);

}  // namespace qross::qsim::qasm
