// SPDX-License-Identifier: Apache-2.0
// The quantum classifier: head, chain rule from loss to angles, and what a sample costs.
#include "qml/classifier.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include <fmt/core.h>

#include "qml/batch_crew.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/random.hpp"
#include "qsim/engine/prepare.hpp"
#include "qsim/plan/forecast.hpp"

namespace qross::qml {
namespace {

class ClassifierWorker : public Worker {
 public:
  ClassifierWorker(const QuantumClassifier& model, std::shared_ptr<const CompiledCircuit> compiled,
                   const ClassifierHead& head, std::string_view isa)
      : observables_(model.observables()),
        head_(head),
        comm_(qsim::serial_communicator(isa)),
        evaluator_(*comm_, std::move(compiled)),
        features_(model.features()),
        by_z_(head.observables()) {}

  void scores(std::span<const double> features, std::span<const double> weights,
              std::span<double> scores) override {
    bind(features, weights);
    head_.scores(evaluator_.expectations(values_, observables_), weights, scores);
  }

  double loss_and_gradient(std::span<const double> features, std::uint32_t label,
                           std::span<const double> weights, std::span<double> scores,
                           std::span<double> gradient) override {
    bind(features, weights);
    const std::vector<double> z = evaluator_.expectations(values_, observables_);
    const double loss = head_.loss_and_gradient(z, label, weights, scores, gradient, by_z_);
    // One backward sweep for sum_k (dloss/dZ_k) Z_k gives the derivatives by all angles.
    const auto by_angle = evaluator_.gradient_after_run(values_, observables_, by_z_);
    std::copy_n(by_angle.gradient.begin() + static_cast<std::ptrdiff_t>(features_), head_.angles(),
                gradient.begin());
    return loss;
  }

 private:
  void bind(std::span<const double> features, std::span<const double> weights) {
    values_.assign(features.begin(), features.end());
    values_.insert(values_.end(), weights.begin(),
                   weights.begin() + static_cast<std::ptrdiff_t>(head_.angles()));
  }

  std::vector<qsim::PauliSum> observables_;
  ClassifierHead head_;
  std::unique_ptr<qsim::Communicator> comm_;
  Evaluator evaluator_;
  std::size_t features_;
  std::vector<double> values_;
  std::vector<double> by_z_;
};

}  // namespace

std::size_t head_weights(std::size_t classes) { return ClassifierHead(classes, 0).weights(); }

void validate(const ClassifierSpec& spec) {
  validate(spec.circuit);
  if (spec.classes < 2) {
    throw Error(ErrorCode::bad_input,
                fmt::format("a classifier needs at least 2 classes, not {}", spec.classes));
  }
  if (ClassifierHead(spec.classes, 0).observables() > spec.circuit.qubits) {
    throw Error(ErrorCode::bad_input,
                fmt::format("{} classes need as many qubits to read, the model has {}",
                            spec.classes, spec.circuit.qubits),
                "give the model at least as many qubits as there are classes; a label that holds a "
                "quantity has to be sorted into a few ranges first");
  }
}

QuantumClassifier::QuantumClassifier(const ClassifierSpec& spec,
                                     std::optional<qsim::Qubit> batch_qubits)
    : spec_(spec), batch_qubits_(batch_qubits) {
  validate(spec);
  compiled_ = compile(build_circuit(spec.circuit));
  for (unsigned k = 0; k < head().observables(); ++k) {
    observables_.push_back(qsim::pauli_z(k));
  }
}

qsim::Qubit QuantumClassifier::most_batch_qubits(std::string_view isa) {
  const std::string_view name = qsim::kernel_table<double>(isa).name;
  return name == "avx2" ? 16 : 15;
}

ClassifierHead QuantumClassifier::head() const noexcept {
  return {spec_.classes, weight_count(spec_.circuit)};
}

std::size_t QuantumClassifier::weights() const { return head().angles() + head().weights(); }

std::vector<double> QuantumClassifier::initial_weights(std::uint64_t seed) const {
  std::vector<double> result(weights(), 0.0);
  const std::size_t angles = weight_count(spec_.circuit);
  for (std::size_t i = 0; i < angles; ++i) {
    result[i] = 2.0 * std::numbers::pi * qsim::uniform(seed, qsim::Purpose::initial, i, 0);
  }
  result[angles] = kInitialScale;
  return result;
}

std::unique_ptr<Worker> QuantumClassifier::make_worker(std::string_view isa) const {
  return std::make_unique<ClassifierWorker>(*this, compiled_, head(), isa);
}

std::unique_ptr<Crew> QuantumClassifier::make_crew(qsim::Communicator& comm, int threads) const {
  if (!in_batches(comm.isa())) return Model::make_crew(comm, threads);
  return make_crew_together(comm, threads, [&] {
    qsim::BatchOptions options;
    options.threads = threads;
    options.isa = comm.isa();
    options.processes = comm.ranks_on_node();
    return make_batch_crew(compiled_->plan.circuit, observables_, head(), options,
                           {scores_work().flop, gradient_work().flop});
  });
}

Work QuantumClassifier::scores_work() const {
  const qsim::Forecast forecast = qsim::forecast(compiled_->plan);
  return {1.0, static_cast<double>(compiled_->circuit.size()), forecast.flop, forecast.bytes_moved,
          static_cast<double>(forecast.passes)};
}

// Counted from the plan, the same for both ways of running: what engine/batch saves by leaving out
// gates that no observable sees, and the padding of its vectors, are not counted; neither are the
// observables (3 FLOP an amplitude each) and the optimiser.
Work QuantumClassifier::gradient_work() const {
  // Forward, then ket and bra backward in the same passes: 3 states through the circuit, 2 times
  // through its passes, once with twice the bytes.
  const Work once = scores_work();
  Work work = 3.0 * once;
  work.passes = 2.0 * once.passes;
  // And a bracket Im <bra| P |ket> for each gate with an angle, P its Pauli string: two products of
  // real numbers that are added up, 4 FLOP, for each amplitude that its controls leave.
  const qsim::LoweredCircuit& lowered = compiled_->plan.circuit;
  for (const qsim::Lowered& op : lowered.ops) {
    if (!qsim::has_derivative(lowered, op)) continue;
    work.flop +=
        std::ldexp(4.0, static_cast<int>(spec_.circuit.qubits) - std::popcount(op.control_mask));
  }
  return work;
}

void QuantumClassifier::require_memory(qsim::Communicator& comm, unsigned workers) const {
  // Ket and bra of each sample that a thread has under way.
  const unsigned states = 2 * (in_batches(comm.isa()) ? kBatchLanes : 1);
  try {
    qsim::require_memory(comm, compiled_->plan.shape, compiled_->plan.precision, states * workers);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::resources) throw;
    // The engine's hint is for states spread over ranks. All ranks are here: they agree above.
    throw Error(error.code(), "the model does not fit: " + error.message(),
                fmt::format("each of {} thread{} of a rank holds {} whole states, which more ranks "
                            "do not divide: use fewer qubits, fewer threads, or fewer ranks on one "
                            "machine",
                            workers, workers == 1 ? "" : "s", states));
  }
}

}  // namespace qross::qml
