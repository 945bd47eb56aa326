// SPDX-License-Identifier: Apache-2.0
// The lower parts of the tree of |a|^2 over the bits of the logical index: leaves of some thousand
// amplitudes, read from a state whose qubits may lie in any order within a shard. Called by
// sampling.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "qsim/dist/state_vector.hpp"
#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {

/// A full binary tree of sums over 2^k leaves, stored as a heap: node 1 is the root.
class SumTree {
 public:
  /// All leaves are zero; they are set through leaves(), then the sums by add_up().
  explicit SumTree(std::size_t leaves) : leaves_(leaves), nodes_(2 * leaves) {}
  [[nodiscard]] double* leaves() { return nodes_.data() + leaves_; }
  [[nodiscard]] std::size_t size() const { return leaves_; }
  void add_up() {
    for (std::size_t i = leaves_; i-- > 1;) nodes_[i] = nodes_[2 * i] + nodes_[2 * i + 1];
  }
  [[nodiscard]] double total() const { return nodes_[1]; }
  /// Whether the point u lies in the second half of the leaves.
  [[nodiscard]] bool in_second_half(double u) const {
    return leaves_ > 1 && u >= nodes_[2] && nodes_[3] > 0.0;
  }

  /// The leaf that holds the point u of [0, total); u becomes the point within the leaf.
  [[nodiscard]] std::size_t descend(double& u) const { return descend(nodes_.data(), leaves_, u); }

  static std::size_t descend(const double* nodes, std::size_t leaves, double& u) {
    std::size_t node = 1;
    while (node < leaves) {
      const double left = nodes[2 * node];
      // Rounding may leave u just beyond the last positive part: never enter an empty one.
      const bool go_right = u >= left && nodes[2 * node + 1] > 0.0;
      if (go_right) u -= left;
      node = 2 * node + (go_right ? 1 : 0);
    }
    return node - leaves;
  }

 private:
  std::size_t leaves_;
  std::vector<double> nodes_;
};

/// How the amplitudes of a shard fall into leaves (equal values of the qubits from bits() up) and
/// leaves into groups that are read together: single leaves where the qubits are in order, else
/// those whose amplitudes share runs of memory.
template <class T>
class Leaves {
 public:
  /// `cut`: shards of the state as one stretch of memory each, holding qubits 0..local_bits - 1 in
  /// any order. The state must outlive the leaves.
  Leaves(const StateVector<T>& state, const Shape& cut);

  /// log2 of the amplitudes in a leaf.
  [[nodiscard]] unsigned bits() const { return bits_; }
  [[nodiscard]] bool ordered() const { return ordered_; }
  [[nodiscard]] std::uint64_t per_shard() const { return bit(leaf_number_bits_); }
  [[nodiscard]] std::uint64_t groups() const { return per_shard() >> group_bits_; }
  [[nodiscard]] std::uint64_t group_size() const { return bit(group_bits_); }
  /// The number, in logical order, of leaf l of group g.
  [[nodiscard]] std::uint64_t leaf(std::uint64_t g, std::uint64_t l) const {
    return spread(l, inside_) | spread(g, low_mask(leaf_number_bits_) & ~inside_);
  }

  /// Whether all amplitudes of group g of this rank's k-th shard are known to be 0.
  [[nodiscard]] bool is_zero(std::uint64_t k, std::uint64_t g) const;

  /// The memory one thread needs to look at groups.
  class Group {
   public:
    explicit Group(const Leaves& leaves);
    /// Reads group g of this rank's k-th shard.
    void load(std::uint64_t k, std::uint64_t g);
    /// The sum of |a|^2 over leaf l.
    [[nodiscard]] double sum(std::uint64_t l);
    /// The amplitude of leaf l, in logical order, that holds the point u.
    [[nodiscard]] std::uint64_t descend(std::uint64_t l, double u);

   private:
    void build(std::uint64_t l);

    const Leaves& leaves_;
    SumTree tree_;               // over blocks if ordered, else over the amplitudes of leaf built_
    std::vector<double> norms_;  // of all leaves, if not ordered
    const T* data_ = nullptr;
    std::uint64_t built_ = 0;
  };

 private:
  /// Blocks of a group and where their amplitudes go in Group::norms_.
  struct Step {
    std::uint64_t block = 0;
    std::uint32_t to = 0;
  };

  void gather(const T* shard, std::uint64_t g, double* norms) const;
  [[nodiscard]] std::size_t stride() const;

  const StateVector<T>& state_;
  const KernelTable<T>& kernels_;
  unsigned local_;
  unsigned bits_ = 0;
  unsigned leaf_number_bits_ = 0;
  unsigned group_bits_ = 0;
  bool ordered_;
  std::uint64_t zero_;         // positions of a shard at which only 0 occurs
  std::uint64_t zero_shards_;  // and bits of the number of a shard
  std::uint64_t first_shard_;
  std::uint64_t shard_size_;  // numbers of type T in a shard
  std::uint64_t inside_ = 0;  // bits of the leaf number that vary in a group
  std::array<std::uint32_t, 16> lane_to_{};
  bool lanes_in_order_ = false;
  std::vector<Step> far_;            // all settings of the group's positions beyond a run
  std::vector<std::uint32_t> run_;   // of consecutive blocks
  std::vector<std::uint64_t> base_;  // block of each bit of a group's number
};

extern template class Leaves<double>;
extern template class Leaves<float>;

}  // namespace qross::qsim
