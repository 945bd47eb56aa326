// SPDX-License-Identifier: Apache-2.0
// The classical rivals in plain loops: their layers are far too small for a matrix library to help,
// and the order of the sums is fixed.
#include "qml/rivals.hpp"

#include <cmath>

#include <fmt/core.h>

#include "qml/loss.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/random.hpp"

namespace qross::qml {
namespace {

void require_sizes(std::size_t features, std::size_t hidden, std::size_t classes) {
  if (features > 0 && hidden > 0 && classes > 1) return;
  throw Error(
      ErrorCode::bad_input,
      fmt::format("a classical model needs features, hidden units and at least two classes, "
                  "not {}, {} and {}",
                  features, hidden, classes));
}

/// out = W in + bias, W row by row with its biases behind it.
void dense(std::span<const double> in, std::span<const double> layer, std::span<double> out) {
  const std::size_t n = in.size();
  for (std::size_t r = 0; r < out.size(); ++r) {
    double sum = layer[out.size() * n + r];
    for (std::size_t c = 0; c < n; ++c) sum += layer[r * n + c] * in[c];
    out[r] = sum;
  }
}

/// Derivatives of a dense layer's numbers from those of its outputs.
void dense_gradient(std::span<const double> in, std::span<const double> by_out,
                    std::span<double> gradient) {
  const std::size_t n = in.size();
  for (std::size_t r = 0; r < by_out.size(); ++r) {
    for (std::size_t c = 0; c < n; ++c) gradient[r * n + c] = by_out[r] * in[c];
    gradient[by_out.size() * n + r] = by_out[r];
  }
}

std::size_t layer_size(std::size_t inputs, std::size_t outputs) { return outputs * (inputs + 1); }

/// A multiplication and an addition for each number of a dense layer.
double layer_flop(std::size_t inputs, std::size_t outputs) {
  return 2.0 * static_cast<double>(inputs) * static_cast<double>(outputs);
}

class LogisticWorker : public Worker {
 public:
  void scores(std::span<const double> features, std::span<const double> weights,
              std::span<double> scores) override {
    dense(features, weights, scores);
  }
  double loss_and_gradient(std::span<const double> features, std::uint32_t label,
                           std::span<const double> weights, std::span<double> scores,
                           std::span<double> gradient) override {
    dense(features, weights, scores);
    by_score_.resize(scores.size());
    const double loss = cross_entropy(scores, label, by_score_);
    dense_gradient(features, by_score_, gradient);
    return loss;
  }

 private:
  std::vector<double> by_score_;
};

class PerceptronWorker : public Worker {
 public:
  PerceptronWorker(std::size_t features, std::size_t hidden, std::size_t classes)
      : first_(layer_size(features, hidden)),
        hidden_(hidden),
        by_hidden_(hidden),
        by_score_(classes) {}

  void scores(std::span<const double> features, std::span<const double> weights,
              std::span<double> scores) override {
    dense(features, weights.first(first_), hidden_);
    for (double& h : hidden_) h = std::tanh(h);
    dense(hidden_, weights.subspan(first_), scores);
  }

  double loss_and_gradient(std::span<const double> features, std::uint32_t label,
                           std::span<const double> weights, std::span<double> scores,
                           std::span<double> gradient) override {
    this->scores(features, weights, scores);
    const double loss = cross_entropy(scores, label, by_score_);
    dense_gradient(hidden_, by_score_, gradient.subspan(first_));
    const auto second = weights.subspan(first_);
    for (std::size_t h = 0; h < hidden_.size(); ++h) {
      double sum = 0.0;
      for (std::size_t k = 0; k < by_score_.size(); ++k) {
        sum += by_score_[k] * second[k * hidden_.size() + h];
      }
      by_hidden_[h] = sum * (1.0 - hidden_[h] * hidden_[h]);
    }
    dense_gradient(features, by_hidden_, gradient.first(first_));
    return loss;
  }

 private:
  std::size_t first_;
  std::vector<double> hidden_;
  std::vector<double> by_hidden_;
  std::vector<double> by_score_;
};

/// Weights, moments and one gradient for each worker, against the memory of this machine.
void require_weights_memory(qsim::Communicator& comm, std::size_t weights, unsigned workers) {
  const double needed = 8.0 * static_cast<double>(weights) * (4.0 + workers);
  const qsim::MemoryLimit limit = qsim::memory_limit();
  const double mine = static_cast<double>(limit.available) / comm.ranks_on_node();
  const double available = -comm.all_max(-mine);
  if (needed <= available) return;
  throw Error(
      ErrorCode::resources,
      fmt::format("a model of {} weights needs {:.1f} MiB, but {:.1f} MiB are available ({})",
                  weights, needed / 1048576.0, available / 1048576.0, limit.source));
}

}  // namespace

LogisticRegression::LogisticRegression(std::size_t features, std::size_t classes)
    : features_(features), classes_(classes) {
  require_sizes(features, 1, classes);
}

std::vector<double> LogisticRegression::initial_weights(std::uint64_t /*seed*/) const {
  return std::vector<double>(weights(), 0.0);
}

std::unique_ptr<Worker> LogisticRegression::make_worker(std::string_view) const {
  return std::make_unique<LogisticWorker>();
}

Work LogisticRegression::scores_work() const {
  Work work;
  work.flop = layer_flop(features_, classes_);
  return work;
}

Work LogisticRegression::gradient_work() const { return 2.0 * scores_work(); }

void LogisticRegression::require_memory(qsim::Communicator& comm, unsigned workers) const {
  require_weights_memory(comm, weights(), workers);
}

Perceptron::Perceptron(std::size_t features, std::size_t hidden, std::size_t classes)
    : features_(features), hidden_(hidden), classes_(classes) {
  require_sizes(features, hidden, classes);
}

std::size_t Perceptron::weights() const {
  return layer_size(features_, hidden_) + layer_size(hidden_, classes_);
}

std::vector<double> Perceptron::initial_weights(std::uint64_t seed) const {
  std::vector<double> result(weights(), 0.0);
  const auto fill = [&](std::size_t begin, std::size_t inputs, std::size_t outputs) {
    const double bound = std::sqrt(6.0 / static_cast<double>(inputs + outputs));
    for (std::size_t i = begin; i < begin + inputs * outputs; ++i) {
      result[i] = bound * (2.0 * qsim::uniform(seed, qsim::Purpose::initial, i, 0) - 1.0);
    }
  };
  fill(0, features_, hidden_);
  fill(layer_size(features_, hidden_), hidden_, classes_);
  return result;
}

std::unique_ptr<Worker> Perceptron::make_worker(std::string_view) const {
  return std::make_unique<PerceptronWorker>(features_, hidden_, classes_);
}

Work Perceptron::scores_work() const {
  Work work;
  work.flop = layer_flop(features_, hidden_) + layer_flop(hidden_, classes_);
  return work;
}

Work Perceptron::gradient_work() const {
  // Forward, derivatives by the weights of both layers, and by the hidden units.
  Work work;
  work.flop = 2.0 * layer_flop(features_, hidden_) + 3.0 * layer_flop(hidden_, classes_);
  return work;
}

void Perceptron::require_memory(qsim::Communicator& comm, unsigned workers) const {
  require_weights_memory(comm, weights(), workers);
}

}  // namespace qross::qml
