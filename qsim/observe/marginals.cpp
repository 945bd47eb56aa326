// SPDX-License-Identifier: Apache-2.0
// The listed qubits lie in lanes, in the block number or in the shard number; what they read there
// makes up a row. All other positions are the environment of a row, which is summed on the tree of
// its index bits: lanes, then blocks, then shards.
#include "qsim/observe/marginals.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/core/tree_sum.hpp"

namespace qross::qsim {
namespace {

/// Numbers gathered at a time, over all shards.
constexpr std::size_t kGatherNumbers = std::size_t{1} << 17;

/// Rows of one shard: lanes are the low bits of a row's number, then the kept bits of the block.
template <class T>
struct Rows {
  unsigned kept_lanes = 0;           ///< bits of the lane number
  std::uint64_t kept_blocks = 0;     ///< bits of the block number
  std::uint64_t rest = 0;            ///< the other bits of the block number
  std::vector<unsigned> first_lane;  ///< of each row of a block: its lane without environment bits

  Rows(std::uint64_t kept, const StateVector<T>& state)
      : kept_lanes(static_cast<unsigned>(kept & low_mask(kLaneBits<T>))) {
    const std::uint64_t blocks = state.shard_blocks() - 1;
    kept_blocks = (kept >> kLaneBits<T>)&blocks;
    rest = blocks & ~kept_blocks;
    for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
      if ((lane & ~kept_lanes) == 0) first_lane.push_back(lane);
    }
  }
  [[nodiscard]] std::size_t count() const {
    return first_lane.size() << static_cast<unsigned>(std::popcount(kept_blocks));
  }

  /// The rows of one block; `out` gets |a|^2 summed over the lanes of the environment.
  void sum_lanes(const T* block, std::span<double, kLanes<T>> out) const {
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const double re = block[l];
      const double im = block[kLanes<T> + l];
      out[l] = re * re + im * im;
    }
    for (unsigned one = 1; one < kLanes<T>; one *= 2) {
      if ((kept_lanes & one) != 0) continue;
      // Lower bits of the environment are summed already: what stands where they are 1 is unused.
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        if ((l & one) == 0) out[l] = out[l] + out[l | one];
      }
    }
  }
};

/// The rows of shard k.
template <class T>
std::vector<double> shard_rows(const StateVector<T>& state, std::uint64_t k, const Rows<T>& rows) {
  const std::size_t lanes = rows.first_lane.size();
  const std::size_t block_rows = rows.count() / lanes;
  const std::uint64_t blocks = bit(static_cast<unsigned>(std::popcount(rows.rest)));
  // Any aligned split into powers of two gives the same tree.
  const std::uint64_t slices =
      std::min(blocks, std::bit_ceil(4 * static_cast<std::uint64_t>(state.threads())));
  const std::uint64_t in_slice = blocks / slices;
  std::vector<double> parts(rows.count() * slices);
  const auto tasks = static_cast<std::int64_t>(block_rows * slices);
  const double bytes =
      static_cast<double>(kBlock<T> * sizeof(T)) * static_cast<double>(state.shard_blocks());
  const int threads = threads_for(state.threads(), nanoseconds_to_move(bytes));
  parallel_for(threads, 0, tasks, [&](std::int64_t t) {
    const std::uint64_t slice = static_cast<std::uint64_t>(t) % slices;
    const std::size_t row = static_cast<std::uint64_t>(t) / slices;
    const std::uint64_t fixed = spread(row, rows.kept_blocks);
    std::array<TreeSum, kLanes<T>> sums;
    std::array<double, kLanes<T>> here;
    std::uint64_t other = spread(slice * in_slice, rows.rest);
    for (std::uint64_t e = 0; e < in_slice; ++e, other = next_subset(other, rows.rest)) {
      rows.sum_lanes(state.shard(k) + (fixed | other) * kBlock<T>, here);
      for (std::size_t l = 0; l < lanes; ++l) sums[l].add(here[rows.first_lane[l]]);
    }
    for (std::size_t l = 0; l < lanes; ++l) {
      parts[(row * lanes + l) * slices + slice] = sums[l].total();
    }
  });
  std::vector<double> result;
  for (std::size_t row = 0; row < rows.count(); ++row) {
    result.push_back(tree_sum(std::span(parts).subspan(row * slices, slices)));
  }
  return result;
}

}  // namespace

void require_marginal_qubits(std::span<const Qubit> qubits, unsigned n) {
  if (qubits.size() > kMaxMarginalQubits) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("the probabilities of {} qubits have 2^{} outcomes; at most {} qubits "
                    "({} outcomes) are supported",
                    qubits.size(), qubits.size(), kMaxMarginalQubits, 1U << kMaxMarginalQubits),
        "name fewer qubits, or sample with --shots");
  }
  std::uint64_t seen = 0;
  for (const Qubit q : qubits) {
    if (q >= n) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("qubit {} does not exist: the state has {} qubits", q, n));
    }
    if ((seen & bit(q)) != 0) {
      throw Error(ErrorCode::bad_input, fmt::format("qubit {} is named twice", q));
    }
    seen |= bit(q);
  }
}

template <class T>
std::vector<double> marginal_probabilities(const StateVector<T>& state,
                                           std::span<const Qubit> qubits) {
  const Shape& shape = state.shape();
  require_marginal_qubits(qubits, shape.qubits);
  std::uint64_t kept = 0;
  for (const Qubit q : qubits) kept |= bit(state.layout().position(q));
  // The positions of an outcome: where outcome i has its ones.
  const auto positions_of = [&](std::uint64_t outcome) {
    std::uint64_t positions = 0;
    for (std::size_t t = 0; t < qubits.size(); ++t) {
      if ((outcome >> t & 1) != 0) positions |= bit(state.layout().position(qubits[t]));
    }
    return positions;
  };

  const Rows<T> rows(kept, state);
  std::vector<std::vector<double>> mine;
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    mine.push_back(shard_rows(state, k, rows));
  }
  const std::uint64_t kept_shards = kept >> shape.local_bits();
  const std::uint64_t other_shards = (shape.shards() - 1) & ~kept_shards;
  const std::uint64_t shard_rows_count = bit(static_cast<unsigned>(std::popcount(kept_shards)));
  const std::uint64_t environment = bit(static_cast<unsigned>(std::popcount(other_shards)));
  // of_row[row of a shard][row of the shard number]
  std::vector<double> of_row(rows.count() * shard_rows_count);
  const std::size_t most = std::max<std::size_t>(16, kGatherNumbers / shape.shards());
  for (std::size_t at = 0; at < rows.count(); at += most) {
    const std::size_t piece = std::min(most, rows.count() - at);
    std::vector<double> packed;
    for (const auto& shard : mine) {
      packed.insert(packed.end(), shard.begin() + static_cast<std::ptrdiff_t>(at),
                    shard.begin() + static_cast<std::ptrdiff_t>(at + piece));
    }
    const std::vector<double> all = state.comm().all_gather(packed);
    for (std::size_t row = 0; row < piece; ++row) {
      for (std::uint64_t high = 0; high < shard_rows_count; ++high) {
        TreeSum sum;
        for (std::uint64_t e = 0; e < environment; ++e) {
          sum.add(all[(spread(high, kept_shards) | spread(e, other_shards)) * piece + row]);
        }
        of_row[(at + row) * shard_rows_count + high] = sum.total();
      }
    }
  }

  std::vector<double> result(bit(static_cast<unsigned>(qubits.size())));
  const std::uint64_t in_lane = rows.kept_lanes;
  const auto lane_bits = static_cast<unsigned>(std::popcount(in_lane));
  for (std::uint64_t i = 0; i < result.size(); ++i) {
    const std::uint64_t positions = positions_of(i);
    const std::uint64_t lane = collect(positions & low_mask(kLaneBits<T>), in_lane);
    const std::uint64_t block = collect(positions >> kLaneBits<T>, rows.kept_blocks);
    const std::uint64_t high = collect(positions >> shape.local_bits(), kept_shards);
    result[i] = of_row[((block << lane_bits) | lane) * shard_rows_count + high];
  }
  return result;
}

template std::vector<double> marginal_probabilities(const StateVector<double>&,
                                                    std::span<const Qubit>);
template std::vector<double> marginal_probabilities(const StateVector<float>&,
                                                    std::span<const Qubit>);

}  // namespace qross::qsim
