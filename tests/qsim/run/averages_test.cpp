// SPDX-License-Identifier: Apache-2.0
// Fixed-point sums and averages against plain arithmetic.
#include "qsim/run/averages.hpp"

#include <cmath>
#include <random>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("a fixed-point sum is exact and does not depend on the order") {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::vector<double> numbers(5000);
  for (double& x : numbers) x = std::ldexp(std::round(std::ldexp(uniform(random), 52)), -52);
  FixedPointSum forward;
  FixedPointSum halves[2];
  long double exact = 0.0L;
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    forward.add(numbers[k]);
    halves[k % 2].add(numbers[numbers.size() - 1 - k]);
    exact += numbers[k];
  }
  CHECK(forward.value() == static_cast<double>(exact));
  halves[0].add(FixedPointSum::of_parts(halves[1].high(), halves[1].low()));
  CHECK(halves[0].value() == forward.value());
  FixedPointSum negative;
  for (int k = 0; k < 1000; ++k) negative.add(-1.0);
  negative.add(0.5);
  CHECK(negative.value() == -999.5);
}

TEST_CASE("means and standard errors") {
  const auto comm = serial_communicator();
  ShotAverages averages({1.0, 4.0});
  for (int k = 0; k < 100; ++k) {
    averages.add(0, k % 4 == 0 ? 1.0 : -1.0);
    averages.add(1, 2.5);
  }
  averages.gather(*comm);
  CHECK(averages.mean(0, 100).value == doctest::Approx(-0.5).epsilon(1e-15));
  // Values 1 and -1: the variance is 1 - mean^2.
  CHECK(averages.mean(0, 100).standard_error ==
        doctest::Approx(std::sqrt(0.75 / 99.0)).epsilon(1e-12));
  CHECK(averages.mean(1, 100).value == 2.5);
  CHECK(averages.mean(1, 100).standard_error == 0.0);
  ShotAverages one({1.0});
  one.add(0, 0.25);
  CHECK(one.mean(0, 1).value == 0.25);
  CHECK(std::isnan(one.mean(0, 1).standard_error));
}
