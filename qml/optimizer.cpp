// SPDX-License-Identifier: Apache-2.0
// Gradient descent and Adam.
#include "qml/optimizer.hpp"

#include <cmath>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qml {
namespace {

void require(bool good, std::string_view what, double value) {
  if (good) return;
  throw Error(ErrorCode::bad_input, fmt::format("{}, not {}", what, value));
}

}  // namespace

std::string_view name(const OptimizerOptions& options) {
  return std::holds_alternative<Adam>(options) ? "adam" : "gradient_descent";
}

Optimizer::Optimizer(const OptimizerOptions& options, OptimizerState state)
    : options_(options), state_(std::move(state)) {
  const double rate = std::visit([](const auto& chosen) { return chosen.learning_rate; }, options_);
  require(rate > 0.0 && std::isfinite(rate), "the learning rate must be positive", rate);
  if (const auto* adam = std::get_if<Adam>(&options_)) {
    require(adam->beta1 >= 0.0 && adam->beta1 < 1.0, "beta1 must be in [0, 1)", adam->beta1);
    require(adam->beta2 >= 0.0 && adam->beta2 < 1.0, "beta2 must be in [0, 1)", adam->beta2);
    require(adam->epsilon > 0.0, "epsilon must be positive", adam->epsilon);
  }
}

void Optimizer::step(std::span<double> weights, std::span<const double> gradient) {
  const std::size_t size = weights.size();
  const auto fits = [&](const std::vector<double>& moments) {
    return moments.empty() || moments.size() == size;
  };
  if (gradient.size() != size || !fits(state_.first) || !fits(state_.second)) {
    throw Error(ErrorCode::bad_input,
                fmt::format("an optimizer step on {} weights got {} derivatives and a state of {}",
                            size, gradient.size(), state_.first.size()));
  }
  ++state_.steps;
  if (const auto* descent = std::get_if<GradientDescent>(&options_)) {
    for (std::size_t i = 0; i < size; ++i) weights[i] -= descent->learning_rate * gradient[i];
    return;
  }
  const Adam& adam = std::get<Adam>(options_);
  state_.first.resize(size, 0.0);
  state_.second.resize(size, 0.0);
  const auto t = static_cast<double>(state_.steps);
  const double correct1 = 1.0 - std::pow(adam.beta1, t);
  const double correct2 = 1.0 - std::pow(adam.beta2, t);
  for (std::size_t i = 0; i < size; ++i) {
    const double g = gradient[i];
    state_.first[i] = adam.beta1 * state_.first[i] + (1.0 - adam.beta1) * g;
    state_.second[i] = adam.beta2 * state_.second[i] + (1.0 - adam.beta2) * g * g;
    weights[i] -= adam.learning_rate * (state_.first[i] / correct1) /
                  (std::sqrt(state_.second[i] / correct2) + adam.epsilon);
  }
}

}  // namespace qross::qml
