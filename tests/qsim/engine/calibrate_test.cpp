// SPDX-License-Identifier: Apache-2.0
#include "qsim/engine/calibrate.hpp"

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("[long] calibration gives positive, ordered rates") {
  const auto comm = serial_communicator();
  const HostProfile profile = calibrate(*comm, 1);
  CHECK(profile.measured);
  CHECK(profile.memory_rate > 1e8);
  CHECK(profile.cache_rate > profile.memory_rate / 4);
  CHECK(profile.flop_rate > 1e8);
  CHECK_FALSE(profile.host.empty());
}
