// SPDX-License-Identifier: Apache-2.0
// The crossover models against the tables of Hoefler, Haener and Troyer 2023 and Babbush et al.
// 2021, with the disagreement between two of the former's tables.
#include "benchmarks/cost/advantage.hpp"

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/published.hpp"
#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

namespace {

struct Row {
  double quantum, classical;
  const char* quadratic;
  const char* cubic;
  const char* quartic;
};

bool matches(const Row& row, double tolerance) {
  const auto at = [&row](double degree) {
    return most_operations_per_call(1e6, row.quantum, row.classical, degree);
  };
  return agrees(at(2), row.quadratic, tolerance) && agrees(at(3), row.cubic, tolerance) &&
         agrees(at(4), row.quartic, tolerance);
}

}  // namespace

TEST_CASE("Q1: operations per second of an ASIC of the size of an A100") {
  CHECK(agrees(asic_rate(54.2e9, 7000, 0.7e-9), "0.55e15", 0.01));
  CHECK(agrees(asic_rate(54.2e9, 18000, 0.7e-9), "0.22e15", 0.01));
  CHECK(agrees(asic_rate(54.2e9, 50, 0.7e-9), "77.4e15", 0.01));
}

TEST_CASE("Q2: multipliers of the future quantum computer") {
  CHECK(multiplier_units({}, 10) == 21);
  CHECK(multiplication_rate({}, 10) == doctest::Approx(10500).epsilon(1e-12));
  CHECK(multiplier_units({}, 32) == 17);
  CHECK(agrees(multiplication_rate({}, 32), "0.83e3", 0.0));
}

TEST_CASE("Q3: crossovers for fp16 and int32") {
  CHECK(matches({10.5e3, 550e12, "0.2", "45800", "2.8e6"}, 0.01));
  CHECK(matches({0.83e3, 215e12, "0.003", "1630", "130000"}, 0.01));
  // The same from first principles, as the report shows them.
  const std::vector<Crossover> rows = hoefler_crossovers();
  REQUIRE(rows.size() == 2);
  CHECK(agrees(rows[0].quadratic.value, "0.2", 0.01));
  CHECK(agrees(rows[0].cubic.value, "45800", 0.01));
  CHECK(agrees(rows[0].quartic.value, "2.8e6", 0.01));
  CHECK(agrees(rows[1].quadratic.value, "0.003", 0.01));
  CHECK(agrees(rows[1].cubic.value, "1630", 0.01));
  CHECK(agrees(rows[1].quartic.value, "130000", 0.01));
  CHECK(rows[0].cubic.basis == Basis::modelled);
  CHECK(rows[0].cubic.high > rows[0].cubic.value);
}

TEST_CASE("Q4, Q5: the binary row needs ten times the rate that the paper prints") {
  CHECK(matches({2.3e6, 77.4e15, "68", "12.5e6", "712e6"}, 0.01));
  CHECK_FALSE(matches({235e3, 77.4e15, "68", "12.5e6", "712e6"}, 0.01));
  CHECK(matches({235e3, 77.4e15, "0.72", "4.1e5", "3.4e7"}, 0.02));
}

TEST_CASE("Q6: input and output of a gigabit a second") {
  CHECK(io_rate({}) == doctest::Approx(1e9).epsilon(1e-12));
}

TEST_CASE("Q7: break-even of Babbush et al.") {
  const BreakEven quadratic = break_even(17e-3, 33e-9, 2);
  CHECK(agrees(quadratic.calls, "5.2e5", 0.02));
  CHECK(agrees(quadratic.seconds / 3600, "2.4", 0.02));
  CHECK(agrees(break_even(17e-3, 33e-9, 3).seconds, "12.2", 0.02));
  CHECK(agrees(break_even(17e-3, 33e-9, 4).seconds, "1.4", 0.02));
  CHECK(break_even(17e-3, 33e-9, 2, 100).calls == doctest::Approx(100 * quadratic.calls));
}

TEST_CASE("a speedup of degree one has no crossover") {
  CHECK(error_of([] { (void)most_operations_per_call(1, 1, 1, 1); })->code() ==
        qross::ErrorCode::bad_input);
  CHECK(error_of([] { (void)most_operations_per_call(1, 0, 1, 2); }).has_value());
  CHECK(error_of([] { (void)break_even(-1, 1, 2); }).has_value());
}
