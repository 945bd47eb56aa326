// SPDX-License-Identifier: Apache-2.0
// Says on stderr when this rank has waited long for others: one that was stopped, swapped out or
// cut off makes all others wait without a word. Nothing is ended; the run goes on when the missing
// rank does. Started by Session where there are several ranks.
#pragma once

#include <optional>

#include "apps/qross/ticker.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/dist/waiting.hpp"

namespace qross::app {

class Watchdog {
 public:
  /// Speaks after `patience` seconds of one wait, and again each time that has doubled. The
  /// communicator must outlive it.
  Watchdog(const qsim::Communicator& comm, double patience);

  /// QROSS_STALL_SECONDS if it is a number from 0 up, 0 for never; else 60.
  [[nodiscard]] static double patience();

 private:
  void look();
  void warn(const qsim::Wait& wait) const;

  const qsim::Communicator& comm_;
  const qsim::WaitSource* source_;  ///< null: it never waits
  double patience_;
  double next_;  ///< seconds of a wait after which it speaks
  std::optional<Ticker> ticker_;
};

}  // namespace qross::app
