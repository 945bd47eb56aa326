// SPDX-License-Identifier: Apache-2.0
// How an exchange of positions is cut into messages: numbers only, the same on every rank. The
// amplitudes of a shard fall into chunks by the values of some positions (the next pass can run on
// a chunk as soon as all of it has come), a chunk into pieces that fit the staging buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "qsim/core/bits.hpp"
#include "qsim/plan/layout.hpp"

namespace qross::qsim {

/// Pairs (local position, rank position) whose qubits change places.
using ExchangePairs = std::span<const std::pair<std::uint8_t, std::uint8_t>>;

/// The exchanged bits in matching order: bit k of a value is local position k and rank bit k. A
/// shard whose rank bits read v sends its amplitudes whose local bits read u to the one that reads
/// u, and gets in their place those of u whose local bits read v.
class ExchangedBits {
 public:
  ExchangedBits(ExchangePairs pairs, unsigned local_bits) {
    for (const auto& [low, high] : pairs) {
      local_.push_back(low);
      rank_.push_back(high - local_bits);
    }
  }
  [[nodiscard]] unsigned count() const { return static_cast<unsigned>(local_.size()); }
  /// The local index bits of a value.
  [[nodiscard]] std::uint64_t local_index(std::uint64_t value) const {
    return place(value, local_);
  }
  /// The bits of the shard's number.
  [[nodiscard]] std::uint64_t shard_bits(std::uint64_t value) const { return place(value, rank_); }
  [[nodiscard]] std::uint64_t value_of(std::uint64_t shard) const {
    std::uint64_t value = 0;
    for (unsigned k = 0; k < count(); ++k) value |= ((shard >> rank_[k]) & 1) << k;
    return value;
  }

 private:
  static std::uint64_t place(std::uint64_t value, const std::vector<unsigned>& positions) {
    std::uint64_t result = 0;
    for (unsigned k = 0; k < positions.size(); ++k) {
      if ((value & bit(k)) != 0) result |= bit(positions[k]);
    }
    return result;
  }

  std::vector<unsigned> local_;
  std::vector<unsigned> rank_;  ///< counted from the lowest rank position
};

/// What travels together: some units of one chunk, to and from some partners.
struct ExchangePiece {
  std::uint64_t chunk = 0;
  std::uint64_t first_partner = 0;  ///< the partner's value differs by this number, 1 and up
  std::uint64_t last_partner = 0;
  std::uint64_t first_unit = 0;
  std::uint64_t units = 0;
};

/// Units are runs of contiguous blocks, or single amplitudes where an exchanged position lies in
/// the lanes.
class ExchangeCut {
 public:
  /// Bytes that a message should have; rather than shorter ones a piece takes fewer partners.
  static constexpr std::size_t kGoodMessage = std::size_t{1} << 20;

  /// `outer`: local positions, not exchanged, that may number the chunks; as many of the highest as
  /// make a chunk fit one piece. `part`: bytes of what one shard sends in one piece, or 0 if
  /// nothing leaves the rank: then all is one piece. At least one exchanged bit; `part` of at least
  /// 1 KiB.
  ExchangeCut(const ExchangedBits& bits, unsigned local_bits, Precision precision,
              std::uint64_t outer, std::size_t part, std::size_t good_message = kGoodMessage);

  [[nodiscard]] std::uint64_t chunks() const noexcept { return chunks_; }
  [[nodiscard]] std::uint64_t pieces_per_chunk() const noexcept { return groups_ * ranges_; }
  [[nodiscard]] std::uint64_t pieces() const noexcept { return chunks_ * pieces_per_chunk(); }
  /// Pieces 0 .. pieces() - 1 are all of the exchange, chunk by chunk.
  [[nodiscard]] ExchangePiece piece(std::uint64_t p) const;

  /// The positions whose bits number the chunks, lowest first.
  [[nodiscard]] std::uint64_t chunk_positions() const noexcept { return chunk_positions_; }
  /// Units of a chunk for one partner.
  [[nodiscard]] std::uint64_t units() const noexcept { return units_; }
  /// log2 of the amplitudes of a unit; 0: they lie apart in the lanes.
  [[nodiscard]] unsigned unit_bits() const noexcept { return unit_bits_; }
  [[nodiscard]] std::size_t unit_bytes() const noexcept { return amplitude_ << unit_bits_; }
  /// First local amplitude of a unit, the exchanged bits and those of the chunk aside.
  [[nodiscard]] std::uint64_t at(std::uint64_t unit) const noexcept {
    return spread(unit << unit_bits_, free_);
  }
  /// The same of the next unit, from that of a unit.
  [[nodiscard]] std::uint64_t after(std::uint64_t at) const noexcept {
    return next_subset(at, free_ & ~low_mask(unit_bits_));
  }

 private:
  std::size_t amplitude_;  ///< bytes
  std::uint64_t chunk_positions_ = 0;
  std::uint64_t free_ = 0;  ///< positions that a chunk leaves open for one partner
  unsigned unit_bits_ = 0;
  std::uint64_t chunks_ = 1;
  std::uint64_t units_ = 0;
  std::uint64_t partners_ = 0;
  std::uint64_t group_ = 0;  ///< partners of a piece
  std::uint64_t range_ = 0;  ///< units of a piece
  std::uint64_t groups_ = 1;
  std::uint64_t ranges_ = 1;
};

}  // namespace qross::qsim
