// SPDX-License-Identifier: Apache-2.0
// The scalar twins of the kernels `tile` and `tile_walk`: what each step of a tile program does,
// amplitude by amplitude. Computes in double precision and rounds once a tile. Called by tests
// only.
#pragma once

#include <span>

#include "qsim/kernels/reference.hpp"
#include "qsim/kernels/tile.hpp"

namespace qross::qsim::reference {

/// Runs the program on `state`, amplitudes in index order from block `index` on: amplitude i lies
/// in block index + i / kLanes, lane i % kLanes. `index` has no bit of call.free or the offsets.
/// Throws Error(bug) for a step of unknown kind. Cost: about 100 operations for an amplitude and
/// step.
template <class T>
void tile(Amplitudes<T> state, std::uint64_t index, const TileCall<T>& call, const T* scratch);

/// The twin of `tile_walk`: runs the program on both states from stop to stop, and adds to `sums`,
/// laid out as the kernel's. Rounds at every stop. Throws Error(bug) as `tile`, and for a meeting
/// of unknown kind.
template <class T>
void tile_walk(Amplitudes<T> first, Amplitudes<T> second, std::uint64_t index,
               const TileWalkCall<T>& call, const T* scratch, std::span<double> sums);

}  // namespace qross::qsim::reference
