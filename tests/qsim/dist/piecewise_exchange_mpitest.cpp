// SPDX-License-Identifier: Apache-2.0
// Exchanges between ranks, chunk by chunk, while chunks that have come are worked on.
#include <algorithm>

#include <doctest/doctest.h>

#include "qsim/dist/piecewise_exchange.hpp"
#include "tests/qsim/dist/exchanges.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("chunks are complete when they are said to be, on any cut", T, double, float) {
  const auto comm = mpi_communicator();
  test::Generator random(96);
  std::uint64_t most = 1;
  for (unsigned rank_bits = 1; rank_bits <= 5; ++rank_bits) {
    const Shape shape{12, rank_bits, comm->size()};
    for (unsigned k = 1; k <= rank_bits; ++k) {
      for (unsigned in_flight = 1; in_flight <= 2; ++in_flight) {
        const test::Pairs pairs = test::random_pairs(random, shape, k);
        const std::uint64_t outer = test::random_outer<T>(random, shape, pairs);
        most = std::max(most, test::check_piecewise<T>(*comm, shape, pairs, outer, in_flight,
                                                       random, 1 + static_cast<int>(k % 2)));
      }
    }
  }
  CHECK((most >= 8) == (comm->size() > 1));
}

TEST_CASE("large shards: long units, chunks of several pieces, all partners in one piece") {
  const auto comm = mpi_communicator();
  test::Generator random(97);
  const Shape shape = choose_shape(19, comm->size(), 3);
  const unsigned local = shape.local_bits();
  for (unsigned k = 1; k <= std::min(shape.rank_bits, 3U); ++k) {
    test::Pairs pairs;
    for (unsigned j = 0; j < k; ++j) {
      pairs.emplace_back(static_cast<std::uint8_t>(local - 1 - 2 * j),
                         static_cast<std::uint8_t>(local + j));
    }
    std::uint64_t outer = low_mask(local) & ~low_mask(7);
    for (const auto& [low, high] : pairs) outer &= ~bit(low);
    test::check_piecewise<double>(*comm, shape, pairs, outer, 2, random, 2);
    test::check_piecewise<double>(*comm, shape, pairs, bit(local - 2), 2, random, 1);
  }
}
