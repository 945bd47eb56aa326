// SPDX-License-Identifier: Apache-2.0
// Values of expressions in postfix form, and the words for those that have none.
#include "qsim/qasm/expression_value.hpp"

#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::qsim::qasm;

namespace {

ExprStep step(ExprOp op) {
  ExprStep result;
  result.op = op;
  return result;
}

ExprStep number(double value) {
  ExprStep result = step(ExprOp::constant);
  result.value = value;
  return result;
}

}  // namespace

TEST_CASE("one operation on numbers") {
  CHECK(compute(ExprOp::power, 2.0, 10.0) == 1024.0);
  CHECK(compute(ExprOp::subtract, 2.0, 10.0) == -8.0);
  CHECK(compute(ExprOp::ln, std::exp(1.0), 0.0) == doctest::Approx(1.0));
  CHECK(is_binary(ExprOp::divide));
  CHECK_FALSE(is_binary(ExprOp::sqrt));
  CHECK_THROWS_AS((void)compute(ExprOp::formal, 1.0, 1.0), Error);
}

TEST_CASE("what is not finite is said in the words of arithmetic") {
  CHECK(complaint(ExprOp::divide, 1.0, 0.0) == "not finite: 1 is divided by zero");
  CHECK(complaint(ExprOp::sqrt, -2.0, 0.0) == "not a real number: sqrt of -2, which is negative");
  CHECK(complaint(ExprOp::multiply, 1e300, 1e300) == "not finite: the value overflows a double");
}

TEST_CASE("numbers and angles with parameters have the same values") {
  // (a - 3) * 2 with a formal a.
  const std::array code{step(ExprOp::formal), number(3.0), step(ExprOp::subtract), number(2.0),
                        step(ExprOp::multiply)};
  std::vector<double> numbers;
  double value = 0.0;
  REQUIRE_FALSE(evaluate(code, std::array{0.5}, numbers, value));
  CHECK(value == -5.0);
  std::vector<Param> angles;
  Param angle;
  REQUIRE_FALSE(evaluate(code, std::array{Param::slot(0)}, angles, angle));
  CHECK(angle.evaluate(std::array{0.5}) == -5.0);
  CHECK(evaluation_cost(code) == code.size());
  const std::array bad{number(1.0), number(0.0), step(ExprOp::divide)};
  CHECK(evaluate(bad, std::span<const double>(), numbers, value) ==
        "not finite: 1 is divided by zero");
}
