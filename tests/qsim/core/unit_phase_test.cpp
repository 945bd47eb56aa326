// SPDX-License-Identifier: Apache-2.0
#include "qsim/core/unit_phase.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include <doctest/doctest.h>

using namespace qross::qsim;

namespace {

/// How far both parts are from those of long double, at most.
double error_at(double angle) {
  const std::complex<double> z = unit_phase(angle);
  const long double x = angle;
  return static_cast<double>(
      std::max(std::abs(z.real() - std::cos(x)), std::abs(z.imag() - std::sin(x))));
}

}  // namespace

TEST_CASE("unit_phase is within 2e-16 of the exact cosine and sine") {
  std::mt19937_64 random(11);
  double worst = 0.0;
  for (const double most : {1e-9, 0.8, 7.0, 1e3, 1e6}) {
    std::uniform_real_distribution<double> angle(-most, most);
    for (int i = 0; i < 50000; ++i) worst = std::max(worst, error_at(angle(random)));
  }
  // Where a quadrant begins, and next to it.
  for (int k = -636619; k <= 636619; k += k < -40 || k >= 40 ? 997 : 1) {
    const double at = k * std::numbers::pi / 4.0;
    for (const double x : {at, std::nextafter(at, 1e9), std::nextafter(at, -1e9)}) {
      worst = std::max(worst, error_at(x));
    }
  }
  CHECK(worst < 2e-16);
  CHECK(unit_phase(0.0) == std::complex(1.0, 0.0));
  CHECK(!std::signbit(unit_phase(0.0).imag()));
  CHECK(unit_phase(-0.3) == std::conj(unit_phase(0.3)));
}

TEST_CASE("unit_phase leaves the largest angles to the library, and numbers that are none") {
  for (const double x : {1.1e6, -1e300, 1e22}) {
    CHECK(unit_phase(x) == std::complex(std::cos(x), std::sin(x)));
  }
  CHECK(std::isnan(unit_phase(std::numeric_limits<double>::infinity()).real()));
  CHECK(std::isnan(unit_phase(std::numeric_limits<double>::quiet_NaN()).imag()));
}
