// SPDX-License-Identifier: Apache-2.0
// Classical rivals: logistic regression and a multi-layer perceptron with one hidden layer, trained
// by the same trainer on the same split as the quantum model.
#pragma once

#include "qml/model.hpp"

namespace qross::qml {

/// Multinomial logistic regression: scores = W x + b. Weights: W row by row (class by class), b.
class LogisticRegression : public Model {
 public:
  /// Throws Error(bad_input) without features or with fewer than two classes.
  LogisticRegression(std::size_t features, std::size_t classes);

  [[nodiscard]] std::size_t features() const override { return features_; }
  [[nodiscard]] std::size_t classes() const override { return classes_; }
  [[nodiscard]] std::size_t weights() const override { return classes_ * (features_ + 1); }
  /// All zero: the problem is convex.
  [[nodiscard]] std::vector<double> initial_weights(std::uint64_t seed) const override;
  [[nodiscard]] std::unique_ptr<Worker> make_worker(std::string_view isa = {}) const override;
  [[nodiscard]] Work scores_work() const override;
  [[nodiscard]] Work gradient_work() const override;
  void require_memory(qsim::Communicator& comm, unsigned workers) const override;

 private:
  std::size_t features_;
  std::size_t classes_;
};

/// scores = V tanh(W x + b) + c. Weights: W row by row, b, V row by row, c.
class Perceptron : public Model {
 public:
  /// Throws Error(bad_input) without features or hidden units or with fewer than two classes.
  Perceptron(std::size_t features, std::size_t hidden, std::size_t classes);

  [[nodiscard]] std::size_t features() const override { return features_; }
  [[nodiscard]] std::size_t classes() const override { return classes_; }
  [[nodiscard]] std::size_t weights() const override;
  /// W and V uniform on +-sqrt(6 / (inputs + outputs)), biases 0. Source: Glorot and Bengio 2010.
  [[nodiscard]] std::vector<double> initial_weights(std::uint64_t seed) const override;
  [[nodiscard]] std::unique_ptr<Worker> make_worker(std::string_view isa = {}) const override;
  [[nodiscard]] Work scores_work() const override;
  [[nodiscard]] Work gradient_work() const override;
  void require_memory(qsim::Communicator& comm, unsigned workers) const override;

 private:
  std::size_t features_;
  std::size_t hidden_;
  std::size_t classes_;
};

}  // namespace qross::qml
