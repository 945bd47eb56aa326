// SPDX-License-Identifier: Apache-2.0
// QuantumClassifier: a variational circuit whose expectation values of Z, scaled and shifted by
// trainable numbers, are class scores. Each sample runs on its own state inside one thread.
#pragma once

#include <memory>
#include <vector>

#include "qml/circuit_spec.hpp"
#include "qml/evaluator.hpp"
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
  /// Throws like validate(). Cost: planning the circuit once.
  explicit QuantumClassifier(const ClassifierSpec& spec);

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
  [[nodiscard]] std::unique_ptr<Worker> make_worker() const override;
  [[nodiscard]] Work scores_work() const override;
  [[nodiscard]] Work gradient_work() const override;
  void require_memory(qsim::Communicator& comm, unsigned workers) const override;

  static constexpr double kInitialScale = 3.0;

 private:
  ClassifierSpec spec_;
  std::shared_ptr<const CompiledCircuit> compiled_;
  std::vector<qsim::PauliSum> observables_;
};

/// The weights of a classifier's head: one scale, and one bias for each observable.
[[nodiscard]] std::size_t head_weights(std::size_t classes);

}  // namespace qross::qml
