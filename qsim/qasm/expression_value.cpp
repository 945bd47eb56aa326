// SPDX-License-Identifier: Apache-2.0
// The values of expressions in postfix form: of numbers, and of angles that hold parameters.
#include "qsim/qasm/expression_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim::qasm {
namespace {

/// The operation on angles. Throws what Param::combine throws.
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

}  // namespace

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

}  // namespace qross::qsim::qasm
