// SPDX-License-Identifier: Apache-2.0
// qross run: a circuit file in, counts, expectation values, amplitudes and state files out.
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/qross/command.hpp"
#include "apps/qross/observables.hpp"
#include "apps/qross/outcomes.hpp"
#include "apps/qross/outputs.hpp"
#include "apps/qross/plan_verdict.hpp"
#include "apps/qross/profile.hpp"
#include "apps/qross/result_json.hpp"
#include "apps/qross/result_text.hpp"
#include "apps/qross/run_meter.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/text_file.hpp"
#include "qsim/core/units.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/io/result_file.hpp"
#include "qsim/plan/limits.hpp"
#include "qsim/run/run.hpp"
#include "qsim/run/straight.hpp"

namespace qross::app {
namespace {

constexpr const char* kProgram = "Qross " QROSS_VERSION;

struct RunFlags {
  std::string file;
  std::string shots;
  std::string seed;
  std::vector<std::string> expect;
  std::string observable_file;
  bool gradient = false;
  std::string amplitudes;
  std::string probabilities;
  std::string top;
  std::string sort;
  std::vector<std::string> param;
  std::string precision = "double";
  std::string threads;
  bool reproducible = false;
  std::string without;
  std::string profile;
  bool strict = false;
  std::vector<std::string> include;
  std::string init;
  std::string state;
  std::string out;
  bool overwrite = false;
  bool json = false;
};

qsim::RunOptions read_options(Session& session, const RunFlags& flags,
                              const qsim::Program& program) {
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
    for (Observable& entry : read_observables(session, flags.observable_file)) {
      options.observables.push_back(std::move(entry));
    }
  }
  options.gradient = flags.gradient;
  options.amplitudes = parse_basis_states(flags.amplitudes, program.qubits);
  options.probabilities = parse_qubits(flags.probabilities, program);
  for (const std::string& text : flags.param) {
    options.parameters.push_back(parse_assignment(text, "--param"));
  }
  options.initial_state = flags.init;
  options.final_state = flags.state;
  options.program_name = kProgram;
  options.counts_on = qsim::Receiver::first_rank;
  options.profile = host_profile(session, {flags.profile, {}, options.threads, 0});
  options.optimisations = qsim::without(flags.without);
  return options;
}

/// The most memory that was resident, summed over the ranks.
double peak_bytes(Session& session) {
  const double mine = qsim::peak_resident_bytes();
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
  record.measured.emplace();
  for (const qsim::Measured& m : result.measured) {
    record.measured->push_back({m.qubit, m.bit, m.final ? 1U : 0U});
  }
  write_json(json, result.counts, std::nullopt, -1,
             [&](std::string_view piece) { record.json += piece; });
  return record;
}

/// Every file that this command reads.
std::vector<NamedFile> inputs_of(const RunFlags& flags, const qsim::qasm::SourceBundle& sources) {
  std::vector<NamedFile> inputs{{"the circuit", flags.file},
                                {"--observable", flags.observable_file},
                                {"--init", flags.init},
                                {"the rates", profile_target(flags.profile).string()}};
  for (std::size_t k = 1; k < sources.texts.size(); ++k) {
    inputs.push_back({"included by the circuit", sources.texts[k].name});
  }
  return inputs;
}

int run(Session& session, const RunFlags& flags) {
  qsim::PartClock clock(qsim::process_age());
  clock.enter(qsim::CommandPart::load);
  qsim::qasm::SourceBundle sources;
  const qsim::Program program =
      load_program(session, flags.file, flags.strict, flags.include, &sources);
  qsim::require_indexable(program.qubits);
  const std::string& circuit_text = sources.texts.at(0).text;
  qsim::RunOptions options = read_options(session, flags, program);
  const bool terminal = !flags.json && session.on_terminal();
  const Selection selection = parse_selection(flags.top, flags.sort, terminal);
  if (options.shots == 0 && !(flags.top.empty() && flags.sort.empty())) {
    throw Error(ErrorCode::usage, "--top and --sort are about counts, and no shots are taken",
                "add --shots N");
  }
  if (options.shots == 0 && !flags.seed.empty()) note_no_effect(session, "--seed", "--shots");
  if (flags.overwrite && flags.out.empty() && flags.state.empty()) {
    note_no_effect(session, "--overwrite", "--out or --state");
  }
  std::vector<std::string> probability_names;
  for (const qsim::Qubit q : options.probabilities) {
    probability_names.push_back(qsim::name_in(qsim::qubit_registers(program), q));
  }
  require_run_outputs(session, {flags.out, flags.state, flags.overwrite, options.shots > 0},
                      inputs_of(flags, sources));
  if (!flags.state.empty()) options.circuit_text = circuit_text;
  session.agree_on(circuit_text, flags.file);
  const int ranks = session.comm().size();
  const std::string_view isa = session.comm().isa();
  RunMeter meter(
      session,
      fmt::format("{}: {} qubits, {} precision, {} rank{} x {} thread{} ({})", flags.file,
                  program.qubits, flags.precision, ranks, ranks == 1 ? "" : "s", options.threads,
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
      options.probabilities.empty() && flags.state.empty() && flags.out.empty()) {
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
    if (flags.out.empty()) return;
    files.write([&] { write_result_as(flags.out, record(result, json)); });
  };
  const auto chosen = select(result.counts, selection);
  if (flags.json) {
    write_out();
    if (const LeftOut rest = left_out(result.counts, chosen); rest.outcomes > 0) {
      json["counts_left_out"] = {{"outcomes", rest.outcomes}, {"shots", rest.shots}};
    }
    files.enter(json);
    write_json(json, result.counts, chosen, 2,
               [&](std::string_view piece) { session.print(piece); });
    session.print("\n");
  } else {
    const std::string state = result.state_failure ? "" : flags.state;
    files.attempt([&] {
      print_result(session, result,
                   {flags.file, flags.precision, state, ranks, options.threads, isa, comparable,
                    terminal, chosen, probability_names, took});
    });
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
  command->add_option("--observable", flags->observable_file, "File with one Pauli sum a line");
  command->add_flag("--gradient", flags->gradient, "Derivatives of the expectation values");
  command->add_option("--amplitudes", flags->amplitudes,
                      "Basis states by index or bit string, such as 0,5,0b11 or |011>");
  command->add_option("--probabilities", flags->probabilities,
                      "Probabilities of the outcomes of these qubits, such as q[0],q[2] or q");
  command->add_option("--top", flags->top, "Print this many outcomes, the most frequent");
  command->add_option("--sort", flags->sort, "Order of the outcomes: count or key");
  command
      ->add_option("--param", flags->param, "Value of a circuit parameter, name=number; repeatable")
      ->allow_extra_args(false);
  command->add_option("--precision", flags->precision, "double (default) or single");
  command->add_option("--threads", flags->threads, "Threads of each rank");
  command->add_flag("--reproducible", flags->reproducible,
                    "The same bits on any number of ranks and threads");
  command->add_option("--without", flags->without,
                      "Switch optimisations off, a,b,...; `qross info` lists them");
  command->add_option(
      "--profile", flags->profile,
      "Rates measured by `qross calibrate --out` (default: QROSS_PROFILE, or the cache)");
  command->add_flag("--strict", flags->strict, "OpenQASM 2 as the paper has it, nothing more");
  command->add_option("-I", flags->include, "Folder to search for included files; repeatable")
      ->allow_extra_args(false);
  command->add_option("--init", flags->init, "Start from this state file");
  command->add_option("--state", flags->state, "Write the final state to this .h5 file");
  command->add_option("--out", flags->out, "Write the result to this file: .h5, .json or .csv");
  command->add_flag("--overwrite", flags->overwrite, "Replace files that Qross has not written");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer("Example: qross run circuits/bell.qasm --shots 1000 --seed 7 --expect \"Z0 Z1\"");
  command->callback([&action, flags] { action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace qross::app
