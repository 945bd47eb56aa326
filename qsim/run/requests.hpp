// SPDX-License-Identifier: Apache-2.0
// What run_program refuses before any work. `qross plan` asks the same, so that it promises nothing
// that `qross run` would refuse.
#pragma once

#include <optional>
#include <string_view>

#include "qsim/run/run.hpp"
#include "qsim/run/straight.hpp"

namespace qross::qsim {

/// The most shots of one run: of programs whose gates run once (some hours of sampling on one
/// thread), and of those that run shot by shot.
inline constexpr std::uint64_t kMostShots = 100'000'000'000;
inline constexpr std::uint64_t kMostRuns = 100'000'000;

/// Throws Error(bad_input) if the observable, written as `text`, names a qubit beyond so many.
void require_qubits(const PauliSum& observable, std::string_view text, unsigned qubits);

/// `straight` is straight_line() of the program. Throws Error: usage (more shots than supported, or
/// none where each shot runs by itself; a gradient of nothing), bad_input (observables, qubits,
/// amplitudes that the program does not have; a gradient without parameters), unavailable (a
/// gradient from a loaded state; what a program that runs shot by shot does not have).
void require_runnable(const Program& program, const std::optional<Straight>& straight,
                      const RunOptions& options);

}  // namespace qross::qsim
