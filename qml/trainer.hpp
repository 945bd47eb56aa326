// SPDX-License-Identifier: Apache-2.0
// The training loop: epochs of shuffled mini-batches, validation, early stopping, history. Data
// parallel: every rank's crew computes its share of a batch on its own states, and losses and
// gradients are summed on a fixed tree over samples, so the weights are the same bit for bit on any
// number of ranks and threads. Called by train.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "qml/model.hpp"
#include "qml/optimizer.hpp"

namespace qross::qml {

/// Labelled, scaled samples; values are row-major.
struct Samples {
  std::size_t features = 0;
  std::vector<double> values;
  std::vector<std::uint32_t> labels;

  [[nodiscard]] std::size_t size() const noexcept { return labels.size(); }
  [[nodiscard]] std::span<const double> row(std::size_t i) const noexcept {
    return std::span(values).subspan(i * features, features);
  }
};

struct TrainOptions {
  OptimizerOptions optimizer = Adam{0.05};
  unsigned epochs = 50;
  std::size_t batch = 0;  ///< samples a step; 0: all
  /// Stop after so many epochs without a lower validation loss and return the weights of the best;
  /// 0: never stop early, return the last.
  unsigned patience = 0;
  std::uint64_t seed = 1;  ///< of initial weights and shuffles
};

struct EpochRecord {
  unsigned epoch = 0;              ///< from 1
  double train_loss = 0;           ///< mean over the epoch, each batch before its step
  double train_accuracy = 0;       ///< likewise
  double validation_loss = 0;      ///< after the epoch; NaN without validation samples
  double validation_accuracy = 0;  ///< likewise
  double circuits = 0;             ///< run since the start of training
};

struct FitResult {
  std::vector<double> weights;
  std::vector<EpochRecord> history;
  unsigned best_epoch = 0;  ///< whose weights these are
  bool stopped_early = false;
  std::uint64_t steps = 0;
  Work work;
};

/// Called after each epoch on every rank.
using Progress = std::function<void(const EpochRecord&)>;

/// Trains from model.initial_weights(options.seed). Collective: all ranks pass the same arguments,
/// `threads` may differ. Throws Error(bad_input) for no samples, sizes that do not fit the model,
/// no epochs, patience without validation samples, or numbers that are no longer finite (with epoch
/// and batch); Error(resources) if the crew does not fit.
[[nodiscard]] FitResult fit(const Model& model, const Samples& train, const Samples& validation,
                            const TrainOptions& options, qsim::Communicator& comm, int threads = 1,
                            const Progress& progress = {});
/// The same with a crew that the model has made already.
[[nodiscard]] FitResult fit(const Model& model, Crew& crew, const Samples& train,
                            const Samples& validation, const TrainOptions& options,
                            qsim::Communicator& comm, const Progress& progress = {});

struct Evaluation {
  std::size_t samples = 0;
  double loss = 0;      ///< mean cross-entropy; NaN without samples
  double accuracy = 0;  ///< share of samples whose largest score is their class; likewise
};

/// Loss and accuracy of given weights. Collective. Adds what it took to `work`.
[[nodiscard]] Evaluation evaluate(const Model& model, std::span<const double> weights,
                                  const Samples& samples, qsim::Communicator& comm, int threads,
                                  Work& work);
[[nodiscard]] Evaluation evaluate(const Model& model, Crew& crew, std::span<const double> weights,
                                  const Samples& samples, qsim::Communicator& comm, Work& work);

}  // namespace qross::qml
