// SPDX-License-Identifier: Apache-2.0
// Ticks lie in their range, in order, and are few.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "benchmarks/report/charts.hpp"

using namespace qross::cost;

TEST_CASE("linear ticks cover the data in four to eight steps") {
  for (const auto& range : {std::pair{0.0, 1.0}, std::pair{0.22, 1.37}, std::pair{-3.0, 7.0},
                            std::pair{1e-6, 5e-6}, std::pair{0.0, 60.0}}) {
    const double low = range.first;
    const double high = range.second;
    CAPTURE(high);
    const std::vector<double> ticks = linear_ticks(low, high);
    CHECK(ticks.size() >= 3);
    CHECK(ticks.size() <= 9);
    CHECK(ticks.front() <= low + 1e-12);
    CHECK(ticks.back() >= high - 1e-12);
    CHECK(std::is_sorted(ticks.begin(), ticks.end()));
  }
  CHECK(linear_ticks(5, 5).size() >= 2);
  CHECK(linear_ticks(0, 0).size() >= 2);
  CHECK(linear_ticks(0, INFINITY).empty());
}

TEST_CASE("log ticks are times a person knows, or powers of ten") {
  const std::vector<double> times = log_ticks(0.01, 1e8, "s");
  CHECK(times == std::vector<double>{1, 60, 3600, 86400, 31536000});
  const std::vector<double> energy = log_ticks(2e-7, 2e7, "kWh");
  REQUIRE(energy.size() == 5);
  CHECK(energy.front() == doctest::Approx(1e-6));
  CHECK(energy.back() == doctest::Approx(1e6));
  const std::vector<double> narrow = log_ticks(0.5, 200, "USD");
  REQUIRE(narrow.size() == 3);
  CHECK(narrow[0] == doctest::Approx(1));
  CHECK(narrow[2] == doctest::Approx(100));
  CHECK(log_ticks(0, 1, "s").empty());
  CHECK(log_ticks(2, 1, "s").empty());
}
