// SPDX-License-Identifier: Apache-2.0
// Where each qubit lies in the index of the stored state. Positions 0..lane_bits-1 are inside a
// block, up to local_bits-1 inside a shard, above that they number the shard (virtual rank).
#pragma once

#include <array>
#include <cstdint>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {

/// The most qubits the engine plans for: byte counts of the whole state still fit 64 bits.
inline constexpr unsigned kMaxQubits = 58;

enum class Precision : std::uint8_t { single_precision, double_precision };

/// Bytes of one amplitude.
[[nodiscard]] constexpr unsigned amplitude_bytes(Precision p) noexcept {
  return p == Precision::double_precision ? 16 : 8;
}
/// log2 of the amplitudes in one block (64 bytes of real parts, 64 of imaginary parts).
[[nodiscard]] constexpr unsigned lane_bits(Precision p) noexcept {
  return p == Precision::double_precision ? 3 : 4;
}

/// A bijection of qubits 0..n-1 onto positions 0..n-1.
class Layout {
 public:
  Layout() = default;
  /// The identity on n qubits. Throws Error(resources) above kMaxQubits.
  explicit Layout(unsigned n);

  [[nodiscard]] unsigned qubits() const noexcept { return n_; }
  [[nodiscard]] unsigned position(unsigned qubit) const noexcept { return position_[qubit]; }
  [[nodiscard]] unsigned qubit(unsigned position) const noexcept { return qubit_[position]; }

  /// The positions of a set of qubits.
  [[nodiscard]] std::uint64_t positions(std::uint64_t qubits) const noexcept;
  /// The qubits at a set of positions.
  [[nodiscard]] std::uint64_t qubits_at(std::uint64_t positions) const noexcept;

  /// Exchanges what lies at two positions.
  void swap_positions(unsigned a, unsigned b) noexcept;

  /// True if the lowest `bits` positions hold qubits 0..bits-1 in order.
  [[nodiscard]] bool ordered(unsigned bits) const noexcept;

  friend bool operator==(const Layout& a, const Layout& b) noexcept {
    return a.n_ == b.n_ && a.position_ == b.position_;
  }

 private:
  unsigned n_ = 0;
  std::array<std::uint8_t, 64> position_{};
  std::array<std::uint8_t, 64> qubit_{};
};

/// How a state of n qubits is cut into 2^rank_bits shards over the ranks.
struct Shape {
  unsigned qubits = 0;
  unsigned rank_bits = 0;
  int ranks = 1;

  [[nodiscard]] unsigned local_bits() const noexcept { return qubits - rank_bits; }
  [[nodiscard]] std::uint64_t shards() const noexcept { return bit(rank_bits); }
  /// Rank r holds shards first_shard(r) .. first_shard(r + 1) - 1; surplus ranks hold none.
  [[nodiscard]] std::uint64_t first_shard(int rank) const noexcept {
    return shards() * static_cast<std::uint64_t>(rank) / static_cast<std::uint64_t>(ranks);
  }
  [[nodiscard]] int owner(std::uint64_t shard) const noexcept;
  [[nodiscard]] std::uint64_t most_shards() const noexcept;
};

/// Cuts n qubits over `ranks` ranks so that each shard keeps at least `least_local` qubits: one
/// shard a rank for powers of two, 8 to 16 shards a rank otherwise. With `reproducible`, the cut
/// depends on n and least_local alone.
[[nodiscard]] Shape choose_shape(unsigned qubits, int ranks, unsigned least_local,
                                 bool reproducible = false);

/// Bytes of one shard; a shard is at least one block.
[[nodiscard]] std::uint64_t shard_bytes(const Shape& shape, Precision precision) noexcept;

/// Bytes of a rank's message buffer: its state / 64 up to 128 MiB, at least 4 KiB a shard; none for
/// one rank.
[[nodiscard]] std::uint64_t staging_bytes(const Shape& shape, Precision precision) noexcept;

/// Bytes the busiest rank allocates: its shards and its message buffer.
[[nodiscard]] std::uint64_t rank_bytes(const Shape& shape, Precision precision) noexcept;

}  // namespace qross::qsim
