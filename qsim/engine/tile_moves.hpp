// SPDX-License-Identifier: Apache-2.0
// Moves that end a program cost nothing: rows are stored where the moves would have taken them.
// Used where programs of tiles are finished.
#pragma once

#include <cstddef>
#include <vector>

#include "qsim/kernels/tile.hpp"

namespace qross::qsim {

/// The index in kTileBitPairs of the two row bits in `two`.
/// Throws Error(bug) if there are not two.
[[nodiscard]] unsigned row_pair(unsigned two);

/// Removes the flips, controlled flips and swaps of rows that end `steps`, but for factors of all
/// rows, as long as more than `keep` steps are left and they run on every tile, and returns where
/// rows go instead.
template <class T>
[[nodiscard]] TilePlaces take_last_moves(std::vector<TileStep<T>>& steps, std::size_t keep);

}  // namespace qross::qsim
