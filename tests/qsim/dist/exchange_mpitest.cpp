// SPDX-License-Identifier: Apache-2.0
// Exchanges between ranks: every number of pairs, every position, any cut, counted bytes.
#include <doctest/doctest.h>

#include "qsim/dist/exchange.hpp"
#include "tests/qsim/dist/exchanges.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("one pair: every local position with every rank position", T, double, float) {
  const auto comm = mpi_communicator();
  test::Generator random(91);
  const Shape shape = choose_shape(9, comm->size(), kLaneBits<T>);
  for (unsigned low = 0; low < shape.local_bits(); ++low) {
    for (unsigned high = shape.local_bits(); high < 9; ++high) {
      test::check_exchange<T>(*comm, shape,
                              {{static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(high)}},
                              random, 1);
    }
  }
}

TEST_CASE_TEMPLATE("any number of pairs on any cut, surplus ranks included", T, double, float) {
  const auto comm = mpi_communicator();
  test::Generator random(92);
  for (unsigned rank_bits = 1; rank_bits <= 5; ++rank_bits) {
    const Shape shape{10, rank_bits, comm->size()};
    for (unsigned k = 1; k <= std::min(rank_bits, shape.local_bits()); ++k) {
      test::check_exchange<T>(*comm, shape, test::random_pairs(random, shape, k), random,
                              1 + k % 2);
    }
  }
}

TEST_CASE("shards much larger than the staging buffer go in chunks") {
  const auto comm = mpi_communicator();
  test::Generator random(93);
  const Shape shape = choose_shape(15, comm->size(), 3);
  for (const unsigned k : {1U, 2U}) {
    if (k > shape.rank_bits) continue;
    test::check_exchange<double>(*comm, shape, test::random_pairs(random, shape, k), random, 1);
  }
}

TEST_CASE("exchanging twice is no exchange; volume is (1 - 2^-k) of the state of a rank") {
  const auto comm = mpi_communicator();
  const Shape shape = choose_shape(10, comm->size(), 3);
  test::Generator random(94);
  const Eigen::VectorXcd v = test::random_vector(random, 10);
  StateVector<double> state(*comm, shape);
  test::fill(state, Layout(10), v);
  for (unsigned k = 1; k <= std::min(shape.rank_bits, shape.local_bits()); ++k) {
    const auto pairs = test::random_pairs(random, shape, k);
    const std::uint64_t sent = exchange_positions<double>(state, pairs);
    if (shape.shards() == static_cast<std::uint64_t>(comm->size())) {
      const std::uint64_t mine = shard_bytes(shape, Precision::double_precision);
      CHECK(sent == mine - (mine >> k));
    }
    CHECK(test::gather(state) == v);
    CHECK(exchange_positions<double>(state, pairs) == sent);
    CHECK(state.layout() == Layout(10));
    CHECK(test::gather(state) == v);
  }
}

TEST_CASE("numbers change places as amplitudes do") {
  const auto comm = mpi_communicator();
  test::Generator random(95);
  for (unsigned rank_bits = 1; rank_bits <= 5; ++rank_bits) {
    for (unsigned k = 1; k <= std::min(rank_bits, 4U); ++k) {
      const Shape shape{12, rank_bits, comm->size()};
      const Shape few{4 + rank_bits, rank_bits, comm->size()};  // 16 numbers a shard
      test::Pairs full;
      for (const auto& [low, high] : test::random_pairs(random, few, k)) {
        full.emplace_back(low, static_cast<std::uint8_t>(high - 4 + shape.local_bits()));
      }
      const auto first = shape.first_shard(comm->rank());
      const auto shards = shape.first_shard(comm->rank() + 1) - first;
      std::vector<double> numbers(shards * 16);
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = static_cast<double>(first * 16 + i);
      }
      const auto before = numbers;
      exchange_numbers(*comm, shape, numbers, full);
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        std::uint64_t from = first * 16 + i;
        for (const auto& [low, high] : full) {
          const unsigned top = high - shape.local_bits() + 4;
          if (((from >> low) ^ (from >> top)) & 1) from ^= bit(low) | bit(top);
        }
        REQUIRE(numbers[i] == static_cast<double>(from));
      }
      exchange_numbers(*comm, shape, numbers, full);
      CHECK(numbers == before);
    }
  }
}
