// SPDX-License-Identifier: Apache-2.0
// One check of exchange_positions, for one rank with many shards and for many ranks: amplitudes
// move as the index bits say, the layout follows, the bytes are those of the formula.
#pragma once

#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/dist/exchange.hpp"
#include "qsim/plan/forecast.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/simulate.hpp"

namespace qross::test {

using Pairs = std::vector<std::pair<std::uint8_t, std::uint8_t>>;

/// k pairs of different local and rank positions in random order.
inline Pairs random_pairs(Generator& random, const qsim::Shape& shape, unsigned k) {
  const auto low = random_qubits(random, shape.local_bits(), k);
  const auto high = random_qubits(random, shape.rank_bits, k);
  Pairs pairs;
  for (unsigned j = 0; j < k; ++j) {
    pairs.emplace_back(static_cast<std::uint8_t>(low[j]),
                       static_cast<std::uint8_t>(shape.local_bits() + high[j]));
  }
  return pairs;
}

template <class T>
void check_exchange(qsim::Communicator& comm, const qsim::Shape& shape, const Pairs& pairs,
                    Generator& random, int threads) {
  qsim::StateVector<T> state(comm, shape, threads);
  // The amplitude at index i is (i, -i): exact in both precisions.
  const unsigned n = shape.qubits;
  Eigen::VectorXcd numbered(Eigen::Index{1} << n);
  const qsim::Layout layout = random_layout(random, n);
  for (std::uint64_t i = 0; i < qsim::bit(n); ++i) {
    const auto x = static_cast<double>(i);
    numbered(static_cast<Eigen::Index>(layout.qubits_at(i))) = {x, -x};
  }
  fill(state, layout, numbered);
  const std::uint64_t sent = qsim::exchange_positions<T>(state, pairs);
  REQUIRE(sent ==
          qsim::exchange_bytes(shape, qsim::StateVector<T>::kPrecision, pairs, comm.rank()));

  qsim::Layout expected = layout;
  for (const auto& [low, high] : pairs) expected.swap_positions(low, high);
  REQUIRE(state.layout() == expected);
  const unsigned local = shape.local_bits();
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    for (std::uint64_t i = 0; i < qsim::bit(local); ++i) {
      std::uint64_t from = ((state.first_shard() + k) << local) | i;
      for (const auto& [low, high] : pairs) {
        const std::uint64_t a = (from >> low) & 1;
        const std::uint64_t b = (from >> high) & 1;
        from = (from & ~qsim::bit(low) & ~qsim::bit(high)) | (b << low) | (a << high);
      }
      const auto x = static_cast<T>(from);
      REQUIRE(qsim::get_amplitude(state.shard(k), i) == std::complex<T>(x, -x));
    }
  }
}

}  // namespace qross::test
