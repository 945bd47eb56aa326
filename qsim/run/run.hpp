// SPDX-License-Identifier: Apache-2.0
// Running a program: gates, measurements, shots, expectation values, amplitudes, probabilities.
// Used by the command line; everything it does is also reachable through the floors below.
//
// Expectation values, amplitudes, probabilities and states are those before the final measurements
// (straight.hpp). Where other measurements, resets or conditions are, expectation values and
// probabilities are averages over the shots.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/circuit/program.hpp"
#include "qsim/core/error.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/plan/forecast.hpp"
#include "qsim/plan/host_rates.hpp"
#include "qsim/run/command_parts.hpp"
#include "qsim/run/counts.hpp"
#include "qsim/run/straight.hpp"

namespace qross::qsim {

/// How far a run is, for those who wait for it.
struct RunProgress {
  CommandPart part = CommandPart::start;
  double done = 0.0;   ///< passes, shots or observables of this part
  double total = 0.0;  ///< 0: not known
  /// In the first call, when all is planned and nothing allocated yet: the plan, and null for
  /// programs that run shot by shot, whose gates are planned as they come.
  const Plan* plan = nullptr;
};

struct RunOptions {
  std::uint64_t shots = 0;
  std::uint64_t seed = 0;
  Precision precision = Precision::double_precision;
  int threads = 1;
  bool reproducible = false;
  HostRates profile;
  Optimisations optimisations;
  std::vector<std::pair<std::string, PauliSum>> observables;  ///< text as given, and its meaning
  bool gradient = false;
  std::vector<std::uint64_t> amplitudes;
  std::vector<Qubit> probabilities;  ///< whose joint outcomes are wanted; the first is the low bit
  Receiver counts_on = Receiver::every_rank;  ///< who gets the counts; they may be millions
  std::vector<std::pair<std::string, double>> parameters;
  std::filesystem::path initial_state;  ///< empty: |0..0>
  std::filesystem::path final_state;    ///< empty: not written
  // What the caller does with the counts; part of the forecast alone.
  std::filesystem::path result_file;  ///< empty: not written
  std::uint64_t most_printed = ~std::uint64_t{0};
  std::string program_name;  ///< name and version, kept in the state file
  std::string circuit_text;  ///< kept in the state file
  /// Called on every rank by the thread that runs the program, between passes, shots and parts.
  std::function<void(const RunProgress&)> progress;
  PartClock* clock = nullptr;  ///< keeps the time of the parts; null: nobody asks
};

struct ExpectationResult {
  std::string text;
  double value = 0.0;
  double standard_error = 0.0;  ///< 0 where the value is exact
  std::vector<double> gradient;
};

/// The probabilities of the outcomes of RunOptions::probabilities; empty if none were asked for.
struct ProbabilityResult {
  std::vector<double> values;           ///< 2^k
  std::vector<double> standard_errors;  ///< 2^k; 0 where the value is exact
};

struct RunResult {
  Qubit qubits = 0;
  std::uint64_t shots = 0;
  std::uint64_t seed = 0;
  Counts counts;
  std::vector<Register> registers;  ///< what the keys of `counts` consist of, first declared first
  std::vector<Measured> measured;   ///< where the bits come from; sampled qubits are their own bits
  bool sampled_all_qubits = false;  ///< there was no measurement to take shots of
  /// The gates ran once a shot; expectation values and probabilities are averages.
  bool shot_by_shot = false;
  std::vector<std::string> parameters;
  std::vector<ExpectationResult> expectations;
  std::vector<std::pair<std::uint64_t, Complex>> amplitudes;
  ProbabilityResult probabilities;
  std::uint64_t operations = 0;
  Shape shape;
  Forecast forecast;  ///< of one run of the gates
  Work work;          ///< the same, pass by pass
  /// What the passes took on this rank; empty if the gates ran shot by shot.
  std::vector<double> pass_seconds;
  double exchange_seconds = 0.0;  ///< of run_seconds, what is visible of exchanges
  CommandForecast command;        ///< what the whole command was to take
  double norm = 1.0;
  /// Why the final state is not in its file, although everything else is right.
  std::optional<Error> state_failure;
  double plan_seconds = 0.0;
  double run_seconds = 0.0;  ///< the gates alone
  double sample_seconds = 0.0;
};

/// Runs a program on all ranks of `comm`; every rank gets the same result, but for the counts,
/// which the ranks of RunOptions::counts_on get. Throws Error: what require_runnable() refuses
/// (requests.hpp), resources (does not fit, or more qubits than have indices), bad_input
/// (parameters that do not match the program), and what files throw.
[[nodiscard]] RunResult run_program(const Program& program, const RunOptions& options,
                                    Communicator& comm);

/// The values of a circuit's parameters in slot order.
/// Throws Error(bad_input) naming missing and unknown ones.
[[nodiscard]] std::vector<double> bind_parameters(
    const Circuit& circuit, std::span<const std::pair<std::string, double>> given);

/// Programs that need_shots() run here, once for each shot; small states are spread over the ranks
/// by shots, large ones by amplitudes. Called by run_program.
template <class T>
void run_shots(const Program& program, const RunOptions& options, Communicator& comm,
               RunResult& result);

}  // namespace qross::qsim
