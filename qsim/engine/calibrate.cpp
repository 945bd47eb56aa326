// SPDX-License-Identifier: Apache-2.0
// Medians of several short runs of the engine's own kernels, so that the rates are those a pass
// reaches, not those of a hand-tuned benchmark.
#include "qsim/engine/calibrate.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/machine_load.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/engine/calibrate_steps.hpp"
#include "qsim/engine/prepare.hpp"
#include "qsim/engine/probe.hpp"

namespace qross::qsim {
namespace {

constexpr int kRounds = 7;
constexpr int kStepRounds = 9;
constexpr int kLoops = 100;
constexpr std::size_t kMostBytes = std::size_t{1} << 29;
constexpr unsigned kCacheBlocksLog2 = 11;  // 2^11 blocks of 128 B: 256 KiB a thread, in L2

/// A call that multiplies every block by numbers of modulus 1: one read and one write each.
PreparedDiagonal<double> sweep_call(unsigned block_bits) {
  PreparedDiagonal<double> sweep;
  sweep.coef = Coefficients<double>(kBlock<double>);
  std::fill_n(sweep.coef.data(), kLanes<double>, 0.8);
  std::fill_n(sweep.coef.data() + kLanes<double>, kLanes<double>, 0.6);
  DiagonalCall<double> call;
  call.entries = 1;
  call.free = low_mask(block_bits);
  call.coef = sweep.coef.data();
  sweep.variants.push_back(call);
  return sweep;
}

/// Where bandwidth is measured: `bytes` at `data`, cut into pieces that fit the cache.
struct Field {
  double* data = nullptr;
  std::size_t bytes = 0;

  static constexpr std::size_t kPieceBytes = kBlock<double> * sizeof(double) << kCacheBlocksLog2;
  static constexpr std::size_t kPieceNumbers = kPieceBytes / sizeof(double);
  [[nodiscard]] std::int64_t pieces() const {
    return static_cast<std::int64_t>(bytes / kPieceBytes);
  }
  [[nodiscard]] double* piece(std::int64_t p) const {
    return data + static_cast<std::size_t>(p) * kPieceNumbers;
  }
};

std::size_t bytes_to_measure(int threads) {
  const std::uint64_t room = memory_limit().available / 4;
  std::size_t bytes = kMostBytes;
  while (bytes > room && bytes > (std::size_t{1} << 24)) bytes /= 2;
  if (bytes > room) {
    throw Error(ErrorCode::resources, "too little memory is free to measure bandwidth",
                "free some memory; 64 MiB are enough");
  }
  if (bytes / Field::kPieceBytes < static_cast<std::size_t>(threads)) {
    throw Error(ErrorCode::resources,
                "too little memory is free to measure with " + std::to_string(threads) + " threads",
                "use fewer threads");
  }
  return bytes;
}

/// Sets the rates of one rank's own work.
void measure_rates(int threads, std::string_view isa, Calibration& result) {
  const KernelTable<double>& kernels = kernel_table<double>(isa);
  HostRates& profile = result.profile;
  const std::size_t bytes = bytes_to_measure(threads);
  const Buffer buffer(bytes);
  const Field field{reinterpret_cast<double*>(buffer.data()), bytes};
  parallel_for(threads, 0, field.pieces(),
               [&](std::int64_t p) { std::fill_n(field.piece(p), Field::kPieceNumbers, 1e-3); });
  const auto sweep = sweep_call(kCacheBlocksLog2);
  const auto sweep_over = [&](std::int64_t pieces, int with) {
    const Stopwatch watch;
    parallel_for(with, 0, pieces,
                 [&](std::int64_t p) { kernels.diagonal(field.piece(p), sweep.variants[0]); });
    return watch.seconds();
  };
  const std::int64_t quarter = std::max<std::int64_t>(1, field.pieces() / 4);
  // A dense gate on four qubits: 16 complex products and sums for each amplitude.
  LoweredCircuit lowered;
  Lowered op;
  op.kind = Lowered::Kind::matrix;
  op.gate = Gate::unitary;
  op.targets = 4;
  op.target = {3, 4, 5, 6};
  lowered.complexes.assign(256, Complex(0.0625, 0.01));
  const auto dense = prepare<double>(lowered, op, Layout(11), low_mask(11), {}, false);
  const std::array probes = {
      Probe{"memory", [&] { return sweep_over(field.pieces(), threads); }},
      Probe{"memory of one thread", [&] { return sweep_over(quarter, 1); }},
      Probe{"passes",
            [&] { return pass_trip_seconds(kernels, profile, threads, field.data, bytes); }},
      Probe{"cache",
            [&] {
              return slowest_part(threads, kLoops, [&](std::int64_t t) {
                kernels.diagonal(field.piece(t), sweep.variants[0]);
              });
            }},
      Probe{"kernels",
            [&] {
              return slowest_part(threads, kLoops, [&](std::int64_t t) {
                apply(kernels, dense, 0, field.piece(t));
              });
            }},
      Probe{"parallel loops", [&] { return fork_seconds(threads); }}};
  const std::vector<Timing> timings = measure_in_turns(probes, kRounds);
  const double all = 2.0 * static_cast<double>(bytes);
  const double piece = 2.0 * static_cast<double>(Field::kPieceBytes);
  profile.memory_rate = all / timings[0].median;
  profile.thread_memory_rate = piece * static_cast<double>(quarter) / timings[1].median;
  profile.pass_rate = all / timings[2].median;
  profile.cache_rate = piece * threads / timings[3].median;
  profile.flop_rate = 8.0 * 16.0 * 2048.0 * threads / timings[4].median;
  profile.fork_seconds = timings[5].median;
  // The cost of a parallel loop is small and depends on who sleeps: it decides nothing.
  for (std::size_t k = 0; k + 1 < probes.size(); ++k) {
    result.spreads.emplace_back(probes[k].name, timings[k].spread);
  }
}

template <class T>
StepSeconds measure_forms(int threads, std::string_view isa, const char* precision,
                          Calibration& result) {
  const auto steps = measure_steps<T>(step_timer<T>(kernel_table<T>(isa), threads), kStepRounds);
  result.spreads.emplace_back(std::string("steps in ") + precision, steps.spread);
  for (const std::string& form : steps.hidden) {
    result.hidden.push_back(form + " in " + precision + " precision");
  }
  return steps.seconds;
}

/// Rate and latency of exchanges with the neighbouring rank; a last odd rank only takes part.
void measure_exchange(Communicator& comm, HostRates& profile) {
  if (comm.size() < 2) return;
  constexpr std::size_t kLong = std::size_t{8} << 20;
  std::vector<std::byte> out(kLong);
  std::vector<std::byte> in(kLong);
  const int peer = comm.rank() ^ 1;
  const auto time = [&](std::size_t bytes) {
    std::vector<double> samples;
    for (int round = 0; round < kRounds; ++round) {
      comm.barrier();
      const Stopwatch watch;
      if (peer < comm.size()) {
        comm.exchange(std::array{Transfer{peer, 1, out.data(), in.data(), bytes}});
      }
      samples.push_back(watch.seconds());
    }
    return summarise(std::move(samples)).median;
  };
  const double latency = time(8);
  const double seconds = time(kLong);
  profile.exchange_latency = comm.all_max(latency);
  profile.exchange_rate = static_cast<double>(kLong) / comm.all_max(seconds);
  profile.exchange_measured = true;
}

}  // namespace

Calibration calibrate(Communicator& comm, int threads, std::string_view isa) {
  Calibration result;
  HostRates& profile = result.profile;
  // Ranks of one host measure at the same time, so each sees its share of the memory. A rank
  // without room for it must not leave the others waiting.
  std::optional<Error> problem;
  try {
    measure_rates(threads, isa, result);
    profile.double_steps = measure_forms<double>(threads, isa, "double", result);
    profile.single_steps = measure_forms<float>(threads, isa, "single", result);
  } catch (const Error& error) {
    problem = error;
  }
  if (comm.all_max(problem ? 1.0 : 0.0) > 0.0) {
    if (problem) throw *problem;
    throw Error(ErrorCode::resources, "another rank cannot measure",
                "free some memory or use fewer threads");
  }
  std::vector<double*> numbers = {&profile.memory_rate, &profile.thread_memory_rate,
                                  &profile.pass_rate,   &profile.cache_rate,
                                  &profile.flop_rate,   &profile.fork_seconds};
  for (StepSeconds* steps : {&profile.double_steps, &profile.single_steps}) {
    for (double& seconds : steps->of) numbers.push_back(&seconds);
    numbers.push_back(&steps->exposed);
  }
  std::vector<double> values;
  for (const double* number : numbers) values.push_back(*number);
  comm.broadcast(std::as_writable_bytes(std::span(values)));
  for (std::size_t k = 0; k < numbers.size(); ++k) *numbers[k] = values[k];
  measure_exchange(comm, profile);
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  profile.host = host.data();
  profile.processor = processor_model();
  profile.isa = kernel_table<double>(isa).name;
  profile.threads = static_cast<unsigned>(threads);
  profile.ranks = static_cast<unsigned>(comm.ranks_on_node());
  profile.measured = true;
  return result;
}

std::string doubts(const Calibration& measured, double others, int processors) {
  std::string text;
  const auto add = [&](const std::string& doubt) { text += (text.empty() ? "" : "; ") + doubt; };
  if (others > kMostOthers * processors) {
    add(fmt::format("other programs kept {:.1f} of {} processors busy (limit {:.1f})", others,
                    processors, kMostOthers * processors));
  }
  for (const auto& [name, spread] : measured.spreads) {
    if (spread > kMostSpread) {
      add(fmt::format("repeats of {} lie {:.0f} % apart (limit {:.0f} %)", name, 100.0 * spread,
                      100.0 * kMostSpread));
    }
  }
  for (const std::string& form : measured.hidden) {
    add(fmt::format("the step {} took no time that could be measured", form));
  }
  return text;
}

}  // namespace qross::qsim
