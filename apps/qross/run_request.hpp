// SPDX-License-Identifier: Apache-2.0
// The command line of `qross run`, which `qross plan` takes as well: its options, what they mean
// for a program, and what is refused before the work.
#pragma once

#include <string>
#include <vector>

#include "apps/qross/outcomes.hpp"
#include "apps/qross/outputs.hpp"
#include "apps/qross/session.hpp"
#include "qsim/qasm/qasm.hpp"
#include "qsim/run/run.hpp"

namespace CLI {
class App;
}

namespace qross::app {

/// The words of the command line, as they were given.
struct RunRequest {
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

/// Adds its options to a subcommand.
void add_run_request(CLI::App& command, RunRequest& request);

/// What run_program is told, but for the threads and the rates, which depend on where it runs.
/// Collective. Throws Error(usage), and what the texts of observables and qubits throw.
[[nodiscard]] qsim::RunOptions read_run_request(Session& session, const RunRequest& request,
                                                const qsim::Program& program);

/// Refuses options that make no sense together and files that could not be read or written, says
/// which options do nothing, and returns which counts are printed. `sources`: the circuit's texts.
/// Collective. Throws Error(usage), and as require_run_outputs().
[[nodiscard]] Selection check_run_request(Session& session, const RunRequest& request,
                                          const qsim::RunOptions& options,
                                          const qsim::qasm::SourceBundle& sources, Written written);

}  // namespace qross::app
