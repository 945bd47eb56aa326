// SPDX-License-Identifier: Apache-2.0
// What `qross plan` says first: whether a program fits, on how many ranks it would, how long the
// whole command takes part by part, and a line for a batch script.
#pragma once

#include <string>

#include "apps/qross/result_json.hpp"
#include "qsim/run/command_forecast.hpp"

namespace qross::app {

/// What the verdict is about.
struct Verdict {
  unsigned qubits = 0;
  int ranks = 1;
  int threads = 1;
  qsim::Precision precision = qsim::Precision::double_precision;
  std::string source;  ///< of the memory that is available: "RAM", "--memory"
  qsim::Fit fit;
  unsigned largest_single = 0;  ///< qubits that fit in single precision
  qsim::CommandForecast command;
  bool measured = false;  ///< the rates
  /// On fit.least_ranks where the ranks asked for are too few.
  qsim::CommandForecast elsewhere;
};

/// A number of bytes with a unit: "64GiB", "64G" (as Slurm counts, 2^30), "64GB" (10^9), "1e9".
/// Throws Error(usage) naming the flag.
[[nodiscard]] double parse_bytes(const std::string& text, const std::string& flag);

/// "#SBATCH --ntasks=4 --cpus-per-task=8 --mem-per-cpu=2048M --time=01:30:00": memory 1.1 times
/// what is needed and whole MiB, time kMeasuredSafety times the forecast (kDefaultSafety at default
/// rates) and a minute, in whole minutes.
[[nodiscard]] std::string batch_line(int ranks, int threads, double bytes_per_rank, double seconds,
                                     bool measured);
inline constexpr double kMemorySafety = 1.1;
inline constexpr double kMeasuredSafety = 1.5;
inline constexpr double kDefaultSafety = 3.0;

[[nodiscard]] std::string verdict_text(const Verdict& verdict);
/// Adds "fits", "memory", "command" and what else the text says.
void add_verdict(const Verdict& verdict, Json& json);

/// {"start_s": .., .., "total_s"} of a forecast or of what was measured.
[[nodiscard]] Json parts_json(const qsim::PartSeconds& seconds);
[[nodiscard]] Json memory_json(const qsim::MemoryForecast& memory);
[[nodiscard]] qsim::PartSeconds seconds_of(const qsim::CommandForecast& command);

/// One line a part that takes part: name, forecast, and what it took if `measured` is not null.
[[nodiscard]] std::string parts_text(const qsim::CommandForecast& command,
                                     const qsim::PartSeconds* measured);

}  // namespace qross::app
