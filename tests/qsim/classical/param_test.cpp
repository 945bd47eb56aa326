// SPDX-License-Identifier: Apache-2.0
// Parameter expressions: values, exact derivatives, folding, substitution, refusals.
#include "qsim/classical/param.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;
using Op = Param::Op;

namespace {

std::vector<double> gradient(const Param& p, std::span<const double> values, double weight = 1.0) {
  std::vector<double> result(values.size(), 0.0);
  p.accumulate_gradient(values, weight, result);
  return result;
}

std::string message_of(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_input);
    return error.message();
  }
  FAIL("nothing was thrown");
  return {};
}

/// A random expression of the two slots whose value is smooth near `values`.
Param random_expression(std::mt19937_64& random, int depth) {
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  if (depth == 0) {
    switch (below(3)) {
      case 0:
        return Param::slot(0, 0.7, 0.2);
      case 1:
        return Param::slot(1);
      default:
        return Param(0.25 + 0.5 * below(4));
    }
  }
  const Param a = random_expression(random, depth - 1);
  const Param b = random_expression(random, depth - 1);
  // Arguments of roots, logarithms and divisors are kept positive.
  const Param positive = a * a + Param(1.0);
  switch (below(11)) {
    case 0:
      return a + b;
    case 1:
      return a - b;
    case 2:
      return a * b;
    case 3:
      return b / positive;
    case 4:
      return Param::combine(Op::power, positive, Param::combine(Op::sin, b));
    case 5:
      return Param::combine(Op::sin, a);
    case 6:
      return Param::combine(Op::cos, a);
    case 7:
      return Param::combine(Op::tan, Param(0.5) * Param::combine(Op::sin, a));
    case 8:
      return Param::combine(Op::exp, Param::combine(Op::sin, a));
    case 9:
      return Param::combine(Op::ln, positive);
    default:
      return Param::combine(Op::sqrt, positive);
  }
}

}  // namespace

TEST_CASE("values of every operation") {
  const std::array values{0.6, 2.5};
  const Param a = Param::slot(0);
  const Param b = Param::slot(1);
  CHECK((a + b).evaluate(values) == 0.6 + 2.5);
  CHECK((a - b).evaluate(values) == 0.6 - 2.5);
  CHECK((a * b).evaluate(values) == 0.6 * 2.5);
  CHECK((a / b).evaluate(values) == 0.6 / 2.5);
  CHECK((-a).evaluate(values) == -0.6);
  CHECK(Param::combine(Op::power, a, b).evaluate(values) == std::pow(0.6, 2.5));
  CHECK(Param::combine(Op::sin, a).evaluate(values) == std::sin(0.6));
  CHECK(Param::combine(Op::cos, a).evaluate(values) == std::cos(0.6));
  CHECK(Param::combine(Op::tan, a).evaluate(values) == std::tan(0.6));
  CHECK(Param::combine(Op::exp, a).evaluate(values) == std::exp(0.6));
  CHECK(Param::combine(Op::ln, a).evaluate(values) == std::log(0.6));
  CHECK(Param::combine(Op::sqrt, a).evaluate(values) == std::sqrt(0.6));
}

TEST_CASE("constants fold and know no slots") {
  const Param three = Param(1.0) + Param(2.0);
  CHECK(three.is_constant());
  CHECK(three.evaluate() == 3.0);
  CHECK(three.slots() == 0);
  CHECK(Param::combine(Op::sin, Param(0.5)).is_constant());
  CHECK(Param().evaluate() == 0.0);
}

TEST_CASE("affine expressions stay affine: a million of them need no tree") {
  Param p = Param::slot(3);
  for (int i = 0; i < 100'000; ++i) p = 0.5 * (p + 1.0) - p / 2.0 + p;
  CHECK(p.slots() == 4);
  const std::array values{0.0, 0.0, 0.0, 2.0};
  CHECK(p.evaluate(values) == doctest::Approx(2.0 + 0.5 * 100'000));
  CHECK(gradient(p, values)[3] == 1.0);
  const Param shifted = 3.0 - 2.0 * Param::slot(0, 2.0, 1.0);  // 3 - 2 (1 + 2 x)
  const std::array x{10.0};
  CHECK(shifted.evaluate(x) == -39.0);
  CHECK(gradient(shifted, x)[0] == -4.0);
  CHECK((Param::slot(0) - Param::slot(0)).evaluate(x) == 0.0);
  CHECK((1.0 - Param::slot(0)).evaluate(x) == -9.0);
}

TEST_CASE("derivatives equal central differences") {
  std::mt19937_64 random(2);
  for (int trial = 0; trial < 300; ++trial) {
    const Param p = random_expression(random, 1 + trial % 4);
    const std::array values{0.37 + 0.01 * (trial % 7), -0.58};
    const auto exact = gradient(p, values);
    for (std::size_t s = 0; s < 2; ++s) {
      auto up = values;
      auto down = values;
      up[s] += 1e-5;
      down[s] -= 1e-5;
      const double difference = (p.evaluate(up) - p.evaluate(down)) / 2e-5;
      const double scale = 1.0 + std::abs(exact[s]) + std::abs(p.evaluate(values));
      REQUIRE(std::abs(exact[s] - difference) < 1e-6 * scale * scale);
    }
  }
}

TEST_CASE("gradients are added with their weight, and shared slots add up") {
  const std::array values{0.3};
  std::vector<double> total{10.0};
  const Param p = Param::slot(0) * Param::slot(0);
  p.accumulate_gradient(values, 2.0, total);
  CHECK(total[0] == doctest::Approx(10.0 + 2.0 * 2 * 0.3));
  std::vector<double> none;
  Param(4.0).accumulate_gradient({}, 1.0, none);
  CHECK_THROWS_AS(p.accumulate_gradient(values, 1.0, none), Error);
}

TEST_CASE("powers have derivatives where the base is zero or negative") {
  const Param square = Param::combine(Op::power, Param::slot(0), Param(2.0));
  for (const double x : {-1.5, 0.0, 2.0}) CHECK(gradient(square, std::array{x})[0] == 2 * x);
  const Param one = Param::combine(Op::power, Param::slot(0), Param(0.0));
  CHECK(gradient(one, std::array{0.0})[0] == 0.0);
}

TEST_CASE("substitute replaces slots by expressions") {
  const Param p = Param::slot(0, 2.0, 1.0) * Param::combine(Op::sin, Param::slot(1));
  const std::array<Param, 2> replacement{Param::slot(2), Param(0.5)};
  const Param q = p.substitute(replacement);
  CHECK(q.slots() == 3);
  CHECK(q.evaluate(std::array{9.0, 9.0, 4.0}) == doctest::Approx(9.0 * std::sin(0.5)));
  const std::array<Param, 2> numbers{Param(1.0), Param(0.0)};
  CHECK(p.substitute(numbers).is_constant());
  CHECK(p.substitute(numbers).evaluate() == 0.0);
  CHECK(message_of([&] { (void)p.substitute(std::span(numbers).first(1)); }) ==
        "parameter 1 has no replacement");
}

TEST_CASE("missing and meaningless values are refused") {
  const Param a = Param::slot(2);
  CHECK(message_of([&] { (void)a.evaluate(std::array{1.0}); }) ==
        "parameter 2 has no value: 1 values were given");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(message_of([&] {
          (void)a.evaluate(std::array{0.0, 0.0, nan});
        }).find("not finite") != std::string::npos);
  CHECK_THROWS_AS((void)Param(nan).evaluate(), Error);
  CHECK_THROWS_AS((void)(Param(1.0) / Param(0.0)).evaluate(), Error);
  CHECK_THROWS_AS((void)Param::combine(Op::ln, Param(-1.0)).evaluate(), Error);
  CHECK_THROWS_AS((void)Param::combine(Op::sqrt, Param(-1.0)).evaluate(), Error);
  CHECK_THROWS_AS((void)(Param::slot(0) / Param(0.0)).evaluate(std::array{1.0}), Error);
}

TEST_CASE("expressions that would exhaust the stack or the clock are refused when built") {
  Param deep = Param::slot(0);
  CHECK(message_of([&] {
          for (int i = 0; i < 2000; ++i) deep = Param::combine(Op::sin, deep);
        }).find("nested deeper than 1000") != std::string::npos);
  CHECK(std::isfinite(deep.evaluate(std::array{0.5})));
  Param wide = Param::slot(0);
  CHECK(message_of([&] {
          for (int i = 0; i < 60; ++i) wide = wide * wide;
        }).find("more than 100000 operations") != std::string::npos);
  CHECK(wide.evaluate(std::array{1.0}) == 1.0);
}
