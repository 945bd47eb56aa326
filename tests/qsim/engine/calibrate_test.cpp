// SPDX-License-Identifier: Apache-2.0
#include "qsim/engine/calibrate.hpp"

#include <doctest/doctest.h>

#include "qsim/core/machine_load.hpp"

using namespace qross::qsim;

TEST_CASE("fault_E3 a busy machine and restless repeats are doubts, a quiet machine is none") {
  Calibration measured;
  measured.spreads = {{"memory", 0.04}, {"passes", kMostSpread}};
  CHECK(doubts(measured, 0.05, 2).empty());
  CHECK(doubts(measured, -1.0, 2).empty());  // not known
  CHECK(doubts(measured, 0.9, 2) == "other programs kept 0.9 of 2 processors busy (limit 0.2)");
  CHECK(doubts(measured, 0.9, 64).empty());
  measured.spreads[1].second = 0.4;
  CHECK(doubts(measured, 0.0, 2) == "repeats of passes lie 40 % apart (limit 25 %)");
  measured.hidden = {"shear in double precision"};
  CHECK(doubts(measured, 0.0, 2) ==
        "repeats of passes lie 40 % apart (limit 25 %); the step shear in double precision took no "
        "time that could be measured");
}

TEST_CASE("[long] calibration says what it measured and where") {
  const auto comm = serial_communicator();
  const Calibration measured = calibrate(*comm, 1);
  const HostRates& profile = measured.profile;
  CHECK(profile.measured);
  CHECK_FALSE(profile.scaled);
  CHECK(profile.threads == 1);
  CHECK(profile.processor == processor_model());
  CHECK_FALSE(profile.isa.empty());
  CHECK_FALSE(profile.host.empty());
  for (const double rate : {profile.memory_rate, profile.thread_memory_rate, profile.pass_rate,
                            profile.cache_rate, profile.flop_rate, profile.fork_seconds}) {
    CHECK(rate > 0.0);
  }
  CHECK(measured.spreads.size() == 7);
}
