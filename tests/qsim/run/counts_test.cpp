// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/counts.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("the last bit is leftmost, the last register leftmost") {
  const std::array registers{Register{"a", 0, 2}, Register{"b", 2, 3}};
  CHECK(bit_string({true, false, false, false, true}, registers) == "100 01");
  CHECK(bit_string({true, true, false}, std::array{Register{"c", 0, 3}}) == "011");
  CHECK(bit_string({}, {}).empty());
}

TEST_CASE("gathering keeps keys of any length") {
  const auto comm = serial_communicator();
  Counts counts;
  counts[std::string(100, '1') + " " + std::string(30, '0')] = 3;
  counts["0"] = 5;
  counts[""] = 1;
  CHECK(gather_counts(*comm, counts) == counts);
}
