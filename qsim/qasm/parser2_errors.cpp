// SPDX-License-Identifier: Apache-2.0
// What the parser says when a token is not the one it needs, how it explains OpenQASM 3 syntax,
// and where it resumes.
#include <cstdint>
#include <utility>

#include <fmt/core.h>

#include "qsim/qasm/parser2.hpp"

namespace qross::qsim::qasm {

bool Parser2::unexpected(std::string_view wanted, std::string help) {
  if (cursor_.at(TokenKind::invalid)) return false;  // reported by the lexer
  // A physical qubit behind something that is a statement: text of other kinds has signs like it.
  if (const std::string_view sign = openqasm3_sign(cursor_.rest());
      sign.starts_with('$') && (begins_statement(start_kind_) || semantics_.is_gate(start_.text))) {
    Span span = cursor_.span();
    span.end = span.begin + static_cast<std::uint32_t>(sign.size());
    (void)openqasm3({sign, span});
    return false;
  }
  const std::string found = cursor_.at(TokenKind::end)
                                ? std::string(describe(TokenKind::end))
                                : fmt::format("'{}'", printable(cursor_.text()));
  diagnostics_.error(Code::unexpected_token, cursor_.span(),
                     fmt::format("expected {}, found {}", wanted, found), std::move(help));
  return false;
}

bool Parser2::name(Word& result, std::string_view what) {
  if (!cursor_.at(TokenKind::identifier)) {
    const bool keyword = begins_statement(cursor_.kind());
    return unexpected(what, keyword ? "this word is reserved; choose another name" : "");
  }
  result = word();
  cursor_.advance();
  return true;
}

bool Parser2::expect(TokenKind kind, std::string_view where) {
  if (cursor_.accept(kind)) return true;
  return unexpected(fmt::format("{} {}", describe(kind), where));
}

// A missing ';' is reported behind the token before it. If a new line or a keyword follows, the
// statement is taken as complete, otherwise the rest of it is skipped.
bool Parser2::semicolon() {
  if (cursor_.accept(TokenKind::semicolon)) return true;
  if (cursor_.at(TokenKind::invalid)) return false;
  diagnostics_.error(Code::missing_semicolon, cursor_.behind_previous(),
                     "expected ';' here, behind the statement");
  return cursor_.on_new_line() || cursor_.at(TokenKind::end) ||
         cursor_.at(TokenKind::right_brace) || begins_statement(cursor_.kind());
}

// Another language: what was said so far and whatever would follow does not help.
void Parser2::version3(Code code, const Span& span, std::string message) {
  version3_ = {code, span, std::move(message)};
  stopped_ = true;
}

// The first statement of the text could not be read; it began with `word`.
void Parser2::begin_with(TokenKind kind, const Word& start) {
  if (begins_statement(kind) || semantics_.is_gate(start.text)) return;
  constexpr std::size_t kQuoted = 24;
  stranger_ = {
      Code::unexpected_token, start.span,
      fmt::format("this is no OpenQASM 2.0: it begins with '{}'", printable(start.text, kQuoted))};
  // A word may be a slip, and what is no token has a message of its own.
  stranger_errors_ = kind == TokenKind::identifier || kind == TokenKind::invalid ? 2 : 1;
}

// A text of another kind, such as a page or a table: a message for each of its lines would not
// help. A header or a register anywhere makes it a circuit, and one slip does not make it none.
bool Parser2::is_no_circuit() const {
  return stranger_ && !version3_ && !version_known_ && diagnostics_.errors() >= stranger_errors_;
}

// `word` is known in OpenQASM 3 only and is the previous token. Before anything that only version 2
// has, it says what language the file is in.
bool Parser2::openqasm3(const Word& keyword) {
  if (!version_known_) {
    version3(Code::openqasm3_syntax, keyword.span,
             fmt::format("'{}' is OpenQASM 3, which is not in this build; it reads version 2.0",
                         keyword.text));
    return true;
  }
  const bool qubit = keyword.text == "qubit";
  std::string help = "OpenQASM 3 is not supported in this build; write this in OpenQASM 2";
  if (qubit || keyword.text == "bit") {
    // `qubit[2] q;` - say how it is written here, and take q as known from now on.
    std::string_view size = "1";
    if (cursor_.accept(TokenKind::left_bracket)) {
      if (cursor_.at(TokenKind::integer)) size = cursor_.text();
      cursor_.advance();
      cursor_.accept(TokenKind::right_bracket);
    }
    if (cursor_.at(TokenKind::identifier)) {
      semantics_.poison(cursor_.text());
      help = fmt::format("in OpenQASM 2 write: {} {}[{}];", qubit ? "qreg" : "creg",
                         printable(cursor_.text()), printable(size, 24));
    }
  } else if (keyword.text == "ctrl" || keyword.text == "negctrl" || keyword.text == "inv" ||
             keyword.text == "pow") {
    help = "OpenQASM 2 has no gate modifiers; use cx, ccx, cu1, ... or define the gate";
  } else if (keyword.text == "def") {
    help = "OpenQASM 2 has no subroutines; define a gate";
  }
  diagnostics_.error(Code::openqasm3_syntax, keyword.span,
                     fmt::format("'{}' is OpenQASM 3", keyword.text), std::move(help));
  return false;
}

// `name = ...` or `name[...` at the beginning of a statement.
bool Parser2::assignment(const Word& target) {
  const bool element = cursor_.at(TokenKind::left_bracket);
  if (!element || semantics_.is_register(target.text)) {
    diagnostics_.error(
        Code::openqasm3_syntax, target.span,
        fmt::format("'{}' cannot be assigned to in OpenQASM 2", printable(target.text)),
        "a measurement is written: measure qubit -> bit;");
    return false;
  }
  return unexpected(
      "the gate's operands",
      fmt::format("'{}' is read as a gate; its parameters stand in ( )", printable(target.text)));
}

// To behind the next ';' or '}', to a keyword on a new line, or to the end of this text; a body in
// braces is skipped as a whole. Every statement takes its keyword, so this cannot stand still.
void Parser2::skip_statement() {
  while (!cursor_.at(TokenKind::end)) {
    const bool done = cursor_.at(TokenKind::semicolon) || cursor_.at(TokenKind::right_brace);
    if (begins_statement(cursor_.kind()) && cursor_.on_new_line()) return;
    if (cursor_.at(TokenKind::left_brace)) return skip_body();
    cursor_.advance();
    if (done) return;
  }
}

// Pragmas and annotations of OpenQASM 3 end with their line; what follows tells the language.
void Parser2::skip_line() {
  do cursor_.advance();
  while (!cursor_.at(TokenKind::end) && !cursor_.on_new_line());
}

// To behind the next '}' that follows, or to the end; a ';' before any '{' ends it, too.
void Parser2::skip_body() {
  bool inside = false;
  while (!cursor_.at(TokenKind::end)) {
    inside = inside || cursor_.at(TokenKind::left_brace);
    const bool done =
        cursor_.at(TokenKind::right_brace) || (!inside && cursor_.at(TokenKind::semicolon));
    cursor_.advance();
    if (done) return;
  }
}

}  // namespace qross::qsim::qasm
