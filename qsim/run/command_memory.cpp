// SPDX-License-Identifier: Apache-2.0
// Memory of the busiest rank, and the ranks that a program needs.
#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/units.hpp"
#include "qsim/io/result_file.hpp"
#include "qsim/run/command_forecast.hpp"

namespace qross::qsim {
namespace {

/// What is left for page tables and others on the machine.
constexpr double kReserve = 0.97;
constexpr double kMiB = 1048576.0;
/// Buffers of pieces of files, and what HDF5 takes once it is used; measured.
constexpr double kFileBytes = 4.75 * kMiB;
/// A thread's stack and scratch: some rows of a block.
constexpr double kThreadBytes = 0.5 * kMiB;
/// Shots that are drawn at a time (observe/sampling.cpp).
constexpr double kBatch = 1048576.0;

/// Bytes of an outcome that is kept as two numbers.
constexpr double kOutcomeBytes = 16.0;

/// Bytes of shots that are drawn and outcomes that are kept. `share`: of the state on this rank.
double sampling_bytes(std::uint64_t shots, const Shape& shape, double share) {
  if (shots == 0) return 0.0;
  const double states = std::exp2(static_cast<double>(shape.qubits));
  const double batch = std::min(static_cast<double>(shots), std::max(kBatch, states / 64.0));
  const double outcomes = most_outcomes(shots, shape.qubits);
  // Sums of leaves of 2^11 amplitudes, as a tree, and where the shots of each begin.
  const double leaves = 24.0 * share * states / 2048.0;
  // 8 bytes a draw, an outcome of a batch, all so far, and the result.
  const double kept = std::min(batch, outcomes) + outcomes;
  return share * (8.0 * batch + kOutcomeBytes * kept) + kOutcomeBytes * outcomes + leaves;
}

/// Bytes of the counts once the state is gone, and of the file that they are written to.
double result_bytes(const RunOptions& options, unsigned bits, bool shot_by_shot) {
  const double outcomes = most_outcomes(options.shots, bits);
  const double counts = shot_by_shot ? tally_bytes(options.shots, bits) : outcomes * kOutcomeBytes;
  const bool table = options.result_file.extension() == ".h5";
  return counts + (table ? kFileBytes + outcomes * result_bytes_an_outcome(bits) : 0.0);
}

}  // namespace

unsigned outcome_bits(const Program& program) {
  const bool measures =
      std::any_of(program.instructions.begin(), program.instructions.end(),
                  [](const Instruction& i) { return i.kind == Instruction::Kind::measure; });
  return measures ? program.bits : program.qubits;
}

double most_outcomes(std::uint64_t shots, unsigned bits) {
  return std::min(static_cast<double>(shots), std::exp2(std::min(bits, 1000U)));
}

ProgramMemory program_memory(const Program& program, bool shot_by_shot) {
  return {resident_bytes(), peak_resident_bytes(), outcome_bits(program), shot_by_shot};
}

double tally_bytes(std::uint64_t shots, unsigned bits) {
  // The node of a map, its key and the text made of it, and what travels; measured.
  constexpr double kEntryBytes = 165.0;
  constexpr double kBitBytes = 4.5;
  return most_outcomes(shots, bits) * (kEntryBytes + kBitBytes * bits);
}

MemoryForecast forecast_memory(const RunOptions& options, const Shape& shape,
                               const ProgramMemory& program) {
  MemoryForecast memory;
  const Precision precision = options.precision;
  const double state =
      static_cast<double>(shape.most_shards()) * static_cast<double>(shard_bytes(shape, precision));
  memory.state = state;
  memory.staging = static_cast<double>(staging_bytes(shape, precision));
  if (options.gradient) memory.second = state + memory.staging;
  memory.working = options.threads * kThreadBytes;
  if (!options.final_state.empty() || !options.initial_state.empty()) memory.working += kFileBytes;
  const double share =
      static_cast<double>(shape.most_shards()) / static_cast<double>(shape.shards());
  const unsigned bits = program.bits > 0 ? program.bits : shape.qubits;
  memory.sampling = program.shot_by_shot ? tally_bytes(options.shots, bits)
                                         : sampling_bytes(options.shots, shape, share);
  memory.results = result_bytes(options, bits, program.shot_by_shot);
  // What planning took besides the plan is free again before the state is filled.
  memory.base = std::max(program.resident, program.peak - memory.peak());
  return memory;
}

Fit find_fit(unsigned qubits, const RunOptions& options, int ranks, unsigned least_local,
             const ProgramMemory& program, double available) {
  Fit fit;
  fit.available = available;
  const auto take = [&](unsigned width, int over) {
    const Shape shape = choose_shape(width, over, std::min(least_local, width));
    return forecast_memory(options, shape, program).peak();
  };
  fit.needed = take(qubits, ranks);
  fit.here = fit.needed <= available;
  fit.largest = kMaxQubits;
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

std::string misfit_hint(const Fit& fit, const RunOptions& options, unsigned qubits) {
  std::string text = fmt::format("the largest that fits here is {} qubits; ", fit.largest);
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
                 unsigned least_local) {
  const Available mine = available_memory(comm.ranks_on_node(), 0.0);
  // The rank with the least memory decides for all.
  const double available = -comm.all_max(-mine.bytes);
  if (forecast_memory(options, shape, {}).peak() <= available) return;
  const Fit fit = find_fit(shape.qubits, options, comm.size(), least_local, {}, available);
  if (fit.here) return;
  throw Error(ErrorCode::resources,
              misfit_message(fit, options, shape.qubits, comm.size(), mine.source),
              misfit_hint(fit, options, shape.qubits));
}

}  // namespace qross::qsim
