// SPDX-License-Identifier: Apache-2.0
// Evaluation and reverse-mode derivatives of parameter expressions. Trees are at most kMaxDepth
// deep, checked when they are built, so the recursion here cannot be exhausted by a hostile file.
#include "qsim/classical/param.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

constexpr std::uint32_t kMaxDepth = 1000;
/// Shared parts count as often as they are used: evaluation walks every path.
constexpr std::uint32_t kMaxOperations = 100'000;

bool is_unary(Param::Op op) {
  return op != Param::Op::add && op != Param::Op::subtract && op != Param::Op::multiply &&
         op != Param::Op::divide && op != Param::Op::power;
}

double apply(Param::Op op, double a, double b) {
  switch (op) {
    case Param::Op::add:
      return a + b;
    case Param::Op::subtract:
      return a - b;
    case Param::Op::multiply:
      return a * b;
    case Param::Op::divide:
      return a / b;
    case Param::Op::power:
      return std::pow(a, b);
    case Param::Op::sin:
      return std::sin(a);
    case Param::Op::cos:
      return std::cos(a);
    case Param::Op::tan:
      return std::tan(a);
    case Param::Op::exp:
      return std::exp(a);
    case Param::Op::ln:
      return std::log(a);
    case Param::Op::sqrt:
      return std::sqrt(a);
  }
  throw Error(ErrorCode::bug, "unknown operation in a parameter expression");
}

struct Partials {
  double left;
  double right;
};

// d(op(a, b))/da and /db.
Partials partials(Param::Op op, double a, double b) {
  switch (op) {
    case Param::Op::add:
      return {1.0, 1.0};
    case Param::Op::subtract:
      return {1.0, -1.0};
    case Param::Op::multiply:
      return {b, a};
    case Param::Op::divide:
      return {1.0 / b, -a / (b * b)};
    case Param::Op::power: {
      const double value = std::pow(a, b);
      // The exponent's partial needs ln(a); it is only used where the exponent has slots.
      return {b == 0.0 ? 0.0 : b * std::pow(a, b - 1.0), a > 0.0 ? value * std::log(a) : 0.0};
    }
    case Param::Op::sin:
      return {std::cos(a), 0.0};
    case Param::Op::cos:
      return {-std::sin(a), 0.0};
    case Param::Op::tan:
      return {1.0 / (std::cos(a) * std::cos(a)), 0.0};
    case Param::Op::exp:
      return {std::exp(a), 0.0};
    case Param::Op::ln:
      return {1.0 / a, 0.0};
    case Param::Op::sqrt:
      return {0.5 / std::sqrt(a), 0.0};
  }
  throw Error(ErrorCode::bug, "unknown operation in a parameter expression");
}

double slot_value(std::span<const double> values, std::uint32_t slot) {
  if (slot >= values.size()) {
    throw Error(ErrorCode::bad_input,
                "parameter " + std::to_string(slot) +
                    " has no value: " + std::to_string(values.size()) + " values were given",
                "pass one number for each parameter of the circuit");
  }
  return values[slot];
}

}  // namespace

struct Param::Node {
  Op op;
  Param left;
  Param right;
  std::uint32_t depth;
  std::uint32_t operations;
};

Param Param::slot(std::uint32_t index, double scale, double offset) {
  Param result(offset);
  result.scale_ = scale;
  result.slot_ = index;
  return result;
}

Param Param::combine(Op op, const Param& left, const Param& right) {
  if (left.is_constant() && (is_unary(op) || right.is_constant())) {
    return Param(apply(op, left.offset_, right.offset_));
  }
  // Affine results stay inline: one slot at most, scaled or shifted by constants.
  if (left.node_ == nullptr && right.node_ == nullptr && !is_unary(op)) {
    const bool same_slot = left.slot_ == right.slot_;
    const bool one_slot = same_slot || left.is_constant() || right.is_constant();
    const std::uint32_t slot = left.is_constant() ? right.slot_ : left.slot_;
    if (one_slot && (op == Op::add || op == Op::subtract)) {
      const double sign = op == Op::add ? 1.0 : -1.0;
      return Param::slot(slot, left.scale_ + sign * right.scale_,
                         left.offset_ + sign * right.offset_);
    }
    if (op == Op::multiply && left.is_constant()) {
      return Param::slot(slot, left.offset_ * right.scale_, left.offset_ * right.offset_);
    }
    if ((op == Op::multiply || op == Op::divide) && right.is_constant()) {
      const double b = right.offset_;
      return op == Op::multiply ? Param::slot(slot, left.scale_ * b, left.offset_ * b)
                                : Param::slot(slot, left.scale_ / b, left.offset_ / b);
    }
  }
  const std::uint32_t depth = 1 + std::max(left.node_ != nullptr ? left.node_->depth : 0,
                                           right.node_ != nullptr ? right.node_->depth : 0);
  if (depth > kMaxDepth) {
    throw Error(ErrorCode::bad_input,
                "a parameter expression is nested deeper than " + std::to_string(kMaxDepth),
                "split the expression");
  }
  const std::uint32_t operations = 1 + (left.node_ != nullptr ? left.node_->operations : 0) +
                                   (right.node_ != nullptr ? right.node_->operations : 0);
  if (operations > kMaxOperations) {
    throw Error(
        ErrorCode::bad_input,
        "a parameter expression has more than " + std::to_string(kMaxOperations) + " operations",
        "simplify the expression; a part that is used twice counts twice");
  }
  Param result;
  result.node_ = std::make_shared<const Node>(Node{op, left, right, depth, operations});
  return result;
}

std::uint32_t Param::slots() const noexcept {
  if (node_ != nullptr) return std::max(node_->left.slots(), node_->right.slots());
  return slot_ == kNone ? 0 : slot_ + 1;
}

double Param::raw_value(std::span<const double> values) const {
  if (node_ != nullptr) {
    return apply(node_->op, node_->left.raw_value(values), node_->right.raw_value(values));
  }
  return slot_ == kNone ? offset_ : offset_ + scale_ * slot_value(values, slot_);
}

double Param::checked_value(std::span<const double> values) const {
  const double value = raw_value(values);
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::bad_input,
                "a gate parameter is not finite (" + std::to_string(value) + ")",
                "check for NaN or infinite values, division by zero, or the logarithm or root of a "
                "negative number");
  }
  return value;
}

void Param::accumulate_gradient(std::span<const double> values, double weight,
                                std::span<double> gradient) const {
  if (node_ != nullptr) {
    const Partials d =
        partials(node_->op, node_->left.raw_value(values), node_->right.raw_value(values));
    if (!node_->left.is_constant()) {
      node_->left.accumulate_gradient(values, weight * d.left, gradient);
    }
    if (!is_unary(node_->op) && !node_->right.is_constant()) {
      node_->right.accumulate_gradient(values, weight * d.right, gradient);
    }
    return;
  }
  if (slot_ == kNone) return;
  if (slot_ >= gradient.size()) {
    throw Error(ErrorCode::bug, "gradient buffer is shorter than the number of parameters");
  }
  gradient[slot_] += weight * scale_;
}

Param Param::substitute(std::span<const Param> replacement) const {
  if (node_ != nullptr) {
    return combine(node_->op, node_->left.substitute(replacement),
                   node_->right.substitute(replacement));
  }
  if (slot_ == kNone) return *this;
  if (slot_ >= replacement.size()) {
    throw Error(ErrorCode::bad_input, "parameter " + std::to_string(slot_) + " has no replacement");
  }
  return Param(offset_) + Param(scale_) * replacement[slot_];
}

}  // namespace qross::qsim
