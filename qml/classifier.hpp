// SPDX-License-Identifier: Apache-2.0
// QuantumClassifier: a variational circuit whose expectation values of Z, scaled and shifted by
// trainable numbers, are class scores. Samples of small circuits run many at once, a sample a lane
// of the vectors; of larger ones each on its own state inside one thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "qml/circuit_spec.hpp"
#include "qml/evaluator.hpp"
#include "qml/head.hpp"
#include "qml/model.hpp"

namespace qross::qml {

struct ClassifierSpec {
  CircuitSpec circuit;
  std::size_t classes = 2;
};

/// Throws Error(bad_input): validate(circuit), fewer than 2 classes, more classes than qubits
/// unless there are two.
void validate(const ClassifierSpec& spec);

/// Weights: circuit angles, then the head's numbers a and b.
/// Two classes: scores {a <Z0> + b, 0}, so p(class 0) = logistic(a <Z0> + b).
/// More: score k = a <Z_k> + b_k, probabilities by softmax.
class QuantumClassifier : public Model {
 public:
  /// Crews run circuits of up to `batch_qubits` qubits many at once (engine/batch): by default
  /// those of the instruction set that the ranks use, most_batch_qubits(). Tests and measurements
  /// choose another limit. Both ways give the same but for rounding.
  /// Throws like validate(). Cost: planning the circuit once.
  explicit QuantumClassifier(const ClassifierSpec& spec,
                             std::optional<qsim::Qubit> batch_qubits = std::nullopt);

  [[nodiscard]] const ClassifierSpec& spec() const noexcept { return spec_; }
  [[nodiscard]] const CompiledCircuit& compiled() const noexcept { return *compiled_; }
  [[nodiscard]] const std::vector<qsim::PauliSum>& observables() const noexcept {
    return observables_;
  }

  [[nodiscard]] std::size_t features() const override { return spec_.circuit.features; }
  [[nodiscard]] std::size_t classes() const override { return spec_.classes; }
  [[nodiscard]] std::size_t weights() const override;
  /// Angles uniform on [0, 2 pi), a = kInitialScale, b = 0.
  [[nodiscard]] std::vector<double> initial_weights(std::uint64_t seed) const override;
  [[nodiscard]] std::unique_ptr<Worker> make_worker(std::string_view isa = {}) const override;
  [[nodiscard]] std::unique_ptr<Crew> make_crew(qsim::Communicator& comm,
                                                int threads) const override;
  [[nodiscard]] Work scores_work() const override;
  [[nodiscard]] Work gradient_work() const override;
  void require_memory(qsim::Communicator& comm, unsigned workers) const override;

  static constexpr double kInitialScale = 3.0;
  /// Microseconds of a loss and its gradient on one thread of an AMD EPYC with AVX-512: strongly
  /// entangling circuits of 3 layers, the features before each, 3 classes. a: one sample by itself;
  /// b: a vector of 8 samples, full or not; c = 8 a / b, the gain of full vectors.
  ///
  ///     qubits   4     8     10    12     13     14     15     16      17
  ///     a        57    176   351   1085   2536   4247   8370   10658   17813
  ///     b        4     59    284   1249   3254   7526   15943  40278   98283
  ///     c        106   24    9.9   7.0    6.2    4.5    4.2    2.1     1.5
  ///
  /// Up to 10 qubits one sample costs more than a vector of them. Beyond, vectors lose where
  /// samples are fewer than threads: at 15 qubits at most 1.9 times, against 4.2 times that they
  /// win with many samples, at 16 qubits 3.8 against 2.1. The choice may depend neither on threads
  /// nor on ranks, since results are the same to the last bit on any number of them. All ranks use
  /// one instruction set, so it may depend on that; c where the same processor was told to use
  /// less:
  ///
  ///     qubits   12    13    14    15    16    17
  ///     avx2     4.4   3.6   3.1   2.2   1.8   1.4    (2.3 at 16 on a processor without AVX-512)
  ///     scalar   2.8   2.3   2.0   1.9   1.5   1.3
  ///
  /// The limit is 15, with AVX2 16: steps of training hold more samples than threads.
  [[nodiscard]] static qsim::Qubit most_batch_qubits(std::string_view isa);

 private:
  [[nodiscard]] ClassifierHead head() const noexcept;
  [[nodiscard]] bool in_batches(std::string_view isa) const {
    return spec_.circuit.qubits <= batch_qubits_.value_or(most_batch_qubits(isa));
  }

  ClassifierSpec spec_;
  std::optional<qsim::Qubit> batch_qubits_;
  std::shared_ptr<const CompiledCircuit> compiled_;
  std::vector<qsim::PauliSum> observables_;
};

/// The weights of a classifier's head: one scale, and one bias for each observable.
[[nodiscard]] std::size_t head_weights(std::size_t classes);

}  // namespace qross::qml
