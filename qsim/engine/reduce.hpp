// SPDX-License-Identifier: Apache-2.0
// Sums over the whole state on the tree of the index bits: blocks into aligned pieces, pieces into
// shards, shards over the ranks. Every part is a node of the same tree.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "qsim/core/tree_sum.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/dist/state_vector.hpp"
#include "qsim/plan/flip_route.hpp"

namespace qross::qsim {

/// The most blocks summed by one thread at a time.
inline constexpr std::uint64_t kPieceBlocks = std::uint64_t{1} << kPieceBits;

/// Blocks of a shard that fit the part of the staging buffer that serves it.
template <class T>
[[nodiscard]] std::uint64_t chunk_blocks(StateVector<T>& state) {
  const std::size_t part = state.staging().size() / state.shape().most_shards();
  const std::size_t fits = part / (kBlock<T> * sizeof(T));
  return fits == 0 ? state.shard_blocks() : std::min(state.shard_blocks(), std::bit_floor(fits));
}

/// Blocks in a piece of this state: a power of two, the same for every piece.
template <class T>
[[nodiscard]] std::uint64_t piece_blocks(StateVector<T>& state) {
  return std::min(kPieceBlocks, chunk_blocks(state));
}

/// Collects the sums of the pieces of this rank's shards; threads may set different pieces at once.
class ShardSums {
 public:
  ShardSums(std::uint64_t shards, std::uint64_t blocks, std::uint64_t piece)
      : per_shard_(blocks / piece), piece_(piece), pieces_(shards * per_shard_) {}

  /// The block sums of the piece that starts at block `first` of shard k.
  void set(std::uint64_t k, std::uint64_t first, std::span<const double> block_sums) noexcept {
    pieces_[k * per_shard_ + first / piece_] = tree_sum(block_sums);
  }

  /// One sum for each shard of this rank.
  [[nodiscard]] std::vector<double> shards() const { return joined(pieces_, per_shard_); }

  /// The sum over all ranks, the same on each. Cost: one all-gather of a number a shard.
  [[nodiscard]] double total(Communicator& comm) const {
    return tree_sum(comm.all_gather(shards()));
  }

  /// The same, to the bit, while `pairs` of positions are exchanged: sums of the parts of shards
  /// that are whole go back to where the parts came from. None of the pairs lies within a piece.
  [[nodiscard]] double total(Communicator& comm, const Shape& shape,
                             const PositionPairs& pairs) const {
    if (pairs.empty()) return total(comm);
    const unsigned bits = sum_bits(shape, pairs);
    std::vector<double> parts = joined(pieces_, per_shard_ >> bits);
    PositionPairs of_parts = pairs;
    for (auto& pair : of_parts) {
      pair.first = static_cast<std::uint8_t>(pair.first - (shape.local_bits() - bits));
    }
    exchange_numbers(comm, shape, parts, of_parts);
    return tree_sum(comm.all_gather(joined(parts, bit(bits))));
  }

 private:
  /// The sums of every `count` neighbours.
  [[nodiscard]] static std::vector<double> joined(std::span<const double> sums,
                                                  std::uint64_t count) {
    std::vector<double> result;
    for (std::size_t at = 0; at < sums.size(); at += count) {
      result.push_back(tree_sum(sums.subspan(at, count)));
    }
    return result;
  }

  std::uint64_t per_shard_;
  std::uint64_t piece_;
  std::vector<double> pieces_;
};

}  // namespace qross::qsim
