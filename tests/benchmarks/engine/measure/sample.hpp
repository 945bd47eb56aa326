// SPDX-License-Identifier: Apache-2.0
// A report for the tests: two circuits measured, one skipped.
#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

#include "benchmarks/engine/measure/report.hpp"

namespace qross::bench {

inline Result sample_result(const std::string& name, double seconds) {
  Result r;
  r.name = name + "_26";
  r.family = name;
  r.group = "suite";
  r.precision = "double";
  r.qubits = 26;
  r.gates = 364;
  r.plan_s = 0.001;
  r.plan = PlanFigures{2, 3, 1e9, 4e9, 5e8, 1e11, 0.25 * seconds, 0.125 * seconds};
  r.passes = {{"memory", 0.1 * seconds, 0.2 * seconds}, {"arithmetic", 0.1 * seconds, 0.0}};
  r.seconds = {2 * seconds, seconds, 0.5 * seconds};
  return r;
}

inline Report sample_report() {
  Report report;
  report.date = "2026-01-31T23:59:59Z";
  report.host = {"A processor", 2, "avx2", 1ULL << 34, 4096, "madvise"};
  report.build = {"1.2.3", "GNU 12", "-O3", ""};
  report.setup = {2, 1, 3, "full", "measured", true};
  report.results = {sample_result("qft", 1.0), sample_result("ghz", 0.125)};
  Result batch = sample_result("batch", 4.0);
  batch.group = "batch";
  batch.plan.reset();
  batch.passes.clear();
  batch.sets = 100;
  batch.parameters = 32;
  Result skipped = sample_result("big", 1.0);
  skipped.passes.clear();
  skipped.plan_s = 0;
  skipped.plan.reset();
  skipped.seconds.clear();
  skipped.skipped = "does not fit";
  report.results.push_back(batch);
  report.results.push_back(skipped);
  return report;
}

/// A path in the temporary folder that no other process uses.
inline std::string temporary_path(const std::string& name) {
  return (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + "_" + name))
      .string();
}

}  // namespace qross::bench
