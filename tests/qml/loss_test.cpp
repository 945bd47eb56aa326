// SPDX-License-Identifier: Apache-2.0
#include "qml/loss.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

using namespace qross::qml;

TEST_CASE("softmax of two scores is the logistic function") {
  std::vector<double> p(2);
  softmax(std::vector<double>{1.5, 0.0}, p);
  CHECK(p[0] == doctest::Approx(1 / (1 + std::exp(-1.5))).epsilon(1e-15));
  CHECK(p[0] + p[1] == doctest::Approx(1.0).epsilon(1e-15));
}

TEST_CASE("cross-entropy is minus the logarithm of the probability, without overflow") {
  std::vector<double> gradient(3);
  const std::vector<double> scores = {0.2, -1.0, 0.7};
  std::vector<double> p(3);
  softmax(scores, p);
  CHECK(cross_entropy(scores, 1, gradient) == doctest::Approx(-std::log(p[1])).epsilon(1e-14));
  CHECK(cross_entropy(std::vector<double>{1000.0, 0.0, -1000.0}, 2, gradient) == 2000.0);
  CHECK(cross_entropy(std::vector<double>{1000.0, 0.0, -1000.0}, 0, gradient) == 0.0);
}

TEST_CASE("its gradient is that of finite differences") {
  const std::vector<double> scores = {0.2, -1.0, 0.7};
  std::vector<double> gradient(3);
  std::vector<double> ignored(3);
  (void)cross_entropy(scores, 1, gradient);
  for (std::size_t k = 0; k < 3; ++k) {
    auto above = scores;
    auto below = scores;
    above[k] += 1e-6;
    below[k] -= 1e-6;
    const double slope =
        (cross_entropy(above, 1, ignored) - cross_entropy(below, 1, ignored)) / 2e-6;
    CHECK(std::abs(gradient[k] - slope) < 1e-9);
  }
}

TEST_CASE("argmax takes the first of equals") {
  CHECK(argmax(std::vector<double>{0.1, 0.7, 0.7}) == 1);
  CHECK(argmax(std::vector<double>{-3.0}) == 0);
}
