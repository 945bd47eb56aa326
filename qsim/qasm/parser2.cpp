// SPDX-License-Identifier: Apache-2.0
// Statements at the top level: header, registers, gate calls, measure, reset, barrier, if.
// Definitions are in parser2_gates.cpp, includes in parser2_include.cpp, errors in
// parser2_errors.cpp.
#include "qsim/qasm/parser2.hpp"

#include <utility>

#include <fmt/core.h>

namespace qross::qsim::qasm {

Parser2::Parser2(SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics,
                 const Options& options, const SourceBundle& bundle)
    : sources_(sources),
      diagnostics_(diagnostics),
      options_(options),
      bundle_(bundle),
      cursor_(sources, file, Language::openqasm2, options.strict, diagnostics),
      semantics_(diagnostics, options),
      expressions_(cursor_, diagnostics, options.limits.nesting, semantics_.circuit_parameters()) {}

std::optional<Program> Parser2::parse() {
  if (!check_excess()) return std::nullopt;
  if (cursor_.at(TokenKind::end)) {
    diagnostics_.error(Code::empty_file, cursor_.span(), "the file holds no statement",
                       "begin with: OPENQASM 2.0; include \"qelib1.inc\"; qreg q[1];");
  }
  while (!stopped_) {
    if (cursor_.at(TokenKind::end)) {
      if (library_depth_ != 0 && cursor_.open_files().size() == library_depth_) {
        semantics_.end_own_library();
        library_depth_ = 0;
      }
      if (!cursor_.leave()) break;
      first_in_file_ = false;
      continue;
    }
    if (options_.strict && !header_seen_ && !cursor_.at(TokenKind::kw_openqasm)) {
      header_seen_ = true;
      diagnostics_.error(Code::missing_header, cursor_.span(),
                         "the file does not begin with its version",
                         "begin with OPENQASM 2.0; or read the file without --strict");
    }
    start_kind_ = cursor_.kind();
    start_ = word();
    const bool whole_line = !openqasm3_sign(cursor_.rest()).empty();
    const bool first = !std::exchange(begun_, true);
    if (statement()) continue;
    if (first) begin_with(start_kind_, start_);
    whole_line ? skip_line() : skip_statement();
  }
  if (is_no_circuit()) {
    diagnostics_.forget();
    diagnostics_.error(stranger_->code, stranger_->span, stranger_->message,
                       "a circuit begins with: OPENQASM 2.0; include \"qelib1.inc\"; qreg q[1];");
    return std::nullopt;
  }
  if (version3_) {
    diagnostics_.forget();
    diagnostics_.error(version3_->code, version3_->span, version3_->message,
                       "write the circuit in OpenQASM 2.0, or export it as that");
    return std::nullopt;
  }
  if (options_.strict && empty_ && !diagnostics_.failed()) {
    diagnostics_.error(Code::not_strict, cursor_.behind_previous(),
                       "no statement follows the version, OpenQASM 2.0 wants one",
                       "declare a register, or read the file without --strict");
  }
  return semantics_.finish();
}

bool Parser2::statement() {
  const bool first = std::exchange(first_in_file_, false);
  if (!cursor_.at(TokenKind::kw_openqasm)) empty_ = false;
  switch (cursor_.kind()) {
    case TokenKind::kw_openqasm:
      if (!first || (options_.strict && header_seen_)) {
        diagnostics_.error(Code::late_header, cursor_.span(),
                           "the version must come before every other statement",
                           "move it to the first line");
      }
      return header();
    case TokenKind::kw_include:
      return include();
    case TokenKind::kw_qreg:
    case TokenKind::kw_creg:
      return declaration();
    case TokenKind::kw_gate:
      return gate_definition();
    case TokenKind::kw_opaque:
      return opaque_definition();
    case TokenKind::kw_if:
      return conditional();
    case TokenKind::semicolon:
      if (options_.strict) {
        diagnostics_.error(Code::not_strict, cursor_.span(), "this statement is empty",
                           "delete the ';'");
      }
      cursor_.advance();
      return true;
    case TokenKind::right_brace:
      return unexpected("a statement", "this '}' closes nothing");
    default:
      break;
  }
  return conditional_operation();
}

// What may stand behind `if (...)` as well as alone.
bool Parser2::conditional_operation() {
  switch (cursor_.kind()) {
    case TokenKind::kw_measure:
      return measure();
    case TokenKind::kw_reset:
      return reset();
    case TokenKind::kw_barrier:
      return barrier();
    case TokenKind::identifier:
      return gate_statement();
    case TokenKind::left_brace:
      return unexpected(semantics_.in_if() ? "one gate, measure or reset" : "a statement",
                        "blocks in braces are OpenQASM 3; in OpenQASM 2 an if holds for one "
                        "operation, repeat the if for each");
    case TokenKind::kw_if:
      return unexpected("one gate, measure or reset", "ifs cannot be nested");
    default:
      break;
  }
  return unexpected(semantics_.in_if() ? "one gate, measure or reset" : "a statement");
}

bool Parser2::header() {
  header_seen_ = true;
  cursor_.advance();
  const Word version = word();
  if (!cursor_.at(TokenKind::real) && !cursor_.at(TokenKind::integer)) {
    return unexpected("the version, 2.0");
  }
  const std::string_view text = version.text;
  if (text == "3" || text.starts_with("3.")) {
    version3(Code::unsupported_version, version.span,
             fmt::format("OpenQASM {} is not in this build, which reads version 2.0",
                         printable(text, 16)));
    return true;
  }
  if (text != "2.0" && (text != "2" || options_.strict)) {
    diagnostics_.error(
        Code::unsupported_version, version.span,
        fmt::format("there is no OpenQASM {} here; version 2.0 is supported", printable(text, 16)),
        "write OPENQASM 2.0;");
    stopped_ = true;  // another language: more messages would not help
    return true;
  }
  version_known_ = true;
  cursor_.advance();
  return semicolon();
}

bool Parser2::declaration() {
  const bool quantum = cursor_.at(TokenKind::kw_qreg);
  cursor_.advance();
  Word register_name;
  if (!name(register_name, "a register's name")) return false;
  const auto give_up = [&] {
    semantics_.poison(register_name.text);
    return false;
  };
  if (!expect(TokenKind::left_bracket, "and the size: name[size]")) return give_up();
  const Word size = word();
  if (!cursor_.at(TokenKind::integer)) {
    unexpected("the register's size, an integer");
    return give_up();
  }
  cursor_.advance();
  if (!expect(TokenKind::right_bracket, "after the size")) return give_up();
  version_known_ = true;
  semantics_.declare_register(quantum, register_name, size);
  return semicolon();
}

bool Parser2::gate_statement() {
  const Word gate = word();
  cursor_.advance();
  if (!semantics_.is_gate(gate.text)) {
    if (is_openqasm3_word(gate.text)) return openqasm3(gate);
    if (cursor_.at(TokenKind::equal) || cursor_.at(TokenKind::left_bracket)) {
      return assignment(gate);
    }
  }
  if (!arguments(nullptr, gate) || !operands()) return false;
  if (!semicolon()) return false;
  semantics_.gate_call(gate, steps_, arguments_, operands_);
  return true;
}

bool Parser2::measure() {
  cursor_.advance();
  Operand source;
  Operand target;
  if (!operand(source)) return false;
  if (!expect(TokenKind::arrow, "and a classical bit: measure q -> c")) return false;
  if (!operand(target)) return false;
  if (!semicolon()) return false;
  semantics_.measure(source, target);
  return true;
}

bool Parser2::reset() {
  cursor_.advance();
  Operand target;
  if (!operand(target)) return false;
  if (!semicolon()) return false;
  semantics_.reset(target);
  return true;
}

bool Parser2::barrier() {
  const Span span = cursor_.span();
  cursor_.advance();
  operands_.clear();
  if (cursor_.at(TokenKind::semicolon) && !options_.strict) {
    cursor_.advance();  // on everything
    return true;
  }
  if (!operands() || !semicolon()) return false;
  semantics_.barrier(operands_, span);
  return true;
}

bool Parser2::conditional() {
  cursor_.advance();
  Word register_name;
  Word value;
  if (!condition(register_name, value)) return false;
  semantics_.begin_if(register_name, value);
  const bool good = conditional_operation();
  semantics_.end_if();
  return good;
}

// `( creg == integer )`
bool Parser2::condition(Word& register_name, Word& value) {
  if (!expect(TokenKind::left_paren, "after 'if'")) return false;
  if (!name(register_name, "a classical register")) return false;
  const auto refuse = [&](std::string_view found, std::string help) {
    diagnostics_.error(Code::bad_condition, cursor_.span(),
                       fmt::format("{} cannot stand in a condition of OpenQASM 2", found),
                       std::move(help));
    return false;
  };
  if (cursor_.at(TokenKind::left_bracket)) {
    return refuse("a single bit",
                  fmt::format("only whole registers are compared, as in {}==1; declare a register "
                              "of one bit to test it alone",
                              printable(register_name.text)));
  }
  if (cursor_.at(TokenKind::equal)) return refuse("'='", "write == to compare");
  if (cursor_.at(TokenKind::other)) {
    return refuse(fmt::format("'{}'", cursor_.text()), "the only condition is register == integer");
  }
  if (cursor_.at(TokenKind::right_paren)) {
    return refuse("a register alone", "write register == integer");
  }
  if (!expect(TokenKind::equal_equal, "and an integer")) return false;
  value = word();
  if (!cursor_.at(TokenKind::integer)) {
    return unexpected("a non-negative integer", "a register is compared as an unsigned number");
  }
  cursor_.advance();
  if (cursor_.at(TokenKind::other)) {
    return refuse(fmt::format("'{}'", cursor_.text()),
                  "only one comparison is possible; nest no conditions");
  }
  return expect(TokenKind::right_paren, "after the integer");
}

bool Parser2::operand(Operand& result) {
  result.index.reset();
  if (!name(result.name, "a register")) return false;
  result.end = result.name.span.end;
  if (!cursor_.accept(TokenKind::left_bracket)) return true;
  result.index = word();
  if (!cursor_.at(TokenKind::integer)) {
    return unexpected("an index, a non-negative integer",
                      cursor_.at(TokenKind::right_bracket)
                          ? "for the whole register leave the brackets out"
                          : "ranges and computed indices are OpenQASM 3");
  }
  cursor_.advance();
  if (cursor_.at(TokenKind::other) && cursor_.text() == ":") {
    return unexpected("']'", "ranges are OpenQASM 3; name each element");
  }
  result.end = cursor_.span().end;
  return expect(TokenKind::right_bracket, "after the index");
}

// One or more operands, to the ';' that is left to the caller.
bool Parser2::operands() {
  operands_.clear();
  do {
    if (!operand(operands_.emplace_back())) return false;
    // `cx q[0] q[1]`: what follows is an operand, not the next statement behind a missing ';'.
    if (cursor_.at(TokenKind::identifier) && !cursor_.on_new_line() &&
        semantics_.is_operand(cursor_.text())) {
      return missing_comma("the operands");
    }
  } while (cursor_.accept(TokenKind::comma) && after_comma(TokenKind::semicolon));
  return true;
}

bool Parser2::missing_comma(std::string_view between) {
  diagnostics_.error(Code::unexpected_token, cursor_.behind_previous(),
                     fmt::format("expected ',' here, between {}", between),
                     fmt::format("write a ',' before '{}'", printable(cursor_.text())));
  return false;
}

// `(expression, ...)`, or nothing. Code in steps_, one entry of arguments_ for each.
bool Parser2::arguments(const FormalNames* formals, const Word& gate) {
  steps_.clear();
  arguments_.clear();
  const Span open = cursor_.span();
  if (options_.strict && gate.text == "CX" && cursor_.at(TokenKind::left_paren)) {
    diagnostics_.error(Code::not_strict, open, "CX takes no parentheses in OpenQASM 2.0",
                       "delete them, or read the file without --strict");
  }
  if (!cursor_.accept(TokenKind::left_paren)) return true;
  if (cursor_.accept(TokenKind::right_paren)) return true;
  do {
    const auto first = static_cast<std::uint32_t>(steps_.size());
    const auto span = expressions_.parse(formals, steps_);
    if (!span) return false;
    arguments_.push_back({first, static_cast<std::uint32_t>(steps_.size()) - first, *span});
  } while (cursor_.accept(TokenKind::comma) && after_comma(TokenKind::right_paren));
  if (cursor_.accept(TokenKind::right_paren)) return true;
  if (cursor_.at(TokenKind::invalid)) return false;
  diagnostics_.error(Code::unclosed, cursor_.behind_previous(), "expected ',' or ')' here", {},
                     {{open, "to close this '('"}});
  return false;
}

// True if the list goes on behind a comma; a comma at its end is a lenient habit.
bool Parser2::after_comma(TokenKind end) {
  if (!cursor_.at(end)) return true;
  if (options_.strict) {
    diagnostics_.error(Code::not_strict, cursor_.behind_previous(), "a list ends in ','",
                       "delete the ',' or read the file without --strict");
  }
  return false;
}

}  // namespace qross::qsim::qasm
