// SPDX-License-Identifier: Apache-2.0
// Best of several short runs of the engine's own kernels, so that the rates are those a pass can
// reach, not those of a hand-tuned benchmark.
#include "qsim/engine/calibrate.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <unistd.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/engine/calibrate_steps.hpp"
#include "qsim/engine/prepare.hpp"

namespace qross::qsim {
namespace {

constexpr int kRepeats = 5;
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

/// Sets the rates of one rank's own work.
void measure_rates(int threads, HostProfile& profile) {
  const KernelTable<double>& kernels = kernel_table<double>();
  const std::uint64_t room = memory_limit().available / 4;
  std::size_t bytes = std::size_t{1} << 30;
  while (bytes > room && bytes > (std::size_t{1} << 24)) bytes /= 2;
  if (bytes > room) {
    throw Error(ErrorCode::resources, "too little memory is free to measure bandwidth",
                "free some memory; 64 MiB are enough");
  }
  if (bytes / (kBlock<double> * sizeof(double) << kCacheBlocksLog2) <
      static_cast<std::size_t>(threads)) {
    throw Error(ErrorCode::resources,
                "too little memory is free to measure with " + std::to_string(threads) + " threads",
                "use fewer threads");
  }
  const Buffer buffer(bytes);
  auto* const data = reinterpret_cast<double*>(buffer.data());
  const std::size_t piece_bytes = kBlock<double> * sizeof(double) << kCacheBlocksLog2;
  const auto pieces = static_cast<std::int64_t>(bytes / piece_bytes);
  const std::size_t piece = piece_bytes / sizeof(double);
  const auto piece_at = [&](std::int64_t p) { return data + static_cast<std::size_t>(p) * piece; };
  parallel_for(threads, 0, pieces, [&](std::int64_t p) { std::fill_n(piece_at(p), piece, 1e-3); });
  const auto sweep = sweep_call(kCacheBlocksLog2);
  const double memory_seconds = best_seconds(kRepeats, [&] {
    parallel_for(threads, 0, pieces,
                 [&](std::int64_t p) { kernels.diagonal(piece_at(p), sweep.variants[0]); });
  });
  constexpr int kLoops = 400;
  const double cache_seconds = best_seconds(kRepeats, [&] {
    parallel_for(threads, 0, threads, [&](std::int64_t t) {
      for (int i = 0; i < kLoops; ++i) kernels.diagonal(piece_at(t), sweep.variants[0]);
    });
  });
  // A dense gate on four qubits: 16 complex products and sums for each amplitude.
  std::vector<Complex> matrix(256, Complex(0.0625, 0.01));
  LoweredCircuit lowered;
  Lowered op;
  op.kind = Lowered::Kind::matrix;
  op.gate = Gate::unitary;
  op.targets = 4;
  op.target = {3, 4, 5, 6};
  lowered.complexes = matrix;
  const auto dense = prepare<double>(lowered, op, Layout(11), low_mask(11), {}, false);
  const double flop = 8.0 * 16.0 * 2048.0;
  const double flop_seconds = best_seconds(kRepeats, [&] {
    parallel_for(threads, 0, threads, [&](std::int64_t t) {
      for (int i = 0; i < kLoops; ++i) apply(kernels, dense, 0, piece_at(t));
    });
  });
  profile.memory_rate = 2.0 * static_cast<double>(bytes) / memory_seconds;
  profile.cache_rate = 2.0 * static_cast<double>(piece_bytes) * kLoops * threads / cache_seconds;
  profile.flop_rate = flop * kLoops * threads / flop_seconds;
  profile.pass_rate = measure_pass_rate(profile, threads, data, bytes);
  profile.double_steps = measure_steps<double>(threads);
  profile.single_steps = measure_steps<float>(threads);
  profile.fork_seconds = measure_fork(threads);
}

/// Rate and latency of exchanges with the neighbouring rank; a last odd rank only takes part.
void measure_exchange(Communicator& comm, HostProfile& profile) {
  if (comm.size() < 2) return;
  constexpr std::size_t kLong = std::size_t{8} << 20;
  std::vector<std::byte> out(kLong);
  std::vector<std::byte> in(kLong);
  const int peer = comm.rank() ^ 1;
  const auto time = [&](std::size_t bytes) {
    return best_seconds(kRepeats, [&] {
      comm.barrier();
      if (peer < comm.size()) {
        comm.exchange(std::array{Transfer{peer, 1, out.data(), in.data(), bytes}});
      }
    });
  };
  const double latency = time(8);
  const double seconds = time(kLong);
  profile.exchange_latency = comm.all_max(latency);
  profile.exchange_rate = static_cast<double>(kLong) / comm.all_max(seconds);
  profile.exchange_measured = true;
}

}  // namespace

HostProfile calibrate(Communicator& comm, int threads) {
  HostProfile profile;
  // Ranks of one host measure at the same time, so each sees its share of the memory. A rank
  // without room for it must not leave the others waiting.
  std::string problem;
  try {
    measure_rates(threads, profile);
  } catch (const Error& error) {
    problem = error.message();
  }
  if (comm.all_max(problem.empty() ? 0.0 : 1.0) > 0.0) {
    throw Error(ErrorCode::resources,
                problem.empty() ? "another rank has too little memory to measure" : problem,
                "free some memory or use fewer threads");
  }
  std::vector<double*> numbers = {&profile.memory_rate, &profile.pass_rate, &profile.cache_rate,
                                  &profile.flop_rate, &profile.fork_seconds};
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
  profile.threads = static_cast<unsigned>(threads);
  profile.ranks = static_cast<unsigned>(comm.ranks_on_node());
  profile.measured = true;
  return profile;
}

}  // namespace qross::qsim
