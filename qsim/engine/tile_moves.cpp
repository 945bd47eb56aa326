// SPDX-License-Identifier: Apache-2.0
// A move is its own inverse: before it, row r is stored where row moved(r) was to go. Factors of
// all rows commute with moves.
#include "qsim/engine/tile_moves.hpp"

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

bool is_move(TileKind kind) { return kind >= TileKind::flip && kind < TileKind::diagonal; }

/// The row that changes places with row r.
unsigned moved(TileKind kind, unsigned r) {
  const auto member = [&](TileKind family) {
    return static_cast<unsigned>(kind) - static_cast<unsigned>(family);
  };
  if (kind < TileKind::controlled_flip) return r ^ (1U << member(TileKind::flip));
  if (kind < TileKind::swap) {
    const auto [control, target] = kTileControlled[member(TileKind::controlled_flip)];
    return r ^ (((r >> control) & 1U) << target);
  }
  const auto [low, high] = kTileBitPairs[member(TileKind::swap)];
  const unsigned differ = ((r >> low) ^ (r >> high)) & 1U;
  return r ^ (differ << low) ^ (differ << high);
}

}  // namespace

unsigned row_pair(unsigned two) {
  switch (two) {
    case 3:
      return 0;
    case 5:
      return 1;
    case 6:
      return 2;
    default:
      throw Error(ErrorCode::bug, "a gate of two qubits does not lie on two rows of its tile");
  }
}

template <class T>
TilePlaces take_last_moves(std::vector<TileStep<T>>& steps, std::size_t keep) {
  TilePlaces place = kSamePlaces;
  for (std::size_t k = steps.size(); k-- > 0 && steps.size() > keep;) {
    const TileStep<T>& step = steps[k];
    if (step.kind == TileKind::scale && step.mask == 0) continue;
    if (!is_move(step.kind) || step.mask != 0) break;
    const TilePlaces after = place;
    for (unsigned r = 0; r < kTileRows; ++r) place[r] = after[moved(step.kind, r)];
    steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return place;
}

template TilePlaces take_last_moves(std::vector<TileStep<double>>&, std::size_t);
template TilePlaces take_last_moves(std::vector<TileStep<float>>&, std::size_t);

}  // namespace qross::qsim
