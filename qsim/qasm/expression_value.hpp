// SPDX-License-Identifier: Apache-2.0
// One operation of an expression on numbers, for the parser, which computes constants as it reads,
// and for evaluate() of expression.hpp.
#pragma once

#include <string>

#include "qsim/qasm/expression.hpp"

namespace qross::qsim::qasm {

[[nodiscard]] constexpr bool is_binary(ExprOp op) { return op >= ExprOp::add; }

/// The operation on one number, or on two; it may not be finite.
/// Throws Error(bug) for operands.
[[nodiscard]] double compute(ExprOp op, double a, double b);

/// Why a result is not finite, in the words of arithmetic.
[[nodiscard]] std::string complaint(ExprOp op, double a, double b);

}  // namespace qross::qsim::qasm
