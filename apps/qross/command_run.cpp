// SPDX-License-Identifier: Apache-2.0
// qross run: a circuit file in, counts, expectation values, amplitudes and state files out.
#include <array>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/outcomes.hpp"
#include "apps/qross/outputs.hpp"
#include "apps/qross/plan_verdict.hpp"
#include "apps/qross/profile.hpp"
#include "apps/qross/result_file.hpp"
#include "apps/qross/result_json.hpp"
#include "apps/qross/result_text.hpp"
#include "apps/qross/run_meter.hpp"
#include "apps/qross/run_request.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/plan/limits.hpp"
#include "qsim/run/run.hpp"
#include "qsim/run/straight.hpp"

namespace qross::app {
namespace {

/// The most memory that was resident, summed over the ranks.
double peak_bytes(Session& session) {
  const double mine = qsim::peak_resident_bytes();
  double sum = 0.0;
  for (const double rank : session.comm().all_gather(std::array{mine})) sum += rank;
  return sum;
}

int run(Session& session, const RunRequest& request) {
  qsim::PartClock clock(qsim::process_age());
  clock.enter(qsim::CommandPart::load);
  qsim::qasm::SourceBundle sources;
  const qsim::Program program =
      load_program(session, request.file, request.strict, request.include, &sources);
  qsim::require_indexable(program.qubits);
  const std::string& circuit_text = sources.texts.at(0).text;
  qsim::RunOptions options = read_run_request(session, request, program);
  options.threads = decide_threads(
      session, request.threads.empty() ? 0 : parse_positive(request.threads, "--threads"));
  options.profile = host_profile(session, {request.profile, {}, options.threads, 0});
  options.program_name = kProgram;
  options.counts_on = qsim::Receiver::first_rank;
  const Selection selection = check_run_request(session, request, options, sources, Written::now);
  std::vector<std::string> probability_names;
  for (const qsim::Qubit q : options.probabilities) {
    probability_names.push_back(qsim::name_in(qsim::qubit_registers(program), q));
  }
  if (!request.state.empty()) options.circuit_text = circuit_text;
  session.agree_on(circuit_text, request.file);
  const int ranks = session.comm().size();
  const std::string_view isa = session.comm().isa();
  RunMeter meter(
      session,
      fmt::format("{}: {} qubits, {} precision, {} rank{} x {} thread{} ({})", request.file,
                  program.qubits, request.precision, ranks, ranks == 1 ? "" : "s", options.threads,
                  options.threads == 1 ? "" : "s", isa),
      program, options);
  options.clock = &clock;
  options.progress = [&](const qsim::RunProgress& at) { meter.show(at); };
  const qsim::RunResult result = qsim::run_program(program, options, session.comm());
  meter.close();
  if (result.sampled_all_qubits) {
    session.note("note: the circuit measures nothing; --shots samples all qubits");
  }

  if (options.shots == 0 && options.observables.empty() && options.amplitudes.empty() &&
      options.probabilities.empty() && request.state.empty() && request.out.empty()) {
    session.note(
        "note: nothing was asked for; add --shots N, --expect \"Z0\", --probabilities q[0] or "
        "--state "
        "FILE");
  }

  Json json = result_json(result, probability_names);
  json["plan"] = forecast_json(result.forecast, result.work);
  json["plan"]["command"] = parts_json(seconds_of(result.command));
  json["plan"]["memory"] = memory_json(result.command.memory);
  json["host"] = host_json(ranks, options.threads, isa, options.precision, options.profile);
  json["host"]["peak_bytes"] = peak_bytes(session);
  const qsim::PartSeconds took = clock.seconds();
  json["timing"] = parts_json(took);
  json["timing"]["exchange_s"] = result.exchange_seconds;
  // Only rates measured with as many threads and ranks say how far from the limit this run was.
  const bool comparable = options.profile.measured && !options.profile.scaled;
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
  SideFiles files(session);
  files.add(result.state_failure);
  files.enter(json);  // before --out keeps the object
  const auto write_out = [&] {
    if (request.out.empty()) return;
    files.write([&] { write_result_file(request.out, result, json); });
  };
  const auto chosen = select(result.counts, selection);
  if (request.json) {
    write_out();
    json["host"]["peak_bytes"] = peak_bytes(session);  // the file may have taken most
    if (const LeftOut rest = left_out(result.counts, chosen); rest.outcomes > 0) {
      json["counts_left_out"] = {{"outcomes", rest.outcomes}, {"shots", rest.shots}};
    }
    files.enter(json);
    write_json(json, result.counts, chosen, 2,
               [&](std::string_view piece) { session.print(piece); });
    session.print("\n");
  } else {
    const std::string state = result.state_failure ? "" : request.state;
    files.attempt([&] {
      print_result(session, result,
                   {request.file, request.precision, state, ranks, options.threads, isa, comparable,
                    !request.json && session.on_terminal(), chosen, probability_names, took});
    });
    write_out();
  }
  return files.finish(request.json);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto request = std::make_shared<RunRequest>();
  CLI::App* command = app.add_subcommand("run", "Run a circuit file (OpenQASM 2)");
  add_run_request(*command, *request);
  command->footer("Example: qross run circuits/bell.qasm --shots 1000 --seed 7 --expect \"Z0 Z1\"");
  command->callback(
      [&action, request] { action = [request](Session& s) { return run(s, *request); }; });
}

}  // namespace qross::app
