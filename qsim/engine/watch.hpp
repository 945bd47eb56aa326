// SPDX-License-Identifier: Apache-2.0
// Running a plan for someone who waits: Engine::run with a word after each pass. Called by
// qsim/run.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "qsim/engine/engine.hpp"

namespace qross::qsim {

struct PassWatch {
  /// Called by the thread that called run_watched(), after each pass: how many passes are done, and
  /// of how many. Empty: nobody waits.
  std::function<void(std::size_t done, std::size_t total)> after_pass;
  double prepare_seconds = 0.0;  ///< set: of the passes, making their kernel calls
};

/// Engine::run.
template <class T>
RunCounts run_watched(const Engine& engine, const Plan& plan, std::span<const double> values,
                      StateVector<T>& state, PassWatch& watch);

}  // namespace qross::qsim
