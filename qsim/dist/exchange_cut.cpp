// SPDX-License-Identifier: Apache-2.0
// Choosing the sizes of chunks, pieces and units. All partners take part in each piece unless their
// messages would become too short.
#include "qsim/dist/exchange_cut.hpp"

#include <algorithm>

namespace qross::qsim {
namespace {

/// Units are small enough to spread over threads.
constexpr std::size_t kLargestUnit = std::size_t{1} << 16;

/// The highest `count` positions of a mask.
std::uint64_t highest(std::uint64_t mask, int count) {
  while (std::popcount(mask) > count) mask &= mask - 1;
  return mask;
}

}  // namespace

ExchangeCut::ExchangeCut(const ExchangedBits& bits, unsigned local_bits, Precision precision,
                         std::uint64_t outer, std::size_t part, std::size_t good_message)
    : amplitude_(amplitude_bytes(precision)), partners_(low_mask(bits.count())) {
  const std::uint64_t moved = bits.local_index(partners_);
  const unsigned share = local_bits - bits.count();  // log2 of the amplitudes for one partner
  group_ = part == 0 ? partners_ : std::clamp<std::uint64_t>(part / good_message, 1, partners_);
  // Bytes for one partner in one piece.
  const std::size_t message = part == 0 ? amplitude_ << share : part / group_;
  int chunk_bits = 0;
  while (chunk_bits < std::popcount(outer) && (amplitude_ << share) >> chunk_bits > message) {
    ++chunk_bits;
  }
  chunk_positions_ = highest(outer, chunk_bits);
  chunks_ = std::uint64_t{1} << chunk_bits;
  free_ = low_mask(local_bits) & ~moved & ~chunk_positions_;
  // Several units a message, so that little of the staging buffer stays empty.
  const std::size_t largest = part == 0 ? kLargestUnit : std::min(message / 4, kLargestUnit);
  const auto fits = static_cast<unsigned>(std::bit_width(largest / amplitude_) - 1);
  const unsigned run = std::min(static_cast<unsigned>(std::countr_one(free_)), fits);
  unit_bits_ = run >= lane_bits(precision) ? run : 0;
  units_ = bit(static_cast<unsigned>(std::popcount(free_)) - unit_bits_);
  range_ = std::min<std::uint64_t>(units_, message / unit_bytes());
  ranges_ = (units_ + range_ - 1) / range_;
  groups_ = (partners_ + group_ - 1) / group_;
}

ExchangePiece ExchangeCut::piece(std::uint64_t p) const {
  ExchangePiece piece;
  piece.chunk = p / pieces_per_chunk();
  const std::uint64_t within = p % pieces_per_chunk();
  piece.first_partner = 1 + within / ranges_ * group_;
  piece.last_partner = std::min(partners_, piece.first_partner + group_ - 1);
  piece.first_unit = within % ranges_ * range_;
  piece.units = std::min(range_, units_ - piece.first_unit);
  return piece;
}

}  // namespace qross::qsim
