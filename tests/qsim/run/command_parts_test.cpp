// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/command_parts.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("fault_E1 every moment belongs to one part, so that the parts add up to the whole") {
  PartClock clock(2.5);
  CHECK(clock.part() == CommandPart::start);
  clock.enter(CommandPart::load);
  clock.enter(CommandPart::run);
  clock.enter(CommandPart::load);
  CHECK(clock.part() == CommandPart::load);
  const PartSeconds seconds = clock.seconds();
  CHECK(seconds[0] >= 2.5);
  CHECK(std::all_of(seconds.begin(), seconds.end(), [](double s) { return s >= 0.0; }));
  CHECK(total(clock.seconds()) >= total(seconds));
}

TEST_CASE("each part has a name") {
  for (const std::string_view name : kCommandPartNames) CHECK_FALSE(name.empty());
  CommandForecast command;
  command.parts[0].seconds = 1.0;
  command.parts.back().seconds = 2.0;
  CHECK(command.seconds() == 3.0);
  CHECK(command.of(CommandPart::end).seconds == 2.0);
}

TEST_CASE("shots are drawn before the second state of a gradient is made") {
  MemoryForecast memory;
  memory.base = 1.0;
  memory.state = 100.0;
  memory.second = 100.0;
  memory.sampling = 30.0;
  CHECK(memory.peak() == 231.0);
  memory.sampling = 5e7;
  memory.second = 1e7;
  CHECK(memory.peak() == 101.0 + 5e7);
  memory.second = 5e7;
  CHECK(memory.peak() == 101.0 + 5e7 + kKeptBytes);
  memory.sampling = 30.0;
  memory.second = 0.0;
  CHECK(memory.peak() == 131.0);
}

TEST_CASE("results are made when the state is gone") {
  MemoryForecast memory;
  memory.base = 1.0;
  memory.state = 100.0;
  memory.results = 90.0;
  CHECK(memory.peak() == 101.0);
  memory.results = 120.0;
  CHECK(memory.peak() == 121.0);
}
