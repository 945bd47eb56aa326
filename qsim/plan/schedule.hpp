// SPDX-License-Identifier: Apache-2.0
// The one scheduler. It cuts a list of operations into groups, each with an active set of bits, so
// that every operation of a group needs only active bits. Stages (bits = qubits, active = on this
// rank), passes (bits = positions, active = in the block) and sub-blocks (active = in L1) are all
// groups; only `size` and `forced` differ.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/plan/lower.hpp"

namespace qross::qsim {

struct Group {
  std::uint64_t active = 0;
  std::vector<std::uint32_t> ops;  ///< indices into the footprints, in execution order
};

struct ScheduleOptions {
  unsigned bits = 0;          ///< bits there are
  unsigned size = 0;          ///< bits of an active set
  std::uint64_t forced = 0;   ///< bits in every active set
  std::uint64_t current = 0;  ///< active set before the first group; 0: free choice
  unsigned horizon = 2000;    ///< operations looked at when choosing a set
  unsigned seeds = 4;         ///< sets grown from another bit each
  unsigned climbs = 40;       ///< exchanges tried to improve a set
};

/// Reorders only operations that commute, so running the groups in order equals running the list in
/// order. Greedy with a bounded hill climb; deterministic. Cost: about groups * horizon * climbs.
/// Throws Error(bug) if an operation needs more than `size` bits beside the forced ones.
[[nodiscard]] std::vector<Group> schedule(std::span<const Footprint> ops,
                                          const ScheduleOptions& options);

/// Reorders operations within what commutes into rounds: those of class 0 that can come first, then
/// those of class 1, and so on; members of a round's class commute. Returns the new order.
/// Cost: O(rounds * operations).
[[nodiscard]] std::vector<std::uint32_t> in_rounds(std::span<const Footprint> ops,
                                                   std::span<const unsigned> classes);

}  // namespace qross::qsim
