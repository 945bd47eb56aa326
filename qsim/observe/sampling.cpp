// SPDX-License-Identifier: Apache-2.0
// The tree has three parts: shards over the ranks (every rank knows their sums), leaves of a shard
// (kept in memory), and the blocks and lanes of a leaf (summed again when shots fall there).
#include "qsim/observe/sampling.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>

#include "qsim/core/error.hpp"
#include "qsim/core/random.hpp"
#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {
namespace {

/// Blocks in a leaf whose sum is kept.
constexpr std::uint64_t kLeafBlocks = 2048;
/// Shots placed at a time.
constexpr std::uint64_t kBatch = std::uint64_t{1} << 20;

/// A full binary tree of sums over 2^k leaves, stored as a heap: node 1 is the root.
class SumTree {
 public:
  explicit SumTree(std::vector<double> leaves) : leaves_(leaves.size()), nodes_(2 * leaves.size()) {
    std::copy(leaves.begin(), leaves.end(), nodes_.begin() + static_cast<std::ptrdiff_t>(leaves_));
    for (std::size_t i = leaves_; i-- > 1;) nodes_[i] = nodes_[2 * i] + nodes_[2 * i + 1];
  }
  [[nodiscard]] double total() const { return nodes_[1]; }

  /// The leaf that holds the point u of [0, total); u becomes the point within the leaf.
  [[nodiscard]] std::size_t descend(double& u) const {
    std::size_t node = 1;
    while (node < leaves_) {
      const double left = nodes_[2 * node];
      // Rounding may leave u just beyond the last positive part: never enter an empty one.
      const bool go_right = u >= left && nodes_[2 * node + 1] > 0.0;
      if (go_right) u -= left;
      node = 2 * node + (go_right ? 1 : 0);
    }
    return node - leaves_;
  }

 private:
  std::size_t leaves_;
  std::vector<double> nodes_;
};

template <class T>
SumTree lane_tree(const T* block) {
  std::vector<double> lanes(kLanes<T>);
  for (unsigned l = 0; l < kLanes<T>; ++l) {
    const double re = block[l];
    const double im = block[kLanes<T> + l];
    lanes[l] = re * re + im * im;
  }
  return SumTree(std::move(lanes));
}

/// The sum tree over the leaves of one shard, in parallel.
template <class T>
std::vector<double> leaf_sums(const StateVector<T>& state, std::uint64_t k, std::uint64_t leaf) {
  const KernelTable<T>& kernels = kernel_table<T>();
  const auto leaves = static_cast<std::int64_t>(state.shard_blocks() / leaf);
  std::vector<double> sums(static_cast<std::size_t>(leaves));
#pragma omp parallel for schedule(static) num_threads(state.threads()) if (leaves > 1)
  for (std::int64_t i = 0; i < leaves; ++i) {
    std::vector<double> blocks(leaf);
    kernels.block_norms(state.shard(k) + static_cast<std::uint64_t>(i) * leaf * kBlock<T>, leaf,
                        blocks.data());
    sums[static_cast<std::size_t>(i)] = SumTree(std::move(blocks)).total();
  }
  return sums;
}

/// Shots that fell into one shard: their points, as leaf and point within the leaf.
struct Landing {
  std::size_t leaf = 0;
  double point = 0.0;
};

template <class T>
void resolve(const StateVector<T>& state, std::uint64_t k, std::uint64_t leaf_blocks,
             std::vector<Landing>& landings, std::uint64_t prefix,
             std::map<std::uint64_t, std::uint64_t>& counts) {
  std::sort(landings.begin(), landings.end(),
            [](const Landing& a, const Landing& b) { return a.leaf < b.leaf; });
  const KernelTable<T>& kernels = kernel_table<T>();
  for (std::size_t at = 0; at < landings.size();) {
    const std::size_t leaf = landings[at].leaf;
    const T* const first = state.shard(k) + leaf * leaf_blocks * kBlock<T>;
    std::vector<double> sums(leaf_blocks);
    kernels.block_norms(first, leaf_blocks, sums.data());
    const SumTree blocks(std::move(sums));
    for (; at < landings.size() && landings[at].leaf == leaf; ++at) {
      double u = landings[at].point;
      const std::size_t block = blocks.descend(u);
      const std::size_t lane = lane_tree(first + block * kBlock<T>).descend(u);
      const std::uint64_t local = ((leaf * leaf_blocks + block) << kLaneBits<T>) | lane;
      ++counts[prefix | local];
    }
  }
}

}  // namespace

template <class T>
std::vector<Outcome> sample(StateVector<T>& state, std::uint64_t shots, std::uint64_t seed) {
  const Shape& shape = state.shape();
  const unsigned local = shape.local_bits();
  if (!state.layout().ordered(local)) {
    throw Error(ErrorCode::bug, "sampling needs the state in logical order");
  }
  const std::uint64_t leaf = std::min(kLeafBlocks, state.shard_blocks());
  std::vector<SumTree> shard_trees;
  std::vector<double> mine;
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    shard_trees.emplace_back(leaf_sums(state, k, leaf));
    mine.push_back(shard_trees.back().total());
  }
  // Shard v holds the basis states whose high qubits read prefix(v); the tree is in prefix order.
  const std::vector<double> totals = state.comm().all_gather(mine);
  const auto prefix = [&](std::uint64_t v) { return state.layout().qubits_at(v << local); };
  std::vector<double> ordered(totals.size());
  std::vector<std::uint64_t> shard_at(totals.size());
  for (std::uint64_t v = 0; v < totals.size(); ++v) {
    ordered[prefix(v) >> local] = totals[v];
    shard_at[prefix(v) >> local] = v;
  }
  const SumTree top(std::move(ordered));
  if (!(top.total() > 0.0)) throw Error(ErrorCode::bug, "the state to sample from is zero");

  // In batches, so that memory grows with distinct outcomes only, not with shots.
  std::map<std::uint64_t, std::uint64_t> counts;
  std::vector<std::vector<Landing>> landings(state.shard_count());
  for (std::uint64_t batch = 0; batch < shots; batch += kBatch) {
    for (std::uint64_t j = batch; j < std::min(shots, batch + kBatch); ++j) {
      double u = uniform(seed, Purpose::sampling, j, 0) * top.total();
      const std::uint64_t v = shard_at[top.descend(u)];
      if (v < state.first_shard() || v >= state.first_shard() + state.shard_count()) continue;
      const std::uint64_t k = v - state.first_shard();
      const std::size_t at = shard_trees[k].descend(u);
      landings[k].push_back({at, u});
    }
    for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
      resolve(state, k, leaf, landings[k], prefix(state.first_shard() + k), counts);
      landings[k].clear();
    }
  }
  // Indices travel as two halves: a double holds 53 bits.
  std::vector<double> packed;
  for (const auto& [index, count] : counts) {
    packed.insert(packed.end(),
                  {static_cast<double>(index >> 32), static_cast<double>(index & 0xffffffffU),
                   static_cast<double>(count)});
  }
  const std::vector<double> all = state.comm().all_gather(packed);
  std::vector<Outcome> outcomes;
  for (std::size_t at = 0; at < all.size(); at += 3) {
    outcomes.push_back(
        {(static_cast<std::uint64_t>(all[at]) << 32) | static_cast<std::uint64_t>(all[at + 1]),
         static_cast<std::uint64_t>(all[at + 2])});
  }
  std::sort(outcomes.begin(), outcomes.end(),
            [](const Outcome& a, const Outcome& b) { return a.index < b.index; });
  return outcomes;
}

template std::vector<Outcome> sample(StateVector<double>&, std::uint64_t, std::uint64_t);
template std::vector<Outcome> sample(StateVector<float>&, std::uint64_t, std::uint64_t);

}  // namespace qross::qsim
