// SPDX-License-Identifier: Apache-2.0
// Estimates keep their bounds in order, never lose a source, and never turn modelled into measured.
#include "benchmarks/cost/estimate.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

TEST_CASE("sums, products and quotients take the worst case of both ranges") {
  const Estimate a = modelled(2, 1, 4, "s", "A");
  const Estimate b = modelled(3, 2, 5, "s", "B");
  const Estimate sum = a + b;
  CHECK(sum.value == 5);
  CHECK(sum.low == 3);
  CHECK(sum.high == 9);
  const Estimate difference = a - b;
  CHECK(difference.low == -4);
  CHECK(difference.high == 2);
  const Estimate product = multiply(a, b, "s2");
  CHECK(product.low == 2);
  CHECK(product.high == 20);
  CHECK(product.unit == "s2");
  const Estimate quotient = divide(a, b, "1");
  CHECK(quotient.low == doctest::Approx(0.2));
  CHECK(quotient.high == 2);
}

TEST_CASE("products of ranges around zero look at all corners") {
  const Estimate product =
      multiply(modelled(-1, -2, 3, "1", "A"), modelled(1, -5, 2, "1", "B"), "1");
  CHECK(product.low == -15);
  CHECK(product.high == 10);
}

TEST_CASE("a negative factor swaps the bounds") {
  const Estimate scaled = scale(modelled(2, 1, 4, "s", "A"), -1, "s");
  CHECK(scaled.low == -4);
  CHECK(scaled.high == -1);
}

TEST_CASE("one modelled input makes the result modelled") {
  const Estimate here = measured(1, "s", "run");
  const Estimate there = modelled(1, 1, 1, "s", "paper");
  CHECK((here + here).basis == Basis::measured);
  CHECK((here + there).basis == Basis::modelled);
  CHECK((there + here).basis == Basis::modelled);
  CHECK(multiply(here, there, "s2").basis == Basis::modelled);
  CHECK(divide(there, here, "1").basis == Basis::modelled);
  CHECK(larger(modelled(0, 0, 0, "s", "paper"), here).basis == Basis::modelled);
  CHECK(scale(here, 2, "s").basis == Basis::measured);
}

TEST_CASE("sources are united in order, without repeats") {
  CHECK(join_sources("A; B", "B; C; A") == "A; B; C");
  CHECK(join_sources("", "A") == "A");
  CHECK(join_sources("A", "") == "A");
  CHECK(join_sources("AB", "A") == "AB; A");
}

TEST_CASE("the larger of two is taken bound by bound") {
  const Estimate roof = larger(modelled(5, 1, 6, "s", "A"), modelled(4, 3, 9, "s", "B"));
  CHECK(roof.value == 5);
  CHECK(roof.low == 3);
  CHECK(roof.high == 9);
}

TEST_CASE("what is not an estimate is refused") {
  CHECK(error_of([] { (void)modelled(1, 2, 3, "s", "A"); })->code() == qross::ErrorCode::bad_input);
  CHECK(error_of([] { (void)modelled(4, 2, 3, "s", "A"); }).has_value());
  CHECK(error_of([] { (void)measured(std::nan(""), "s", "A"); }).has_value());
  CHECK(error_of([] { (void)modelled(1, 0, INFINITY, "s", "A"); }).has_value());
  const Estimate second = measured(1, "s", "A");
  const Estimate metre = measured(1, "m", "A");
  CHECK(error_of([&] { (void)(second + metre); })->code() == qross::ErrorCode::bug);
  CHECK(error_of([&] { (void)larger(second, metre); }).has_value());
  CHECK(error_of([&] { (void)divide(second, modelled(1, 0, 2, "s", "B"), "1"); }).has_value());
}
