// SPDX-License-Identifier: Apache-2.0
// Sections of text, each begun by an empty line and a title that says what its numbers are.
#include "apps/qross/result_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/outcomes.hpp"
#include "apps/qross/plan_verdict.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/core/units.hpp"

namespace qross::app {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
constexpr double kBarLength = 40.0;
/// Below this a rate says more about starting threads than about memory.
constexpr double kLeastRated = 67108864.0;

/// "163,778".
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string seconds(double s) {
  return s < 1.0 ? fmt::format("{:.3g} ms", s * 1e3) : fmt::format("{:.3g} s", s);
}

using qsim::plural;

class Printer {
 public:
  explicit Printer(Session& session) : session_(&session) {}
  ~Printer() = default;
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  template <class... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) {
    text_ += fmt::format(format, std::forward<Values>(values)...);
    text_ += '\n';
    if (text_.size() >= kPieceBytes) flush();
  }
  void flush() {
    session_->print(text_);
    text_.clear();
  }

 private:
  Session* session_;
  std::string text_;
};

/// What expectation values, amplitudes and probabilities are of.
std::string taken(const qsim::RunResult& r) {
  return r.shot_by_shot ? fmt::format("{}, averages over {} shots", kTaken, r.shots)
                        : std::string(kTaken);
}

std::string error_text(double standard_error) {
  if (std::isnan(standard_error)) return " (one shot, error unknown)";
  return standard_error > 0.0 ? fmt::format(" +- {:.2g}", standard_error) : "";
}

void print_counts(Printer& out, const qsim::RunResult& r, const TextOptions& options) {
  std::string names;
  for (std::size_t k = r.registers.size(); k-- > 0;) names += " " + r.registers[k].name;
  out.line("\ncounts of {} shot{} (seed {}), register{}{}{}", r.shots, plural(r.shots), r.seed,
           plural(r.registers.size()), names,
           r.sampled_all_qubits ? ": all qubits, the circuit measures none" : "");
  std::uint64_t largest = 1;
  std::size_t digits = 1;
  if (options.terminal) {
    for_each_count(r.counts, options.chosen, [&](std::string_view, std::uint64_t count) {
      largest = std::max(largest, count);
    });
    digits = std::to_string(largest).size();
  }
  for_each_count(r.counts, options.chosen, [&](std::string_view key, std::uint64_t count) {
    if (!options.terminal) return out.line("  {}  {}", key, count);
    const double part = static_cast<double>(count) / static_cast<double>(largest);
    const auto length = static_cast<std::size_t>(std::ceil(kBarLength * part));
    out.line("  {}  {:>{}}  {:5.1f} %  {}", key, count, digits,
             100.0 * static_cast<double>(count) / static_cast<double>(r.shots),
             std::string(length, '#'));
  });
  const LeftOut rest = left_out(r.counts, options.chosen);
  if (rest.outcomes > 0) {
    out.line("  and {} other{} ({} shot{})", grouped(rest.outcomes), plural(rest.outcomes),
             grouped(rest.shots), plural(rest.shots));
  }
}

void print_probabilities(Printer& out, const qsim::RunResult& r, const TextOptions& options) {
  std::string names;
  for (std::size_t k = options.probability_names.size(); k-- > 0;) {
    names += " " + options.probability_names[k];
  }
  out.line("\nprobabilities of{}, in this order; {}", names, taken(r));
  const auto& p = r.probabilities;
  for (std::size_t i = 0; i < p.values.size(); ++i) {
    out.line("  {}  {:.15g}{}", outcome_key(i, options.probability_names.size()), p.values[i],
             error_text(p.standard_errors[i]));
  }
}

}  // namespace

void print_result(Session& session, const qsim::RunResult& r, const TextOptions& options) {
  Printer out(session);
  out.line("{}: {} qubit{}, {} operation{}, {} precision, {} rank{} x {} thread{} ({})",
           options.file, r.qubits, plural(r.qubits), r.operations, plural(r.operations),
           options.precision, options.ranks, plural(options.ranks), options.threads,
           plural(options.threads), options.isa);
  out.line("bit order: {}", kBitOrder);
  if (r.shots > 0) print_counts(out, r, options);
  if (!r.expectations.empty()) out.line("\nexpectation values, {}", taken(r));
  for (const auto& e : r.expectations) {
    out.line("  <{}> = {:.15g}{}", e.text, e.value, error_text(e.standard_error));
    for (std::size_t k = 0; k < e.gradient.size(); ++k) {
      out.line("    d/d {} = {:.15g}", r.parameters[k], e.gradient[k]);
    }
  }
  if (!r.amplitudes.empty()) out.line("\namplitudes, {}", taken(r));
  for (const auto& [index, a] : r.amplitudes) {
    out.line("  {}  |{}>  {:+.15g} {:+.15g}i", index, outcome_key(index, r.qubits), a.real(),
             a.imag());
  }
  if (!r.probabilities.values.empty()) print_probabilities(out, r, options);
  if (!options.state.empty()) out.line("\nstate {} written to {}", taken(r), options.state);
  out.line("\n{} pass{} over {}, {} exchanged; gates {}{}", r.forecast.passes,
           r.forecast.passes == 1 ? "" : "es", size_text(r.forecast.bytes_per_rank),
           size_text(r.forecast.bytes_exchanged), seconds(r.run_seconds),
           r.shot_by_shot ? " (run shot by shot)" : "");
  if (!r.shot_by_shot && r.run_seconds > 0.0 && r.work.bytes >= kLeastRated) {
    out.line("{:.3g} GB/s of {} moved; predicted {}{}", r.work.bytes / r.run_seconds / 1e9,
             size_text(r.work.bytes), seconds(r.work.seconds),
             options.comparable ? fmt::format(", {:.0f} % of this host's limit",
                                              100.0 * r.work.seconds / r.run_seconds)
                                : " from default rates: `qross calibrate` measures this host's");
  }
  out.line("\n{}", parts_text(r.command, &options.took));
  out.flush();
}

}  // namespace qross::app
