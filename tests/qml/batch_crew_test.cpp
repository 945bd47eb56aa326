// SPDX-License-Identifier: Apache-2.0
// The two ways of running a classifier's samples against each other, and the promise that a
// sample's results do not depend on its company.
#include "qml/batch_crew.hpp"

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "qml/classifier.hpp"
#include "tests/qml/toy_data.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

struct Outcome {
  std::vector<double> losses;
  std::vector<double> scores;
  std::vector<double> gradients;
};

Outcome run(const QuantumClassifier& model, int threads, const Dataset& data,
            std::span<const double> weights) {
  const auto comm = qsim::serial_communicator();
  const auto crew = model.make_crew(*comm, threads);
  const std::size_t count = data.labels.size();
  Outcome out{std::vector<double>(count), std::vector<double>(count * model.classes()),
              std::vector<double>(count * model.weights())};
  crew->losses_and_gradients(data.values, data.labels, weights, out.losses, out.scores,
                             out.gradients);
  std::vector<double> alone(out.scores.size());
  crew->scores(data.values, weights, alone);
  CHECK(alone == out.scores);
  return out;
}

double farthest(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

ClassifierSpec spec_of(qsim::Qubit qubits, std::size_t classes, Ansatz ansatz, Axis axis) {
  ClassifierSpec spec;
  spec.circuit = {2, qubits, {axis, 0.8}, ansatz, Entangler::cz_ring, 3, true};
  spec.classes = classes;
  return spec;
}

}  // namespace

TEST_CASE("samples in batches give what they give one by one") {
  for (const std::size_t classes : {std::size_t{2}, std::size_t{3}}) {
    for (const qsim::Qubit qubits : {3U, 6U}) {
      for (const Ansatz ansatz : {Ansatz::strongly_entangling, Ansatz::hardware_efficient}) {
        for (const Axis axis : {Axis::y, Axis::z}) {
          const ClassifierSpec spec = spec_of(qubits, classes, ansatz, axis);
          const QuantumClassifier together(spec);
          const QuantumClassifier apart(spec, 0);
          const auto weights = together.initial_weights(4);
          const Dataset data = test::clouds(7, classes, 2);
          const Outcome a = run(together, 1, data, weights);
          const Outcome b = run(apart, 1, data, weights);
          CHECK(farthest(a.losses, b.losses) < 1e-13);
          CHECK(farthest(a.scores, b.scores) < 1e-13);
          CHECK(farthest(a.gradients, b.gradients) < 1e-13);
        }
      }
    }
  }
}

TEST_CASE("a sample's results depend neither on its company nor on threads") {
  // Little work, which one thread does, and much.
  for (const qsim::Qubit qubits : {3U, 10U}) {
    const QuantumClassifier model(spec_of(qubits, 2, Ansatz::strongly_entangling, Axis::x));
    const auto weights = model.initial_weights(2);
    const Dataset data = test::clouds(10, 2, 2);
    const Outcome one = run(model, 1, data, weights);
    for (const int threads : {2, 3}) {
      const Outcome more = run(model, threads, data, weights);
      CHECK(more.losses == one.losses);
      CHECK(more.gradients == one.gradients);
    }
    for (const std::size_t i : {std::size_t{0}, std::size_t{13}, std::size_t{19}}) {
      Dataset single = data;
      const auto row = data.row(i);
      single.values.assign(row.begin(), row.end());
      single.labels = {data.labels[i]};
      const Outcome alone = run(model, 2, single, weights);
      CHECK(alone.losses[0] == one.losses[i]);
      CHECK(std::equal(alone.gradients.begin(), alone.gradients.end(),
                       one.gradients.begin() + static_cast<std::ptrdiff_t>(i * model.weights())));
    }
  }
}

TEST_CASE("more samples than are bound at once") {
  const auto comm = qsim::serial_communicator();
  ClassifierSpec spec;
  spec.circuit = {1, 1, {}, Ansatz::strongly_entangling, Entangler::cx_ring, 1, false};
  const QuantumClassifier model(spec);
  const auto weights = model.initial_weights(1);
  const auto crew = model.make_crew(*comm, 2);
  constexpr std::size_t period = 11;
  const std::size_t count = (std::size_t{1} << 20) / 4 + 100;
  std::vector<double> features(count);
  for (std::size_t i = 0; i < count; ++i) features[i] = 0.2 * static_cast<double>(i % period);
  std::vector<double> scores(2 * count);
  crew->scores(features, weights, scores);
  CHECK(std::equal(scores.begin() + 2 * period, scores.end(), scores.begin()));

  const std::vector<std::uint32_t> labels(count, 1);
  std::vector<double> losses(count);
  std::vector<double> gradients(count * weights.size());
  crew->losses_and_gradients(features, labels, weights, losses, scores, gradients);
  CHECK(std::equal(losses.begin() + period, losses.end(), losses.begin()));
  CHECK(std::equal(gradients.begin() + static_cast<std::ptrdiff_t>(period * weights.size()),
                   gradients.end(), gradients.begin()));
}

TEST_CASE("a feature that is not finite is refused") {
  const auto comm = qsim::serial_communicator();
  const QuantumClassifier model(spec_of(3, 2, Ansatz::strongly_entangling, Axis::y));
  const auto crew = model.make_crew(*comm, 1);
  std::vector<double> scores(4);
  CHECK(test::refuses(ErrorCode::bad_input, "finite", [&] {
    crew->scores(std::vector<double>{0.1, 0.2, INFINITY, 0.3}, model.initial_weights(1), scores);
  }));
}
