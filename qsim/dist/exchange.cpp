// SPDX-License-Identifier: Apache-2.0
// Rounds of pairwise exchanges. Round s pairs every shard with the one whose exchanged rank bits
// differ by s; every rank goes through the same rounds and chunks, so no one waits for ever.
#include "qsim/dist/exchange.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "qsim/core/bits.hpp"

namespace qross::qsim {
namespace {

constexpr std::size_t kLargestUnit = std::size_t{1} << 16;

/// The exchanged bits in matching order: bit k of a value is local position k and rank bit k.
struct Bits {
  std::vector<unsigned> local;
  std::vector<unsigned> rank;  // counted from the lowest rank position

  Bits(std::span<const std::pair<std::uint8_t, std::uint8_t>> pairs, unsigned local_bits) {
    for (const auto& [low, high] : pairs) {
      local.push_back(low);
      rank.push_back(high - local_bits);
    }
  }
  [[nodiscard]] std::uint64_t local_index(std::uint64_t value) const { return place(value, local); }
  [[nodiscard]] std::uint64_t shard_bits(std::uint64_t value) const { return place(value, rank); }
  [[nodiscard]] std::uint64_t value_of(std::uint64_t shard) const {
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < rank.size(); ++k) {
      if ((shard & bit(rank[k])) != 0) value |= bit(static_cast<unsigned>(k));
    }
    return value;
  }

 private:
  static std::uint64_t place(std::uint64_t value, const std::vector<unsigned>& positions) {
    std::uint64_t result = 0;
    for (std::size_t k = 0; k < positions.size(); ++k) {
      if ((value & bit(static_cast<unsigned>(k))) != 0) result |= bit(positions[k]);
    }
    return result;
  }
};

/// One segment of a shard: the amplitudes whose exchanged local bits have a given value. Units are
/// runs of contiguous blocks, or single amplitudes where an exchanged position lies in the lanes.
template <class T>
struct Segment {
  std::uint64_t fixed = 0;  ///< local index bits of the value
  std::uint64_t free = 0;   ///< the other local index bits
  unsigned run_bits = 0;    ///< log2 of the amplitudes in one unit
  std::uint64_t units = 0;

  /// `largest_unit`: bytes a unit may have (a part of the staging buffer).
  Segment(const Bits& bits, std::uint64_t value, unsigned local_bits, std::size_t largest_unit) {
    const std::uint64_t moved =
        bits.local_index(low_mask(static_cast<unsigned>(bits.local.size())));
    fixed = bits.local_index(value);
    free = low_mask(local_bits) & ~moved;
    const auto lowest = static_cast<unsigned>(std::countr_zero(moved));
    const auto fits = static_cast<unsigned>(std::bit_width(largest_unit / (2 * sizeof(T))) - 1);
    const unsigned run = std::min(lowest, fits);
    run_bits = run >= kLaneBits<T> ? run : 0;
    units = bit(local_bits - static_cast<unsigned>(bits.local.size())) >> run_bits;
  }
  [[nodiscard]] std::size_t unit_bytes() const { return 2 * sizeof(T) << run_bits; }
  /// First local amplitude of unit u.
  [[nodiscard]] std::uint64_t at(std::uint64_t u) const {
    return fixed | spread(u << run_bits, free);
  }
};

template <class T>
void pack(const T* shard, const Segment<T>& segment, std::uint64_t first, std::uint64_t count,
          std::byte* out, int threads) {
#pragma omp parallel for schedule(static) num_threads(threads) if (count > 64)
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(count); ++k) {
    const std::uint64_t i = segment.at(first + static_cast<std::uint64_t>(k));
    std::byte* const to = out + static_cast<std::size_t>(k) * segment.unit_bytes();
    if (segment.run_bits > 0) {
      std::memcpy(to, shard + (i >> kLaneBits<T>)*kBlock<T>, segment.unit_bytes());
    } else {
      const std::complex<T> a = get_amplitude(shard, i);
      std::memcpy(to, &a, sizeof a);
    }
  }
}

template <class T>
void unpack(T* shard, const Segment<T>& segment, std::uint64_t first, std::uint64_t count,
            const std::byte* in, int threads) {
#pragma omp parallel for schedule(static) num_threads(threads) if (count > 64)
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(count); ++k) {
    const std::uint64_t i = segment.at(first + static_cast<std::uint64_t>(k));
    const std::byte* const from = in + static_cast<std::size_t>(k) * segment.unit_bytes();
    if (segment.run_bits > 0) {
      std::memcpy(shard + (i >> kLaneBits<T>)*kBlock<T>, from, segment.unit_bytes());
    } else {
      std::complex<T> a;
      std::memcpy(&a, from, sizeof a);
      set_amplitude(shard, i, a);
    }
  }
}

/// Both shards are on this rank.
template <class T>
void swap_local(T* a, const Segment<T>& in_a, T* b, const Segment<T>& in_b, int threads) {
#pragma omp parallel for schedule(static) num_threads(threads) if (in_a.units > 64)
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(in_a.units); ++k) {
    const std::uint64_t i = in_a.at(static_cast<std::uint64_t>(k));
    const std::uint64_t j = in_b.at(static_cast<std::uint64_t>(k));
    if (in_a.run_bits > 0) {
      T* const x = a + (i >> kLaneBits<T>)*kBlock<T>;
      T* const y = b + (j >> kLaneBits<T>)*kBlock<T>;
      std::swap_ranges(x, x + in_a.unit_bytes() / sizeof(T), y);
    } else {
      const std::complex<T> kept = get_amplitude(a, i);
      set_amplitude(a, i, get_amplitude(b, j));
      set_amplitude(b, j, kept);
    }
  }
}

}  // namespace

template <class T>
std::uint64_t exchange_positions(StateVector<T>& state,
                                 std::span<const std::pair<std::uint8_t, std::uint8_t>> pairs) {
  if (pairs.empty()) return 0;
  const Shape& shape = state.shape();
  const Bits bits(pairs, shape.local_bits());
  const int me = state.comm().rank();
  const auto staging = state.staging();
  // Half of the staging buffer sends, half receives; each of this rank's shards has its part.
  const std::size_t part = staging.size() / (2 * shape.most_shards());
  // Units small enough to spread over threads, and over the staging buffer where one is needed.
  const bool remote = shape.ranks > 1;
  const std::size_t unit = std::min(kLargestUnit, remote ? part : kLargestUnit);
  const auto segment_of = [&](std::uint64_t shard) {
    return Segment<T>(bits, bits.value_of(shard), shape.local_bits(), unit);
  };
  std::uint64_t sent = 0;
  for (std::uint64_t s = 1; s < bit(static_cast<unsigned>(pairs.size())); ++s) {
    // Pairs within this rank first; they touch segments no message of this round touches.
    for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
      const std::uint64_t v = state.first_shard() + k;
      const std::uint64_t u = v ^ bits.shard_bits(s);
      if (u < v || shape.owner(u) != me) continue;
      swap_local(state.shard(k), segment_of(u), state.shard(u - state.first_shard()), segment_of(v),
                 state.threads());
    }
    if (!remote) continue;
    const Segment<T> any = segment_of(0);
    const std::uint64_t chunk = part / any.unit_bytes();
    for (std::uint64_t first = 0; first < any.units; first += chunk) {
      const std::uint64_t count = std::min(chunk, any.units - first);
      std::vector<Transfer> transfers;
      for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
        const std::uint64_t v = state.first_shard() + k;
        const std::uint64_t u = v ^ bits.shard_bits(s);
        const int peer = shape.owner(u);
        if (peer == me) continue;
        std::byte* const out = staging.data() + 2 * k * part;
        const Segment<T> segment = segment_of(u);
        pack(state.shard(k), segment, first, count, out, state.threads());
        // The tag names the pair of shards, the same seen from both sides.
        transfers.push_back({peer, static_cast<int>(std::min(u, v)), out, out + part,
                             count * segment.unit_bytes()});
        sent += count * segment.unit_bytes();
      }
      state.comm().exchange(transfers);
      std::size_t done = 0;
      for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
        const std::uint64_t u = (state.first_shard() + k) ^ bits.shard_bits(s);
        if (shape.owner(u) == me) continue;
        unpack(state.shard(k), segment_of(u), first, count,
               static_cast<const std::byte*>(transfers[done++].receive), state.threads());
      }
    }
  }
  Layout layout = state.layout();
  for (const auto& [low, high] : pairs) layout.swap_positions(low, high);
  state.set_layout(layout);
  return sent;
}

void exchange_numbers(Communicator& comm, const Shape& shape, std::span<double> numbers,
                      std::span<const std::pair<std::uint8_t, std::uint8_t>> pairs) {
  const int me = comm.rank();
  const std::uint64_t first = shape.first_shard(me);
  const std::uint64_t shards = shape.first_shard(me + 1) - first;
  const std::uint64_t each = shards == 0 ? 0 : numbers.size() / shards;
  const Bits bits(pairs, shape.local_bits());
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

template std::uint64_t exchange_positions(StateVector<double>&,
                                          std::span<const std::pair<std::uint8_t, std::uint8_t>>);
template std::uint64_t exchange_positions(StateVector<float>&,
                                          std::span<const std::pair<std::uint8_t, std::uint8_t>>);

}  // namespace qross::qsim
