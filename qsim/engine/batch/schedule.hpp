// SPDX-License-Identifier: Apache-2.0
// Cutting a batch's operations into sweeps over the state: sub-blocks that stay in the L1 cache,
// and in them tiles of three wires. The same scheduler as for plans (plan/schedule.hpp); the state
// is so small that there are no passes over memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/plan/lower.hpp"

namespace qross::qsim {

/// Wires of a sub-block: with two states its 2^7 blocks of 128 bytes fill an L1 cache of 32 KiB.
inline constexpr unsigned kBatchSubBlockWires = 7;

struct BatchTile {
  std::uint64_t wires = 0;         ///< exactly three
  std::vector<std::uint32_t> ops;  ///< into LoweredCircuit::ops
};

/// Tiles for each sub-block of `active` wires in turn, or, if there are no tiles, one operation
/// that no tile holds.
struct BatchSweep {
  std::uint64_t active = 0;
  std::vector<BatchTile> tiles;
  std::uint32_t wide = 0;
};

/// Whether a tile's steps can run the operation: rotations about strings that flip at most three
/// wires, gates of one wire, flips, exchanges and phases with any controls, gates of two wires
/// without, and diagonal tables of few wires. Others run as kernel calls of their own.
[[nodiscard]] bool fits_batch_tile(const Lowered& op);

/// `wires`, at least three, counts idle ones. Reorders only operations that commute.
[[nodiscard]] std::vector<BatchSweep> schedule_batch(const LoweredCircuit& circuit,
                                                     std::span<const std::uint32_t> ops,
                                                     unsigned wires);

}  // namespace qross::qsim
