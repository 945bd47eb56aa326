// SPDX-License-Identifier: Apache-2.0
// Exchanges between the shards of one rank: one piece, in memory.
#include "qsim/dist/piecewise_exchange.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/qsim/dist/exchanges.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("on one rank all comes at once", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(86);
  for (unsigned rank_bits = 1; rank_bits <= 4; ++rank_bits) {
    const Shape shape{11, rank_bits, 1};
    for (unsigned k = 1; k <= rank_bits; ++k) {
      const test::Pairs pairs = test::random_pairs(random, shape, k);
      const std::uint64_t outer = test::random_outer<T>(random, shape, pairs);
      CHECK(test::check_piecewise<T>(*comm, shape, pairs, outer, 1 + k % 2, random, 1) == 1);
    }
  }
}
