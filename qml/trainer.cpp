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

namespace qross::qml {
namespace {

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

void check_fit(const Model& model, const Samples& train, const Samples& validation,
               const TrainOptions& options) {
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
}

void check_evaluate(const Model& model, std::span<const double> weights, const Samples& samples) {
  check_samples(model, samples);
  if (weights.size() == model.weights()) return;
  throw Error(ErrorCode::bad_input, fmt::format("{} weights were given, the model has {}",
                                                weights.size(), model.weights()));
}

/// One mini-batch: sums of [loss, hit, gradient...] over its samples.
std::vector<double> batch_sums(Crew& crew, const Model& model, std::span<const double> weights,
                               const Samples& samples, std::span<const std::size_t> batch,
                               qsim::Communicator& comm) {
  const std::size_t width = 2 + weights.size();
  const auto rows = map_stretches(
      comm, batch.size(), width, [&](std::size_t first, std::size_t count, std::span<double> out) {
        std::vector<double> features;
        std::vector<std::uint32_t> labels;
        for (const std::size_t sample : batch.subspan(first, count)) {
          const auto row = samples.row(sample);
          features.insert(features.end(), row.begin(), row.end());
          labels.push_back(samples.labels[sample]);
        }
        std::vector<double> losses(count);
        std::vector<double> scores(count * model.classes());
        std::vector<double> gradients(count * weights.size());
        crew.losses_and_gradients(features, labels, weights, losses, scores, gradients);
        for (std::size_t i = 0; i < count; ++i) {
          const auto row = out.subspan(i * width, width);
          const auto own = std::span(scores).subspan(i * model.classes(), model.classes());
          const auto gradient = std::span(gradients).subspan(i * weights.size(), weights.size());
          row[0] = losses[i];
          row[1] = argmax(own) == labels[i] ? 1.0 : 0.0;
          std::copy(gradient.begin(), gradient.end(), row.begin() + 2);
        }
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
  check_fit(model, train, validation, options);
  const auto crew = model.make_crew(comm, threads);
  return fit(model, *crew, train, validation, options, comm, progress);
}

FitResult fit(const Model& model, Crew& crew, const Samples& train, const Samples& validation,
              const TrainOptions& options, qsim::Communicator& comm, const Progress& progress) {
  check_fit(model, train, validation, options);
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
          batch_sums(crew, model, weights, train, std::span(order).subspan(first, count), comm);
      loss += sums[0];
      hits += sums[1];
      const auto gradient = std::span(sums).subspan(2);
      for (double& g : gradient) g /= static_cast<double>(count);
      require_finite(sums, epoch, first / batch_size);
      optimizer.step(weights, gradient);
      require_finite(weights, epoch, first / batch_size);
      result.work += static_cast<double>(count) * per_sample;
    }
    const Evaluation held = evaluate(model, crew, weights, validation, comm, result.work);
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
  check_evaluate(model, weights, samples);
  const auto crew = model.make_crew(comm, threads);
  return evaluate(model, *crew, weights, samples, comm, work);
}

Evaluation evaluate(const Model& model, Crew& crew, std::span<const double> weights,
                    const Samples& samples, qsim::Communicator& comm, Work& work) {
  check_evaluate(model, weights, samples);
  if (samples.size() == 0) return {0, kNone, kNone};
  const std::size_t classes = model.classes();
  const auto rows = map_stretches(
      comm, samples.size(), 2, [&](std::size_t first, std::size_t count, std::span<double> out) {
        std::vector<double> scores(count * classes);
        crew.scores(
            std::span(samples.values).subspan(first * samples.features, count * samples.features),
            weights, scores);
        std::vector<double> by_score(classes);
        for (std::size_t i = 0; i < count; ++i) {
          const auto own = std::span(scores).subspan(i * classes, classes);
          const std::uint32_t label = samples.labels[first + i];
          out[2 * i] = cross_entropy(own, label, by_score);
          out[2 * i + 1] = argmax(own) == label ? 1.0 : 0.0;
        }
      });
  work += static_cast<double>(samples.size()) * model.scores_work();
  const auto sums = sum_columns(rows, 2);
  const auto count = static_cast<double>(samples.size());
  return {samples.size(), sums[0] / count, sums[1] / count};
}

}  // namespace qross::qml
