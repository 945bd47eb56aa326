// SPDX-License-Identifier: Apache-2.0
// The verdict as text and as JSON.
#include "apps/qross/plan_verdict.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/core/units.hpp"

namespace qross::app {
namespace {

using qsim::byte_text;
using qsim::duration_text;
using qsim::plural;

/// What each part does, for people.
constexpr std::array<std::string_view, qsim::kCommandParts> kPartTexts = {
    "start",       "read circuit", "plan",   "fill memory", "gates",      "check norm",
    "expectation", "amplitudes",   "sample", "gradient",    "state file", "end"};

/// The keys of the contract: run_s is the gates alone.
std::string key_of(std::size_t part) { return std::string(qsim::kCommandPartNames[part]) + "_s"; }

/// What Slurm calls a time.
std::string slurm_time(double seconds) {
  const double minutes = std::ceil(seconds / 60.0);
  const double kMostMinutes = 365.0 * 24 * 60;
  const auto whole = static_cast<long>(std::min(minutes, kMostMinutes));
  const long days = whole / (24 * 60);
  const std::string rest = fmt::format("{:02}:{:02}:00", whole / 60 % 24, whole % 60);
  return days > 0 ? fmt::format("{}-{}", days, rest) : rest;
}

std::string memory_text(const qsim::MemoryForecast& memory) {
  std::string text =
      fmt::format("memory a rank: {}: state {}", byte_text(memory.peak()), byte_text(memory.state));
  const auto add = [&](const char* name, double bytes) {
    if (bytes > 0.0) text += fmt::format(", {} {}", name, byte_text(bytes));
  };
  add("messages", memory.staging);
  add("second state", memory.second);
  add("shots up to", memory.sampling);
  add("buffers", memory.working);
  add("program", memory.base);
  add("results at the end up to", memory.results);
  return text + "\n";
}

}  // namespace

double parse_bytes(const std::string& text, const std::string& flag) {
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  struct Unit {
    std::string_view name;
    double bytes;
  };
  constexpr double k = 1024.0;
  constexpr std::array kUnits = {Unit{"", 1.0},
                                 Unit{"B", 1.0},
                                 Unit{"K", k},
                                 Unit{"KiB", k},
                                 Unit{"M", k * k},
                                 Unit{"MiB", k * k},
                                 Unit{"G", k * k * k},
                                 Unit{"GiB", k * k * k},
                                 Unit{"T", k * k * k * k},
                                 Unit{"TiB", k * k * k * k},
                                 Unit{"kB", 1e3},
                                 Unit{"MB", 1e6},
                                 Unit{"GB", 1e9},
                                 Unit{"TB", 1e12}};
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  if (error == std::errc() && std::isfinite(value) && value > 0.0) {
    for (const Unit& known : kUnits) {
      if (unit == known.name) return value * known.bytes;
    }
  }
  throw Error(
      ErrorCode::usage, fmt::format("{}: '{}' is no amount of memory", flag, text),
      "write numbers such as 64GiB, 512M or 1e9; K, M, G, T are powers of 1024, kB, MB, GB, "
      "TB of 1000");
}

std::string batch_line(int ranks, int threads, double bytes_per_rank, double seconds,
                       bool measured) {
  const double mib = std::ceil(kMemorySafety * bytes_per_rank / threads / 1048576.0);
  const double time = seconds * (measured ? kMeasuredSafety : kDefaultSafety) + 60.0;
  return fmt::format("#SBATCH --ntasks={} --cpus-per-task={} --mem-per-cpu={:.0f}M --time={}",
                     ranks, threads, mib, slurm_time(time));
}

std::string verdict_text(const Verdict& v) {
  const qsim::Fit& fit = v.fit;
  std::string text;
  const std::string each = v.ranks == 1 ? "it takes" : "each rank takes";
  if (fit.here) {
    text += fmt::format("fits: {} {} of {} ({}), {} in all\n", each, byte_text(fit.needed),
                        byte_text(fit.available), v.source, duration_text(v.command.seconds()));
  } else {
    text += fmt::format("does not fit: {} {}, but {} is available ({})\n", each,
                        byte_text(fit.needed), byte_text(fit.available), v.source);
    if (fit.without_counts) {
      text += "  the state would, the counts of so many shots do not: use fewer --shots\n";
      text += "  (with --out, a .csv or .json takes less memory than an .h5)\n";
    }
    text += fmt::format("  the largest that fits on {} rank{} is {} qubits", v.ranks,
                        plural(v.ranks), fit.largest);
    if (v.precision == qsim::Precision::double_precision) {
      text += fmt::format(", {} with --precision single", v.largest_single);
    }
    text += '\n';
    if (fit.whole_shots) {
      text += "  more ranks do not help: each runs whole shots and holds the state";
      text += v.ranks > 1 ? "; fewer on a machine leave each more\n" : "\n";
    } else {
      text += fit.least_ranks > 0
                  ? fmt::format("  {} qubits fit on {} ranks with {} each, {} in all\n", v.qubits,
                                fit.least_ranks, byte_text(fit.least_bytes),
                                duration_text(v.elsewhere.seconds()))
                  : fmt::format("  {} qubits fit on no number of ranks up to {} with {} each\n",
                                v.qubits, qsim::kMostRanks, byte_text(fit.available));
    }
  }
  const int ranks = fit.here ? v.ranks : fit.least_ranks;
  if (ranks > 0) {
    const auto& command = fit.here ? v.command : v.elsewhere;
    text += fmt::format(
        "  {}\n  (with {} times the memory, {} times the time{} and a minute)\n",
        batch_line(ranks, v.threads, command.memory.peak(), command.seconds(), v.measured),
        kMemorySafety, v.measured ? kMeasuredSafety : kDefaultSafety,
        v.measured ? "" : " of default rates");
  }
  text += '\n' + parts_text(v.command, nullptr) + memory_text(v.command.memory);
  if (v.command.shot_by_shot) {
    text += "measurements inside the circuit: every shot runs the gates again, here every branch\n";
  }
  return text;
}

void add_verdict(const Verdict& v, Json& json) {
  const qsim::Fit& fit = v.fit;
  json["fits"] = fit.here;
  json["least_ranks"] = fit.least_ranks > 0 ? Json(fit.least_ranks) : Json(nullptr);
  json["largest_qubits"] = fit.largest;
  json["memory"] = memory_json(v.command.memory);
  json["memory"]["available_bytes"] = fit.available;
  json["memory"]["source"] = v.source;
  json["memory"]["least_ranks_bytes"] = fit.least_ranks > 0 ? Json(fit.least_bytes) : Json(nullptr);
  json["command"] = parts_json(seconds_of(v.command));
  json["command"]["exchange_s"] = v.command.exchange_seconds;
  json["command"]["results_s"] = v.command.results_seconds;
  json["command"]["total_s"] = v.command.seconds();
  const int ranks = fit.here ? v.ranks : fit.least_ranks;
  const auto& command = fit.here ? v.command : v.elsewhere;
  json["batch"] =
      ranks > 0
          ? Json(batch_line(ranks, v.threads, command.memory.peak(), command.seconds(), v.measured))
          : Json(nullptr);
}

Json memory_json(const qsim::MemoryForecast& memory) {
  return {{"base_bytes", memory.base},       {"state_bytes", memory.state},
          {"staging_bytes", memory.staging}, {"second_state_bytes", memory.second},
          {"working_bytes", memory.working}, {"sampling_bytes", memory.sampling},
          {"results_bytes", memory.results}, {"peak_bytes", memory.peak()}};
}

Json parts_json(const qsim::PartSeconds& seconds) {
  Json json = Json::object();
  for (std::size_t k = 0; k < qsim::kCommandParts; ++k) json[key_of(k)] = seconds[k];
  json["total_s"] = qsim::total(seconds);
  return json;
}

qsim::PartSeconds seconds_of(const qsim::CommandForecast& command) {
  qsim::PartSeconds seconds{};
  for (std::size_t k = 0; k < qsim::kCommandParts; ++k) seconds[k] = command.parts[k].seconds;
  return seconds;
}

std::string parts_text(const qsim::CommandForecast& command, const qsim::PartSeconds* measured) {
  std::string text =
      fmt::format("{:<13}{:>10}{}{:>12}\n", "", "forecast",
                  measured != nullptr ? fmt::format("{:>10}", "measured") : "", "bytes");
  const auto line = [&](std::string_view name, double forecast, double took, double bytes) {
    text += fmt::format("{:<13}{:>10}{}{:>12}\n", name, duration_text(forecast),
                        measured != nullptr ? fmt::format("{:>10}", duration_text(took)) : "",
                        bytes > 0.0 ? byte_text(bytes) : "");
  };
  for (std::size_t k = 0; k < qsim::kCommandParts; ++k) {
    const double took = measured != nullptr ? (*measured)[k] : 0.0;
    if (command.parts[k].seconds < 1e-6 && took < 1e-4) continue;
    line(kPartTexts[k], command.parts[k].seconds, took, command.parts[k].bytes);
  }
  if (measured == nullptr && command.results_seconds >= 1e-6) {
    line("results", command.results_seconds, 0.0, 0.0);
  }
  const double forecast = command.seconds() - (measured != nullptr ? command.results_seconds : 0.0);
  line("total", forecast, measured != nullptr ? qsim::total(*measured) : 0.0, 0.0);
  return text;
}

}  // namespace qross::app
