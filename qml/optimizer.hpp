// SPDX-License-Identifier: Apache-2.0
// Optimizers: one step downhill from weights and gradient. The state is a plain value, so training
// can be stopped and resumed with the same numbers. Called by the trainer and by users' own loops.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace qross::qml {

/// w -= learning_rate * g.
struct GradientDescent {
  double learning_rate = 0.1;
};

/// Kingma and Ba, arXiv:1412.6980, algorithm 1.
struct Adam {
  double learning_rate = 0.01;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

using OptimizerOptions = std::variant<GradientDescent, Adam>;

/// "gradient_descent" or "adam".
[[nodiscard]] std::string_view name(const OptimizerOptions& options);

/// All that an optimizer remembers between steps.
struct OptimizerState {
  std::uint64_t steps = 0;
  std::vector<double> first;   ///< Adam: mean of gradients; empty before the first step
  std::vector<double> second;  ///< Adam: mean of squared gradients
};

class Optimizer {
 public:
  /// Throws Error(bad_input) for rates outside their range: learning_rate > 0, 0 <= beta < 1,
  /// epsilon > 0.
  explicit Optimizer(const OptimizerOptions& options, OptimizerState state = {});

  /// Moves the weights by one step. Cost: O(weights).
  /// Throws Error(bad_input) if sizes differ, among each other or from the steps before.
  void step(std::span<double> weights, std::span<const double> gradient);

  [[nodiscard]] const OptimizerState& state() const noexcept { return state_; }

 private:
  OptimizerOptions options_;
  OptimizerState state_;
};

}  // namespace qross::qml
