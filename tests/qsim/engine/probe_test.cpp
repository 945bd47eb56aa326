// SPDX-License-Identifier: Apache-2.0
#include "qsim/engine/probe.hpp"

#include <array>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("the middle and the width of samples") {
  CHECK(summarise({3.0, 1.0, 2.0}).median == 2.0);
  CHECK(summarise({3.0, 1.0, 2.0}).spread == doctest::Approx(0.5));
  CHECK(summarise({4.0, 1.0, 2.0, 3.0}).median == 2.5);
  CHECK(summarise({5.0}).spread == 0.0);
  CHECK(summarise({-1.0, -1.0, -3.0}).median == -1.0);
  CHECK_THROWS_AS((void)summarise({}), Error);
}

TEST_CASE("fault_E3 a disturbance that lasts a round or two changes no rate") {
  // A clock that a neighbour makes ten times slower in the second and third of seven rounds.
  int calls = 0;
  const auto disturbed = [&](double seconds) {
    const int round = calls++ / 2 - 1;
    return round == 1 || round == 2 ? 10.0 * seconds : seconds;
  };
  const std::array probes = {Probe{"a", [&] { return disturbed(1.0); }},
                             Probe{"b", [&] { return disturbed(0.25); }}};
  const auto timings = measure_in_turns(probes, 7);
  REQUIRE(timings.size() == 2);
  CHECK(calls == 16);  // once to warm up
  CHECK(timings[0].median == 1.0);
  CHECK(timings[1].median == 0.25);
  CHECK(timings[0].spread > 1.0);
}

TEST_CASE("the first run of a probe does not count") {
  int calls = 0;
  const std::array probes = {Probe{"a", [&] { return calls++ == 0 ? 100.0 : 2.0; }}};
  CHECK(measure_in_turns(probes, 3)[0].median == 2.0);
  CHECK(measure_in_turns(probes, 3)[0].spread == 0.0);
}
