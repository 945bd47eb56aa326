// SPDX-License-Identifier: Apache-2.0
// Pairing and ratios.
#include "benchmarks/engine/measure/compare.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "qsim/core/error.hpp"

namespace qross::bench {
namespace {

const Result* find(const Report& report, const Result& like) {
  for (const Result& r : report.results) {
    if (r.name == like.name && r.precision == like.precision) return &r;
  }
  return nullptr;
}

bool measured(const Result* result) { return result != nullptr && !result->seconds.empty(); }

std::string both(std::string_view what, std::string_view before, std::string_view after) {
  return fmt::format("{} differ: {} before, {} after", what, before, after);
}

std::vector<std::string> differences(const Report& before, const Report& after) {
  std::vector<std::string> found;
  if (before.host.cpu != after.host.cpu) {
    found.push_back(both("processors", before.host.cpu, after.host.cpu));
  }
  if (before.host.isa != after.host.isa) {
    found.push_back(both("instruction sets", before.host.isa, after.host.isa));
  }
  const auto shape = [](const Setup& s) {
    return fmt::format("{} ranks x {} threads", s.ranks, s.threads);
  };
  if (shape(before.setup) != shape(after.setup)) {
    found.push_back(both("ranks or threads", shape(before.setup), shape(after.setup)));
  }
  return found;
}

}  // namespace

std::vector<Ratio> Comparison::slower(double tolerance) const {
  std::vector<Ratio> result;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(result),
               [&](const Ratio& row) { return !(row.ratio <= tolerance); });
  return result;
}

Comparison compare(const Report& before, const Report& after) {
  Comparison comparison;
  comparison.warnings = differences(before, after);
  std::vector<std::string> lone;
  for (const Result& b : after.results) {
    const Result* const a = find(before, b);
    if (!measured(a) || !measured(&b)) {
      if (measured(a) || measured(&b)) lone.push_back(b.name + " " + b.precision);
      continue;
    }
    if (a->gates != b.gates || a->qubits != b.qubits) {
      comparison.warnings.push_back(
          fmt::format("{} has {} gates before and {} after", b.name, a->gates, b.gates));
    }
    Ratio row{b.name,
              b.group,
              b.precision,
              a->median() / static_cast<double>(a->sets),
              b.median() / static_cast<double>(b.sets),
              1.0};
    row.ratio = row.after_s / row.before_s;
    comparison.rows.push_back(row);
  }
  for (const Result& a : before.results) {
    if (measured(&a) && find(after, a) == nullptr) lone.push_back(a.name + " " + a.precision);
  }
  if (!lone.empty()) {
    comparison.warnings.push_back(
        fmt::format("measured in one report only: {}", fmt::join(lone, ", ")));
  }
  if (comparison.rows.empty()) {
    throw Error(ErrorCode::bad_input, "the two reports have no circuit in common",
                "measure the same --circuits at the same --scale");
  }
  return comparison;
}

double geometric_mean(const std::vector<Ratio>& rows) {
  double sum = 0.0;
  for (const Ratio& row : rows) sum += std::log(row.ratio);
  return rows.empty() ? 1.0 : std::exp(sum / static_cast<double>(rows.size()));
}

std::string comparison_text(const Comparison& comparison, double tolerance) {
  std::string text = fmt::format("{:<22} {:<8} {:>12} {:>12} {:>8}\n", "circuit", "", "before s",
                                 "after s", "ratio");
  std::map<std::string, std::vector<Ratio>> groups;
  for (const Ratio& row : comparison.rows) {
    text +=
        fmt::format("{:<22} {:<8} {:>12.4g} {:>12.4g} {:>8.3f}{}\n", row.name, row.precision,
                    row.before_s, row.after_s, row.ratio, row.ratio <= tolerance ? "" : "  slower");
    groups[row.group + " " + row.precision].push_back(row);
  }
  text += "\ngeometric means (after / before)\n";
  for (const auto& [group, rows] : groups) {
    text += fmt::format("  {:<24} {:>8.3f}\n", group, geometric_mean(rows));
  }
  text += fmt::format("  {:<24} {:>8.3f}\n\n", "all", geometric_mean(comparison.rows));
  for (const std::string& warning : comparison.warnings) text += fmt::format("note: {}\n", warning);
  const std::size_t slower = comparison.slower(tolerance).size();
  text += slower == 0 ? fmt::format("no median is slower than {:.3g} times\n", tolerance)
                      : fmt::format("{} of {} medians are slower than {:.3g} times\n", slower,
                                    comparison.rows.size(), tolerance);
  return text;
}

}  // namespace qross::bench
