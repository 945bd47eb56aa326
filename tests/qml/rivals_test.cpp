// SPDX-License-Identifier: Apache-2.0
#include "qml/rivals.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

/// Analytic against numeric gradient at a point made of a simple sequence.
void check_gradient(const Model& model) {
  std::vector<double> weights(model.weights());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = std::sin(static_cast<double>(3 * i + 1));
  }
  std::vector<double> x(model.features());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::cos(static_cast<double>(i));
  const auto worker = model.make_worker();
  std::vector<double> scores(model.classes());
  std::vector<double> gradient(weights.size());
  std::vector<double> ignored(weights.size());
  (void)worker->loss_and_gradient(x, 1, weights, scores, gradient);
  for (std::size_t w = 0; w < weights.size(); ++w) {
    auto moved = weights;
    moved[w] += 1e-6;
    const double above = worker->loss_and_gradient(x, 1, moved, scores, ignored);
    moved[w] -= 2e-6;
    const double below = worker->loss_and_gradient(x, 1, moved, scores, ignored);
    CAPTURE(w);
    CHECK(std::abs(gradient[w] - (above - below) / 2e-6) < 1e-8);
  }
}

}  // namespace

TEST_CASE("logistic regression by hand") {
  const LogisticRegression model(2, 2);
  REQUIRE(model.weights() == 6);
  const std::vector<double> weights = {1, 2, 3, 4, 0.5, -0.5};  // W by rows, then b
  const double x[] = {10, 100};
  std::vector<double> scores(2);
  model.make_worker()->scores(x, weights, scores);
  CHECK(scores == std::vector<double>{210.5, 429.5});
  CHECK(model.initial_weights(7) == std::vector<double>(6, 0.0));
  CHECK(model.scores_work().flop == 2 * 2 * 2);
  CHECK(model.gradient_work().flop == 2 * model.scores_work().flop);
  CHECK(model.scores_work().circuits == 0);
}

TEST_CASE("a perceptron by hand") {
  const Perceptron model(1, 2, 2);
  REQUIRE(model.weights() == 2 * 2 + 2 * 3);
  const std::vector<double> weights = {1, -1, 0.5, 0.25, 1, 2, 3, 4, -1, 1};
  const double x[] = {0.3};
  std::vector<double> scores(2);
  model.make_worker()->scores(x, weights, scores);
  const double h0 = std::tanh(0.8);
  const double h1 = std::tanh(-0.05);
  CHECK(scores[0] == doctest::Approx(h0 + 2 * h1 - 1).epsilon(1e-15));
  CHECK(scores[1] == doctest::Approx(3 * h0 + 4 * h1 + 1).epsilon(1e-15));
  CHECK(model.scores_work().flop == 2 * 2 + 2 * 4);
  CHECK(model.gradient_work().flop == 2 * 4 + 3 * 8);
}

TEST_CASE("gradients of the rivals are those of finite differences") {
  check_gradient(LogisticRegression(4, 3));
  check_gradient(Perceptron(4, 5, 3));
}

TEST_CASE("a perceptron starts within Glorot's bounds, with biases 0") {
  const Perceptron model(4, 8, 3);
  const auto weights = model.initial_weights(3);
  CHECK(weights != model.initial_weights(4));
  for (std::size_t i = 0; i < 32; ++i) CHECK(std::abs(weights[i]) <= std::sqrt(0.5));
  for (std::size_t i = 32; i < 40; ++i) CHECK(weights[i] == 0.0);
  CHECK(weights[0] != 0.0);
  CHECK(weights[40] != 0.0);
  CHECK(weights.back() == 0.0);
}

TEST_CASE("impossible rivals are refused") {
  using test::refuses;
  CHECK(refuses(ErrorCode::bad_input, "at least two classes", [] { LogisticRegression m(3, 1); }));
  CHECK(refuses(ErrorCode::bad_input, "at least two classes", [] { Perceptron m(3, 0, 2); }));
}
