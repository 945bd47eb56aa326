// SPDX-License-Identifier: Apache-2.0
#include "qml/classifier.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "qml/loss.hpp"
#include "qsim/dist/instruction_set.hpp"
#include "qsim/plan/forecast.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

ClassifierSpec spec_of(std::size_t classes) {
  ClassifierSpec spec;
  spec.circuit.features = 2;
  spec.circuit.qubits = 3;
  spec.circuit.layers = 2;
  spec.circuit.reuploading = true;
  spec.classes = classes;
  return spec;
}

}  // namespace

TEST_CASE("scores are scaled and shifted expectation values") {
  for (const std::size_t classes : {std::size_t{2}, std::size_t{3}}) {
    const QuantumClassifier model(spec_of(classes));
    auto weights = model.initial_weights(1);
    REQUIRE(weights.size() == 18 + 1 + (classes == 2 ? 1 : 3));
    REQUIRE(model.weights() == weights.size());
    weights[18] = 2.5;
    weights[19] = -0.25;
    const double x[] = {0.3, 1.1};
    std::vector<double> scores(classes);
    model.make_worker()->scores(x, weights, scores);

    const auto comm = qsim::serial_communicator();
    Evaluator evaluator(*comm, build_circuit(model.spec().circuit));
    std::vector<double> values = {0.3, 1.1};
    values.insert(values.end(), weights.begin(), weights.begin() + 18);
    CHECK(scores[0] == 2.5 * evaluator.expectation(values, qsim::pauli_z(0)) - 0.25);
    if (classes == 2) {
      CHECK(scores[1] == 0.0);
    } else {
      CHECK(scores[1] == 2.5 * evaluator.expectation(values, qsim::pauli_z(1)));
      CHECK(scores[2] == 2.5 * evaluator.expectation(values, qsim::pauli_z(2)));
    }
  }
}

TEST_CASE("the gradient of the loss is that of finite differences, angles and head alike") {
  for (const std::size_t classes : {std::size_t{2}, std::size_t{3}}) {
    const QuantumClassifier model(spec_of(classes));
    auto weights = model.initial_weights(5);
    weights[19] = 0.3;
    const auto worker = model.make_worker();
    const double x[] = {-0.4, 2.0};
    std::vector<double> scores(classes);
    std::vector<double> gradient(weights.size());
    const double loss = worker->loss_and_gradient(x, 1, weights, scores, gradient);
    std::vector<double> ignored(weights.size());
    CHECK(loss == cross_entropy(scores, 1, std::span(ignored).first(classes)));
    for (std::size_t w = 0; w < weights.size(); ++w) {
      auto moved = weights;
      moved[w] += 1e-5;
      const double above = worker->loss_and_gradient(x, 1, moved, scores, ignored);
      moved[w] -= 2e-5;
      const double below = worker->loss_and_gradient(x, 1, moved, scores, ignored);
      CAPTURE(w);
      CHECK(std::abs(gradient[w] - (above - below) / 2e-5) < 1e-8);
    }
  }
}

TEST_CASE("initial weights depend on the seed") {
  const QuantumClassifier model(spec_of(3));
  const auto weights = model.initial_weights(1);
  CHECK(weights == model.initial_weights(1));
  CHECK(weights != model.initial_weights(2));
  for (std::size_t i = 0; i < 18; ++i) {
    CHECK(weights[i] >= 0.0);
    CHECK(weights[i] < 6.2832);
  }
  CHECK(weights[18] == QuantumClassifier::kInitialScale);
  CHECK(weights[19] == 0.0);
}

TEST_CASE("work is counted from the plan") {
  const QuantumClassifier model(spec_of(2));
  const auto forecast = qsim::forecast(model.compiled().plan);
  const Work scores = model.scores_work();
  CHECK(scores.circuits == 1);
  CHECK(scores.gates == 2 * (2 + 9 + 3));
  CHECK(scores.flop == forecast.flop);
  CHECK(scores.bytes_moved == forecast.bytes_moved);
  // Forward, and two states backward in the same passes. 22 angles of 8 amplitudes with two
  // products and two sums each.
  for (const std::size_t classes : {std::size_t{2}, std::size_t{3}}) {
    const Work gradient = QuantumClassifier(spec_of(classes)).gradient_work();
    CHECK(gradient.circuits == 3);
    CHECK(gradient.flop == 3 * forecast.flop + 22 * 8 * 4);
    CHECK(gradient.bytes_moved == 3 * forecast.bytes_moved);
    CHECK(gradient.passes == 2 * scores.passes);
  }
}

TEST_CASE("fault_E5 every instruction set has its limit of batches and gives the same gradients") {
  const QuantumClassifier in_batches(spec_of(3));
  const QuantumClassifier one_by_one(spec_of(3), 0);
  const auto weights = in_batches.initial_weights(7);
  const std::vector<double> x = {0.3, 1.1, -0.7, 0.2};
  const std::vector<std::uint32_t> labels = {2, 0};
  std::vector<double> expected;
  for (const std::string_view isa : qsim::isas_here()) {
    CAPTURE(isa);
    CHECK(QuantumClassifier::most_batch_qubits(isa) == (isa == "avx2" ? 16 : 15));
    const auto comm = qsim::serial_communicator(isa);
    for (const QuantumClassifier* model : {&in_batches, &one_by_one}) {
      std::vector<double> losses(2);
      std::vector<double> scores(6);
      std::vector<double> gradients(2 * weights.size());
      model->make_crew(*comm, 1)->losses_and_gradients(x, labels, weights, losses, scores,
                                                       gradients);
      if (expected.empty()) expected = gradients;
      for (std::size_t k = 0; k < gradients.size(); ++k) {
        CHECK(std::abs(gradients[k] - expected[k]) < 1e-12);
      }
    }
  }
  CHECK(QuantumClassifier::most_batch_qubits({}) ==
        QuantumClassifier::most_batch_qubits(qsim::isas_here().front()));
}

TEST_CASE("impossible classifiers are refused") {
  CHECK(test::refuses(ErrorCode::bad_input, "at least 2 classes",
                      [] { const QuantumClassifier m(spec_of(1)); }));
  CHECK(test::refuses(ErrorCode::bad_input, "4 classes need as many qubits",
                      [] { const QuantumClassifier m(spec_of(4)); }));
}

TEST_CASE("whole states that do not fit are refused without advising more ranks") {
  ClassifierSpec spec = spec_of(2);
  spec.circuit.qubits = 30;
  const QuantumClassifier model(spec);
  const auto comm = qsim::serial_communicator();
  const auto error = test::thrown_by([&] { model.require_memory(*comm, 1U << 20U); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::resources);
  CHECK(error->message().find("30 qubits") != std::string::npos);
  CHECK(error->hint().find("1048576 threads") != std::string::npos);
  CHECK(error->hint().find("fewer qubits, fewer threads, or fewer ranks") != std::string::npos);
}
