// SPDX-License-Identifier: Apache-2.0
// BatchPending: the phases that wait while a batch is compiled, and when they are applied: at the
// latest before a gate that they do not commute with, earlier where that is cheaper. A table of
// phases costs the same for one phase as for all that fit it, so they gather; but a table holds
// only what depends on the three wires of its tile and on three parities of others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/engine/batch/builder.hpp"
#include "qsim/engine/batch/phases.hpp"
#include "qsim/engine/batch/schedule.hpp"

namespace qross::qsim {

/// What an operation does to a phase: it is a flip the phase passes, or it needs the phase applied
/// before it if `meets(mask)`.
struct BatchEncounter {
  std::uint64_t any = 0;    ///< phases with a wire here
  std::uint64_t odd = 0;    ///< phases with an odd number of wires here
  std::uint64_t wires = 0;  ///< of the operation's tile; 0 for one that no tile holds
  bool flips = false;
  unsigned target = 0;
  std::optional<unsigned> control;

  explicit BatchEncounter(const Lowered& op);
  [[nodiscard]] bool meets(std::uint64_t mask) const noexcept;
};

class BatchPending {
 public:
  BatchPending(const LoweredCircuit& circuit, std::span<const BatchSweep> sweeps,
               std::span<const PauliSum> observables, unsigned wires);

  [[nodiscard]] BatchPhases& phases() noexcept { return phases_; }
  [[nodiscard]] bool empty() const noexcept;

  /// The next operation of the sweeps is being compiled.
  void advance() noexcept { ++next_; }
  void pass_flip(unsigned target, std::optional<unsigned> control);
  /// Applies what the operation does not commute with on the builder's tile; `mixed` are its wires.
  void before(const BatchEncounter& encounter, std::uint64_t mixed, BatchBuilder& builder);
  /// At the end of a tile: phases that would need more than a table of eight later.
  void settle(BatchBuilder& builder);

  /// Three wires on which something is pending that does not commute with the operation, or,
  /// without one, with an observable; 0 if there is nothing.
  [[nodiscard]] std::uint64_t next_tile(const BatchEncounter* encounter, std::uint64_t mixed) const;
  /// Applies what that is, as far as it is on the builder's tile.
  void apply(const BatchEncounter* encounter, std::uint64_t mixed, BatchBuilder& builder);

 private:
  struct Fate {
    std::size_t when = 0;  ///< operation that meets the phase; the number of them: observables
    bool never = false;
    bool inside = false;  ///< all of its wires are then on the tile
  };
  [[nodiscard]] Fate fate(std::uint64_t mask) const;
  [[nodiscard]] bool seen(std::uint64_t mask) const;
  void release(std::set<std::uint64_t> masks, BatchBuilder& builder);

  std::vector<BatchEncounter> events_;
  std::size_t next_ = 0;
  std::set<std::uint64_t> flips_;  ///< of the observables' strings
  unsigned wires_;
  BatchPhases phases_;
  std::set<std::uint64_t> due_;  ///< phases that were on one tile alone and wait for another's
};

}  // namespace qross::qsim
