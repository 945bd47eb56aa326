// SPDX-License-Identifier: Apache-2.0
// BatchEvaluator: one circuit at very many parameter values, as training needs it. Each lane of the
// vectors is a circuit, so a state of n qubits takes 2^n * 128 bytes for 8 circuits in double or 16
// in single precision; meant for n up to about 16. Called by models and by users; the engine for
// one large state is engine.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "qsim/circuit/circuit.hpp"
#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/plan/layout.hpp"
#include "qsim/plan/lower.hpp"

namespace qross::qsim {

struct BatchOptions {
  Precision precision = Precision::double_precision;
  int threads = 1;            ///< circuits are spread over them
  std::string_view isa = {};  ///< of kIsaNames; empty: the best here
  int processes = 1;          ///< that share this machine's memory and do the same
};

struct BatchGradients {
  std::vector<double> values;     ///< [circuit][observable]
  std::vector<double> gradients;  ///< [circuit][parameter], of the weighted sum of the observables
};

/// Sets the weights of one circuit's observables, given their values: d(loss)/d(value) for the
/// gradient of a loss. Called once for each circuit, by several threads at once.
using BatchWeights = std::function<void(std::size_t circuit, std::span<const double> values,
                                        std::span<double> weights)>;

/// Results are those of the circuit alone: they depend, to the last bit, neither on its place in
/// the batch, nor on the other circuits, nor on the number of threads.
///
/// An evaluator belongs to one thread, which it lets several others work for. Structure is compiled
/// once, when it is made; a call fills in numbers and allocates its results only.
class BatchEvaluator {
 public:
  /// Cost: compiling, well under 1 ms for 100 gates, and tables of the observables.
  /// Throws Error(bad_input) if an observable names a qubit that the circuit lacks,
  /// Error(unavailable) for an instruction set that is missing here, Error(usage) for less than one
  /// thread, Error(resources) if two states for each thread (threads * 2 * 2^n * 128 bytes) do not
  /// fit the memory; they are counted before anything of their size is allocated.
  BatchEvaluator(const Circuit& circuit, std::span<const PauliSum> observables,
                 const BatchOptions& options = {});
  BatchEvaluator(const Circuit& circuit, const PauliSum& observable,
                 const BatchOptions& options = {});
  /// The same of a circuit that has been lowered, such as that of a plan.
  BatchEvaluator(LoweredCircuit circuit, std::span<const PauliSum> observables,
                 const BatchOptions& options = {});
  ~BatchEvaluator();
  BatchEvaluator(BatchEvaluator&&) noexcept;
  BatchEvaluator& operator=(BatchEvaluator&&) noexcept;

  [[nodiscard]] std::size_t parameters() const noexcept;  ///< of a circuit
  [[nodiscard]] std::size_t observables() const noexcept;
  [[nodiscard]] std::uint64_t bytes()
      const noexcept;  ///< that gradients take, all threads together

  /// <O_m> for each circuit and observable m, as [circuit][observable]. `parameters` holds one set
  /// after the other; a circuit without parameters is one circuit.
  /// Throws Error(bad_input) if that is not a whole number of sets, or if an angle is not finite.
  [[nodiscard]] std::vector<double> values(std::span<const double> parameters);

  /// The values, and the gradient of sum_m weight_m <O_m> by the adjoint method: once forward and
  /// two states backward, whatever the number of parameters and observables. `weights` are the same
  /// for all circuits ([observable]), or their own ([circuit][observable]); none means all 1.
  /// Throws like values(), and Error(bad_input) for another number of weights.
  [[nodiscard]] BatchGradients values_and_gradients(std::span<const double> parameters,
                                                    std::span<const double> weights = {});

  /// The same with weights that follow from the values: the gradient of any function of them.
  [[nodiscard]] BatchGradients values_and_gradients(std::span<const double> parameters,
                                                    const BatchWeights& weights);

 private:
  class Engine;
  template <class T>
  class EngineOf;
  std::unique_ptr<Engine> engine_;
};

}  // namespace qross::qsim
