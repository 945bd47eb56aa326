// SPDX-License-Identifier: Apache-2.0
// TileWalk: the segments of one tile as one trip over two states. Each tile goes through all
// segments while its rows are in registers and in the L1 cache; between segments the states meet.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "qsim/engine/brackets.hpp"
#include "qsim/engine/tile_program.hpp"

namespace qross::qsim {

template <class T>
class TileWalk {
 public:
  /// Brackets between segments are summed (first state: bra, second: ket) or, for tangents, added
  /// from the first state (ket) to the second.
  enum class Meeting { sum, add };
  TileWalk(std::vector<TileSegment<T>> segments, const Frame& frame, const Layout& layout,
           Meeting meeting);

  [[nodiscard]] bool empty() const noexcept {
    return call_.steps.empty() && call_.meetings.empty();
  }
  /// The operations whose derivatives it adds to.
  [[nodiscard]] std::vector<std::uint32_t> ops() const;

  /// Takes the sub-block of both states, whose first amplitude has global index `index`, through
  /// the program. Adds to derivatives[slot[op]].
  void run(const KernelTable<T>& kernels, T* first, T* second, std::uint64_t index,
           std::span<const std::uint32_t> slot, std::span<double> derivatives,
           Scratch<T>& scratch) const;

 private:
  void append(TileProgram<T> program);

  TileWalkCall<T> call_;
  std::vector<Coefficients<T>> numbers_;
  std::vector<std::pair<OuterPhases, std::uint32_t>> outer_;
  std::vector<std::pair<BracketSums<T>, std::size_t>> sums_;  ///< with their place
  std::vector<BracketAdditions<T>> additions_;
  std::size_t phases_ = 0;  ///< numbers of scratch for outer phases
  std::size_t sum_count_ = 0;
};

}  // namespace qross::qsim
