// SPDX-License-Identifier: Apache-2.0
// The table of a report.
#include <fmt/format.h>

#include "benchmarks/engine/measure/report.hpp"

namespace qross::bench {
namespace {

std::string seconds(double s) {
  if (s < 1e-3) return fmt::format("{:.3g} us", s * 1e6);
  return s < 1.0 ? fmt::format("{:.3g} ms", s * 1e3) : fmt::format("{:.3g} s", s);
}

/// The figures of a run: passes, bytes, achieved rate, prediction.
std::string plan_columns(const Setup& setup, const Result& r) {
  if (!r.plan) return {};
  const auto fraction = fraction_of_limit(setup, r);
  return fmt::format("{:>6} {:>8.3g} {:>7.3g} {:>9} {:>8} {:>8}", r.plan->passes,
                     r.plan->bytes_moved / 1e9, r.rate().value_or(0), seconds(r.plan->predicted_s),
                     fraction ? fmt::format("{:.2f}", *fraction) : "-",
                     fraction ? fmt::format("{:.2f}", r.plan->floor_s / r.median()) : "-");
}

}  // namespace

std::string passes_text(const Report& report) {
  std::string text;
  for (const Result& r : report.results) {
    if (r.passes.empty()) continue;
    text += fmt::format("\n{} {}\n  pass limit       predicted      best  of limit\n", r.name,
                        r.precision);
    for (std::size_t p = 0; p < r.passes.size(); ++p) {
      const PassFigures& pass = r.passes[p];
      text += fmt::format("  {:>4} {:<10} {:>10} {:>9}  {:>8.2f}\n", p, pass.limit,
                          seconds(pass.predicted_s), seconds(pass.best_s),
                          pass.best_s > 0.0 ? pass.predicted_s / pass.best_s : 0.0);
    }
  }
  return text;
}

std::string report_text(const Report& report) {
  const Host& h = report.host;
  const Setup& s = report.setup;
  std::string text = fmt::format(
      "{}, {} cores, {}, {:.1f} GiB, huge pages {}\n"
      "{} rank{} x {} thread{}, {} repeat{}, rates of the forecast: {}{}\n\n",
      h.cpu, h.cores, h.isa, static_cast<double>(h.memory_bytes) / 1073741824.0, h.huge_pages,
      s.ranks, s.ranks == 1 ? "" : "s", s.threads, s.threads == 1 ? "" : "s", s.repeats,
      s.repeats == 1 ? "" : "s", s.profile,
      s.profile == "measured" && !s.comparable ? " with other threads or ranks" : "");
  text += fmt::format("{:<22} {:<6} {:>6} {:>9} {:>9} {:>9} {:>6} {:>8} {:>7} {:>9} {:>8} {:>8}\n",
                      "circuit", "", "gates", "plan", "median", "min", "passes", "GB moved", "GB/s",
                      "predicted", "of limit", "of floor");
  for (const Result& r : report.results) {
    text += fmt::format("{:<22} {:<6} {:>6} ", r.name, r.precision, r.gates);
    if (!r.skipped.empty()) {
      text += fmt::format("skipped: {}\n", r.skipped);
      continue;
    }
    text +=
        fmt::format("{:>9} {:>9} {:>9} ", seconds(r.plan_s), seconds(r.median()), seconds(r.min()));
    text += plan_columns(s, r);
    if (r.sets > 1) {
      text += fmt::format("{:.4g} circuits/s", static_cast<double>(r.sets) / r.median());
    }
    text += '\n';
  }
  return text;
}

}  // namespace qross::bench
