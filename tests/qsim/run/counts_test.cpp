// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/counts.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"

using namespace qross::qsim;

TEST_CASE("the last bit is leftmost, the last register leftmost") {
  const std::array registers{Register{"a", 0, 2}, Register{"b", 2, 3}};
  CHECK(bit_string({true, false, false, false, true}, registers) == "100 01");
  CHECK(bit_string({true, true, false}, std::array{Register{"c", 0, 3}}) == "011");
  CHECK(bit_string({}, {}).empty());
}

TEST_CASE("gathering keeps keys of any length") {
  const auto comm = serial_communicator();
  Tally counts;
  counts[std::string(100, '1') + " " + std::string(30, '0')] = 3;
  counts["0"] = 5;
  counts[""] = 1;
  CHECK(gather_counts(*comm, counts) == Counts(counts));
}

TEST_CASE("counts are read in the order of their keys") {
  const Counts counts{{"10", 4}, {"01", 3}, {"11", 1}};
  std::string text;
  for (const auto& [key, count] : counts) text += key + "=" + std::to_string(count) + " ";
  CHECK(text == "01=3 10=4 11=1 ");
  CHECK(counts.at("10") == 4);
  CHECK(counts.size() == 3);
  CHECK_THROWS_WITH_AS((void)counts.at("00"), "no shot gave '00'", qross::Error);
  CHECK(Counts().empty());
  CHECK(counts != Counts{{"01", 3}, {"10", 4}, {"11", 2}});
  CHECK(counts != Counts{{"01", 3}, {"10", 4}});
}

TEST_CASE("outcomes become counts of the measured bits") {
  const std::array registers{Register{"a", 0, 2}, Register{"b", 2, 3}};
  const std::vector<Outcome> outcomes{{0b0000, 1}, {0b0010, 2}, {0b0110, 3}, {0b1001, 4}};
  // Bit 0 from qubit 3, bits 1 and 4 from qubit 1, bit 2 from nothing, bit 3 from qubit 0.
  const std::array qubit_of{3, 1, -1, 0, 1};
  // Keys are b[2] b[1] b[0], a space, a[1] a[0]; qubit 2 is not measured.
  const Counts counts = read_counts(outcomes, qubit_of, registers);
  CHECK(counts == Counts{{"000 00", 1}, {"010 01", 4}, {"100 10", 5}});
  std::vector<std::string> keys;
  for (const auto& [key, count] : counts) keys.push_back(key);
  CHECK(std::is_sorted(keys.begin(), keys.end()));
  CHECK(read_counts(outcomes, std::array{-1, -1, -1, -1, -1}, registers) == Counts{{"000 00", 10}});
  CHECK(read_counts({}, qubit_of, registers).empty());
}

TEST_CASE("reading counts equals writing every outcome as a string") {
  std::mt19937_64 random(6);
  for (int trial = 0; trial < 200; ++trial) {
    const unsigned qubits = 1 + static_cast<unsigned>(random() % 8);
    std::vector<Register> registers;
    std::uint32_t bits = 0;
    for (int r = 0; r < 3; ++r) {
      registers.push_back({"r", bits, static_cast<std::uint32_t>(random() % 4)});
      bits += registers.back().size;
    }
    std::vector<int> qubit_of;
    for (std::uint32_t b = 0; b < bits; ++b) {
      qubit_of.push_back(static_cast<int>(random() % (qubits + 1)) - 1);
    }
    std::vector<Outcome> outcomes;
    Tally expected;
    for (std::uint64_t i = 0; i < (std::uint64_t{1} << qubits); ++i) {
      if (random() % 3 == 0) continue;
      outcomes.push_back({i, 1 + random() % 9});
      std::vector<bool> values;
      for (const int q : qubit_of) values.push_back(q >= 0 && ((i >> q) & 1) != 0);
      expected[bit_string(values, registers)] += outcomes.back().count;
    }
    REQUIRE(read_counts(outcomes, qubit_of, registers) == Counts(expected));
  }
}
