// SPDX-License-Identifier: Apache-2.0
// Exchanges between the shards of one rank.
#include "qsim/dist/exchange.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/dist/exchanges.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("one pair: every local position with every rank position", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(81);
  const Shape shape{9, 3, 1};
  for (std::uint8_t low = 0; low < 6; ++low) {
    for (std::uint8_t high = 6; high < 9; ++high) {
      test::check_exchange<T>(*comm, shape, {{low, high}}, random, 1);
    }
  }
}

TEST_CASE_TEMPLATE("any number of pairs at any positions, any number of threads", T, double,
                   float) {
  const auto comm = serial_communicator();
  test::Generator random(82);
  for (unsigned n = 5; n <= 12; ++n) {
    for (unsigned rank_bits = 1; n >= rank_bits + kLaneBits<T>; ++rank_bits) {
      const Shape shape{n, rank_bits, 1};
      for (unsigned k = 1; k <= std::min(rank_bits, shape.local_bits()); ++k) {
        test::check_exchange<T>(*comm, shape, test::random_pairs(random, shape, k), random,
                                1 + k % 3);
      }
    }
  }
}

TEST_CASE("no pairs, nothing happens") {
  const auto comm = serial_communicator();
  StateVector<double> state(*comm, Shape{6, 2, 1});
  state.set_zero_state(Layout(6));
  CHECK(exchange_positions<double>(state, {}) == 0);
  CHECK(state.layout() == Layout(6));
}

TEST_CASE("large shards move in long runs") {
  const auto comm = serial_communicator();
  test::Generator random(83);
  const Shape shape{17, 2, 1};  // runs of 64 KiB are shorter than half a shard
  test::check_exchange<double>(*comm, shape, {{14, 16}, {13, 15}}, random, 2);
  test::check_exchange<double>(*comm, shape, {{14, 15}, {0, 16}}, random, 2);
}
