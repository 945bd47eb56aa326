// SPDX-License-Identifier: Apache-2.0
// The scalar twin of the kernel `tile`: what each step of a tile program does, amplitude by
// amplitude. Computes in double precision and rounds once a tile. Called by tests only.
#pragma once

#include "qsim/kernels/reference.hpp"
#include "qsim/kernels/tile.hpp"

namespace qross::qsim::reference {

/// Runs the program on `state`, amplitudes in index order from block `index` on: amplitude i lies
/// in block index + i / kLanes, lane i % kLanes. `index` has no bit of call.free or the offsets.
/// Throws Error(bug) for a step of unknown kind. Cost: about 100 operations for an amplitude and
/// step.
template <class T>
void tile(Amplitudes<T> state, std::uint64_t index, const TileCall<T>& call, const T* scratch);

}  // namespace qross::qsim::reference
