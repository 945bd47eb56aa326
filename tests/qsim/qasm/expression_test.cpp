// SPDX-License-Identifier: Apache-2.0
// Angle expressions: precedence, values, folding, errors with places, nesting.
#include "qsim/qasm/expression.hpp"

#include <limits>

#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;
using doctest::Approx;

namespace {

/// Formals a, b, c are numbers 0, 1, 2.
class Names final : public qasm::FormalNames {
 public:
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const override {
    if (name.size() == 1 && name[0] >= 'a' && name[0] <= 'c') {
      return static_cast<std::uint32_t>(name[0] - 'a');
    }
    return std::nullopt;
  }
};

/// Free names mean nothing; but a parser that is given this is not strict.
class Free final : public qasm::CircuitParameters {
  std::optional<std::uint32_t> slot(std::string_view) override { return std::nullopt; }
};

struct Parsed {
  std::optional<qasm::Span> span;
  std::vector<qasm::ExprStep> code;
  std::string codes;
  std::string rest;  // the token behind the expression
};

Parsed parse(std::string_view text, bool formals = false) {
  qasm::SourceMap sources;
  qasm::SourceFile file;
  file.text = text;
  sources.add(file);
  qasm::Diagnostics diagnostics(sources, 20);
  qasm::Cursor cursor(sources, 0, qasm::Language::openqasm2, false, diagnostics);
  Free free;
  qasm::ExpressionParser parser(cursor, diagnostics, 256, &free);
  const Names names;
  Parsed out;
  out.span = parser.parse(formals ? &names : nullptr, out.code);
  out.rest = std::string(cursor.text());
  qasm::ParseResult result;
  diagnostics.finish(result);
  out.codes = codes(result);
  CHECK(out.span.has_value() == out.codes.empty());
  return out;
}

double value(std::string_view text) {
  const Parsed out = parse(text);
  INFO(out.codes);
  REQUIRE(out.span);
  REQUIRE(out.code.size() == 1);
  REQUIRE(out.code[0].op == qasm::ExprOp::constant);
  return out.code[0].value;
}

double value(std::string_view text, const std::vector<double>& formals) {
  const Parsed out = parse(text, true);
  REQUIRE(out.span);
  std::vector<double> stack;
  double result = 0.0;
  REQUIRE_FALSE(qasm::evaluate(out.code, formals, stack, result));
  return result;
}

std::string repeat(std::string_view text, int times) {
  std::string out;
  for (int k = 0; k < times; ++k) out += text;
  return out;
}

}  // namespace

TEST_CASE("precedence and associativity") {
  CHECK(value("1+2*3") == 7);
  CHECK(value("(1+2)*3") == 9);
  CHECK(value("1-2-3") == -4);
  CHECK(value("8/4/2") == 1);
  CHECK(value("1/2") == 0.5);
  CHECK(value("2^3^2") == 512);
  CHECK(value("-2^2") == -4);
  CHECK(value("(-2)^2") == 4);
  CHECK(value("2^-3") == 0.125);
  CHECK(value("2^-3*8") == 1);
  CHECK(value("2^-2^2") == 0.0625);
  CHECK(value("-2*-3") == 6);
  CHECK(value("--2") == 2);
  CHECK(value("+2 - +3") == -1);
  CHECK(value("2*3^2") == 18);
  CHECK(value("-3+5") == 2);
}

TEST_CASE("pi, functions and numbers") {
  const double pi = std::acos(-1.0);
  CHECK(value("pi") == pi);
  CHECK(value("-pi/2") == -pi / 2);
  CHECK(value("3*pi/4") == 3 * pi / 4);
  CHECK(value("sin(1)+cos(2)*tan(0.5)") == std::sin(1) + std::cos(2) * std::tan(0.5));
  CHECK(value("exp(1)") == std::exp(1));
  CHECK(value("ln(2)") == std::log(2));
  CHECK(value("sqrt(2)") == std::sqrt(2));
  CHECK(value("sin(cos(0))") == std::sin(1.0));
  CHECK(value("-sin(1)^2") == -(std::sin(1) * std::sin(1)));
  CHECK(value(".5") == 0.5);
  CHECK(value("5.") == 5.0);
  CHECK(value("1e-3") == 1e-3);
  CHECK(value("3E+2") == 300);
  CHECK(value("0.1") == 0.1);
}

TEST_CASE("literals out of range: too small is 0, too large is infinite") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(qasm::parse_real("1e-99999") == 0.0);
  CHECK(qasm::parse_real("1e99999999999999999999") == infinity);
  CHECK(qasm::parse_real("1e-99999999999999999999") == 0.0);
  CHECK(qasm::parse_real("0e99999") == 0.0);
  CHECK(qasm::parse_real("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(qasm::parse_real("1" + std::string(400, '0')) == infinity);
  CHECK(qasm::parse_real("1" + std::string(400, '0') + "e-10") == infinity);
  CHECK(qasm::parse_real("1" + std::string(400, '0') + "e-400") == 1.0);
  CHECK(qasm::parse_real("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(qasm::parse_real("5e-324") == std::numeric_limits<double>::denorm_min());
}

TEST_CASE("formals: code is evaluated later, constant parts are folded now") {
  CHECK(value("a", {3}) == 3);
  CHECK(value("-a+b*2", {3, 5}) == 7);
  CHECK(value("(a+b)/2 - c^2", {1, 3, 2}) == -2);
  CHECK(value("sin(a)*pi", {1}) == Approx(std::sin(1) * std::acos(-1.0)));
  CHECK(value("a-b-c", {10, 3, 2}) == 5);
  CHECK(value("2^a^b", {3, 2}) == 512);
  CHECK(parse("a*(2*3+4)", true).code.size() == 3);
  CHECK(parse("a").codes == "Q2313@1:1");
}

TEST_CASE("what is not finite is refused where it stands, also inside a larger expression") {
  CHECK(parse("1+pi/0").codes == "Q2401@1:3");
  CHECK(parse("exp(-1/0)").codes == "Q2401@1:5");
  CHECK(parse("2*sqrt(-1)").codes == "Q2401@1:3");
  CHECK(parse("ln(0)").codes == "Q2401@1:1");
  CHECK(parse("1e99999").codes == "Q2401@1:1");
  CHECK(parse("(-8)^(1/3)").codes == "Q2401@1:1");
  CHECK(parse("exp(1000)").codes == "Q2401@1:1");
  const Parsed out = parse("1/(a-b)", true);
  std::vector<double> stack;
  double result = 0.0;
  const std::vector<double> equal{2, 2};
  CHECK(qasm::evaluate(out.code, equal, stack, result) == "not finite: 1 is divided by zero");
  const std::vector<double> different{2, 1};
  CHECK_FALSE(qasm::evaluate(out.code, different, stack, result));
  CHECK(result == 1.0);
}

TEST_CASE("spans and the token behind") {
  const Parsed out = parse("(1+2)*a , b", true);
  CHECK(out.span->begin == 0);
  CHECK(out.span->end == 7);
  CHECK(out.rest == ",");
  CHECK(parse("1)").rest == ")");
}

TEST_CASE("syntax errors") {
  CHECK(parse("").codes == "Q2201@1:1");
  CHECK(parse("1+").codes == "Q2201@1:3");
  CHECK(parse("*2").codes == "Q2201@1:1");
  CHECK(parse("2**3").codes == "Q2201@1:3");
  CHECK(parse("(1+2").codes == "Q2207@1:5");
  CHECK(parse("sin 1").codes == "Q2201@1:4");
  CHECK(parse("sin()").codes == "Q2201@1:5");
  CHECK(parse("log(2)").codes == "Q2313@1:1");
  CHECK(parse("2pi").codes == "Q2004@1:1");
}

TEST_CASE("nesting is limited and never exhausts the stack") {
  CHECK(value(repeat("(", 256) + "1" + repeat(")", 256)) == 1);
  CHECK(parse(repeat("(", 257) + "1" + repeat(")", 257)).codes == "Q2203@1:257");
  CHECK(parse(repeat("(", 100'000) + "1" + repeat(")", 100'000)).codes == "Q2203@1:257");
  CHECK(parse(repeat("sqrt(", 100'000) + "1" + repeat(")", 100'000)).codes == "Q2203@1:1285");
  CHECK(value(repeat("-", 100'001) + "1") == -1);
  CHECK(value(repeat("1^", 100'000) + "1") == 1);
  CHECK(value(repeat("1-", 100'000) + "1") == 1 - 100'000);
  CHECK(value(repeat("a^", 100'000) + "a", {1}) == 1);
}
