// SPDX-License-Identifier: Apache-2.0
// Checks of exchanges, for one rank with many shards and for many ranks: amplitudes move as the
// index bits say, at once or chunk by chunk, the layout follows, the bytes are those of the
// formula.
#pragma once

#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/dist/exchange.hpp"
#include "qsim/dist/piecewise_exchange.hpp"
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

/// The index, positions of the whole state, of the amplitude that an exchange brings to index i.
inline std::uint64_t came_from(std::uint64_t i, const Pairs& pairs) {
  for (const auto& [low, high] : pairs) {
    const std::uint64_t a = (i >> low) & 1;
    const std::uint64_t b = (i >> high) & 1;
    i = (i & ~qsim::bit(low) & ~qsim::bit(high)) | (b << low) | (a << high);
  }
  return i;
}

/// The amplitude at index i becomes (i, -i): exact in both precisions.
template <class T>
void fill_numbered(qsim::StateVector<T>& state, const qsim::Layout& layout) {
  qsim::StateAccess::relabel(state, layout);
  const unsigned local = state.shape().local_bits();
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    for (std::uint64_t i = 0; i < qsim::bit(local); ++i) {
      const auto x = static_cast<T>(((state.first_shard() + k) << local) | i);
      qsim::set_amplitude(state.mutable_shard(k), i, std::complex<T>(x, -x));
    }
  }
}

template <class T>
void check_exchange(qsim::Communicator& comm, const qsim::Shape& shape, const Pairs& pairs,
                    Generator& random, int threads) {
  qsim::StateVector<T> state(comm, shape, threads);
  const qsim::Layout layout = random_layout(random, shape.qubits);
  fill_numbered(state, layout);
  const std::uint64_t sent = qsim::exchange_positions<T>(state, pairs);
  REQUIRE(sent ==
          qsim::exchange_bytes(shape, qsim::StateVector<T>::kPrecision, pairs, comm.rank()));

  qsim::Layout expected = layout;
  for (const auto& [low, high] : pairs) expected.swap_positions(low, high);
  REQUIRE(state.layout() == expected);
  const unsigned local = shape.local_bits();
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    for (std::uint64_t i = 0; i < qsim::bit(local); ++i) {
      const auto x = static_cast<T>(came_from(((state.first_shard() + k) << local) | i, pairs));
      REQUIRE(qsim::get_amplitude(state.shard(k), i) == std::complex<T>(x, -x));
    }
  }
}

/// Works on every chunk as soon as it has come, as a pass does: its amplitudes must be there by
/// then, and what is done to them must stay. Returns the number of chunks.
template <class T>
std::uint64_t check_piecewise(qsim::Communicator& comm, const qsim::Shape& shape,
                              const Pairs& pairs, std::uint64_t outer, unsigned in_flight,
                              Generator& random, int threads) {
  qsim::StateVector<T> state(comm, shape, threads);
  const qsim::Layout layout = random_layout(random, shape.qubits);
  fill_numbered(state, layout);
  qsim::PiecewiseExchange<T> exchange(state, pairs, outer, in_flight, 1024);
  const unsigned local = shape.local_bits();
  const std::uint64_t positions = exchange.cut().chunk_positions();
  const auto each_of_chunk = [&](std::uint64_t chunk, const auto& work) {
    for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
      const std::uint64_t rest = qsim::low_mask(local) & ~positions;
      std::uint64_t i = 0;
      do {
        const std::uint64_t at = i | qsim::spread(chunk, positions);
        const auto x = static_cast<T>(came_from(((state.first_shard() + k) << local) | at, pairs));
        work(state.mutable_shard(k), at, std::complex<T>(x, -x));
        i = qsim::next_subset(i, rest);
      } while (i != 0);
    }
  };
  std::uint64_t worked = 0;
  while (exchange.next()) {
    exchange.poke();
    for (; worked < exchange.arrived() / exchange.cut().pieces_per_chunk(); ++worked) {
      each_of_chunk(worked, [](T* shard, std::uint64_t i, std::complex<T> expected) {
        REQUIRE(qsim::get_amplitude(shard, i) == expected);
        qsim::set_amplitude(shard, i, std::complex<T>(T{-1}) - expected);
      });
    }
  }
  CHECK_FALSE(exchange.next());
  REQUIRE(worked == exchange.cut().chunks());
  for (std::uint64_t chunk = 0; chunk < worked; ++chunk) {
    each_of_chunk(chunk, [](T* shard, std::uint64_t i, std::complex<T> expected) {
      REQUIRE(qsim::get_amplitude(shard, i) == std::complex<T>(T{-1}) - expected);
    });
  }
  REQUIRE(exchange.bytes_sent() ==
          qsim::exchange_bytes(shape, qsim::StateVector<T>::kPrecision, pairs, comm.rank()));
  qsim::Layout expected = layout;
  for (const auto& [low, high] : pairs) expected.swap_positions(low, high);
  REQUIRE(state.layout() == expected);
  return worked;
}

/// Local positions above the lanes, any of them that are not exchanged.
template <class T>
std::uint64_t random_outer(Generator& random, const qsim::Shape& shape, const Pairs& pairs) {
  std::uint64_t outer =
      random() & qsim::low_mask(shape.local_bits()) & ~qsim::low_mask(qsim::kLaneBits<T>);
  for (const auto& [low, high] : pairs) outer &= ~qsim::bit(low);
  return outer;
}

}  // namespace qross::test
