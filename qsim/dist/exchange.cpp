// SPDX-License-Identifier: Apache-2.0
// Exchanges that are waited for. The amplitudes of a state go piece by piece, numbers in rounds:
// round s pairs every shard with the one whose exchanged rank bits differ by s.
#include "qsim/dist/exchange.hpp"

#include <algorithm>
#include <vector>

#include "qsim/core/bits.hpp"
#include "qsim/dist/piecewise_exchange.hpp"

namespace qross::qsim {

template <class T>
std::uint64_t exchange_positions(StateVector<T>& state, ExchangePairs pairs) {
  if (pairs.empty()) return 0;
  PiecewiseExchange<T> exchange(state, pairs, 0, 1);
  while (exchange.next()) {
  }
  return exchange.bytes_sent();
}

void exchange_numbers(Communicator& comm, const Shape& shape, std::span<double> numbers,
                      ExchangePairs pairs) {
  const int me = comm.rank();
  const std::uint64_t first = shape.first_shard(me);
  const std::uint64_t shards = shape.first_shard(me + 1) - first;
  const std::uint64_t each = shards == 0 ? 0 : numbers.size() / shards;
  const ExchangedBits bits(pairs, shape.local_bits());
  const std::uint64_t moved = bits.local_index(low_mask(static_cast<unsigned>(pairs.size())));
  const std::uint64_t count = each >> pairs.size();
  std::vector<double> out(shards * count);
  std::vector<double> in(shards * count);
  for (std::uint64_t s = 1; s < bit(static_cast<unsigned>(pairs.size())); ++s) {
    // Number i of the part of shard first + k that goes to its partner of this round.
    const auto at = [&](std::uint64_t k, std::uint64_t i) -> double& {
      const std::uint64_t value = bits.value_of((first + k) ^ bits.shard_bits(s));
      return numbers[k * each + (bits.local_index(value) | spread(i, (each - 1) & ~moved))];
    };
    std::vector<Transfer> transfers;
    for (std::uint64_t k = 0; k < shards; ++k) {
      const std::uint64_t v = first + k;
      const std::uint64_t u = v ^ bits.shard_bits(s);
      double* const part = out.data() + k * count;
      for (std::uint64_t i = 0; i < count; ++i) part[i] = at(k, i);
      if (shape.owner(u) == me) {
        std::copy_n(part, count, in.data() + (u - first) * count);
      } else {
        transfers.push_back({shape.owner(u), static_cast<int>(std::min(u, v)), part,
                             in.data() + k * count, count * sizeof(double)});
      }
    }
    comm.exchange(transfers);
    for (std::uint64_t k = 0; k < shards; ++k) {
      for (std::uint64_t i = 0; i < count; ++i) at(k, i) = in[k * count + i];
    }
  }
}

template std::uint64_t exchange_positions(StateVector<double>&, ExchangePairs);
template std::uint64_t exchange_positions(StateVector<float>&, ExchangePairs);

}  // namespace qross::qsim
