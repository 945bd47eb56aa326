// SPDX-License-Identifier: Apache-2.0
// What `qross run` says while it works, on stderr: of long runs a line at once with the forecast,
// then a bar on a terminal or a line now and then in a log; what a signal reports is kept up to
// date. Short runs say nothing. A thread of its own speaks while a part goes on without a word.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "apps/qross/session.hpp"
#include "apps/qross/ticker.hpp"
#include "qsim/run/reckoning.hpp"

namespace qross::app {

/// "gates, pass 12 of 40".
[[nodiscard]] std::string activity_text(const qsim::RunProgress& at, bool shot_by_shot);

class RunMeter {
 public:
  /// `title` names the circuit, the qubits, ranks and threads. `program` and `options` outlive it.
  RunMeter(Session& session, std::string title, const qsim::Program& program,
           const qsim::RunOptions& options);
  /// Leaves the bar behind.
  ~RunMeter();
  RunMeter(const RunMeter&) = delete;
  RunMeter& operator=(const RunMeter&) = delete;

  /// For RunOptions::progress.
  void show(const qsim::RunProgress& at);
  /// Leaves the bar: results follow.
  void close();

 private:
  using Clock = std::chrono::steady_clock;

  void reckon(const qsim::Plan& plan);
  /// What is due now: header, line or bar.
  void tick();
  void header();
  void line(double elapsed, Clock::time_point now);

  Session& session_;
  std::string title_;
  const qsim::Program& program_;
  const qsim::RunOptions& options_;
  qsim::Reckoning reckoning_;
  bool terminal_;
  bool headed_ = false;
  bool open_ = false;  ///< a bar stands on the terminal
  bool shot_by_shot_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;  ///< something was said
  qsim::RunProgress at_;
  Clock::time_point at_time_ = start_;
  std::mutex mutex_;  ///< of all above, while the ticker lives
  std::optional<Ticker> ticker_;
};

}  // namespace qross::app
