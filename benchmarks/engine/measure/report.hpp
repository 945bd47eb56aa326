// SPDX-License-Identifier: Apache-2.0
// Report: what a run of the engine benchmarks measured, and where. Written as JSON (schema
// qross.engine_bench/1) and as a table; read again for comparisons.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/engine/measure/host.hpp"

namespace qross::bench {

inline constexpr const char* kSchema = "qross.engine_bench/1";

/// What the plan says of one run, on the busiest rank.
struct PlanFigures {
  std::uint64_t stages = 0;
  std::uint64_t passes = 0;
  double bytes_per_rank = 0;
  double bytes_moved = 0;
  double bytes_exchanged = 0;
  double flop = 0;  ///< over all ranks
  double predicted_s = 0;
  double floor_s = 0;  ///< of any plan with this one's arithmetic
  friend bool operator==(const PlanFigures&, const PlanFigures&) = default;
};

/// One pass of a run.
struct PassFigures {
  std::string limit;  ///< memory, arithmetic or threads
  double predicted_s = 0;
  double best_s = 0;  ///< of all repeats, on rank 0
  friend bool operator==(const PassFigures&, const PassFigures&) = default;
};

/// One circuit at one precision.
struct Result {
  std::string name;
  std::string family;
  std::string group;
  std::string precision;  ///< "double" or "single"
  std::uint64_t qubits = 0;
  std::uint64_t gates = 0;
  std::uint64_t parameters = 0;
  std::uint64_t sets = 1;  ///< of parameters, done in one repeat
  double plan_s = 0;
  std::optional<PlanFigures> plan;  ///< of tasks that are one run of the circuit
  std::vector<PassFigures> passes;  ///< likewise
  std::vector<double> seconds;      ///< of each repeat, the slowest rank's
  std::string skipped;              ///< empty, or why it was not run

  /// Throw Error(bad_input) if nothing was measured.
  [[nodiscard]] double median() const;
  [[nodiscard]] double min() const;
  /// bytes_moved over the median, in GB/s.
  [[nodiscard]] std::optional<double> rate() const;
  friend bool operator==(const Result&, const Result&) = default;
};

/// How it was run.
struct Setup {
  int ranks = 1;
  int threads = 1;  ///< of each rank
  int repeats = 1;
  std::string scale;
  std::string profile;      ///< "measured" or "default"
  bool comparable = false;  ///< the profile was measured with as many threads and ranks
  friend bool operator==(const Setup&, const Setup&) = default;
};

struct Report {
  std::string date;  ///< UTC, ISO 8601
  Host host;
  Build build;
  Setup setup;
  std::vector<Result> results;
  friend bool operator==(const Report&, const Report&) = default;
};

/// The middle one of the values, or the mean of the two middle ones.
[[nodiscard]] double median(std::span<const double> values);

/// Predicted over median seconds; nothing unless the profile can be compared with the run.
[[nodiscard]] std::optional<double> fraction_of_limit(const Setup& setup, const Result& result);

[[nodiscard]] std::string report_json(const Report& report);
/// Throws Error(bad_input) naming `source` for anything but this schema.
[[nodiscard]] Report parse_report(const std::string& text, const std::string& source);
/// Reads a file. Throws Error(missing_input), and like parse_report().
[[nodiscard]] Report load_report(const std::string& path);

/// A table for people.
[[nodiscard]] std::string report_text(const Report& report);

/// The passes of each result that has any, with what they reached of their prediction.
[[nodiscard]] std::string passes_text(const Report& report);

}  // namespace qross::bench
