// SPDX-License-Identifier: Apache-2.0
// Passes that take two states through the operations of a plan together: bra and ket back, with the
// brackets that are derivatives, or ket and tangent forward.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "qsim/engine/prepare.hpp"
#include "qsim/engine/tile_walk.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

template <class T>
class PairPass {
 public:
  /// The operations whose derivatives this pass adds to, each once.
  [[nodiscard]] const std::vector<std::uint32_t>& ops() const { return ops_; }

  /// Takes one block of both states through the pass: bra and ket, or ket and tangent. Adds to
  /// derivatives[k] for ops()[k].
  void run(const KernelTable<T>& kernels, T* first, T* second, std::uint64_t shard_index,
           std::uint64_t base, std::span<double> derivatives, Scratch<T>& scratch) const;

 private:
  template <class>
  friend class PairCompiler;

  /// An operation on its own.
  struct Wide {
    Prepared<T> work;
    PreparedBracket<T> bracket;
    double scale = 0.0;  ///< of the bracket; 0: no derivative
    std::uint32_t op = 0;
    // Tangents: -i/2 times the generator, strings of one x part.
    PauliGroupCall<T> addition;
    std::vector<GroupTerm> terms;
  };
  struct Part {
    std::uint64_t active = 0;
    std::vector<std::variant<TileWalk<T>, Wide>> trips;
  };
  void run_wide(const KernelTable<T>& kernels, const Wide& wide, T* first, T* second,
                std::uint64_t index, std::uint64_t active, std::span<double> derivatives) const;
  void find_ops(std::size_t operations);

  std::uint64_t active_ = 0;
  std::vector<Part> parts_;  ///< in the order they are run
  std::vector<std::uint32_t> ops_;
  std::vector<std::uint32_t> slot_;  ///< of each operation of the circuit, in ops_
};

/// Prepares passes: from the last to the first to go back, or, with tangents, in their order.
template <class T>
class PairCompiler {
 public:
  /// To go back. The plan must outlive the compiler.
  PairCompiler(const KernelTable<T>& kernels, const Plan& plan, std::span<const double> values);
  /// To go forward: tangents[op] is the derivative of the operation's angle.
  PairCompiler(const KernelTable<T>& kernels, const Plan& plan, std::span<const double> values,
               std::vector<double> tangents);

  /// `last` of those to be run: after it no bracket may wait, nor forward any phase.
  [[nodiscard]] PairPass<T> compile(const Pass& pass, const Layout& layout, bool last);

 private:
  using Part = typename PairPass<T>::Part;
  using Meeting = typename TileWalk<T>::Meeting;

  /// Numbers first .. first + count - 1, in the order they are run.
  [[nodiscard]] std::vector<std::uint32_t> in_order(std::uint32_t first, std::uint32_t count) const;
  /// The bracket of an operation with a derivative counts this much; 0: it is not wanted.
  [[nodiscard]] double weight(std::uint32_t op) const;
  void add_tiles(const SubBlock& sub, const Layout& layout, Part& part);
  void add_tile(const Tile& tile);
  void add_wide(std::uint32_t op, std::uint64_t active, const Layout& layout, double scale,
                Part& part);
  void push(const Layout& layout, Part& part);

  const Plan* plan_;
  std::span<const double> values_;
  bool back_;
  std::vector<double> tangents_;
  TileCompiler<T> tiles_;
};

}  // namespace qross::qsim
