// SPDX-License-Identifier: Apache-2.0
// The innermost level of a plan: operations of a sub-block cut into tiles, groups that need at most
// three positions, so that one trip through the registers runs them all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/plan/lower.hpp"

namespace qross::qsim {

/// Operations run on the register tiles of the positions `active`, or, if `wide`, one operation
/// that no tile holds.
struct Tile {
  std::uint64_t active = 0;  ///< positions, at most three
  std::uint32_t first_op = 0;
  std::uint32_t op_count = 0;
  bool wide = false;
};

/// Whether a tile can run the operation: rotations about Pauli strings that flip at most three
/// qubits, gates of one qubit with few controls, of two without, flips, exchanges, and diagonals of
/// few qubits. Depends on structure only, not on numbers.
[[nodiscard]] bool fits_tile(const Lowered& op);

/// A tile before it is numbered: its operations as indices into the span given to cut_tiles.
struct TileGroup {
  std::uint64_t active = 0;
  bool wide = false;
  std::vector<std::uint32_t> ops;
};

/// Cuts the operations of one sub-block into tiles; `footprints` are of its renumbered positions
/// 0..bits-1. Reorders only operations that commute. Cost: about tiles * operations * 20.
[[nodiscard]] std::vector<TileGroup> cut_tiles(std::span<const Footprint> footprints,
                                               std::span<const Lowered* const> ops, unsigned bits);

}  // namespace qross::qsim
