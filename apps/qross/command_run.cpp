// SPDX-License-Identifier: Apache-2.0
// qross run: a circuit file in, counts, expectation values, amplitudes and state files out.
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include "apps/qross/command.hpp"
#include "apps/qross/outputs.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/core/text_file.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/io/result_file.hpp"
#include "qsim/run/run.hpp"

namespace qross::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr const char* kProgram = "Qross " QROSS_VERSION;
/// Millions of counts are printed in pieces of this size.
constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

struct RunFlags {
  std::string file;
  std::string shots;
  std::string seed;
  std::vector<std::string> expect;
  std::string observable_file;
  bool gradient = false;
  std::string amplitudes;
  std::vector<std::string> param;
  std::string precision = "double";
  std::string threads;
  bool reproducible = false;
  std::string without;
  bool strict = false;
  std::vector<std::string> include;
  std::string init;
  std::string state;
  std::string out;
  bool overwrite = false;
  bool json = false;
};

/// Observables of a file: one a line, '#' starts a comment.
void read_observables(const std::string& path, qsim::RunOptions& options) {
  std::istringstream file(read_text_file(path, std::uintmax_t{1} << 26));
  const std::size_t before = options.observables.size();
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (const auto comment = line.find('#'); comment != std::string::npos) line.resize(comment);
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    try {
      options.observables.emplace_back(line, qsim::PauliSum::parse(line));
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("{}:{}: {}", path, number, error.message()),
                  error.hint());
    }
  }
  if (options.observables.size() == before) {
    throw Error(ErrorCode::bad_input, fmt::format("{} holds no observable", path),
                "write one Pauli sum a line, such as 0.5 Z0 Z1 + X2");
  }
}

/// A stream would take a text that cannot be read for an empty one.
std::string read_text(const std::string& path) {
  constexpr std::uintmax_t kMost = std::uintmax_t{1} << 32;  // the parser's limit is lower
  return read_text_file(path, kMost);
}

qsim::RunOptions read_options(Session& session, const RunFlags& flags) {
  qsim::RunOptions options;
  if (!flags.shots.empty()) {
    options.shots = parse_count(flags.shots, "--shots");
    if (options.shots == 0) throw Error(ErrorCode::usage, "--shots: 0 shots give no counts");
  }
  if (!flags.seed.empty()) options.seed = parse_count(flags.seed, "--seed");
  options.precision = parse_precision(flags.precision);
  options.threads = decide_threads(
      session, flags.threads.empty() ? 0 : parse_positive(flags.threads, "--threads"));
  options.reproducible = flags.reproducible;
  for (const std::string& text : flags.expect) {
    options.observables.emplace_back(text, qsim::PauliSum::parse(text));
  }
  if (!flags.observable_file.empty()) {
    qsim::together(session.comm(), [&] { read_observables(flags.observable_file, options); });
  }
  options.gradient = flags.gradient;
  std::istringstream list(flags.amplitudes);
  for (std::string item; std::getline(list, item, ',');) {
    options.amplitudes.push_back(parse_count(item, "--amplitudes"));
  }
  for (const std::string& text : flags.param) {
    options.parameters.push_back(parse_assignment(text, "--param"));
  }
  options.initial_state = flags.init;
  options.final_state = flags.state;
  options.program_name = kProgram;
  options.counts_on = qsim::Receiver::first_rank;
  options.profile = host_profile(session);
  options.optimisations = qsim::without(flags.without);
  return options;
}

/// Scripts started on different files or with different flags would wait for each other for ever.
void require_agreement(Session& session, const std::string& what) {
  const auto hash = static_cast<double>(std::hash<std::string>{}(what) >> 12);
  if (session.comm().all_max(hash) != -session.comm().all_max(-hash)) {
    throw Error(ErrorCode::usage, "the ranks were started with different circuits or options",
                "start all ranks with the same command line");
  }
}

std::string seconds(double s) {
  return s < 1.0 ? fmt::format("{:.3g} ms", s * 1e3) : fmt::format("{:.3g} s", s);
}

void print_text(Session& session, const qsim::RunResult& r, const RunFlags& flags, int ranks,
                int threads, std::string_view isa, bool comparable) {
  std::string out =
      fmt::format("{}: {} qubits, {} operations, {} precision, {} rank{} x {} thread{} ({})\n",
                  flags.file, r.qubits, r.operations, flags.precision, ranks, ranks == 1 ? "" : "s",
                  threads, threads == 1 ? "" : "s", isa);
  out += fmt::format("bit order: {}\n", kBitOrder);
  if (r.shots > 0) {
    std::string names;
    for (std::size_t k = r.registers.size(); k-- > 0;) names += " " + r.registers[k].name;
    out += fmt::format("\ncounts of {} shots (seed {}), register{}{}{}\n", r.shots, r.seed,
                       r.registers.size() == 1 ? "" : "s", names,
                       r.sampled_all_qubits ? ": all qubits, the circuit measures none" : "");
    for (const auto& [key, count] : r.counts) {
      out += fmt::format("  {}  {}\n", key, count);
      if (out.size() < kPieceBytes) continue;
      session.print(out);
      out.clear();
    }
  }
  if (!r.expectations.empty()) out += "\nexpectation values\n";
  for (const auto& e : r.expectations) {
    out += fmt::format("  <{}> = {:.15g}", e.text, e.value);
    if (std::isnan(e.standard_error)) out += " (one shot, error unknown)";
    if (e.standard_error > 0.0) out += fmt::format(" +- {:.2g}", e.standard_error);
    out += '\n';
    for (std::size_t k = 0; k < e.gradient.size(); ++k) {
      out += fmt::format("    d/d {} = {:.15g}\n", r.parameters[k], e.gradient[k]);
    }
  }
  if (!r.amplitudes.empty()) out += "\namplitudes\n";
  for (const auto& [index, a] : r.amplitudes) {
    out += fmt::format("  {}  {:+.15g} {:+.15g}i\n", index, a.real(), a.imag());
  }
  if (!flags.state.empty() && !r.state_failure) {
    out += fmt::format("\nstate written to {}\n", flags.state);
  }
  out += fmt::format("\n{} pass{} over {}, {} exchanged; gates {}{}\n", r.forecast.passes,
                     r.forecast.passes == 1 ? "" : "es", size_text(r.forecast.bytes_per_rank),
                     size_text(r.forecast.bytes_exchanged), seconds(r.run_seconds),
                     r.shot_by_shot ? " (measurements inside: run shot by shot)" : "");
  if (!r.shot_by_shot && r.run_seconds > 0.0) {
    out += fmt::format(
        "{:.3g} GB/s of {} moved; predicted {}{}\n", r.work.bytes / r.run_seconds / 1e9,
        size_text(r.work.bytes), seconds(r.work.seconds),
        comparable
            ? fmt::format(", {:.0f} % of this host's limit", 100.0 * r.work.seconds / r.run_seconds)
            : " from default rates: `qross calibrate` measures this host's");
  }
  session.print(out);
}

/// The most memory that was resident, summed over the ranks.
double peak_bytes(Session& session) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double mine = static_cast<double>(usage.ru_maxrss) * 1024.0;
  double sum = 0.0;
  for (const double rank : session.comm().all_gather(std::array{mine})) sum += rank;
  return sum;
}

qsim::ResultRecord record(const qsim::RunResult& result, const Json& json) {
  qsim::ResultRecord record;
  record.program = kProgram;
  record.qubits = result.qubits;
  record.shots = result.shots;
  record.seed = result.seed;
  record.counts.reserve(result.counts.size());
  for (const auto& [key, count] : result.counts) record.counts.push_back({key, count});
  for (const auto& e : result.expectations) {
    record.expectations.push_back({e.text, e.value, e.standard_error});
  }
  for (const qsim::Register& r : result.registers) record.registers.push_back({r.name, r.size});
  write_json(json, result.counts, -1, [&](std::string_view piece) { record.json += piece; });
  return record;
}

int run(Session& session, const RunFlags& flags) {
  const auto start = Clock::now();
  const qsim::Program program = load_program(session, flags.file, flags.strict, flags.include);
  const double load_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  qsim::RunOptions options = read_options(session, flags);
  require_run_outputs(session, {flags.out, flags.state, flags.overwrite, options.shots > 0},
                      {{"the circuit", flags.file},
                       {"--observable", flags.observable_file},
                       {"--init", flags.init}});
  if (!flags.state.empty()) options.circuit_text = read_text(flags.file);
  require_agreement(session, session.command_line() + read_text(flags.file));
  const qsim::RunResult result = qsim::run_program(program, options, session.comm());
  if (result.sampled_all_qubits) {
    session.note("note: the circuit measures nothing; --shots samples all qubits");
  }

  if (options.shots == 0 && options.observables.empty() && options.amplitudes.empty() &&
      flags.state.empty() && flags.out.empty()) {
    session.note(
        "note: nothing was asked for; add --shots N, --expect \"Z0\", --amplitudes 0,1 or --state "
        "FILE");
  }

  const int ranks = session.comm().size();
  const std::string_view isa = session.comm().isa();
  const double total = std::chrono::duration<double>(Clock::now() - start).count();
  Json json = result_json(result);
  json["plan"] = forecast_json(result.forecast, result.work);
  json["timing"] = {{"load_s", load_seconds},
                    {"plan_s", result.plan_seconds},
                    {"run_s", result.run_seconds},
                    {"sample_s", result.sample_seconds},
                    {"total_s", total}};
  // Only rates measured with as many threads and ranks say how far from the limit this run was.
  const bool comparable =
      options.profile.measured &&
      options.profile.threads == static_cast<unsigned>(options.threads) &&
      options.profile.ranks == static_cast<unsigned>(session.comm().ranks_on_node());
  const bool timed = result.run_seconds > 0.0 && !result.shot_by_shot;
  if (timed) {
    json["timing"]["bytes_per_s"] = result.work.bytes / result.run_seconds;
    Json& passes = json["timing"]["pass_list"] = Json::array();
    for (std::size_t p = 0; p < result.pass_seconds.size(); ++p) {
      const qsim::PassWork& pass = result.work.passes[p];
      passes.push_back({{"limit", name(pass.limit())},
                        {"memory_s", pass.memory_seconds},
                        {"arithmetic_s", pass.arithmetic_seconds},
                        {"predicted_s", pass.seconds()},
                        {"run_s", result.pass_seconds[p]}});
    }
  }
  if (timed && comparable) {
    json["timing"]["fraction_of_limit"] = result.work.seconds / result.run_seconds;
    json["timing"]["fraction_of_floor"] = result.work.floor_seconds / result.run_seconds;
  }
  json["host"] = host_json(ranks, options.threads, isa, options.precision, options.profile);
  json["host"]["peak_bytes"] = peak_bytes(session);
  SideFiles files(session);
  files.add(result.state_failure);
  const auto write_out = [&] {
    if (flags.out.empty()) return;
    files.write([&] { write_result_as(flags.out, record(result, json)); });
  };
  if (flags.json) {
    write_out();
    files.enter(json);
    write_json(json, result.counts, 2, [&](std::string_view piece) { session.print(piece); });
    session.print("\n");
  } else {
    files.attempt(
        [&] { print_text(session, result, flags, ranks, options.threads, isa, comparable); });
    write_out();
  }
  return files.finish(flags.json);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto flags = std::make_shared<RunFlags>();
  CLI::App* command = app.add_subcommand("run", "Run a circuit file (OpenQASM 2)");
  command->add_option("file", flags->file, "Circuit file")->required();
  command->add_option("--shots", flags->shots, "Sample this many shots");
  command->add_option("--seed", flags->seed, "Seed of all random numbers (default 0)");
  command
      ->add_option("--expect", flags->expect,
                   "Expectation value of a Pauli sum, such as \"0.5 Z0 Z1 + X2\"; repeatable")
      ->allow_extra_args(false);
  command->add_option("--observable", flags->observable_file, "File with one Pauli sum a line")
      ->check(not_empty);
  command->add_flag("--gradient", flags->gradient, "Derivatives of the expectation values");
  command->add_option("--amplitudes", flags->amplitudes, "Basis indices, such as 0,5,7")
      ->check(not_empty);
  command
      ->add_option("--param", flags->param, "Value of a circuit parameter, name=number; repeatable")
      ->allow_extra_args(false);
  command->add_option("--precision", flags->precision, "double (default) or single");
  command->add_option("--threads", flags->threads, "Threads of each rank");
  command->add_flag("--reproducible", flags->reproducible,
                    "The same bits on any number of ranks and threads");
  command
      ->add_option("--without", flags->without,
                   "Switch optimisations off, a,b,...; `qross info` lists them")
      ->check(not_empty);
  command->add_flag("--strict", flags->strict, "OpenQASM 2 as the paper has it, nothing more");
  command->add_option("-I", flags->include, "Folder to search for included files; repeatable")
      ->allow_extra_args(false);
  command->add_option("--init", flags->init, "Start from this state file")->check(not_empty);
  command->add_option("--state", flags->state, "Write the final state to this .h5 file")
      ->check(not_empty);
  command->add_option("--out", flags->out, "Write the result to this file: .h5, .json or .csv")
      ->check(not_empty);
  command->add_flag("--overwrite", flags->overwrite, "Replace files that Qross has not written");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross run circuits/bell.qasm --shots 1000 --seed 7 --expect \"Z0 Z1\"");
  command->callback([&action, flags] { action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace qross::app
