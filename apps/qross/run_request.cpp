// SPDX-License-Identifier: Apache-2.0
// Words into RunOptions, and the checks that need no engine.
#include "apps/qross/run_request.hpp"

#include <utility>

#include <CLI/CLI.hpp>

#include "apps/qross/command.hpp"
#include "apps/qross/observables.hpp"
#include "apps/qross/profile.hpp"
#include "qsim/qasm/include.hpp"

namespace qross::app {
namespace {

/// Every file that the command reads.
std::vector<NamedFile> inputs_of(const RunRequest& request,
                                 const qsim::qasm::SourceBundle& sources) {
  std::vector<NamedFile> inputs{{"the circuit", request.file},
                                {"--observable", request.observable_file},
                                {"--init", request.init},
                                {"the rates", profile_target(request.profile).string()}};
  for (std::size_t k = 1; k < sources.texts.size(); ++k) {
    inputs.push_back({"included by the circuit", sources.texts[k].name});
  }
  return inputs;
}

}  // namespace

void add_run_request(CLI::App& command, RunRequest& request) {
  command.add_option("file", request.file, "Circuit file")->required();
  command.add_option("--shots", request.shots, "Sample this many shots");
  command.add_option("--seed", request.seed, "Seed of all random numbers (default 0)");
  command
      .add_option("--expect", request.expect,
                  "Expectation value of a Pauli sum, such as \"0.5 Z0 Z1 + X2\"; repeatable")
      ->allow_extra_args(false);
  command.add_option("--observable", request.observable_file,
                     "File with one Pauli sum a line; - for standard input");
  command.add_flag("--gradient", request.gradient, "Derivatives of the expectation values");
  command.add_option("--amplitudes", request.amplitudes,
                     "Basis states by index or bit string, such as 0,5,0b11 or |011>");
  command.add_option("--probabilities", request.probabilities,
                     "Probabilities of the outcomes of these qubits, such as q[0],q[2] or q");
  command.add_option("--top", request.top, "Print this many outcomes, the most frequent");
  command.add_option("--sort", request.sort, "Order of the outcomes: count or key");
  command
      .add_option("--param", request.param, "Value of a circuit parameter, name=number; repeatable")
      ->allow_extra_args(false);
  command.add_option("--precision", request.precision, "double (default) or single");
  command.add_option("--threads", request.threads, "Threads of each rank");
  command.add_flag("--reproducible", request.reproducible,
                   "The same bits on any number of ranks and threads");
  command.add_option("--without", request.without,
                     "Switch optimisations off, a,b,...; `qross info` lists them");
  command.add_option(
      "--profile", request.profile,
      "Rates measured by `qross calibrate --out` (default: QROSS_PROFILE, or the cache)");
  command.add_flag("--strict", request.strict, "OpenQASM 2 as the paper has it, nothing more");
  command.add_option("-I", request.include, "Folder to search for included files; repeatable")
      ->allow_extra_args(false);
  command.add_option("--init", request.init, "Start from this state file");
  command.add_option("--state", request.state, "Write the final state to this .h5 file");
  command.add_option("--out", request.out, "Write the result to this file: .h5, .json or .csv");
  command.add_flag("--overwrite", request.overwrite, "Replace files that Qross has not written");
  command.add_flag("--json", request.json, "Print one JSON object");
}

qsim::RunOptions read_run_request(Session& session, const RunRequest& request,
                                  const qsim::Program& program) {
  qsim::RunOptions options;
  if (!request.shots.empty()) {
    options.shots = parse_count(request.shots, "--shots");
    if (options.shots == 0) throw Error(ErrorCode::usage, "--shots: 0 shots give no counts");
  }
  if (!request.seed.empty()) options.seed = parse_count(request.seed, "--seed");
  options.precision = parse_precision(request.precision);
  options.reproducible = request.reproducible;
  for (const std::string& text : request.expect) {
    options.observables.emplace_back(text, qsim::PauliSum::parse(text));
  }
  if (!request.observable_file.empty()) {
    using qsim::qasm::descriptor_of;
    if (descriptor_of(request.observable_file) == 0 && descriptor_of(request.file) == 0) {
      throw Error(ErrorCode::usage, "--observable: standard input is the circuit already",
                  "name a file for one of them");
    }
    for (Observable& entry : read_observables(session, request.observable_file, program.qubits)) {
      options.observables.push_back(std::move(entry));
    }
  }
  options.gradient = request.gradient;
  options.amplitudes = parse_basis_states(request.amplitudes, program.qubits);
  options.probabilities = parse_qubits(request.probabilities, program);
  for (const std::string& text : request.param) {
    options.parameters.push_back(parse_assignment(text, "--param"));
  }
  options.initial_state = request.init;
  options.final_state = request.state;
  options.result_file = request.out;
  if (!request.top.empty()) options.most_printed = parse_count(request.top, "--top");
  options.optimisations = qsim::without(request.without);
  return options;
}

Selection check_run_request(Session& session, const RunRequest& request,
                            const qsim::RunOptions& options,
                            const qsim::qasm::SourceBundle& sources, Written written) {
  const Selection selection =
      parse_selection(request.top, request.sort, !request.json && session.on_terminal());
  if (options.shots == 0 && !(request.top.empty() && request.sort.empty())) {
    throw Error(ErrorCode::usage, "--top and --sort are about counts, and no shots are taken",
                "add --shots N");
  }
  if (options.shots == 0 && !request.seed.empty()) note_no_effect(session, "--seed", "--shots");
  if (request.overwrite && request.out.empty() && request.state.empty()) {
    note_no_effect(session, "--overwrite", "--out or --state");
  }
  require_run_outputs(session,
                      {request.out, request.state, request.overwrite, options.shots > 0, written},
                      inputs_of(request, sources));
  return selection;
}

}  // namespace qross::app
