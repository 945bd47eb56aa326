// SPDX-License-Identifier: Apache-2.0
// Gate definitions, their bodies, and opaque declarations. Errors inside a body resume at its next
// statement, so one bad line hides nothing else.
#include <fmt/core.h>

#include "qsim/qasm/parser2.hpp"

namespace qross::qsim::qasm {

// Names up to `end`, which stays. At least one unless `end` comes first.
bool Parser2::word_list(std::vector<Word>& words, TokenKind end) {
  words.clear();
  if (cursor_.at(end)) return true;
  do {
    if (!name(words.emplace_back(), "a name")) return false;
    if (cursor_.at(TokenKind::identifier) && !cursor_.on_new_line()) {
      return missing_comma(fmt::format("the names, or {}", describe(end)));
    }
  } while (cursor_.accept(TokenKind::comma) && after_comma(end));
  return true;
}

// `name (parameters) qubits`
bool Parser2::gate_head(Word& gate, std::vector<Word>& parameters, std::vector<Word>& qubits) {
  const bool opaque = cursor_.at(TokenKind::kw_opaque);
  cursor_.advance();
  parameters.clear();
  if (!name(gate, "the gate's name")) return false;
  if (cursor_.accept(TokenKind::left_paren)) {
    if (!word_list(parameters, TokenKind::right_paren)) return false;
    if (!expect(TokenKind::right_paren, "after the parameters")) return false;
  }
  const TokenKind end = opaque ? TokenKind::semicolon : TokenKind::left_brace;
  if (cursor_.at(end)) return unexpected("the gate's qubits", "a gate acts on at least one qubit");
  return word_list(qubits, end);
}

bool Parser2::opaque_definition() {
  Word gate;
  if (!gate_head(gate, parameters_, qubits_)) {
    semantics_.poison(gate.text);
    return false;
  }
  semantics_.opaque_gate(gate, parameters_, qubits_);
  return semicolon();
}

bool Parser2::gate_definition() {
  const Span keyword = cursor_.span();
  Word gate;
  if (!gate_head(gate, parameters_, qubits_) ||
      !expect(TokenKind::left_brace, "and the gate's body")) {
    semantics_.poison(gate.text);
    skip_body();
    return true;
  }
  semantics_.begin_gate(gate, parameters_, qubits_);
  while (!stopped_ && !cursor_.at(TokenKind::right_brace)) {
    if (cursor_.at(TokenKind::end)) {
      diagnostics_.error(Code::unclosed, cursor_.behind_previous(),
                         fmt::format("the body of gate '{}' is never closed", printable(gate.text)),
                         "close it with '}'", {{keyword, "it is opened here"}});
      break;
    }
    if (body_statement()) continue;
    while (!cursor_.at(TokenKind::right_brace) && !cursor_.at(TokenKind::end)) {
      const bool done = cursor_.at(TokenKind::semicolon);
      cursor_.advance();
      if (done) break;
    }
  }
  semantics_.end_gate();
  cursor_.accept(TokenKind::right_brace);
  return true;
}

bool Parser2::body_statement() {
  switch (cursor_.kind()) {
    case TokenKind::identifier:
      return body_call();
    case TokenKind::kw_barrier:
      cursor_.advance();
      operands_.clear();
      if (cursor_.at(TokenKind::semicolon) && !options_.strict) {
        cursor_.advance();
        return true;
      }
      if (!operands() || !semicolon()) return false;
      semantics_.body_barrier(operands_);
      return true;
    case TokenKind::semicolon:
      if (options_.strict) return unexpected("a gate or '}'");
      cursor_.advance();
      return true;
    case TokenKind::kw_measure:
    case TokenKind::kw_reset:
    case TokenKind::kw_if:
    case TokenKind::kw_qreg:
    case TokenKind::kw_creg:
    case TokenKind::kw_gate:
    case TokenKind::kw_opaque:
    case TokenKind::kw_include:
    case TokenKind::kw_openqasm:
      diagnostics_.error(Code::not_in_gate_body, cursor_.span(),
                         fmt::format("'{}' cannot stand in a gate body", cursor_.text()),
                         "a body holds gates and barriers only (is a '}' missing?)");
      return false;
    default:
      return unexpected("a gate, a barrier or '}'");
  }
}

bool Parser2::body_call() {
  const Word gate = word();
  cursor_.advance();
  if (!semantics_.is_gate(gate.text) && is_openqasm3_word(gate.text)) return openqasm3(gate);
  if (!arguments(&semantics_.formals(), gate) || !operands()) return false;
  if (!semicolon()) return false;
  semantics_.body_call(gate, steps_, arguments_, operands_);
  return true;
}

}  // namespace qross::qsim::qasm
