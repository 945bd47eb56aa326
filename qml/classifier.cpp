// SPDX-License-Identifier: Apache-2.0
// The quantum classifier: head, chain rule from loss to angles, and what a sample costs.
#include "qml/classifier.hpp"

#include <algorithm>
#include <numbers>

#include <fmt/core.h>

#include "qml/loss.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/random.hpp"
#include "qsim/engine/prepare.hpp"
#include "qsim/plan/forecast.hpp"

namespace qross::qml {
namespace {

/// Observables that the head reads: <Z0> tells two classes apart.
std::size_t head_observables(std::size_t classes) { return classes == 2 ? 1 : classes; }

class ClassifierWorker : public Worker {
 public:
  ClassifierWorker(const QuantumClassifier& model, std::shared_ptr<const CompiledCircuit> compiled)
      : observables_(model.observables()),
        comm_(qsim::serial_communicator()),
        evaluator_(*comm_, std::move(compiled)),
        features_(model.features()),
        angles_(weight_count(model.spec().circuit)) {}

  void scores(std::span<const double> features, std::span<const double> weights,
              std::span<double> scores) override {
    bind(features, weights);
    head(evaluator_.expectations(values_, observables_), weights, scores);
  }

  double loss_and_gradient(std::span<const double> features, std::uint32_t label,
                           std::span<const double> weights, std::span<double> scores,
                           std::span<double> gradient) override {
    bind(features, weights);
    const std::vector<double> z = evaluator_.expectations(values_, observables_);
    head(z, weights, scores);
    std::vector<double> by_score(scores.size());
    const double loss = cross_entropy(scores, label, by_score);

    // One backward sweep for sum_k (dloss/dZ_k) Z_k gives the derivatives by all angles.
    const double scale = weights[angles_];
    std::vector<double> by_z(z.size());
    double by_scale = 0.0;
    for (std::size_t k = 0; k < z.size(); ++k) {
      by_z[k] = scale * by_score[k];
      by_scale += by_score[k] * z[k];
      gradient[angles_ + 1 + k] = by_score[k];
    }
    gradient[angles_] = by_scale;
    const auto by_angle = evaluator_.weighted_gradient(values_, observables_, by_z);
    std::copy_n(by_angle.gradient.begin() + static_cast<std::ptrdiff_t>(features_), angles_,
                gradient.begin());
    return loss;
  }

 private:
  void bind(std::span<const double> features, std::span<const double> weights) {
    values_.assign(features.begin(), features.end());
    values_.insert(values_.end(), weights.begin(),
                   weights.begin() + static_cast<std::ptrdiff_t>(angles_));
  }

  void head(const std::vector<double>& z, std::span<const double> weights,
            std::span<double> scores) const {
    scores[scores.size() - 1] = 0.0;  // the second of two classes
    for (std::size_t k = 0; k < z.size(); ++k) {
      scores[k] = weights[angles_] * z[k] + weights[angles_ + 1 + k];
    }
  }

  std::vector<qsim::PauliSum> observables_;
  std::unique_ptr<qsim::Communicator> comm_;
  Evaluator evaluator_;
  std::size_t features_;
  std::size_t angles_;
  std::vector<double> values_;
};

}  // namespace

std::size_t head_weights(std::size_t classes) { return 1 + head_observables(classes); }

void validate(const ClassifierSpec& spec) {
  validate(spec.circuit);
  if (spec.classes < 2) {
    throw Error(ErrorCode::bad_input,
                fmt::format("a classifier needs at least 2 classes, not {}", spec.classes));
  }
  if (head_observables(spec.classes) > spec.circuit.qubits) {
    throw Error(ErrorCode::bad_input,
                fmt::format("{} classes need as many qubits to read, the model has {}",
                            spec.classes, spec.circuit.qubits),
                "give the model at least as many qubits as there are classes");
  }
}

QuantumClassifier::QuantumClassifier(const ClassifierSpec& spec) : spec_(spec) {
  validate(spec);
  compiled_ = compile(build_circuit(spec.circuit));
  for (unsigned k = 0; k < head_observables(spec.classes); ++k) {
    observables_.push_back(qsim::pauli_z(k));
  }
}

std::size_t QuantumClassifier::weights() const {
  return weight_count(spec_.circuit) + head_weights(spec_.classes);
}

std::vector<double> QuantumClassifier::initial_weights(std::uint64_t seed) const {
  std::vector<double> result(weights(), 0.0);
  const std::size_t angles = weight_count(spec_.circuit);
  for (std::size_t i = 0; i < angles; ++i) {
    result[i] = 2.0 * std::numbers::pi * qsim::uniform(seed, qsim::Purpose::initial, i, 0);
  }
  result[angles] = kInitialScale;
  return result;
}

std::unique_ptr<Worker> QuantumClassifier::make_worker() const {
  return std::make_unique<ClassifierWorker>(*this, compiled_);
}

Work QuantumClassifier::scores_work() const {
  const qsim::Forecast forecast = qsim::forecast(compiled_->plan);
  return {1.0, static_cast<double>(compiled_->circuit.size()), forecast.flop, forecast.bytes_moved,
          static_cast<double>(forecast.passes)};
}

Work QuantumClassifier::gradient_work() const {
  // Expectations, then the adjoint method: forward once more, and ket and bra backward in the same
  // passes. Each angle takes one product of bra and ket, 8 FLOP an amplitude.
  Work work = 4.0 * scores_work();
  work.passes *= 0.75;
  const qsim::LoweredCircuit& lowered = compiled_->plan.circuit;
  const auto products = std::count_if(lowered.ops.begin(), lowered.ops.end(), [&](const auto& op) {
    return qsim::has_derivative(lowered, op);
  });
  work.flop += 8.0 * static_cast<double>(products) *
               static_cast<double>(std::uint64_t{1} << spec_.circuit.qubits);
  return work;
}

void QuantumClassifier::require_memory(qsim::Communicator& comm, unsigned workers) const {
  try {
    qsim::require_memory(comm, compiled_->plan.shape, compiled_->plan.precision, 2 * workers);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::resources) throw;
    // The engine's hint is for states spread over ranks. All ranks are here: they agree above.
    throw Error(
        error.code(), "the model does not fit: " + error.message(),
        fmt::format("each of {} thread{} of a rank holds two whole states, which more ranks "
                    "do not divide: use fewer qubits, fewer threads, or fewer ranks on one "
                    "machine",
                    workers, workers == 1 ? "" : "s"));
  }
}

}  // namespace qross::qml
