// SPDX-License-Identifier: Apache-2.0
// qross plan: what a circuit would take, before anything is allocated.
#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/plan_verdict.hpp"
#include "apps/qross/profile.hpp"
#include "apps/qross/result_json.hpp"
#include "apps/qross/run_request.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/core/units.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/io/state_file.hpp"
#include "qsim/plan/limits.hpp"
#include "qsim/run/binding.hpp"
#include "qsim/run/command_forecast.hpp"
#include "qsim/run/requests.hpp"
#include "qsim/run/straight.hpp"

namespace qross::app {
namespace {

using qsim::plural;

/// What run would be asked for, and where.
struct PlanRequest {
  RunRequest run;
  std::string ranks;
  std::string memory;
};

std::string rates_text(const qsim::HostRates& profile, int ranks) {
  const bool guess = profile.measured && ranks > 1 && !profile.exchange_measured;
  return profile_source(profile) + (guess ? ", exchange by default" : "");
}

/// What run would be told on so many ranks.
qsim::RunOptions plan_request(Session& session, const RunRequest& run, const qsim::Program& program,
                              int ranks) {
  qsim::RunOptions options = read_run_request(session, run, program);
  // Another machine may have more processors than this one.
  options.threads =
      run.threads.empty() ? decide_threads(session, 0) : parse_positive(run.threads, "--threads");
  const bool elsewhere = ranks != session.comm().size();
  options.profile = host_profile(session, {run.profile, {}, options.threads, elsewhere ? 1 : 0});
  return options;
}

/// Refuses a state file as run would. One that is not there may be when the command runs: that is
/// said and no more.
void check_start(Session& session, const qsim::RunOptions& options, const qsim::Program& program) {
  if (options.initial_state.empty()) return;
  session.on_first_rank([&] {
    std::error_code failure;
    if (!std::filesystem::exists(options.initial_state, failure) && !failure) {
      session.note(
          fmt::format("note: '{}' (--init) is not there yet", options.initial_state.string()));
      return;
    }
    qsim::require_state_file(options.initial_state, program.qubits, options.precision);
  });
}

/// The parameters that have no value yet.
std::vector<std::string> open_parameters(const qsim::Circuit& circuit,
                                         const qsim::RunOptions& options) {
  std::vector<std::string> open;
  for (const std::string& name : circuit.parameter_names()) {
    const auto& given = options.parameters;
    const bool known = std::any_of(given.begin(), given.end(),
                                   [&](const auto& entry) { return entry.first == name; });
    if (!known) open.push_back(name);
  }
  return open;
}

/// A plan, the work of its passes and what both took.
struct Planned {
  qsim::Plan plan;
  qsim::Work work;
  qsim::DoneAlready done;
};

/// The work where parameters without a value have this one.
qsim::Work work_with(const Planned& planned, const qsim::Circuit& circuit,
                     const qsim::RunOptions& options, std::span<const std::string> open,
                     double value) {
  auto given = options.parameters;
  for (const std::string& name : open) given.emplace_back(name, value);
  return work_at(planned.plan, bind_parameters(circuit, given), options.profile);
}

Planned make_planned(const qsim::Program& program, const qsim::Circuit& circuit,
                     const qsim::RunOptions& options, int ranks) {
  Planned planned;
  const qsim::Stopwatch planning;
  planned.plan = make_plan(circuit, plan_options(program, options, circuit, ranks));
  planned.done.plan_seconds = planning.seconds();
  const std::vector<std::string> open = open_parameters(circuit, options);
  // Angles such as ln(theta - 1) are numbers at some values only.
  constexpr std::array kValues{0.5, 2.0, -0.5, 0.01};
  for (std::size_t k = 0; k < kValues.size(); ++k) {
    const qsim::Stopwatch preparing;
    try {
      planned.work = work_with(planned, circuit, options, open, kValues[k]);
      planned.done.prepare_seconds = preparing.seconds();
      break;
    } catch (const Error& error) {
      const bool last = open.empty() || k + 1 == kValues.size();
      if (last || error.code() != ErrorCode::bad_input) throw;
    }
  }
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

int plan(Session& session, const PlanRequest& request) {
  const RunRequest& run = request.run;
  const qsim::Stopwatch loading;
  qsim::qasm::SourceBundle sources;
  const qsim::Program program = load_program(session, run.file, run.strict, run.include, &sources);
  const double load_seconds = loading.seconds();
  qsim::require_indexable(program.qubits);
  auto straight = qsim::straight_line(program, run.init.empty());
  const int ranks =
      request.ranks.empty() ? session.comm().size() : parse_positive(request.ranks, "--ranks");
  qsim::RunOptions options = plan_request(session, run, program, ranks);
  (void)check_run_request(session, run, options, sources, Written::later);
  if (!run.state.empty()) options.circuit_text = sources.texts.at(0).text;
  if (!straight && options.shots == 0) {
    session.note(
        "note: this program runs shot by shot; the forecast is of one shot, run needs --shots N");
    options.shots = 1;
  }
  qsim::require_runnable(program, straight, options);
  qsim::Circuit circuit = straight ? std::move(straight->circuit) : qsim::all_gates(program);
  if (const auto open = open_parameters(circuit, options); open.empty() && !straight) {
    // As run does: what runs shot by shot is planned with the numbers.
    circuit = qsim::all_gates(bound(program, options.parameters));
    options.parameters.clear();
  } else if (!open.empty()) {
    const std::string more = open.size() > 1 ? fmt::format(" and {} more", open.size() - 1) : "";
    session.note(fmt::format("note: planned for any value of {}{}; run needs --param {}=NUMBER",
                             open.front(), more, open.front()));
  }
  Planned planned = make_planned(program, circuit, options, ranks);
  planned.done.load_seconds = load_seconds;
  planned.done.memory = qsim::program_memory(program, !straight);
  check_start(session, options, program);
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
  verdict.command = forecast_command(program, options, ranks, made, work, planned.done);
  const qsim::ProgramMemory& memory = planned.done.memory;
  const bool here = ranks == session.comm().size();
  qsim::Available available =
      qsim::available_memory(here ? session.comm().ranks_on_node() : 1, memory.resident);
  if (!request.memory.empty()) available = {parse_bytes(request.memory, "--memory"), "--memory"};
  if (!here && request.memory.empty()) available.source += " of this machine for each rank";
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
    verdict.elsewhere =
        forecast_command(program, options, verdict.fit.least_ranks, more.plan, more.work, done);
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
      "{} shard{} of {} qubits{}; {} a rank (state and messages)\n\n"
      "stage  swapped in  passes  operations\n",
      run.file, program.qubits, plural(program.qubits), circuit.size(), plural(circuit.size()),
      run.precision, ranks, plural(ranks), options.threads, plural(options.threads),
      verdict_text(verdict), made.shape.shards(), plural(made.shape.shards()),
      made.shape.local_bits(),
      made.shape.ranks < ranks ? " on every rank, which runs whole shots" : "",
      size_text(f.bytes_per_rank));
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
  session.print(run.json ? json_text(json) + "\n" : text);
  return 0;
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
  auto request = std::make_shared<PlanRequest>();
  CLI::App* command = app.add_subcommand(
      "plan", "Whether a run would fit, and what it would take in all; takes the options of run");
  add_run_request(*command, request->run);
  command->add_option("--ranks", request->ranks, "Plan for this many ranks");
  command->add_option("--memory", request->memory,
                      "Memory of each rank, such as 64GiB (default: what this machine has free)");
  command->footer(
      "Nothing is run, and no file is left behind.\n"
      "Example: qross plan circuits/qft_40.qasm --ranks 256 --memory 96GiB --shots 1000");
  command->callback(
      [&action, request] { action = [request](Session& s) { return plan(s, *request); }; });
}

}  // namespace qross::app
