// SPDX-License-Identifier: Apache-2.0
// A thread that does something small every now and then while the program works: the watchdog and
// the meter of `qross run`. It takes no signals.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace qross::app {

class Ticker {
 public:
  /// Calls `tick` every `nap` until it is destroyed; what it throws is lost. `name` (at most 15
  /// bytes) is shown by ps -L. Where the system has no thread to spare nothing ticks: the work is
  /// worth more.
  Ticker(const char* name, std::chrono::duration<double> nap, std::function<void()> tick);
  /// Waits for a tick that is under way.
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void run(const char* name);

  std::chrono::duration<double> nap_;
  std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable ending_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace qross::app
