// SPDX-License-Identifier: Apache-2.0
#include "qml/model.hpp"

#include <doctest/doctest.h>

#include "qml/rivals.hpp"
#include "tests/qml/toy_data.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("a crew gives what a worker gives for each sample, on any number of threads") {
  const auto comm = qsim::serial_communicator();
  const Dataset data = test::clouds(5, 3, 2);
  const std::size_t count = data.labels.size();
  // With so many hidden units the threads are woken.
  for (const std::size_t hidden : {std::size_t{2}, std::size_t{2000}}) {
    const Perceptron model(2, hidden, 3);
    const auto weights = model.initial_weights(3);
    const auto worker = model.make_worker();
    std::vector<double> losses(count);
    std::vector<double> scores(count * 3);
    std::vector<double> gradients(count * weights.size());
    for (std::size_t i = 0; i < count; ++i) {
      losses[i] = worker->loss_and_gradient(
          data.row(i), data.labels[i], weights, std::span(scores).subspan(i * 3, 3),
          std::span(gradients).subspan(i * weights.size(), weights.size()));
    }
    for (const int threads : {1, 2, 5}) {
      const auto crew = model.make_crew(*comm, threads);
      std::vector<double> found(count);
      std::vector<double> of_class(count * 3);
      std::vector<double> by_weight(count * weights.size());
      crew->losses_and_gradients(data.values, data.labels, weights, found, of_class, by_weight);
      CHECK(found == losses);
      CHECK(of_class == scores);
      CHECK(by_weight == gradients);
      of_class.assign(count * 3, 0.0);
      crew->scores(data.values, weights, of_class);
      CHECK(of_class == scores);
      crew->scores({}, weights, {});
    }
  }
}

TEST_CASE("a crew has at least one thread and fits the memory") {
  const auto comm = qsim::serial_communicator();
  CHECK(test::refuses(ErrorCode::usage, "at least one thread",
                      [&] { (void)LogisticRegression(2, 2).make_crew(*comm, 0); }));
  CHECK(test::refuses(ErrorCode::resources, "MiB are available", [&] {
    (void)LogisticRegression(std::size_t{1} << 45U, 2).make_crew(*comm, 1);
  }));
}
