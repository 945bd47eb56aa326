// SPDX-License-Identifier: Apache-2.0
// Epochs, batches and early stopping.
#include "qml/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include <fmt/core.h>

#include "qml/loss.hpp"
#include "qml/sample_map.hpp"
#include "qml/split.hpp"
#include "qsim/core/error.hpp"
#include "qsim/io/together.hpp"

namespace qross::qml {
namespace {

using Workers = std::vector<std::unique_ptr<Worker>>;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

void check_samples(const Model& model, const Samples& samples) {
  if (samples.size() == 0) return;
  if (samples.features != model.features() ||
      samples.values.size() != samples.size() * samples.features) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("the samples have {} features ({} numbers for {} samples), the model {}",
                    samples.features, samples.values.size(), samples.size(), model.features()));
  }
  const std::uint32_t top = *std::max_element(samples.labels.begin(), samples.labels.end());
  if (top >= model.classes()) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("a sample has class number {}, the model knows {}", top, model.classes()));
  }
}

Workers make_workers(const Model& model, qsim::Communicator& comm, int threads) {
  if (threads < 1) throw Error(ErrorCode::usage, "training needs at least one thread");
  model.require_memory(comm, static_cast<unsigned>(threads));
  Workers workers;
  qsim::together(comm, [&] {
    for (int t = 0; t < threads; ++t) workers.push_back(model.make_worker());
  });
  return workers;
}

/// Rows of loss and hit, without gradients.
Evaluation evaluate_with(Workers& workers, const Model& model, std::span<const double> weights,
                         const Samples& samples, qsim::Communicator& comm, Work& work) {
  if (samples.size() == 0) return {0, kNone, kNone};
  const auto rows = map_samples(comm, static_cast<int>(workers.size()), samples.size(), 2,
                                [&](int thread, std::size_t i, std::span<double> row) {
                                  std::vector<double> scores(model.classes());
                                  std::vector<double> by_score(model.classes());
                                  workers[static_cast<std::size_t>(thread)]->scores(
                                      samples.row(i), weights, scores);
                                  row[0] = cross_entropy(scores, samples.labels[i], by_score);
                                  row[1] = argmax(scores) == samples.labels[i] ? 1.0 : 0.0;
                                });
  work += static_cast<double>(samples.size()) * model.scores_work();
  const auto sums = sum_columns(rows, 2);
  const auto count = static_cast<double>(samples.size());
  return {samples.size(), sums[0] / count, sums[1] / count};
}

/// One mini-batch: sums of [loss, hit, gradient...] over its samples.
std::vector<double> batch_sums(Workers& workers, const Model& model,
                               std::span<const double> weights, const Samples& samples,
                               std::span<const std::size_t> batch, qsim::Communicator& comm) {
  const std::size_t width = 2 + weights.size();
  const auto rows =
      map_samples(comm, static_cast<int>(workers.size()), batch.size(), width,
                  [&](int thread, std::size_t i, std::span<double> row) {
                    const std::uint32_t label = samples.labels[batch[i]];
                    std::vector<double> scores(model.classes());
                    row[0] = workers[static_cast<std::size_t>(thread)]->loss_and_gradient(
                        samples.row(batch[i]), label, weights, scores, row.subspan(2));
                    row[1] = argmax(scores) == label ? 1.0 : 0.0;
                  });
  return sum_columns(rows, width);
}

void require_finite(std::span<const double> numbers, unsigned epoch, std::size_t batch) {
  if (std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); })) {
    return;
  }
  throw Error(ErrorCode::bad_input,
              fmt::format("training diverged: a number is no longer finite in epoch {}, batch {}",
                          epoch, batch + 1),
              "lower the learning rate");
}

}  // namespace

FitResult fit(const Model& model, const Samples& train, const Samples& validation,
              const TrainOptions& options, qsim::Communicator& comm, int threads,
              const Progress& progress) {
  if (train.size() == 0 || options.epochs == 0) {
    throw Error(ErrorCode::bad_input,
                fmt::format("training needs samples and epochs, not {} and {}", train.size(),
                            options.epochs));
  }
  if (options.patience > 0 && validation.size() == 0) {
    throw Error(ErrorCode::bad_input, "early stopping needs validation samples, there are none",
                "raise validation_fraction, or set patience = 0");
  }
  check_samples(model, train);
  check_samples(model, validation);
  Workers workers = make_workers(model, comm, threads);
  Optimizer optimizer(options.optimizer);
  const std::size_t batch_size =
      options.batch == 0 ? train.size() : std::min(options.batch, train.size());
  const Work per_sample = model.gradient_work();

  FitResult result;
  std::vector<double> weights = model.initial_weights(options.seed);
  double best_loss = std::numeric_limits<double>::infinity();
  for (unsigned epoch = 1; epoch <= options.epochs; ++epoch) {
    const auto order = shuffled(train.size(), options.seed, qsim::Purpose::shuffle, epoch);
    double loss = 0.0;
    double hits = 0.0;
    for (std::size_t first = 0; first < order.size(); first += batch_size) {
      const std::size_t count = std::min(batch_size, order.size() - first);
      std::vector<double> sums =
          batch_sums(workers, model, weights, train, std::span(order).subspan(first, count), comm);
      loss += sums[0];
      hits += sums[1];
      const auto gradient = std::span(sums).subspan(2);
      for (double& g : gradient) g /= static_cast<double>(count);
      require_finite(sums, epoch, first / batch_size);
      optimizer.step(weights, gradient);
      require_finite(weights, epoch, first / batch_size);
      result.work += static_cast<double>(count) * per_sample;
    }
    const Evaluation held = evaluate_with(workers, model, weights, validation, comm, result.work);
    if (held.samples > 0) require_finite({&held.loss, 1}, epoch, (order.size() - 1) / batch_size);
    const auto samples = static_cast<double>(train.size());
    result.history.push_back(
        {epoch, loss / samples, hits / samples, held.loss, held.accuracy, result.work.circuits});
    if (options.patience == 0) {
      result.best_epoch = epoch;
    } else if (held.loss < best_loss) {
      best_loss = held.loss;
      result.best_epoch = epoch;
      result.weights = weights;
    } else {
      result.stopped_early = epoch - result.best_epoch >= options.patience;
    }
    if (progress) progress(result.history.back());
    if (result.stopped_early) break;
  }
  if (options.patience == 0) result.weights = std::move(weights);
  result.steps = optimizer.state().steps;
  return result;
}

Evaluation evaluate(const Model& model, std::span<const double> weights, const Samples& samples,
                    qsim::Communicator& comm, int threads, Work& work) {
  check_samples(model, samples);
  if (weights.size() != model.weights()) {
    throw Error(ErrorCode::bad_input, fmt::format("{} weights were given, the model has {}",
                                                  weights.size(), model.weights()));
  }
  Workers workers = make_workers(model, comm, threads);
  return evaluate_with(workers, model, weights, samples, comm, work);
}

}  // namespace qross::qml
