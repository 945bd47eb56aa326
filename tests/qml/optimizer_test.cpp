// SPDX-License-Identifier: Apache-2.0
#include "qml/optimizer.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("gradient descent by hand") {
  Optimizer optimizer(GradientDescent{0.5});
  std::vector<double> w = {1.0, -2.0};
  optimizer.step(w, std::vector<double>{0.5, -1.0});
  CHECK(w == std::vector<double>{0.75, -1.5});
  optimizer.step(w, std::vector<double>{1.0, 0.0});
  CHECK(w == std::vector<double>{0.25, -1.5});
  CHECK(optimizer.state().steps == 2);
}

TEST_CASE("two steps of Adam by hand") {
  Optimizer optimizer(Adam{0.1, 0.9, 0.99, 1e-8});
  std::vector<double> w = {1.0};
  optimizer.step(w, std::vector<double>{2.0});
  // m = 0.2, v = 0.04; corrected 2 and 4: the first step is the rate times the sign.
  CHECK(w[0] == doctest::Approx(1.0 - 0.1 * 2.0 / (2.0 + 1e-8)).epsilon(1e-15));
  const double before = w[0];
  optimizer.step(w, std::vector<double>{-1.0});
  const double m = 0.9 * 0.2 + 0.1 * -1.0;
  const double v = 0.99 * 0.04 + 0.01 * 1.0;
  const double step = 0.1 * (m / (1 - 0.81)) / (std::sqrt(v / (1 - 0.9801)) + 1e-8);
  CHECK(w[0] == doctest::Approx(before - step).epsilon(1e-14));
}

TEST_CASE("a stopped optimizer goes on with the same numbers") {
  const std::vector<std::vector<double>> gradients = {{1, 2}, {-1, 0.5}, {0.25, -3}, {2, 2}};
  std::vector<double> straight = {0, 0};
  Optimizer whole(Adam{});
  for (const auto& g : gradients) whole.step(straight, g);

  std::vector<double> broken = {0, 0};
  Optimizer first(Adam{});
  first.step(broken, gradients[0]);
  first.step(broken, gradients[1]);
  Optimizer second(Adam{}, first.state());
  second.step(broken, gradients[2]);
  second.step(broken, gradients[3]);
  CHECK(broken == straight);
}

TEST_CASE("options and sizes out of range are refused") {
  using test::refuses;
  CHECK(refuses(ErrorCode::bad_input, "learning rate", [] { Optimizer o(GradientDescent{0.0}); }));
  CHECK(refuses(ErrorCode::bad_input, "learning rate", [] { Optimizer o(Adam{NAN}); }));
  CHECK(refuses(ErrorCode::bad_input, "beta1", [] { Optimizer o(Adam{0.1, 1.0}); }));
  CHECK(refuses(ErrorCode::bad_input, "beta2", [] { Optimizer o(Adam{0.1, 0.9, -0.1}); }));
  CHECK(refuses(ErrorCode::bad_input, "epsilon", [] { Optimizer o(Adam{0.1, 0.9, 0.9, 0.0}); }));
  Optimizer optimizer(Adam{});
  std::vector<double> w = {1.0, 2.0};
  CHECK(refuses(ErrorCode::bad_input, "2 weights got 1",
                [&] { optimizer.step(w, std::vector<double>{1.0}); }));
  optimizer.step(w, std::vector<double>{1.0, 1.0});
  std::vector<double> other = {1.0};
  CHECK(refuses(ErrorCode::bad_input, "a state of 2",
                [&] { optimizer.step(other, std::vector<double>{1.0}); }));
  CHECK(name(Adam{}) == "adam");
  CHECK(name(GradientDescent{}) == "gradient_descent");
}
