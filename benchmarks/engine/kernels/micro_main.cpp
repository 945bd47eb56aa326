// SPDX-License-Identifier: Apache-2.0
// bench_kernels: registers the rates of the machine, the gates and the planner with Google
// Benchmark, whose options apply (--benchmark_filter=gate/double/cache, --benchmark_format=json).
#include <memory>
#include <optional>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include "benchmarks/engine/kernels/micro.hpp"
#include "benchmarks/engine/suite/circuits.hpp"
#include "qsim/core/bits.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/dist/threads.hpp"

namespace {

using namespace qross;
using benchmark::Counter;

constexpr double kSeconds = 0.05;                            // at least, for each gate
constexpr double kMachineSeconds = 0.5;                      // for each rate of the machine
constexpr std::size_t kCacheBytes = std::size_t{256} << 10;  // a thread; half of a small L2
constexpr int kCacheLoops = 100;

template <class Work>
void add(const std::string& name, Work work, double seconds = kSeconds) {
  benchmark::RegisterBenchmark(name.c_str(), work)
      ->UseRealTime()
      ->MinTime(seconds)
      ->Unit(benchmark::kMicrosecond);
}

/// Bytes of the large state: 1 GiB, or less where a quarter of the free memory is less.
std::size_t large_bytes() {
  std::size_t bytes = std::size_t{1} << 30;
  while (bytes > qsim::memory_limit().available / 4 && bytes > (std::size_t{1} << 24)) bytes /= 2;
  return bytes;
}

Counter per_second(double amount) {
  return {amount, Counter::kIsIterationInvariantRate, Counter::kIs1000};
}

void add_machine(int threads) {
  add(
      fmt::format("machine/memory/threads:{}", threads),
      [threads](benchmark::State& state) {
        const std::size_t bytes = large_bytes();
        const std::size_t size = bytes / sizeof(double) / static_cast<std::size_t>(64 * threads) *
                                 static_cast<std::size_t>(64 * threads);
        const qsim::Buffer buffer(bytes);
        const std::span data(reinterpret_cast<double*>(buffer.data()), size);
        bench::update(data, threads);  // first touch
        for (auto _ : state) bench::update(data, threads);
        state.counters["bytes"] = per_second(16.0 * static_cast<double>(size));
      },
      kMachineSeconds);
  add(
      fmt::format("machine/cache/threads:{}", threads),
      [threads](benchmark::State& state) {
        const qsim::Buffer buffer(kCacheBytes * static_cast<std::size_t>(threads));
        const std::size_t size = buffer.size() / sizeof(double);
        const std::span data(reinterpret_cast<double*>(buffer.data()), size);
        for (auto _ : state) bench::update_often(data, threads, kCacheLoops);
        state.counters["bytes"] = per_second(16.0 * static_cast<double>(size) * kCacheLoops);
      },
      kMachineSeconds);
  add(
      fmt::format("machine/fma/threads:{}", threads),
      [threads](benchmark::State& state) {
        double flop = 0.0;
        for (auto _ : state) benchmark::DoNotOptimize(flop = bench::multiply_add(threads, 1 << 16));
        state.counters["flop"] = per_second(flop);
      },
      kMachineSeconds);
}

/// Every gate on a state of n qubits that all of them share, made when the first is run.
template <class T>
void add_gates(const std::string& where, qsim::Qubit n, int threads) {
  const auto shared = std::make_shared<std::optional<bench::DenseState<T>>>();
  for (const bench::GateCase& gate : bench::gate_cases(n)) {
    const std::string name = fmt::format(
        "gate/{}/{}_{}/{}", sizeof(T) == sizeof(double) ? "double" : "single", where, n, gate.name);
    add(name, [=](benchmark::State& state) {
      if (!shared->has_value()) shared->emplace(n, threads);
      const qsim::Plan plan = (*shared)->plan(gate.circuit);
      for (auto _ : state) (*shared)->run(plan);
      const double amplitudes = static_cast<double>(qsim::bit(n));
      state.counters["s/amp"] =
          Counter(amplitudes, Counter::kIsIterationInvariantRate | Counter::kInvert);
      state.counters["bytes"] = per_second(amplitudes * 4.0 * sizeof(T));
    });
  }
}

template <class Make>
void add_planner(const std::string& name, Make make) {
  add("plan/" + name, [make](benchmark::State& state) {
    const qsim::Circuit circuit = make();
    for (auto _ : state) benchmark::DoNotOptimize(qsim::make_plan(circuit, {}));
    state.counters["s/gate"] = Counter(static_cast<double>(circuit.size()),
                                       Counter::kIsIterationInvariantRate | Counter::kInvert);
  });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return exit_code(ErrorCode::usage);
  const int threads = qsim::choose_threads(0).threads;
  add_machine(1);
  if (threads > 1) add_machine(threads);
  // 2^14 amplitudes stay in one core's cache; the large state comes from memory.
  const qsim::Qubit large = large_bytes() >= std::size_t{1} << 30 ? 24 : 20;
  add_gates<double>("cache", 14, 1);
  add_gates<float>("cache", 14, 1);
  add_gates<double>("memory", large, threads);
  add_gates<float>("memory", large, threads);
  add_planner("qft_30", [] { return bench::qft(30); });
  add_planner("quantum_volume_30", [] { return bench::quantum_volume(30, 30, 1); });
  add_planner("ansatz_cx_30", [] { return bench::ansatz(30, 10, qml::Entangler::cx_ring, 1); });
  add_planner("clifford_t_30", [] { return bench::clifford_t(30, 20000, 1); });
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
