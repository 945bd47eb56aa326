// SPDX-License-Identifier: Apache-2.0
// Tiles are groups of the one scheduler with an active set of three. Operations that fit no tile
// stand alone; the others are scheduled between them.
#include "qsim/plan/tiles.hpp"

#include <algorithm>
#include <bit>

#include "qsim/core/error.hpp"
#include "qsim/plan/schedule.hpp"

namespace qross::qsim {
namespace {

constexpr unsigned kTileSize = 3;
/// A diagonal of k qubits is 2^k parities, a rotation with c controls 2^(c+1) phases.
constexpr int kMostPhaseQubits = 4;
constexpr unsigned kFewBits = 12;

/// Phases first, then what mixes, then moves: so phases are applied, and brackets of derivatives
/// summed, for many gates at once.
unsigned class_of(const Lowered& op) {
  switch (op.kind) {
    case Lowered::Kind::diagonal:
      return 0;
    case Lowered::Kind::permutation:
      return 2;
    default:
      return op.kind == Lowered::Kind::pauli && op.pauli_x == 0 ? 0 : 1;
  }
}

bool is_matrix(const Lowered* op) { return op->gate == Gate::unitary && op->targets == 2; }

}  // namespace

bool fits_tile(const Lowered& op) {
  const int controls = std::popcount(op.control_mask);
  switch (op.kind) {
    case Lowered::Kind::diagonal:
      return op.targets + controls <= kMostPhaseQubits;
    case Lowered::Kind::matrix:
      if (op.targets == 1) return controls < kMostPhaseQubits;
      return op.targets == 2 && controls == 0;
    case Lowered::Kind::permutation:
      return op.gate == Gate::x || op.gate == Gate::swap;
    case Lowered::Kind::pauli:
      return op.pauli_x == 0 ? controls <= kMostPhaseQubits
                             : std::popcount(op.pauli_x) <= static_cast<int>(kTileSize);
  }
  throw Error(ErrorCode::bug, "unknown kind of operation in a tile");
}

std::vector<TileGroup> cut_tiles(std::span<const Footprint> footprints,
                                 std::span<const Lowered* const> ops, unsigned bits) {
  std::vector<TileGroup> tiles;
  ScheduleOptions options;
  options.bits = bits;
  options.size = std::min(kTileSize, bits);
  // Small states take less time for a trip than a long search for a better tile, if most of their
  // gates have become matrices: then they are planned for one run.
  const auto matrices = std::count_if(ops.begin(), ops.end(), is_matrix);
  const bool quick = bits <= kFewBits && 2 * static_cast<std::size_t>(matrices) > ops.size();
  options.horizon = quick ? 200 : 500;
  options.seeds = quick ? 0 : 4;
  options.climbs = quick ? 2 : 10;
  std::vector<Footprint> members;
  std::vector<unsigned> classes;
  std::size_t begin = 0;
  while (begin < ops.size()) {
    if (!fits_tile(*ops[begin])) {
      tiles.push_back({footprints[begin].need(), true, {static_cast<std::uint32_t>(begin)}});
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < ops.size() && fits_tile(*ops[end])) ++end;
    for (const Group& group : schedule(footprints.subspan(begin, end - begin), options)) {
      TileGroup tile;
      members.clear();
      classes.clear();
      for (const std::uint32_t op : group.ops) {
        members.push_back(footprints[begin + op]);
        classes.push_back(class_of(*ops[begin + op]));
        tile.active |= footprints[begin + op].need();  // not what the scheduler filled up with
      }
      if (group.ops.size() == 1) {
        tile.ops = {group.ops[0] + static_cast<std::uint32_t>(begin)};
        tiles.push_back(std::move(tile));
        continue;
      }
      tile.ops.reserve(group.ops.size());
      for (const std::uint32_t k : in_rounds(members, classes)) {
        tile.ops.push_back(group.ops[k] + static_cast<std::uint32_t>(begin));
      }
      tiles.push_back(std::move(tile));
    }
    begin = end;
  }
  return tiles;
}

}  // namespace qross::qsim
