// SPDX-License-Identifier: Apache-2.0
// Each move is its own inverse, so the row that a move has taken to r is stored where r was to go.
#include "qsim/engine/tile_moves.hpp"

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

template <class T>
TilePlaces take_last_moves(std::vector<TileStep<T>>& steps, std::size_t keep) {
  TilePlaces place = kSamePlaces;
  while (steps.size() > keep && is_move(steps.back().kind) && steps.back().mask == 0) {
    const TilePlaces after = place;
    for (unsigned r = 0; r < kTileRows; ++r) place[r] = after[moved(steps.back().kind, r)];
    steps.pop_back();
  }
  return place;
}

template TilePlaces take_last_moves(std::vector<TileStep<double>>&, std::size_t);
template TilePlaces take_last_moves(std::vector<TileStep<float>>&, std::size_t);

}  // namespace qross::qsim
