// SPDX-License-Identifier: Apache-2.0
// Collecting more outcomes than one piece holds, from shards in any order.
#include <doctest/doctest.h>

#include "qsim/observe/outcomes.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("outcomes of all ranks come together in order") {
  const auto comm = mpi_communicator();
  test::Generator random(191);
  for (const unsigned n : {6U, 12U, 21U}) {
    const Shape shape = choose_shape(n, comm->size(), 3);
    const unsigned local = shape.local_bits();
    const auto shard_at = test::random_permutation(random, shape.rank_bits);
    const std::vector<std::uint64_t> where(shard_at.begin(), shard_at.end());
    std::vector<Outcome> all;
    std::vector<Outcome> mine;
    // Every 7th state, none in the second quarter: some shards have nothing.
    for (std::uint64_t i = 0; i < bit(n); i += 1 + random() % 13) {
      if (i >> (n - 2) == 1) continue;
      all.push_back({i, 1 + i % 5});
      if (shape.owner(where[i >> local]) == comm->rank()) mine.push_back(all.back());
    }
    CHECK(gather_outcomes(*comm, shape, where, mine, Receiver::every_rank) == all);
    const auto first = gather_outcomes(*comm, shape, where, mine, Receiver::first_rank);
    CHECK(first == (comm->rank() == 0 ? all : std::vector<Outcome>{}));
    CHECK(gather_outcomes(*comm, shape, where, {}, Receiver::every_rank).empty());
  }
}
