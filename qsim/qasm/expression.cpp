// SPDX-License-Identifier: Apache-2.0
// The precedence parser: a stack of operators still waiting for their right side, a stack of
// operands (places where their code begins), and the code itself, which grows in postfix order.
#include "qsim/qasm/expression.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/core.h>

#include "qsim/qasm/expression_value.hpp"

namespace qross::qsim::qasm {
namespace {

std::optional<ExprOp> function(std::string_view name) {
  static constexpr std::pair<std::string_view, ExprOp> kFunctions[] = {
      {"sin", ExprOp::sin}, {"cos", ExprOp::cos}, {"tan", ExprOp::tan},
      {"exp", ExprOp::exp}, {"ln", ExprOp::ln},   {"sqrt", ExprOp::sqrt}};
  for (const auto& [word, op] : kFunctions) {
    if (word == name) return op;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Span> ExpressionParser::parse(const FormalNames* formals,
                                            std::vector<ExprStep>& code) {
  operators_.clear();
  operands_.clear();
  open_ = 0;
  bool complete = false;  // an operand stands; an operator or the end may follow
  for (;;) {
    if (!complete) {
      if (!operand(formals, code, complete)) return std::nullopt;
      continue;
    }
    switch (cursor_.kind()) {
      case TokenKind::plus:
        if (!binary(Pending::add, ExprOp::add, code)) return std::nullopt;
        complete = false;
        continue;
      case TokenKind::minus:
        if (!binary(Pending::subtract, ExprOp::subtract, code)) return std::nullopt;
        complete = false;
        continue;
      case TokenKind::star:
        if (!binary(Pending::multiply, ExprOp::multiply, code)) {
          return std::nullopt;
        }
        complete = false;
        continue;
      case TokenKind::slash:
        if (!binary(Pending::divide, ExprOp::divide, code)) return std::nullopt;
        complete = false;
        continue;
      case TokenKind::caret:
        if (!binary(Pending::power, ExprOp::power, code)) return std::nullopt;
        complete = false;
        continue;
      case TokenKind::right_paren:
        if (open_ > 0) {
          if (!close_paren(code)) return std::nullopt;
          continue;
        }
        break;
      default:
        break;
    }
    break;
  }
  if (open_ > 0) {
    if (!cursor_.at(TokenKind::invalid)) {
      const auto paren = std::find_if(operators_.rbegin(), operators_.rend(),
                                      [](const auto& op) { return op.kind == Pending::paren; });
      diagnostics_.error(Code::unclosed, cursor_.behind_previous(), "expected ')' here", {},
                         {{paren->span, "to close this '('"}});
    }
    return std::nullopt;
  }
  while (!operators_.empty()) {
    if (!reduce(code)) return std::nullopt;
  }
  return operands_.back().span;
}

// Reads what may begin an operand: a number, a name, a sign, a parenthesis.
bool ExpressionParser::operand(const FormalNames* formals, std::vector<ExprStep>& code,
                               bool& complete) {
  switch (cursor_.kind()) {
    case TokenKind::integer:
    case TokenKind::real:
      complete = true;
      return number(code);
    case TokenKind::identifier:
      return name(formals, code, complete);
    case TokenKind::left_paren:
      return open_paren();
    case TokenKind::minus:
      operators_.push_back({Pending::negate, ExprOp::negate, cursor_.span()});
      cursor_.advance();
      return true;
    case TokenKind::plus:
      if (parameters_ == nullptr) {
        diagnostics_.error(Code::not_strict, cursor_.span(),
                           "a sign + before a number is not in OpenQASM 2.0",
                           "delete the +, or read the file without --strict");
      }
      cursor_.advance();
      return true;
    case TokenKind::invalid:
      return false;
    default:
      break;
  }
  const bool doubled = cursor_.at(TokenKind::star) && !operators_.empty() &&
                       operators_.back().kind == Pending::multiply;
  diagnostics_.error(
      Code::unexpected_token, cursor_.span(),
      fmt::format("expected a number, a parameter, 'pi' or '(', found {}",
                  cursor_.at(TokenKind::end) ? std::string(describe(TokenKind::end))
                                             : fmt::format("'{}'", printable(cursor_.text()))),
      doubled ? "a power is written ^ in OpenQASM 2; ** is OpenQASM 3" : "");
  return false;
}

bool ExpressionParser::number(std::vector<ExprStep>& code) {
  const double value = parse_real(cursor_.text());
  if (!std::isfinite(value)) {
    diagnostics_.error(
        Code::not_finite, cursor_.span(),
        fmt::format("the number {} is not finite as a double", printable(cursor_.text())),
        "the largest double is about 1.8e308");
    return false;
  }
  operands_.push_back({code.size(), cursor_.span()});
  code.push_back({ExprOp::constant, 0, value});
  cursor_.advance();
  return true;
}

bool ExpressionParser::name(const FormalNames* formals, std::vector<ExprStep>& code,
                            bool& complete) {
  const std::string_view text = cursor_.text();
  if (const auto op = function(text)) return push_function(*op);
  const Span span = cursor_.span();
  ExprStep step;
  if (text == "pi") {
    step.value = std::numbers::pi;
  } else if (const auto formal = formals != nullptr ? formals->find(text) : std::nullopt) {
    step = {ExprOp::formal, *formal, 0.0};
  } else {
    cursor_.advance();
    const bool called = cursor_.at(TokenKind::left_paren);
    const bool mistaken = called || text == "PI" || text == "Pi";
    const auto slot = parameters_ != nullptr && !mistaken ? parameters_->slot(text) : std::nullopt;
    if (!slot) return unknown(span, text, called, formals);
    operands_.push_back({code.size(), span});
    code.push_back({ExprOp::parameter, *slot, 0.0});
    complete = true;
    return true;
  }
  operands_.push_back({code.size(), span});
  code.push_back(step);
  cursor_.advance();
  complete = true;
  return true;
}

// Reports a name that stands for no number.
bool ExpressionParser::unknown(const Span& span, std::string_view name, bool called,
                               const FormalNames* formals) {
  std::string help = "an angle may use pi, sin, cos, tan, exp, ln, sqrt";
  if (formals != nullptr) help += " and the parameters of its gate";
  if (parameters_ == nullptr && !called) {
    help += "; parameters of the circuit are not in OpenQASM 2.0: read it without --strict";
  }
  if (name == "PI" || name == "Pi") help = "write 'pi'";
  if (name == "log") help = "the natural logarithm is written ln";
  diagnostics_.error(Code::unknown_parameter, span,
                     called ? fmt::format("'{}' is no function of OpenQASM 2", printable(name))
                            : fmt::format("'{}' has no value here", printable(name)),
                     std::move(help));
  return false;
}

bool ExpressionParser::push_function(ExprOp op) {
  operators_.push_back({Pending::function, op, cursor_.span()});
  const std::string name(cursor_.text());
  cursor_.advance();
  if (!cursor_.at(TokenKind::left_paren)) {
    if (!cursor_.at(TokenKind::invalid)) {
      diagnostics_.error(Code::unexpected_token, cursor_.behind_previous(),
                         fmt::format("expected '(' after '{}'", name),
                         fmt::format("write {}(...)", name));
    }
    return false;
  }
  return open_paren();
}

bool ExpressionParser::open_paren() {
  if (open_ >= nesting_) {
    diagnostics_.error(Code::nesting, cursor_.span(),
                       fmt::format("nesting > {}: the parentheses are nested too deep", nesting_),
                       "simplify the expression");
    return false;
  }
  ++open_;
  operators_.push_back({Pending::paren, ExprOp::constant, cursor_.span()});
  cursor_.advance();
  return true;
}

bool ExpressionParser::binary(Pending kind, ExprOp op, std::vector<ExprStep>& code) {
  // Levels: + - are 1, * / are 2, unary minus is 3, ^ is 4. Equal levels reduce, but for ^.
  const auto level = [](Pending pending) {
    switch (pending) {
      case Pending::paren:
      case Pending::function:
        return 0;
      case Pending::add:
      case Pending::subtract:
        return 1;
      case Pending::multiply:
      case Pending::divide:
        return 2;
      case Pending::negate:
        return 3;
      case Pending::power:
        return 4;
    }
    throw Error(ErrorCode::bug, "unknown operator in an angle expression");
  };
  const int own = level(kind);
  while (!operators_.empty()) {
    const int top = level(operators_.back().kind);
    if (top < own || (top == own && kind == Pending::power) || top == 0) break;
    if (!reduce(code)) return false;
  }
  operators_.push_back({kind, op, cursor_.span()});
  cursor_.advance();
  return true;
}

bool ExpressionParser::close_paren(std::vector<ExprStep>& code) {
  while (operators_.back().kind != Pending::paren) {
    if (!reduce(code)) return false;
  }
  operands_.back().span = {cursor_.file(), operators_.back().span.begin, cursor_.span().end};
  operators_.pop_back();
  --open_;
  cursor_.advance();
  if (!operators_.empty() && operators_.back().kind == Pending::function) return reduce(code);
  return true;
}

// Applies the operator on top of the stack to the operands it waits for.
bool ExpressionParser::reduce(std::vector<ExprStep>& code) {
  const Operator top = operators_.back();
  operators_.pop_back();
  const Operand right = operands_.back();
  if (!is_binary(top.op)) {
    operands_.back().span = join(top.span, right.span);
    return apply(top.op, operands_.back().span, right.code, code.size(), code);
  }
  operands_.pop_back();
  operands_.back().span = join(operands_.back().span, right.span);
  return apply(top.op, operands_.back().span, operands_.back().code, right.code, code);
}

// Appends the operation, or folds it if its operands are single constants. The left (or only)
// operand's code is [left, right), the right one's [right, end).
bool ExpressionParser::apply(ExprOp op, const Span& span, std::size_t left, std::size_t right,
                             std::vector<ExprStep>& code) {
  const auto constant = [&](std::size_t begin, std::size_t end) {
    return end - begin == 1 && code[begin].op == ExprOp::constant;
  };
  const bool binary_op = is_binary(op);
  if (!constant(left, right) || (binary_op && !constant(right, code.size()))) {
    code.push_back({op, 0, 0.0});
    return true;
  }
  const double a = code[left].value;
  const double b = binary_op ? code[right].value : 0.0;
  const double value = compute(op, a, b);
  if (!std::isfinite(value)) {
    diagnostics_.error(Code::not_finite, span, "this angle is " + complaint(op, a, b));
    return false;
  }
  code.resize(left);
  code.push_back({ExprOp::constant, 0, value});
  return true;
}

}  // namespace qross::qsim::qasm
