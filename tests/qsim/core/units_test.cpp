// SPDX-License-Identifier: Apache-2.0
#include "qsim/core/units.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("fault_F7 bytes have the largest unit that leaves at least 1") {
  CHECK(byte_text(0) == "0 B");
  CHECK(byte_text(640) == "640 B");
  CHECK(byte_text(1023.99) == "1 KiB");
  CHECK(byte_text(1.5 * 1024 * 1024 * 1024) == "1.5 GiB");
  CHECK(byte_text(std::ldexp(16.0, 50)) == "16 PiB");
  CHECK(byte_text(std::ldexp(1.0, 62)) == "4 EiB");
  CHECK(byte_text(std::ldexp(1.0, 80)) == "1.049e+06 EiB");
}

TEST_CASE("fault_E2 durations are said in units that people wait in") {
  CHECK(duration_text(0) == "0 s");
  CHECK(duration_text(2.14e-6) == "2.1 us");
  CHECK(duration_text(0.0354) == "35 ms");
  CHECK(duration_text(0.354) == "354 ms");
  CHECK(duration_text(4.24) == "4.2 s");
  CHECK(duration_text(100) == "100 s");
  CHECK(duration_text(12 * 60) == "12 min");
  CHECK(duration_text(5.5 * 3600) == "5.5 h");
  CHECK(duration_text(3 * 86400) == "3 d");
  CHECK(duration_text(1e9) == "31.7 years");
  CHECK(duration_text(INFINITY) == "unknown");
}
