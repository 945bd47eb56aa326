// SPDX-License-Identifier: Apache-2.0
// The precedence parser: a stack of operators still waiting for their right side, a stack of
// operands (places where their code begins), and the code itself, which grows in postfix order.
#include "qsim/qasm/expression.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim::qasm {
namespace {

bool is_binary(ExprOp op) { return op >= ExprOp::add; }

double compute(ExprOp op, double a, double b) {
  switch (op) {
    case ExprOp::negate:
      return -a;
    case ExprOp::sin:
      return std::sin(a);
    case ExprOp::cos:
      return std::cos(a);
    case ExprOp::tan:
      return std::tan(a);
    case ExprOp::exp:
      return std::exp(a);
    case ExprOp::ln:
      return std::log(a);
    case ExprOp::sqrt:
      return std::sqrt(a);
    case ExprOp::add:
      return a + b;
    case ExprOp::subtract:
      return a - b;
    case ExprOp::multiply:
      return a * b;
    case ExprOp::divide:
      return a / b;
    case ExprOp::power:
      return std::pow(a, b);
    case ExprOp::constant:
    case ExprOp::formal:
    case ExprOp::parameter:
      break;
  }
  throw Error(ErrorCode::bug, "unknown operation in an angle expression");
}

// The operation on expressions. Throws what Param::combine throws.
Param compute(ExprOp op, const Param& a, const Param& b) {
  switch (op) {
    case ExprOp::negate:
      return -a;
    case ExprOp::sin:
      return Param::combine(Param::Op::sin, a);
    case ExprOp::cos:
      return Param::combine(Param::Op::cos, a);
    case ExprOp::tan:
      return Param::combine(Param::Op::tan, a);
    case ExprOp::exp:
      return Param::combine(Param::Op::exp, a);
    case ExprOp::ln:
      return Param::combine(Param::Op::ln, a);
    case ExprOp::sqrt:
      return Param::combine(Param::Op::sqrt, a);
    case ExprOp::add:
      return a + b;
    case ExprOp::subtract:
      return a - b;
    case ExprOp::multiply:
      return a * b;
    case ExprOp::divide:
      return a / b;
    case ExprOp::power:
      return Param::combine(Param::Op::power, a, b);
    case ExprOp::constant:
    case ExprOp::formal:
    case ExprOp::parameter:
      break;
  }
  throw Error(ErrorCode::bug, "unknown operation in an angle expression");
}

// Why the result is not finite, in the words of arithmetic.
std::string complaint(ExprOp op, double a, double b) {
  switch (op) {
    case ExprOp::divide:
      if (b == 0.0) return fmt::format("not finite: {:.6g} is divided by zero", a);
      break;
    case ExprOp::ln:
      if (a <= 0.0) return fmt::format("not finite: ln of {:.6g}, which is not positive", a);
      break;
    case ExprOp::sqrt:
      if (a < 0.0) return fmt::format("not a real number: sqrt of {:.6g}, which is negative", a);
      break;
    case ExprOp::power:
      if (a < 0.0) {
        return fmt::format("not a finite real number: {:.6g} to the power of {:.6g}", a, b);
      }
      break;
    default:
      break;
  }
  return "not finite: the value overflows a double";
}

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

double parse_real(std::string_view text) {
  double value = 0.0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc::result_out_of_range) return value;
  // Out of range on which side? The decimal position of the first digit that is not zero tells.
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::string_view mantissa = text.substr(0, e);
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<std::int64_t>(mantissa.find_first_of("123456789"));
  std::int64_t exponent = 0;
  for (const char c : text.substr(e)) {
    if (c >= '0' && c <= '9')
      exponent = std::min<std::int64_t>(exponent * 10 + (c - '0'), 1LL << 40);
  }
  if (text.find('-', e) != std::string_view::npos) exponent = -exponent;
  return point - first + exponent < 0 ? 0.0 : std::numeric_limits<double>::infinity();
}

std::optional<std::string> evaluate(std::span<const ExprStep> code, std::span<const double> formals,
                                    std::vector<double>& stack, double& result) {
  stack.clear();
  for (const ExprStep& step : code) {
    if (step.op == ExprOp::constant) {
      stack.push_back(step.value);
    } else if (step.op == ExprOp::formal) {
      stack.push_back(formals[step.formal]);
    } else {
      double b = 0.0;
      if (is_binary(step.op)) {
        b = stack.back();
        stack.pop_back();
      }
      const double a = stack.back();
      stack.back() = compute(step.op, a, b);
      if (!std::isfinite(stack.back())) return complaint(step.op, a, b);
    }
  }
  result = stack.back();
  return std::nullopt;
}

std::optional<std::string> evaluate(std::span<const ExprStep> code, std::span<const Param> formals,
                                    std::vector<Param>& stack, Param& result) {
  stack.clear();
  for (const ExprStep& step : code) {
    if (step.op == ExprOp::constant) {
      stack.emplace_back(step.value);
    } else if (step.op == ExprOp::formal) {
      stack.push_back(formals[step.formal]);
    } else if (step.op == ExprOp::parameter) {
      stack.push_back(Param::slot(step.formal));
    } else {
      Param b;
      if (is_binary(step.op)) {
        b = std::move(stack.back());
        stack.pop_back();
      }
      const Param a = std::move(stack.back());
      try {
        stack.back() = compute(step.op, a, b);
      } catch (const Error& error) {
        return error.message();
      }
      const auto number = stack.back().affine();
      if (!number || (std::isfinite(number->offset) && std::isfinite(number->scale))) continue;
      return a.is_constant() && b.is_constant()
                 ? complaint(step.op, a.affine()->offset, b.affine()->offset)
                 : "not finite: a coefficient of it overflows a double";
    }
  }
  result = std::move(stack.back());
  return std::nullopt;
}

std::uint64_t evaluation_cost(std::span<const ExprStep> code) {
  std::uint64_t cost = 0;
  for (const ExprStep& step : code) {
    const bool slow =
        step.op == ExprOp::power || (step.op >= ExprOp::sin && step.op <= ExprOp::sqrt);
    cost += slow ? 8 : 1;
  }
  return cost;
}

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
