// SPDX-License-Identifier: Apache-2.0
// Memory of the busiest rank, and the ranks that a program needs.
#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/units.hpp"
#include "qsim/io/replacing.hpp"
#include "qsim/io/result_file.hpp"
#include "qsim/run/command_forecast.hpp"
#include "qsim/run/straight.hpp"

namespace qross::qsim {
namespace {

/// Times that the circuit's text is held while it goes into a state file, beside the one in the
/// options; measured with 1 to 12 MB. Some of it is memory that reading the circuit gave back.
constexpr double kTextCopies = 3.7;

/// What is left for page tables and others on the machine.
constexpr double kReserve = 0.97;
constexpr double kMiB = 1048576.0;
/// Buffers of pieces of files, and what HDF5 takes once it is used; measured.
constexpr double kFileBytes = 4.75 * kMiB;
/// What the sweep backwards keeps beside the second state: tables, in a huge page; measured.
constexpr double kGradientBytes = 2.1 * kMiB;
/// A thread's stack and scratch: some rows of a block.
constexpr double kThreadBytes = 0.5 * kMiB;
/// Shots that are drawn at a time (observe/sampling.cpp).
constexpr double kBatch = 1048576.0;

/// Bytes of an outcome that is kept as two numbers.
constexpr double kOutcomeBytes = 16.0;

/// Bytes of shots that are drawn and outcomes that are kept on the rank with this share of the
/// state, as sample() takes them.
double sampling_bytes(double shots, const Shape& shape, double share) {
  const double states = std::exp2(static_cast<double>(shape.qubits));
  const double batch = std::min(shots, std::max(kBatch, states / 64.0));
  // A rank with one shard draws each half by itself, and keeps 8 bytes a draw.
  const bool halves = std::has_single_bit(static_cast<unsigned>(shape.ranks));
  const double outcomes = most_outcomes(shots, shape.qubits);
  double kept = most_outcomes(batch, shape.qubits);
  if (shots > batch) kept += 2.0 * outcomes;  // all so far are merged with those of a batch
  // Sums of leaves of 2^11 amplitudes, as a tree, and where the shots of each begin.
  const double leaves = 24.0 * states / 2048.0;
  const double gathered = shape.ranks > 1 ? kOutcomeBytes * outcomes : 0.0;
  return share * ((halves ? 4.0 : 8.0) * batch + kOutcomeBytes * kept + leaves) + gathered;
}

/// Bytes of the counts that a program collects shot by shot.
double tally_bytes(double outcomes, unsigned characters) {
  // Nodes of maps, and what travels; the keys on their way from one to the next. Measured.
  constexpr double kEntryBytes = 165.0;
  constexpr double kCharacterBytes = 4.5;
  return outcomes * (kEntryBytes + kCharacterBytes * characters);
}

}  // namespace

OutcomeBits outcome_bits(const Program& program) {
  const auto between = [](const std::vector<Register>& registers) {
    return registers.empty() ? 0U : static_cast<unsigned>(registers.size() - 1);
  };
  std::vector<bool> measured(program.bits, false);
  for (const Instruction& instruction : program.instructions) {
    if (instruction.kind == Instruction::Kind::measure) measured[instruction.b] = true;
  }
  const auto count = static_cast<unsigned>(std::count(measured.begin(), measured.end(), true));
  if (count == 0) return {0, between(qubit_registers(program))};
  return {count, program.bits - count + between(program.bit_registers)};
}

double most_outcomes(double shots, double bits) {
  const double states = std::exp2(std::min(bits, 1000.0));
  return -states * std::expm1(-shots / states);
}

ProgramMemory program_memory(const Program& program, bool shot_by_shot) {
  return {resident_bytes(), peak_resident_bytes(), outcome_bits(program), shot_by_shot};
}

MemoryForecast forecast_memory(const RunOptions& options, const Shape& shape,
                               const ProgramMemory& program) {
  MemoryForecast memory;
  const Precision precision = options.precision;
  const double state =
      static_cast<double>(shape.most_shards()) * static_cast<double>(shard_bytes(shape, precision));
  memory.state = state;
  memory.staging = static_cast<double>(staging_bytes(shape, precision));
  if (options.gradient) memory.second = state + memory.staging + kGradientBytes;
  memory.working = options.threads * kThreadBytes;
  if (!options.final_state.empty() || !options.initial_state.empty()) memory.working += kFileBytes;
  if (!options.final_state.empty()) {
    memory.working += kTextCopies * static_cast<double>(options.circuit_text.size());
  }
  const double share =
      static_cast<double>(shape.most_shards()) / static_cast<double>(shape.shards());
  if (options.shots > 0) {
    const auto shots = static_cast<double>(options.shots);
    const unsigned bits = program.bits.differ > 0 ? program.bits.differ : shape.qubits;
    const unsigned characters = bits + program.bits.same;
    const double outcomes = most_outcomes(shots, bits);
    const double tally = tally_bytes(outcomes, characters);
    memory.sampling = program.shot_by_shot ? tally : sampling_bytes(shots, shape, share);
    memory.results = program.shot_by_shot ? tally : kOutcomeBytes * outcomes;
    if (format_of(options.result_file) == ".h5") {
      memory.results += kFileBytes + outcomes * result_bytes_an_outcome(characters);
    }
  }
  // What planning took besides the plan is free again before the state is filled.
  memory.base = std::max(program.resident, program.peak - memory.peak());
  return memory;
}

Fit find_fit(unsigned qubits, const RunOptions& options, int ranks, unsigned least_local,
             const ProgramMemory& program, double available) {
  Fit fit;
  fit.available = available;
  const auto shape = [&](unsigned width, int over) {
    const int sharing = program.shot_by_shot ? ranks_of_shot(width, over) : over;
    return choose_shape(width, sharing, std::min(least_local, width));
  };
  const auto take = [&](unsigned width, int over) {
    return forecast_memory(options, shape(width, over), program).peak();
  };
  fit.needed = take(qubits, ranks);
  fit.here = fit.needed <= available;
  RunOptions no_shots = options;
  no_shots.shots = 0;
  fit.without_counts =
      !fit.here && forecast_memory(no_shots, shape(qubits, ranks), program).peak() <= available;
  fit.whole_shots = program.shot_by_shot && ranks_of_shot(qubits, kMostRanks) == 1;
  fit.largest = fit.whole_shots ? kWholeShotQubits : kMaxQubits;
  while (fit.largest > 0 && take(fit.largest, ranks) > available) --fit.largest;

  int power = 1;
  while (power < kMostRanks && take(qubits, power) > available) power *= 2;
  if (take(qubits, power) > available) return fit;
  // Numbers that are no powers of two cut the state into more shards: look at those between.
  fit.least_ranks = power;
  for (int r = power / 2 + 1; r < power && r < 4096; ++r) {
    if (take(qubits, r) <= available) {
      fit.least_ranks = r;
      break;
    }
  }
  fit.least_bytes = take(qubits, fit.least_ranks);
  return fit;
}

Available available_memory(int ranks, double resident) {
  const MemoryLimit limit = memory_limit();
  // Address space is limited per process, RAM and cgroup are shared by the ranks of a node.
  const bool shared = std::string_view(limit.source) != "address space limit";
  const double free = kReserve * static_cast<double>(limit.available);
  return {free / (shared ? std::max(ranks, 1) : 1) + resident, limit.source};
}

std::string misfit_message(const Fit& fit, const RunOptions& options, unsigned qubits, int ranks,
                           const std::string& source) {
  const bool is_double = options.precision == Precision::double_precision;
  return fmt::format(
      "{} qubits in {} precision need {} on each of {} rank{}, but {} is available ({})", qubits,
      is_double ? "double" : "single", byte_text(fit.needed), ranks, ranks == 1 ? "" : "s",
      byte_text(fit.available), source);
}

std::string misfit_hint(const Fit& fit, const RunOptions& options, unsigned qubits, int ranks) {
  if (fit.without_counts) {
    const bool table = format_of(options.result_file) == ".h5";
    return fmt::format(
        "the counts of so many shots do not fit: use fewer --shots, or --probabilities of a few "
        "qubits{}",
        table ? ", or name a .csv or .json with --out" : "");
  }
  std::string text = fmt::format("the largest that fits here is {} qubits; ", fit.largest);
  if (fit.whole_shots) {
    text += "more ranks do not help, for each runs whole shots and holds the state";
    if (options.precision == Precision::double_precision) {
      text += "; --precision single takes half of it";
    }
    return text + (ranks > 1 ? "; fewer ranks on a machine leave each more" : "");
  }
  text += fit.least_ranks > 0
              ? fmt::format("{} qubits would take {} ranks with as much memory each", qubits,
                            fit.least_ranks)
              : fmt::format("{} qubits would take more than {} ranks", qubits, kMostRanks);
  if (options.precision == Precision::double_precision) {
    text += ", or half of them with --precision single";
  }
  return text;
}

void require_fit(Communicator& comm, const RunOptions& options, const Shape& shape,
                 unsigned least_local, const ProgramMemory& program) {
  ProgramMemory more = program;  // what this process has already is not taken again
  more.resident = more.peak = 0.0;
  const Available mine = available_memory(comm.ranks_on_node(), 0.0);
  // The rank with the least memory decides for all.
  const double available = -comm.all_max(-mine.bytes);
  if (forecast_memory(options, shape, more).peak() <= available) return;
  const Fit fit = find_fit(shape.qubits, options, comm.size(), least_local, more, available);
  if (fit.here) return;
  throw Error(ErrorCode::resources,
              misfit_message(fit, options, shape.qubits, comm.size(), mine.source),
              misfit_hint(fit, options, shape.qubits, comm.size()));
}

}  // namespace qross::qsim
