// SPDX-License-Identifier: Apache-2.0
// Layouts and shapes: bookkeeping of bit positions, no memory.
#include "qsim/plan/layout.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "qsim/plan/limits.hpp"

namespace qross::qsim {

void require_indexable(unsigned qubits) {
  if (qubits <= kMaxQubits) return;
  throw Error(ErrorCode::resources,
              std::to_string(qubits) + " qubits are more than the engine can index (" +
                  std::to_string(kMaxQubits) + ")",
              "a state of n qubits takes 16 * 2^n bytes in double precision");
}

Layout::Layout(unsigned n) : n_(n) {
  require_indexable(n);
  for (unsigned q = 0; q < n; ++q) position_[q] = qubit_[q] = static_cast<std::uint8_t>(q);
}

std::uint64_t Layout::positions(std::uint64_t qubits) const noexcept {
  std::uint64_t result = 0;
  for (qubits &= low_mask(n_); qubits != 0; qubits &= qubits - 1) {
    result |= bit(position_[static_cast<unsigned>(std::countr_zero(qubits))]);
  }
  return result;
}

std::uint64_t Layout::qubits_at(std::uint64_t positions) const noexcept {
  std::uint64_t result = 0;
  for (positions &= low_mask(n_); positions != 0; positions &= positions - 1) {
    result |= bit(qubit_[static_cast<unsigned>(std::countr_zero(positions))]);
  }
  return result;
}

void Layout::swap_positions(unsigned a, unsigned b) noexcept {
  std::swap(qubit_[a], qubit_[b]);
  position_[qubit_[a]] = static_cast<std::uint8_t>(a);
  position_[qubit_[b]] = static_cast<std::uint8_t>(b);
}

bool Layout::ordered(unsigned bits) const noexcept {
  for (unsigned p = 0; p < bits; ++p) {
    if (qubit_[p] != p) return false;
  }
  return true;
}

int Shape::owner(std::uint64_t shard) const noexcept {
  // The last rank whose first shard is not above it; the guess is off by one at most.
  int rank = static_cast<int>((shard * static_cast<std::uint64_t>(ranks)) >> rank_bits);
  while (rank + 1 < ranks && first_shard(rank + 1) <= shard) ++rank;
  return rank;
}

std::uint64_t Shape::most_shards() const noexcept {
  return (shards() + static_cast<std::uint64_t>(ranks) - 1) / static_cast<std::uint64_t>(ranks);
}

std::uint64_t shard_bytes(const Shape& shape, Precision precision) noexcept {
  const unsigned bits = std::max(shape.local_bits(), lane_bits(precision));
  return std::uint64_t{amplitude_bytes(precision)} << bits;
}

std::uint64_t staging_bytes(const Shape& shape, Precision precision) noexcept {
  if (shape.rank_bits == 0 || shape.ranks == 1) return 0;
  const std::uint64_t state = shape.most_shards() * shard_bytes(shape, precision);
  const std::uint64_t least = shape.most_shards() * 2 * 2048;  // both directions of every shard
  return std::max(least, std::min<std::uint64_t>(state / 64, std::uint64_t{128} << 20));
}

std::uint64_t rank_bytes(const Shape& shape, Precision precision) noexcept {
  return shape.most_shards() * shard_bytes(shape, precision) + staging_bytes(shape, precision);
}

Shape choose_shape(unsigned qubits, int ranks, unsigned least_local, bool reproducible) {
  const unsigned most_rank_bits = qubits > least_local ? qubits - least_local : 0;
  unsigned wanted = 0;
  if (reproducible) {
    // 64 virtual ranks, fewer where shards would fall below 2^8 amplitudes.
    wanted = std::min(6U, qubits > 8 ? qubits - 8 : 0U);
  } else if (ranks > 1) {
    const auto count = static_cast<unsigned>(ranks);
    wanted = static_cast<unsigned>(std::bit_width(count - 1));
    if (!std::has_single_bit(count)) wanted += 3;
  }
  return {qubits, std::min(wanted, most_rank_bits), ranks};
}

}  // namespace qross::qsim
