// SPDX-License-Identifier: Apache-2.0
// Backward passes of the adjoint gradient: what the operations of a pass become when ket and bra
// are taken back through them, and the brackets that are summed on the way.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "qsim/engine/prepare.hpp"
#include "qsim/engine/tile_program.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

template <class T>
class BackwardPass {
 public:
  /// The operations whose derivatives this pass adds to, each once.
  [[nodiscard]] const std::vector<std::uint32_t>& ops() const noexcept { return ops_; }

  /// Takes one block of both states back; adds to derivatives[k] for ops()[k].
  void run(const KernelTable<T>& kernels, T* bra, T* ket, std::uint64_t shard_index,
           std::uint64_t base, std::span<double> derivatives, Scratch<T>& scratch) const;

 private:
  template <class>
  friend class BackwardCompiler;

  /// An operation on its own: its bracket, then its inverse on both states.
  struct Wide {
    Prepared<T> inverse;
    PreparedBracket<T> bracket;
    double scale = 0.0;  ///< of the bracket; 0: no derivative
    std::uint32_t op = 0;
  };
  struct Part {
    std::uint64_t active = 0;
    std::vector<std::variant<TileSegment<T>, Wide>> trips;
  };
  void find_ops(std::size_t operations);

  std::uint64_t active_ = 0;
  std::vector<Part> parts_;  ///< in the order they are run
  std::vector<std::uint32_t> ops_;
  std::vector<std::uint32_t> slot_;  ///< of each operation of the circuit, in ops_
};

/// Prepares the passes of a plan from the last to the first.
template <class T>
class BackwardCompiler {
 public:
  BackwardCompiler(const KernelTable<T>& kernels, const Plan& plan, std::span<const double> values);

  /// `first`: the first pass of the plan, after which no bracket may wait.
  [[nodiscard]] BackwardPass<T> compile(const Pass& pass, const Layout& layout, bool first);

 private:
  using Part = typename BackwardPass<T>::Part;
  void add_tiles(const SubBlock& sub, const Layout& layout, Part& part);
  void add_tile(const Tile& tile);
  void add_plain(const SubBlock& sub, const Layout& layout, Part& part);
  void add_wide(std::uint32_t op, std::uint64_t active, const Layout& layout, double scale,
                Part& part);
  void push(Part& part);

  const Plan* plan_;
  std::span<const double> values_;
  TileCompiler<T> tiles_;
};

}  // namespace qross::qsim
