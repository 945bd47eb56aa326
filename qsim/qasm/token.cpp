// SPDX-License-Identifier: Apache-2.0
// The word lists of the language versions.
#include "qsim/qasm/token.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "qsim/core/error.hpp"

namespace qross::qsim::qasm {
namespace {

using namespace std::string_view_literals;

TokenKind openqasm2_word(std::string_view word) {
  switch (word.size()) {
    case 2:
      return word == "if" ? TokenKind::kw_if : TokenKind::identifier;
    case 4:
      if (word == "qreg") return TokenKind::kw_qreg;
      if (word == "creg") return TokenKind::kw_creg;
      return word == "gate" ? TokenKind::kw_gate : TokenKind::identifier;
    case 5:
      return word == "reset" ? TokenKind::kw_reset : TokenKind::identifier;
    case 6:
      return word == "opaque" ? TokenKind::kw_opaque : TokenKind::identifier;
    case 7:
      if (word == "measure") return TokenKind::kw_measure;
      if (word == "barrier") return TokenKind::kw_barrier;
      return word == "include" ? TokenKind::kw_include : TokenKind::identifier;
    case 8:
      return word == "OPENQASM" ? TokenKind::kw_openqasm : TokenKind::identifier;
    default:
      return TokenKind::identifier;
  }
}

constexpr std::array kOpenqasm3Words{
    "angle"sv, "array"sv,  "bit"sv,     "bool"sv,    "box"sv,           "cal"sv,    "complex"sv,
    "const"sv, "ctrl"sv,   "def"sv,     "defcal"sv,  "defcalgrammar"sv, "delay"sv,  "duration"sv,
    "else"sv,  "end"sv,    "extern"sv,  "float"sv,   "for"sv,           "gphase"sv, "input"sv,
    "int"sv,   "inv"sv,    "let"sv,     "negctrl"sv, "output"sv,        "pow"sv,    "pragma"sv,
    "qubit"sv, "return"sv, "stretch"sv, "switch"sv,  "uint"sv,          "while"sv,
};

constexpr std::array kReserved{"pi"sv, "sin"sv,  "cos"sv, "tan"sv, "exp"sv,
                               "ln"sv, "sqrt"sv, "U"sv,   "CX"sv};

}  // namespace

TokenKind classify_word(std::string_view word, Language language) {
  switch (language) {
    case Language::openqasm2:
      return openqasm2_word(word);
  }
  throw Error(ErrorCode::bug, "unknown language version in the lexer");
}

bool begins_statement(TokenKind kind) {
  return kind >= TokenKind::kw_openqasm && kind <= TokenKind::kw_if;
}

std::string_view describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return "the end of the file";
    case TokenKind::invalid:
      return "an invalid character";
    case TokenKind::identifier:
      return "a name";
    case TokenKind::integer:
      return "an integer";
    case TokenKind::real:
      return "a real number";
    case TokenKind::string:
      return "a string";
    case TokenKind::kw_openqasm:
      return "'OPENQASM'";
    case TokenKind::kw_include:
      return "'include'";
    case TokenKind::kw_qreg:
      return "'qreg'";
    case TokenKind::kw_creg:
      return "'creg'";
    case TokenKind::kw_gate:
      return "'gate'";
    case TokenKind::kw_opaque:
      return "'opaque'";
    case TokenKind::kw_measure:
      return "'measure'";
    case TokenKind::kw_reset:
      return "'reset'";
    case TokenKind::kw_barrier:
      return "'barrier'";
    case TokenKind::kw_if:
      return "'if'";
    case TokenKind::semicolon:
      return "';'";
    case TokenKind::comma:
      return "','";
    case TokenKind::left_paren:
      return "'('";
    case TokenKind::right_paren:
      return "')'";
    case TokenKind::left_bracket:
      return "'['";
    case TokenKind::right_bracket:
      return "']'";
    case TokenKind::left_brace:
      return "'{'";
    case TokenKind::right_brace:
      return "'}'";
    case TokenKind::arrow:
      return "'->'";
    case TokenKind::equal:
      return "'='";
    case TokenKind::equal_equal:
      return "'=='";
    case TokenKind::plus:
      return "'+'";
    case TokenKind::minus:
      return "'-'";
    case TokenKind::star:
      return "'*'";
    case TokenKind::slash:
      return "'/'";
    case TokenKind::caret:
      return "'^'";
    case TokenKind::other:
      return "a character that OpenQASM 2 does not use";
  }
  throw Error(ErrorCode::bug, "unknown kind of token");
}

bool is_openqasm3_word(std::string_view word) {
  return std::find(kOpenqasm3Words.begin(), kOpenqasm3Words.end(), word) != kOpenqasm3Words.end();
}

std::string_view openqasm3_sign(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  constexpr std::string_view kPragma = "#pragma";
  if (text.starts_with(kPragma)) return text.substr(0, kPragma.size());
  if (text.empty() || (text[0] != '$' && text[0] != '@')) return {};
  const std::string_view more = text[0] == '$' ? kDigits : kLetters;
  const std::size_t end = std::min(text.find_first_not_of(more, 1), text.size());
  return end > 1 ? text.substr(0, end) : std::string_view();
}

bool is_reserved_word(std::string_view word) {
  return std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end();
}

}  // namespace qross::qsim::qasm
