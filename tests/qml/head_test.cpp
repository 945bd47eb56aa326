// SPDX-License-Identifier: Apache-2.0
#include "qml/head.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "qml/loss.hpp"

using namespace qross::qml;

TEST_CASE("two classes read one expectation value, more read one each") {
  const ClassifierHead two(2, 3);
  CHECK(two.observables() == 1);
  CHECK(two.weights() == 2);
  const std::vector<double> weights = {9.0, 9.0, 9.0, 2.5, -0.25, 1.0, 0.5};
  std::vector<double> scores(2, 7.0);
  two.scores(std::vector<double>{0.5}, weights, scores);
  CHECK(scores == std::vector<double>{1.0, 0.0});

  const ClassifierHead three(3, 3);
  CHECK(three.observables() == 3);
  CHECK(three.weights() == 4);
  scores.assign(3, 7.0);
  three.scores(std::vector<double>{0.5, -1.0, 0.0}, weights, scores);
  CHECK(scores == std::vector<double>{1.0, -1.5, 0.5});
}

TEST_CASE("the chain rule is that of finite differences") {
  for (const std::size_t classes : {std::size_t{2}, std::size_t{4}}) {
    const ClassifierHead head(classes, 1);
    std::vector<double> z = {0.3, -0.6, 0.9, 0.1};
    z.resize(head.observables());
    std::vector<double> weights = {0.7, 1.8, 0.2, -0.4, 0.1, 0.6};
    weights.resize(1 + head.weights());
    std::vector<double> scores(classes);
    std::vector<double> gradient(weights.size());
    std::vector<double> by_z(z.size());
    const double loss = head.loss_and_gradient(z, 1, weights, scores, gradient, by_z);
    std::vector<double> ignored(weights.size());
    CHECK(loss == cross_entropy(scores, 1, std::span(ignored).first(classes)));
    CHECK(gradient[0] == 0.0);  // an angle, left alone

    const auto slope = [&](double& number) {
      std::vector<double> unused(z.size());
      const double here = number;
      number = here + 1e-5;
      const double above = head.loss_and_gradient(z, 1, weights, scores, ignored, unused);
      number = here - 1e-5;
      const double below = head.loss_and_gradient(z, 1, weights, scores, ignored, unused);
      number = here;
      return (above - below) / 2e-5;
    };
    for (std::size_t w = 1; w < weights.size(); ++w) {
      CHECK(std::abs(gradient[w] - slope(weights[w])) < 1e-9);
    }
    for (std::size_t k = 0; k < z.size(); ++k) CHECK(std::abs(by_z[k] - slope(z[k])) < 1e-9);
  }
}
