// SPDX-License-Identifier: Apache-2.0
// Param: a small immutable real expression over numbered parameter slots, with exact derivatives.
// Circuits hold Params as gate angles; numbers for the slots are passed at call time. The affine
// form offset + scale * slot is stored inline, anything else as a shared, immutable tree.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace qross::qsim {

class Param {
 public:
  /// The operations a tree node can hold.
  enum class Op : std::uint8_t {
    add,
    subtract,
    multiply,
    divide,
    power,
    sin,
    cos,
    tan,
    exp,
    ln,
    sqrt
  };

  /// A constant.
  Param(double value = 0.0) : offset_(value) {}  // NOLINT(google-explicit-constructor)

  /// offset + scale * slot.
  [[nodiscard]] static Param slot(std::uint32_t index, double scale = 1.0, double offset = 0.0);

  /// An operation on one or two operands; folds constants and keeps affine results affine.
  /// Throws Error(bad_input) for expressions deeper than 1000 or of more than 100,000 operations.
  [[nodiscard]] static Param combine(Op op, const Param& left, const Param& right = Param());

  [[nodiscard]] bool is_constant() const noexcept { return slot_ == kNone && node_ == nullptr; }

  /// offset + scale * slot; a constant has scale 0.
  struct Affine {
    double offset = 0.0;
    double scale = 0.0;
    std::uint32_t slot = 0;
  };
  /// The expression as an affine one, if it is kept as that. Cost: O(1).
  [[nodiscard]] std::optional<Affine> affine() const noexcept {
    if (node_ != nullptr) return std::nullopt;
    return slot_ == kNone ? Affine{offset_, 0.0, 0} : Affine{offset_, scale_, slot_};
  }

  /// One more than the highest slot used; 0 for a constant. Cost: the size of the expression.
  [[nodiscard]] std::uint32_t slots() const noexcept;

  /// The value at the given slot values. Cost: the size of the expression.
  /// Throws Error(bad_input) if a slot is missing or the result is not finite.
  [[nodiscard]] double evaluate(std::span<const double> values = {}) const {
    return is_constant() && std::isfinite(offset_) ? offset_ : checked_value(values);
  }

  /// gradient[s] += weight * d(this)/d(slot s), exactly, for every slot used.
  void accumulate_gradient(std::span<const double> values, double weight,
                           std::span<double> gradient) const;

  /// The same expression with slot s replaced by `replacement[s]`.
  /// Throws Error(bad_input) if a slot has no replacement.
  [[nodiscard]] Param substitute(std::span<const Param> replacement) const;

  friend Param operator+(const Param& a, const Param& b) { return combine(Op::add, a, b); }
  friend Param operator-(const Param& a, const Param& b) { return combine(Op::subtract, a, b); }
  friend Param operator*(const Param& a, const Param& b) { return combine(Op::multiply, a, b); }
  friend Param operator/(const Param& a, const Param& b) { return combine(Op::divide, a, b); }
  friend Param operator-(const Param& a) { return combine(Op::subtract, Param(0.0), a); }

 private:
  struct Node;
  static constexpr std::uint32_t kNone = 0xffffffffU;

  [[nodiscard]] double raw_value(std::span<const double> values) const;
  [[nodiscard]] double checked_value(std::span<const double> values) const;

  double offset_ = 0.0;
  double scale_ = 0.0;
  std::uint32_t slot_ = kNone;
  std::shared_ptr<const Node> node_;
};

}  // namespace qross::qsim
