// SPDX-License-Identifier: Apache-2.0
#include "qsim/plan/host_rates.hpp"

#include <doctest/doctest.h>

using namespace qross::qsim;

namespace {

HostRates measured() {
  HostRates profile;
  profile.threads = 8;
  profile.ranks = 1;
  profile.memory_rate = 80e9;
  profile.pass_rate = 60e9;
  profile.thread_memory_rate = 20e9;
  profile.cache_rate = 400e9;
  profile.command.sample_rate = 40e9;
  profile.command.write_rate = 1e9;
  return profile;
}

}  // namespace

TEST_CASE("rates with the numbers that were measured are those measured") {
  const HostRates same = rates_with(measured(), 8, 1);
  CHECK(same.memory_rate == 80e9);
  CHECK(same.command.sample_rate == 40e9);
}

TEST_CASE("fewer threads compute less, but one of them takes more than its share of memory") {
  const HostRates two = rates_with(measured(), 2, 1);
  CHECK(two.threads == 2);
  CHECK(two.cache_rate == doctest::Approx(100e9));
  CHECK(two.memory_rate == doctest::Approx(40e9));
  CHECK(two.pass_rate == doctest::Approx(30e9));
  CHECK(two.command.sample_rate == doctest::Approx(10e9));
  CHECK(two.command.write_rate == doctest::Approx(1e9));
  CHECK(two.double_steps.of[0] == measured().double_steps.of[0]);
}

TEST_CASE("ranks share the machine; more threads than were measured find no more memory in it") {
  const HostRates shared = rates_with(measured(), 2, 4);
  CHECK(shared.memory_rate == doctest::Approx(20e9));
  CHECK(shared.command.sample_rate == doctest::Approx(10e9));
  CHECK(shared.command.write_rate == doctest::Approx(1e9));  // of a file, not of a rank
  const HostRates more = rates_with(measured(), 16, 1);
  CHECK(more.memory_rate == doctest::Approx(80e9));
  CHECK(more.cache_rate == doctest::Approx(800e9));
  CHECK(rates_with(measured(), 0, 0).threads == 1);
}
