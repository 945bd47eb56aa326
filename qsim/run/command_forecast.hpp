// SPDX-License-Identifier: Apache-2.0
// What a whole command takes, in seconds and bytes, part by part, before anything of the size of
// the state is allocated. `qross plan` shows it, `qross run` sets what it took against it. Every
// formula of the forecast that is not about passes (engine/work.hpp) or bytes on the way
// (plan/forecast.hpp) stands in command_forecast.cpp and command_memory.cpp.
#pragma once

#include <string>

#include "qsim/circuit/program.hpp"
#include "qsim/engine/work.hpp"
#include "qsim/run/command_parts.hpp"
#include "qsim/run/run.hpp"

namespace qross::qsim {

/// Of the characters of an outcome.
struct OutcomeBits {
  unsigned differ = 0;  ///< bits that are measured; 0: none, and all qubits are sampled
  unsigned same = 0;    ///< bits that are not, and blanks between registers
};
[[nodiscard]] OutcomeBits outcome_bits(const Program& program);
/// The different outcomes of so many bits that can be expected, if all are equally likely: where
/// some are likelier, they are fewer.
[[nodiscard]] double most_outcomes(double shots, double bits);

/// What decides the memory of a program besides its shape. Bytes are of the process before it
/// allocates a state: its libraries, MPI, the circuit and the plan.
struct ProgramMemory {
  double resident = 0.0;  ///< now
  double peak = 0.0;      ///< the most so far, as while the circuit was planned
  OutcomeBits bits;
  bool shot_by_shot = false;  ///< counts are collected key by key
};

/// Of this process, which has planned the program.
[[nodiscard]] ProgramMemory program_memory(const Program& program, bool shot_by_shot);

/// What is known because it was done already, by this process, for this circuit.
struct DoneAlready {
  double load_seconds = 0.0;
  double plan_seconds = 0.0;
  double prepare_seconds = 0.0;  ///< making kernel calls of all passes once (work_of)
  ProgramMemory memory;          ///< 0: the profile's base_bytes
};

/// The options that a plan of this program is made with by run_program on `ranks` ranks: for one of
/// them where each runs whole shots (ranks_of_shot).
[[nodiscard]] PlanOptions plan_options(const Program& program, const RunOptions& options,
                                       const Circuit& circuit, int ranks);

/// The work of a plan at the rates of this host: reproducible plans are made with the default
/// profile wherever they run. Cost: that of work_of, and of a copy of such a plan.
[[nodiscard]] Work work_at(const Plan& plan, std::span<const double> values,
                           const HostProfile& profile, std::string_view isa = {});
[[nodiscard]] Work work_at(const Plan& plan, std::span<const StepCounts> steps,
                           const HostProfile& profile);

/// Forecast of run_program on `ranks` ranks and what the program does around it, for a plan that
/// was made with plan_options() for as many and the work of its passes, at the rates of
/// options.profile. Cost: O(plan, observables). Throws what routes of observables throw.
[[nodiscard]] CommandForecast forecast_command(const Program& program, const RunOptions& options,
                                               int ranks, const Plan& plan, const Work& work,
                                               const DoneAlready& done);

/// Memory of the busiest rank for a state of this shape. Part of forecast_command, and all that
/// decides how many ranks a program needs.
[[nodiscard]] MemoryForecast forecast_memory(const RunOptions& options, const Shape& shape,
                                             const ProgramMemory& program);

/// Where a program fits that takes forecast_memory().
struct Fit {
  bool here = false;            ///< on the ranks asked for
  double needed = 0.0;          ///< bytes a rank
  double available = 0.0;       ///< bytes a rank
  unsigned largest = 0;         ///< qubits that fit there, in the same precision; see whole_shots
  int least_ranks = 0;          ///< that the program fits on; 0: on none up to kMostRanks
  double least_bytes = 0.0;     ///< that each of them takes
  bool without_counts = false;  ///< it does not fit, and would without shots
  /// Each rank holds the whole state: more of them do not help, and `largest` is of such programs.
  bool whole_shots = false;
};
inline constexpr int kMostRanks = 1 << 24;

/// `available`: bytes of a rank, those of the program among them; `least_local`: qubits that a
/// shard must keep (plan.hpp). Cost: some thousand shapes.
[[nodiscard]] Fit find_fit(unsigned qubits, const RunOptions& options, int ranks,
                           unsigned least_local, const ProgramMemory& program, double available);

/// Bytes of this machine that each of `ranks` ranks on it may have, the `resident` ones among them
/// that they have already; `source` says what sets the limit.
struct Available {
  double bytes = 0.0;
  std::string source;
};
[[nodiscard]] Available available_memory(int ranks, double resident);

/// What does not fit and what would, in the words of errors: message and hint.
[[nodiscard]] std::string misfit_message(const Fit& fit, const RunOptions& options, unsigned qubits,
                                         int ranks, const std::string& source);
[[nodiscard]] std::string misfit_hint(const Fit& fit, const RunOptions& options, unsigned qubits,
                                      int ranks);

/// Throws Error(resources) if what run_program takes beyond the memory this process has already
/// does not fit this machine beside its other ranks. All ranks agree. Cost: reads the limits of the
/// system.
void require_fit(Communicator& comm, const RunOptions& options, const Shape& shape,
                 unsigned least_local, const ProgramMemory& program);

}  // namespace qross::qsim
