// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/reckoning.hpp"

#include <doctest/doctest.h>

using namespace qross::qsim;

namespace {

/// Filling 10 s, gates 80 s, sampling 10 s.
CommandForecast forecast_of_100s() {
  CommandForecast command;
  command.parts[static_cast<std::size_t>(CommandPart::fill)].seconds = 10.0;
  command.parts[static_cast<std::size_t>(CommandPart::run)].seconds = 80.0;
  command.parts[static_cast<std::size_t>(CommandPart::sample)].seconds = 10.0;
  return command;
}

}  // namespace

TEST_CASE("fault_E4 what is done is weighed by what it was forecast to take") {
  Reckoning reckoning;
  reckoning.expect(forecast_of_100s());
  CHECK(reckoning.forecast() == doctest::Approx(100.0));
  CHECK(reckoning.share({CommandPart::fill, 0, 0, nullptr}) == doctest::Approx(0.0));
  CHECK(reckoning.share({CommandPart::run, 0, 40, nullptr}) == doctest::Approx(0.1));
  CHECK(reckoning.share({CommandPart::run, 20, 40, nullptr}) == doctest::Approx(0.5));
  CHECK(reckoning.share({CommandPart::sample, 0, 0, nullptr}) == doctest::Approx(0.9));
  CHECK(reckoning.share({CommandPart::end, 0, 0, nullptr}) == doctest::Approx(1.0));
}

TEST_CASE("fault_E4 a step under way goes on by the clock, to its end at most") {
  Reckoning reckoning;
  reckoning.expect(forecast_of_100s());
  CHECK(reckoning.share({CommandPart::sample, 0, 0, nullptr}, 5.0) == doctest::Approx(0.95));
  CHECK(reckoning.share({CommandPart::sample, 0, 0, nullptr}, 50.0) == doctest::Approx(1.0));
  CHECK(reckoning.share({CommandPart::run, 20, 40, nullptr}, 1.0) == doctest::Approx(0.51));
  CHECK(reckoning.share({CommandPart::run, 20, 40, nullptr}, 50.0) == doctest::Approx(0.52));
  CHECK(reckoning.left({CommandPart::sample, 0, 0, nullptr}, 95.0, 5.0) == doctest::Approx(5.0));
  CHECK(reckoning.left({CommandPart::sample, 0, 0, nullptr}, 140.0, 50.0) < 0.0);
  // One step of many that takes longer than the others says little about the rest.
  CHECK(reckoning.left({CommandPart::run, 20, 40, nullptr}, 54.0, 4.0) ==
        doctest::Approx(0.48 * (0.48 * 100.0 + 0.52 * 54.0 / 0.52)));
}

TEST_CASE("fault_E4 what is left follows the forecast at first and the clock in the end") {
  Reckoning reckoning;
  reckoning.expect(forecast_of_100s());
  CHECK(reckoning.left({CommandPart::fill, 0, 0, nullptr}, 0.0) == doctest::Approx(100.0));
  // Twice as slow as forecast: between 50 s by the forecast and 100 s by the clock.
  CHECK(reckoning.left({CommandPart::run, 20, 40, nullptr}, 100.0) == doctest::Approx(75.0));
  CHECK(reckoning.left({CommandPart::end, 0, 0, nullptr}, 200.0) == doctest::Approx(0.0));
}

TEST_CASE("without a forecast only counted steps say how far it is") {
  const Reckoning reckoning;
  CHECK_FALSE(reckoning.has_forecast());
  CHECK(reckoning.share({CommandPart::fill, 0, 0, nullptr}) < 0.0);
  CHECK(reckoning.left({CommandPart::fill, 0, 0, nullptr}, 5.0) < 0.0);
  CHECK(reckoning.share({CommandPart::run, 250, 1000, nullptr}) == doctest::Approx(0.25));
  CHECK(reckoning.left({CommandPart::run, 250, 1000, nullptr}, 10.0) == doctest::Approx(30.0));
  CHECK(reckoning.left({CommandPart::run, 0, 1000, nullptr}, 10.0) < 0.0);
}
