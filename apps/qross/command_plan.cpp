// SPDX-License-Identifier: Apache-2.0
// qross plan: what a circuit would take, before anything is allocated.
#include <bit>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/observables.hpp"
#include "apps/qross/plan_verdict.hpp"
#include "apps/qross/profile.hpp"
#include "apps/qross/result_json.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/core/units.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/plan/limits.hpp"
#include "qsim/run/command_forecast.hpp"
#include "qsim/run/straight.hpp"

namespace qross::app {
namespace {

using qsim::plural;

struct PlanFlags {
  std::string file;
  std::string ranks;
  std::string precision = "double";
  std::string threads;
  std::string memory;
  std::string profile;
  std::string shots;
  std::vector<std::string> expect;
  std::string observable_file;
  bool gradient = false;
  std::string init;
  std::string state;
  bool reproducible = false;
  std::vector<std::string> include;
  std::string without;
  bool strict = false;
  bool json = false;
};

std::string rates_text(const qsim::HostRates& profile, int ranks) {
  const bool guess = profile.measured && ranks > 1 && !profile.exchange_measured;
  return profile_source(profile) + (guess ? ", exchange by default" : "");
}

/// What run would be told.
qsim::RunOptions run_options(Session& session, const PlanFlags& flags, int ranks) {
  qsim::RunOptions options;
  if (!flags.shots.empty()) options.shots = parse_count(flags.shots, "--shots");
  options.precision = parse_precision(flags.precision);
  // Another machine may have more processors than this one.
  options.threads = flags.threads.empty() ? decide_threads(session, 0)
                                          : parse_positive(flags.threads, "--threads");
  options.reproducible = flags.reproducible;
  options.gradient = flags.gradient;
  for (const std::string& text : flags.expect) {
    options.observables.emplace_back(text, qsim::PauliSum::parse(text));
  }
  if (!flags.observable_file.empty()) {
    for (Observable& entry : read_observables(session, flags.observable_file)) {
      options.observables.push_back(std::move(entry));
    }
  }
  options.initial_state = flags.init;
  options.final_state = flags.state;
  options.optimisations = qsim::without(flags.without);
  const bool planned_elsewhere = ranks != session.comm().size();
  options.profile =
      host_profile(session, {flags.profile, {}, options.threads, planned_elsewhere ? 1 : 0});
  return options;
}

/// A plan, the work of its passes and what both took.
struct Planned {
  qsim::Plan plan;
  qsim::Work work;
  qsim::DoneAlready done;
};

Planned make_planned(const qsim::Program& program, const qsim::Circuit& circuit,
                     const qsim::RunOptions& options, int ranks) {
  Planned planned;
  const qsim::Stopwatch planning;
  planned.plan = make_plan(circuit, plan_options(program, options, circuit, ranks));
  planned.done.plan_seconds = planning.seconds();
  const qsim::Stopwatch preparing;
  planned.work =
      work_at(planned.plan, std::vector<double>(planned.plan.circuit.slots, 0.5), options.profile);
  planned.done.prepare_seconds = preparing.seconds();
  return planned;
}

/// What a rank of Open MPI takes on one machine beyond a process without it.
constexpr double kMpiBytes = 10e6;

void add_mpi(qsim::ProgramMemory& memory) {
  memory.resident += kMpiBytes;
  memory.peak += kMpiBytes;
}

/// The passes, as text the first of them only.
void add_passes(const qsim::Plan& plan, const qsim::Work& work, std::string& text, Json& json) {
  constexpr std::size_t kMostLines = 48;
  text += "\n pass  stage  qubits  operations  trips      moved  instructions    seconds  limit\n";
  Json& list = json["plan"]["pass_list"] = Json::array();
  for (std::size_t s = 0; s < plan.stages.size(); ++s) {
    const qsim::Stage& stage = plan.stages[s];
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const qsim::PassWork& pass = work.passes[p];
      std::vector<unsigned> qubits;
      for (std::uint64_t m = pass.active; m != 0; m &= m - 1) {
        qubits.push_back(stage.layout.qubit(static_cast<unsigned>(std::countr_zero(m))));
      }
      list.push_back({{"stage", s},
                      {"qubits", qubits.size()},
                      {"wires", qubits},
                      {"sub_blocks", pass.sub_blocks},
                      {"operations", pass.operations},
                      {"trips", pass.steps.trips},
                      {"bytes_moved", pass.bytes},
                      {"instructions", pass.instructions},
                      {"memory_s", pass.memory_seconds},
                      {"arithmetic_s", pass.arithmetic_seconds},
                      {"predicted_s", pass.seconds()},
                      {"limit", name(pass.limit())}});
      if (p >= kMostLines) continue;
      text +=
          fmt::format("{:>5}  {:>5}  {:>6}  {:>10}  {:>5}  {:>9}  {:>12.4g}  {:>9.3g}  {}\n", p, s,
                      qubits.size(), pass.operations, pass.steps.trips, size_text(pass.bytes),
                      pass.instructions, pass.seconds(), name(pass.limit()));
    }
  }
  if (work.passes.size() > kMostLines) {
    text +=
        fmt::format("... and {} passes more; --json lists them\n", work.passes.size() - kMostLines);
  }
}

int plan(Session& session, const PlanFlags& flags) {
  const qsim::Stopwatch loading;
  const qsim::Program program = load_program(session, flags.file, flags.strict, flags.include);
  const double load_seconds = loading.seconds();
  const auto straight = qsim::straight_line(program, flags.init.empty());
  const int ranks =
      flags.ranks.empty() ? session.comm().size() : parse_positive(flags.ranks, "--ranks");
  const qsim::RunOptions options = run_options(session, flags, ranks);
  if (!flags.shots.empty() && options.shots == 0) {
    throw Error(ErrorCode::usage, "--shots: 0 shots give no counts");
  }
  qsim::require_runnable(program, options);
  if (!straight && options.shots == 0) {
    session.note("note: this program runs shot by shot; the forecast is of one shot, give --shots");
  }
  const qsim::Circuit circuit = straight ? straight->circuit : qsim::all_gates(program);
  if (const auto& names = circuit.parameter_names(); !names.empty()) {
    const std::string more = names.size() > 1 ? fmt::format(" and {} more", names.size() - 1) : "";
    session.note(fmt::format("note: planned for any value of {}{}; run needs --param {}=NUMBER",
                             names.front(), more, names.front()));
  }
  Planned planned = make_planned(program, circuit, options, ranks);
  planned.done.load_seconds = load_seconds;
  planned.done.memory = {qsim::resident_bytes(), qsim::peak_resident_bytes()};
  if (ranks > 1 && session.comm().size() == 1) add_mpi(planned.done.memory);
  const qsim::Plan& made = planned.plan;
  const qsim::Work& work = planned.work;
  const qsim::Forecast f = forecast(made);

  Verdict verdict;
  verdict.qubits = program.qubits;
  verdict.ranks = ranks;
  verdict.threads = options.threads;
  verdict.precision = options.precision;
  verdict.measured = options.profile.measured;
  verdict.command = forecast_command(program, options, made, work, planned.done);
  const qsim::ProgramMemory& memory = planned.done.memory;
  const bool here = ranks == session.comm().size();
  qsim::Available available =
      qsim::available_memory(here ? session.comm().ranks_on_node() : 1, memory.resident);
  if (!flags.memory.empty()) available = {parse_bytes(flags.memory, "--memory"), "--memory"};
  if (!here && flags.memory.empty()) available.source += " of this machine for each rank";
  verdict.source = available.source;
  const unsigned least = least_local_qubits(made.circuit, options.precision);
  verdict.fit = find_fit(program.qubits, options, ranks, least, memory, available.bytes);
  qsim::RunOptions single = options;
  single.precision = qsim::Precision::single_precision;
  verdict.largest_single =
      find_fit(program.qubits, single, ranks, least, memory, available.bytes).largest;
  if (!verdict.fit.here && verdict.fit.least_ranks > 0) {
    const Planned more = make_planned(program, circuit, options, verdict.fit.least_ranks);
    qsim::DoneAlready done = planned.done;
    if (ranks == 1 && session.comm().size() == 1) add_mpi(done.memory);
    verdict.elsewhere = forecast_command(program, options, more.plan, more.work, done);
  }

  Json json = {{"schema", kSchema}, {"qubits", program.qubits}, {"bit_order", kBitOrder}};
  json["plan"] = forecast_json(f, work);
  add_verdict(verdict, json["plan"]);
  json["plan"]["ranks"] = ranks;
  json["plan"]["threads"] = options.threads;
  json["plan"]["shards"] = made.shape.shards();
  json["plan"]["qubits_per_shard"] = made.shape.local_bits();
  json["plan"]["shot_by_shot"] = !straight;
  json["plan"]["profile"] = options.profile.measured ? "measured" : "default";
  json["plan"]["stage_list"] = Json::array();
  std::string text = fmt::format(
      "{}: {} qubit{}, {} operation{} as written, {} precision, {} rank{} x {} thread{}\n{}\n"
      "{} shard{} of {} qubits; {} a rank (state and messages)\n\n"
      "stage  swapped in  passes  operations\n",
      flags.file, program.qubits, plural(program.qubits), circuit.size(), plural(circuit.size()),
      flags.precision, ranks, plural(ranks), options.threads, plural(options.threads),
      verdict_text(verdict), made.shape.shards(), plural(made.shape.shards()),
      made.shape.local_bits(), size_text(f.bytes_per_rank));
  for (std::size_t s = 0; s < made.stages.size(); ++s) {
    const qsim::Stage& stage = made.stages[s];
    std::uint64_t ops = 0;
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const qsim::Pass& pass = made.passes[p];
      for (std::uint32_t b = pass.first_sub; b < pass.first_sub + pass.sub_count; ++b) {
        ops += made.subs[b].op_count;
      }
    }
    text += fmt::format("{:>5}  {:>10}  {:>6}  {:>10}\n", s, stage.exchange.size(),
                        stage.pass_count, ops);
    json["plan"]["stage_list"].push_back({{"exchanged_qubits", stage.exchange.size()},
                                          {"passes", stage.pass_count},
                                          {"operations", ops}});
  }
  add_passes(made, work, text, json);
  text += fmt::format(
      "\n{} pass{} through memory {} {}, exchanges send {} (busiest rank)\n"
      "{:.4g} FLOP over all ranks gate by gate; {:.4g} vector instructions on the busiest\n"
      "passes and exchanges alone {}, of them {} exchanges; one pass for all gates would take {}\n"
      "rates: {}\n",
      f.passes, f.passes == 1 ? "" : "es", f.passes == 1 ? "moves" : "move", size_text(work.bytes),
      size_text(f.bytes_exchanged), f.flop, work.instructions, qsim::duration_text(work.seconds),
      qsim::duration_text(work.exchange_seconds), qsim::duration_text(work.floor_seconds),
      rates_text(options.profile, ranks));
  session.print(flags.json ? json_text(json) + "\n" : text);
  return 0;
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
  auto flags = std::make_shared<PlanFlags>();
  CLI::App* command =
      app.add_subcommand("plan", "Whether a command would fit, and what it would take in all");
  command->add_option("file", flags->file, "Circuit file")->required();
  const auto option = [&](const char* name, std::string& value, const char* text) {
    command->add_option(name, value, text);
  };
  option("--ranks", flags->ranks, "Plan for this many ranks");
  option("--threads", flags->threads, "Threads of each rank");
  option("--memory", flags->memory,
         "Memory of each rank, such as 64GiB (default: what this machine has free)");
  option("--profile", flags->profile,
         "Rates measured by `qross calibrate --out` (default: QROSS_PROFILE, or the cache)");
  option("--shots", flags->shots, "Sample this many shots");
  command->add_option("--expect", flags->expect, "Expectation value of a Pauli sum; repeatable")
      ->allow_extra_args(false);
  option("--observable", flags->observable_file, "File with one Pauli sum a line");
  command->add_flag("--gradient", flags->gradient, "Derivatives of the expectation values");
  option("--init", flags->init, "Start from a state file");
  option("--state", flags->state, "Write the final state to a file (plan writes none)");
  command->add_flag("--reproducible", flags->reproducible,
                    "The same bits on any number of ranks and threads");
  command->add_option("--precision", flags->precision, "double (default) or single");
  command->add_option("--without", flags->without,
                      "Switch optimisations off, a,b,...; `qross info` lists them");
  command->add_option("-I", flags->include, "Folder to search for included files; repeatable")
      ->allow_extra_args(false);
  command->add_flag("--strict", flags->strict, "OpenQASM 2 as the paper has it, nothing more");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer(
      "Example: qross plan circuits/qft_40.qasm --ranks 256 --memory 96GiB --shots 1000");
  command->callback([&action, flags] { action = [flags](Session& s) { return plan(s, *flags); }; });
}

}  // namespace qross::app
