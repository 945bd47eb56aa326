// SPDX-License-Identifier: Apache-2.0
// What is wrong with the options comes before what is wrong with them for this program.
#include "qsim/run/requests.hpp"

#include <fmt/format.h>

#include "qsim/core/error.hpp"
#include "qsim/observe/marginals.hpp"

namespace qross::qsim {
namespace {

/// Refuses too many shots, and what a program that runs shot by shot does not have.
void require_shot_by_shot(const Program& program, const RunOptions& options) {
  const bool loaded = !options.initial_state.empty();
  const std::string reason = why_not_straight(program, !loaded);
  if (options.shots == 0) {
    throw Error(ErrorCode::usage, fmt::format("{}, so there is no single final state", reason),
                "add --shots N: expectation values and probabilities are then averages over shots");
  }
  const char* missing = nullptr;
  if (options.gradient) missing = "gradients";
  if (!options.amplitudes.empty()) missing = "amplitudes";
  if (!options.final_state.empty()) missing = "a final state to write";
  if (loaded) missing = "a start from a state file";
  if (missing != nullptr) {
    throw Error(
        ErrorCode::unavailable,
        fmt::format("{}: such programs run shot by shot and do not have {}", reason, missing),
        "use --shots with --expect or --probabilities, which are averages over shots");
  }
  if (options.shots > kMostRuns) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: such programs run shot by shot, at most {} times; {} shots were "
                            "asked for",
                            reason, kMostRuns, options.shots),
                "use fewer --shots; the standard error falls with their square root");
  }
}

}  // namespace

void require_qubits(const PauliSum& observable, std::string_view text, unsigned qubits) {
  if (observable.qubits() <= qubits) return;
  throw Error(ErrorCode::bad_input,
              fmt::format("observable \"{}\" names qubit {}, but the circuit has {} qubits", text,
                          observable.qubits() - 1, qubits));
}

void require_runnable(const Program& program, const std::optional<Straight>& straight,
                      const RunOptions& options) {
  for (const auto& [text, observable] : options.observables) {
    require_qubits(observable, text, program.qubits);
  }
  if (options.gradient && options.observables.empty()) {
    throw Error(ErrorCode::usage, "a gradient needs an observable", "add --expect \"Z0\"");
  }
  if (options.gradient && !options.initial_state.empty()) {
    throw Error(ErrorCode::unavailable, "a gradient from a loaded state is not supported",
                "gradients start from |0..0>; leave out --init");
  }
  require_marginal_qubits(options.probabilities, program.qubits);
  if (options.shots > kMostShots) {
    throw Error(
        ErrorCode::usage,
        fmt::format("{} shots were asked for, at most {} are supported", options.shots, kMostShots),
        "use fewer --shots, or --probabilities, which are exact");
  }
  for (const std::uint64_t index : options.amplitudes) {
    if (program.qubits < 64 && (index >> program.qubits) != 0) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("amplitude {} does not exist: {} qubits have indices 0 to {}", index,
                              program.qubits, (std::uint64_t{1} << program.qubits) - 1),
                  "bit strings are written 0b101 or |101>, the last qubit leftmost");
    }
  }
  if (!straight) return require_shot_by_shot(program, options);
  if (options.gradient && straight->circuit.parameter_names().empty()) {
    throw Error(
        ErrorCode::bad_input, "the circuit has no parameters to differentiate by",
        "name one in an angle, as in rx(theta) q[0], and give it a value: --param theta=0.3");
  }
}

}  // namespace qross::qsim
