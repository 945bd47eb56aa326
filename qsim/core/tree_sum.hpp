// SPDX-License-Identifier: Apache-2.0
// Sums on the binary tree of the index bits: (x0 + x1) + (x2 + x3) and so on. A part of the tree
// summed elsewhere (a thread, a rank) is a node of the same tree, so the result does not depend
// on how the work was split.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace qross::qsim {

/// Takes the leaves in index order; after 2^k leaves, total() is the sum on the full tree.
class TreeSum {
 public:
  void add(double leaf) noexcept {
    // Like a binary counter: level k is occupied when bit k of the count is set.
    unsigned level = 0;
    for (std::uint64_t count = count_; (count & 1) != 0; count >>= 1) {
      leaf = nodes_[level++] + leaf;
    }
    nodes_[level] = leaf;
    ++count_;
  }

  [[nodiscard]] double total() const noexcept {
    double sum = 0.0;
    bool first = true;
    unsigned level = 0;
    for (std::uint64_t count = count_; count != 0; count >>= 1, ++level) {
      if ((count & 1) == 0) continue;
      sum = first ? nodes_[level] : nodes_[level] + sum;
      first = false;
    }
    return sum;
  }

 private:
  std::array<double, 64> nodes_{};
  std::uint64_t count_ = 0;
};

[[nodiscard]] inline double tree_sum(std::span<const double> leaves) noexcept {
  TreeSum sum;
  for (const double leaf : leaves) sum.add(leaf);
  return sum.total();
}

}  // namespace qross::qsim
