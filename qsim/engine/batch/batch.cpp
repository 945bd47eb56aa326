// SPDX-License-Identifier: Apache-2.0
// Groups of circuits over threads: each thread takes groups as it comes to them, with a worker of
// its own; every circuit's results go to their own place.
#include "qsim/engine/batch/batch.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/engine/batch/compiler.hpp"
#include "qsim/engine/batch/worker.hpp"

namespace qross::qsim {
namespace {

/// What is left for the program itself.
constexpr double kReserve = 0.97;
/// Tables of observables that take more are made in pieces, over and over.
constexpr std::uint64_t kMostTableBytes = std::uint64_t{64} << 20;

void require_batch_memory(double needed, unsigned qubits, const BatchOptions& options) {
  if (needed < kSmallBytes) return;
  const MemoryLimit limit = memory_limit();
  const bool shared = std::string_view(limit.source) != "address space limit";
  const double available =
      kReserve * static_cast<double>(limit.available) / (shared ? options.processes : 1);
  if (needed <= available) return;
  constexpr double mib = 1048576.0;
  throw Error(ErrorCode::resources,
              fmt::format("a batch of circuits of {} qubits needs {:.1f} MiB on {} thread{}, but "
                          "{:.1f} MiB is available ({})",
                          qubits, needed / mib, options.threads, options.threads == 1 ? "" : "s",
                          available / mib, limit.source),
              "use fewer threads, or run the circuits one by one with the engine for large states");
}

}  // namespace

/// The evaluator of either precision.
class BatchEvaluator::Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  virtual void run(std::span<const double> parameters, std::size_t circuits,
                   const BatchWeights* weights, BatchGradients& out) = 0;
  std::size_t parameters = 0;
  std::size_t observables = 0;
  std::uint64_t bytes = 0;
};

template <class T>
class BatchEvaluator::EngineOf : public BatchEvaluator::Engine {
 public:
  EngineOf(LoweredCircuit lowered, std::span<const PauliSum> sums, const BatchOptions& options)
      : options_(options) {
    const KernelTable<T>& kernels = kernel_table<T>(options.isa);
    const TrimmedCircuit trimmed = trim_batch(lowered, sums);
    // Before anything of the size of a state: what the states alone take.
    const unsigned wires = std::max(lowered.qubits, kTileBits);
    const double states = 2.0 * 128.0 * std::ldexp(options.threads, static_cast<int>(wires));
    require_batch_memory(states, lowered.qubits, options);
    BatchCode code = compile_batch(lowered, trimmed, batch_range(sizeof(T) == 8));
    BatchObservables<T> observable_sums(trimmed.observables, code.wires, kMostTableBytes);
    parameters = lowered.slots;
    observables = sums.size();
    forward_nanoseconds_ = group_nanoseconds(code);
    bytes = static_cast<std::uint64_t>(options.threads) * BatchWorker<T>::bytes(code) +
            observable_sums.bytes();
    require_batch_memory(static_cast<double>(bytes), lowered.qubits, options);
    shared_ = std::make_unique<BatchShared<T>>(kernels, std::move(lowered), std::move(code),
                                               std::move(observable_sums));
    for (int t = 0; t < options.threads; ++t) {
      workers_.push_back(std::make_unique<BatchWorker<T>>(*shared_));
    }
  }

  void run(std::span<const double> parameters_of_all, std::size_t circuits,
           const BatchWeights* weights, BatchGradients& out) override {
    const std::size_t groups = (circuits + kLanes<T> - 1) / kLanes<T>;
    if (groups == 0) return;
    const double group = weights == nullptr ? forward_nanoseconds_ : 3.0 * forward_nanoseconds_;
    const int threads =
        threads_for(static_cast<int>(workers_.size()), group * static_cast<double>(groups));
    struct Local {
      BatchWorker<T>& worker;
      std::vector<double> own;  ///< weights of one circuit
    };
    parallel_for(
        threads, 0, static_cast<std::int64_t>(groups),
        [&](int member) {
          return Local{*workers_[static_cast<std::size_t>(member)],
                       std::vector<double>(observables)};
        },
        [&](Local& local, std::int64_t g) {
          run_group(local.worker, parameters_of_all, static_cast<std::size_t>(g) * kLanes<T>,
                    circuits, weights, local.own, out);
        });
  }

 private:
  void run_group(BatchWorker<T>& worker, std::span<const double> all, std::size_t first,
                 std::size_t circuits, const BatchWeights* weights, std::span<double> own,
                 BatchGradients& out) {
    const std::size_t count = std::min<std::size_t>(kLanes<T>, circuits - first);
    const auto sets = all.subspan(first * parameters, count * parameters);
    worker.set_parameters(sets, count);
    worker.run_forward();
    for (std::size_t lane = 0; lane < count; ++lane) {
      for (std::size_t m = 0; m < observables; ++m) {
        out.values[(first + lane) * observables + m] = worker.values()[m * kLanes<T> + lane];
      }
    }
    if (weights == nullptr) return;
    for (std::size_t lane = 0; lane < kLanes<T>; ++lane) {
      const std::size_t circuit = first + std::min(lane, count - 1);
      if (lane < count) {
        (*weights)(circuit, std::span(out.values).subspan(circuit * observables, observables), own);
      }
      for (std::size_t m = 0; m < observables; ++m) worker.weights()[m * kLanes<T> + lane] = own[m];
    }
    worker.run_backward();
    for (unsigned lane = 0; lane < count; ++lane) {
      worker.add_gradient(
          lane, sets.subspan(lane * parameters, parameters),
          std::span(out.gradients).subspan((first + lane) * parameters, parameters));
    }
  }

  /// Roughly what one thread takes for a group, forward: a vector is 64 bytes.
  static double group_nanoseconds(const BatchCode& code) {
    constexpr double kVectorStep = 0.15;  // code.steps has those of both directions
    constexpr double kRecipe = 5.0;
    return std::ldexp(kVectorStep * static_cast<double>(code.steps.size() + code.product.size()),
                      static_cast<int>(code.wires)) +
           kRecipe * static_cast<double>(code.forward.size());
  }

  BatchOptions options_;
  double forward_nanoseconds_ = 0.0;
  std::unique_ptr<BatchShared<T>> shared_;
  std::vector<std::unique_ptr<BatchWorker<T>>> workers_;
};

BatchEvaluator::BatchEvaluator(LoweredCircuit circuit, std::span<const PauliSum> observables,
                               const BatchOptions& options) {
  if (options.threads < 1 || options.processes < 1) {
    throw Error(ErrorCode::usage, "a batch needs at least one thread and one process");
  }
  if (circuit.listed) {
    throw Error(ErrorCode::usage,
                "this circuit was planned to run gate by gate, which no batch does",
                "give the circuit itself, or plan it without Optimisation::direct");
  }
  if (options.precision == Precision::double_precision) {
    engine_ = std::make_unique<EngineOf<double>>(std::move(circuit), observables, options);
  } else {
    engine_ = std::make_unique<EngineOf<float>>(std::move(circuit), observables, options);
  }
}

BatchEvaluator::BatchEvaluator(const Circuit& circuit, std::span<const PauliSum> observables,
                               const BatchOptions& options)
    : BatchEvaluator(lower(circuit), observables, options) {}

BatchEvaluator::BatchEvaluator(const Circuit& circuit, const PauliSum& observable,
                               const BatchOptions& options)
    : BatchEvaluator(circuit, std::span(&observable, 1), options) {}

BatchEvaluator::~BatchEvaluator() = default;
BatchEvaluator::BatchEvaluator(BatchEvaluator&&) noexcept = default;
BatchEvaluator& BatchEvaluator::operator=(BatchEvaluator&&) noexcept = default;

std::size_t BatchEvaluator::parameters() const noexcept { return engine_->parameters; }
std::size_t BatchEvaluator::observables() const noexcept { return engine_->observables; }
std::uint64_t BatchEvaluator::bytes() const noexcept { return engine_->bytes; }

namespace {

std::size_t count_circuits(std::size_t numbers, std::size_t parameters) {
  if (parameters == 0 && numbers == 0) return 1;
  if (parameters == 0 || numbers % parameters != 0) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("{} numbers are no whole number of sets of {} parameters", numbers, parameters),
        "pass one number for each parameter of the circuit, set after set");
  }
  return numbers / parameters;
}

}  // namespace

std::vector<double> BatchEvaluator::values(std::span<const double> parameters) {
  const std::size_t circuits = count_circuits(parameters.size(), engine_->parameters);
  BatchGradients out;
  out.values.resize(circuits * engine_->observables);
  engine_->run(parameters, circuits, nullptr, out);
  return std::move(out.values);
}

BatchGradients BatchEvaluator::values_and_gradients(std::span<const double> parameters,
                                                    std::span<const double> weights) {
  const std::size_t circuits = count_circuits(parameters.size(), engine_->parameters);
  const std::size_t width = engine_->observables;
  if (!weights.empty() && weights.size() != width && weights.size() != width * circuits) {
    throw Error(ErrorCode::bad_input,
                fmt::format("{} weights were given for {} observables of {} circuits",
                            weights.size(), width, circuits),
                "pass one for each observable, or one for each observable of each circuit");
  }
  const bool own = weights.size() != width;
  return values_and_gradients(
      parameters, [&](std::size_t circuit, std::span<const double>, std::span<double> out) {
        if (weights.empty()) {
          std::fill(out.begin(), out.end(), 1.0);
        } else {
          const auto row = weights.subspan(own ? circuit * width : 0, width);
          std::copy(row.begin(), row.end(), out.begin());
        }
      });
}

BatchGradients BatchEvaluator::values_and_gradients(std::span<const double> parameters,
                                                    const BatchWeights& weights) {
  const std::size_t circuits = count_circuits(parameters.size(), engine_->parameters);
  BatchGradients out;
  out.values.resize(circuits * engine_->observables);
  out.gradients.resize(circuits * engine_->parameters);
  engine_->run(parameters, circuits, &weights, out);
  return out;
}

}  // namespace qross::qsim
