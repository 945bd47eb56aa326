// SPDX-License-Identifier: Apache-2.0
// Prepared passes: the programs and calls that the operations of a pass become, sub-block by
// sub-block. Made once a pass, run on every block of it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "qsim/engine/conditioned.hpp"
#include "qsim/engine/prepare.hpp"
#include "qsim/engine/tile_program.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

template <class T>
class PreparedPass {
 public:
  /// Runs all operations on the block at local index `base` of a shard; `shard_index` is the global
  /// index of the shard's first amplitude. `next` is the first amplitude of the block that this
  /// thread takes next, or null: it is fetched meanwhile.
  void run(const KernelTable<T>& kernels, T* shard, std::uint64_t shard_index, std::uint64_t base,
           Scratch<T>& scratch, const T* next) const;

  /// What runs on every block that is visited.
  [[nodiscard]] StepCounts steps() const;
  /// The blocks to visit: those outside stay as they are, for all operations of the pass have these
  /// controls at positions outside the blocks.
  [[nodiscard]] const Conditioned& changed() const noexcept { return changed_; }

 private:
  template <class>
  friend class PassCompiler;
  /// The lines of the block at `next`; `rows` is filled with where they lie.
  [[nodiscard]] TileAhead ahead_of(const T* next, std::vector<const char*>& rows) const;

  struct Part {
    std::uint64_t active = 0;
    /// Calls are large and rare.
    std::vector<std::variant<TileProgram<T>, std::unique_ptr<const Prepared<T>>>> trips;
    double plain_flop = 0.0;  ///< of calls that are no programs, for each amplitude
  };
  /// Runs the trips of a state that is less than a tile on a whole one.
  void run_padded(const KernelTable<T>& kernels, T* blocks, Scratch<T>& scratch) const;

  std::uint64_t active_ = 0;
  /// In the place of parts: those of the plan, which must outlive the pass.
  const GateList* gates_ = nullptr;
  bool padded_ = false;  ///< the state is less than a tile
  /// Positions that no trip mixes, of qubits that are |0>: blocks with a 1 there stay as they are.
  std::uint64_t left_ = 0;
  /// Positions at which the last trip makes the blocks with a 1, and stores them past the caches:
  /// nothing reads them before.
  std::uint64_t made_ = 0;
  Conditioned changed_;
  double visited_ = 1.0;  ///< of the amplitudes of the busiest rank, those in blocks to visit
  /// Positions at which the condition of a step leaves out half of what is visited.
  std::uint64_t halving_ = 0;
  std::vector<Part> parts_;
  /// Of the programs; the first piece is large enough that threads keep it.
  NumberRoom<T> numbers_{std::size_t{32} << 10};
};

/// Prepares the passes of a plan in their order; what a pass leaves pending goes to the next.
template <class T>
class PassCompiler {
 public:
  PassCompiler(const KernelTable<T>& kernels, const Plan& plan, std::span<const double> values);

  /// Pass `p` of the plan, in the layout of its stage. `last`: nothing may stay pending.
  [[nodiscard]] PreparedPass<T> compile(std::uint32_t p, const Layout& layout, bool last);

 private:
  using Part = typename PreparedPass<T>::Part;
  /// The positions of the tiles of a sub-block; none if it is too small for them. A whole state
  /// that is less than a tile runs as one with rows that stay 0.
  [[nodiscard]] std::uint64_t tile_positions(const SubBlock& sub) const;
  /// `release`: nothing stays pending behind it.
  void add_tiles(const SubBlock& sub, std::uint64_t inner, const Layout& layout, bool release,
                 Part& part);
  void add_plain(const SubBlock& sub, const Layout& layout, Part& part) const;
  /// An operation that no tile holds.
  void add_call(const Lowered& op, const Layout& layout, std::uint64_t active, Part& part) const;
  void push(Part& part);
  /// Begins a tile that needs `active` in the sub-block `inner`. Blocks with a 1 at a position of
  /// `unseen_` are 0: the tile runs on the others, and takes its rows with a 1 there for 0.
  void begin(const Layout& layout, std::uint64_t active, std::uint64_t inner);
  /// Finds the blocks to visit.
  void choose_blocks(const Pass& pass, PreparedPass<T>& prepared) const;
  /// Has the last trip store past the caches what it makes, if the pass fills more memory than
  /// caches hold.
  void stream(const Pass& pass, PreparedPass<T>& prepared) const;

  const Plan* plan_;
  std::span<const double> values_;
  TileCompiler<T> tiles_;
  std::uint64_t unseen_ = 0;  ///< positions that no tile has mixed, of qubits that were |0>
  // Of the tile that has begun:
  std::uint64_t reached_ = 0;       ///< positions of its rows
  std::uint8_t loaded_ = kAllRows;  ///< rows that need not be 0
};

}  // namespace qross::qsim
