// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/calibrate_command.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross::qsim;

TEST_CASE("[long] fault_E3 every rate of a command is measured, and no file is left") {
  const qross::test::TemporaryFolder folder;
  const auto comm = serial_communicator();
  Calibration result;
  CommandRates& rates = result.profile.command;
  rates = {0.5, 3e6, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  const double write_rate = rates.write_rate;
  calibrate_command(*comm, 1, {}, folder.path(), result);
  CHECK(rates.start_seconds == 0.5);
  CHECK(rates.base_bytes == 3e6);
  for (const double rate : {rates.fill_rate, rates.free_rate, rates.norm_rate, rates.expect_rate,
                            rates.expect_flip_rate, rates.sample_rate, rates.shot_seconds}) {
    CHECK(rate > 0.0);
  }
#ifdef QROSS_HAVE_HDF5
  CHECK(rates.write_rate > 0.0);
  CHECK(rates.write_seconds > 0.0);
#else
  CHECK(rates.write_rate == write_rate);
#endif
  (void)write_rate;
  CHECK(result.spreads.size() == 4);
  CHECK(folder.files() == 0);
}
