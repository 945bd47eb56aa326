// SPDX-License-Identifier: Apache-2.0
// The parts of a command that runs a circuit: what forecasts say of each, and the clock that tells
// what each took.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qross::qsim {

/// In the order in which a command comes to them.
enum class CommandPart : std::uint8_t {
  start,       ///< the process, and the meeting of the ranks
  load,        ///< reading the circuit and the options
  plan,        ///< planning, and asking whether it fits
  fill,        ///< memory taken and set to |0..0>, or read from a state file
  run,         ///< the gates; of programs that run shot by shot, all of the shots
  norm,        ///< checking that the norm is what it was
  expect,      ///< expectation values
  amplitudes,  ///< single amplitudes
  sample,      ///< drawing and counting shots
  gradient,    ///< derivatives of expectation values
  write,       ///< state files
  end,         ///< giving memory back; results are printed and written after it
  count
};
inline constexpr std::size_t kCommandParts = static_cast<std::size_t>(CommandPart::count);
inline constexpr std::array<std::string_view, kCommandParts> kCommandPartNames = {
    "start",  "load",       "plan",   "fill",     "run",   "norm",
    "expect", "amplitudes", "sample", "gradient", "write", "end"};

using PartSeconds = std::array<double, kCommandParts>;

/// Keeps the time of a command: every moment belongs to exactly one part, so that the parts add up
/// to the whole.
class PartClock {
 public:
  /// `before`: seconds that the process had run already, which belong to `start`.
  explicit PartClock(double before = 0.0) { seconds_[0] = before; }

  /// What follows belongs to `part`.
  void enter(CommandPart part) {
    settle();
    part_ = part;
  }
  [[nodiscard]] CommandPart part() const { return part_; }
  /// The seconds of each part until now.
  [[nodiscard]] const PartSeconds& seconds() {
    settle();
    return seconds_;
  }

 private:
  using Clock = std::chrono::steady_clock;

  void settle() {
    const auto now = Clock::now();
    seconds_[static_cast<std::size_t>(part_)] += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

  PartSeconds seconds_{};
  CommandPart part_ = CommandPart::start;
  Clock::time_point last_ = Clock::now();
};

struct PartForecast {
  double seconds = 0.0;
  double bytes = 0.0;  ///< of the busiest rank, through memory; of files: the file
};

/// Lists that are freed stay with the process up to this size (keep_freed_memory).
inline constexpr double kKeptBytes = 4194304.0;

/// Memory of the busiest rank, in bytes, by what it is for.
struct MemoryForecast {
  double base = 0.0;      ///< the process with its libraries, MPI, the circuit and the plan
  double state = 0.0;     ///< amplitudes
  double staging = 0.0;   ///< messages between ranks
  double second = 0.0;    ///< the second state of a gradient
  double working = 0.0;   ///< tables and buffers of passes, expectation values and files
  double sampling = 0.0;  ///< shots on their way and their counts
  double results = 0.0;   ///< counts, and the file that is made of them, once the state is gone

  /// The most that is resident at the same time.
  [[nodiscard]] double peak() const {
    // Shots are drawn before the second state is made; small lists of theirs are kept.
    const double kept = second + (sampling < kKeptBytes ? sampling : kKeptBytes);
    const double later = second > 0.0 && kept > sampling ? kept : sampling;
    const double before = state + staging + working + later;
    return base + (results > before ? results : before);
  }
};

struct CommandForecast {
  std::array<PartForecast, kCommandParts> parts{};
  double exchange_seconds = 0.0;  ///< within `run`
  double results_seconds = 0.0;  ///< after all parts: printing outcomes, and writing them to a file
  MemoryForecast memory;
  bool shot_by_shot = false;

  [[nodiscard]] double seconds() const {
    double sum = results_seconds;
    for (const PartForecast& part : parts) sum += part.seconds;
    return sum;
  }
  [[nodiscard]] const PartForecast& of(CommandPart part) const {
    return parts[static_cast<std::size_t>(part)];
  }
};

/// The sum over all parts.
[[nodiscard]] inline double total(const PartSeconds& seconds) {
  double sum = 0.0;
  for (const double s : seconds) sum += s;
  return sum;
}

}  // namespace qross::qsim
