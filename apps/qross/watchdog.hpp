// SPDX-License-Identifier: Apache-2.0
// Says on stderr when this rank has waited long for others: one that was stopped, swapped out or
// cut off makes all others wait without a word. Nothing is ended; the run goes on when the missing
// rank does. Started by Session where there are several ranks.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "qsim/dist/communicator.hpp"
#include "qsim/dist/waiting.hpp"

namespace qross::app {

class Watchdog {
 public:
  /// Speaks after `patience` seconds of one wait, and again each time that has doubled. The
  /// communicator must outlive it.
  Watchdog(const qsim::Communicator& comm, double patience);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// QROSS_STALL_SECONDS if it is a number from 0 up, 0 for never; else 60.
  [[nodiscard]] static double patience();

 private:
  void watch();
  void warn(const qsim::Wait& wait) const noexcept;

  const qsim::Communicator& comm_;
  const qsim::WaitSource* source_;  ///< null: it never waits
  double patience_;
  std::mutex mutex_;
  std::condition_variable ending_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace qross::app
