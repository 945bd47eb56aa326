// SPDX-License-Identifier: Apache-2.0
// Samples to parameter sets, and expectation values to scores. The sets of many samples are made in
// pieces, since each repeats all weights.
#include "qml/batch_crew.hpp"

#include <algorithm>
#include <vector>

#include "qsim/core/parallel.hpp"

namespace qross::qml {
namespace {

/// Numbers of the parameter sets that are made at once, and of their gradients: 8 MiB each.
constexpr std::size_t kNumbersAtOnce = std::size_t{1} << 20;
/// Samples for each thread at once, at least: some full vectors.
constexpr std::size_t kLeastForThread = 64;
/// What one thread does in a nanosecond, roughly.
constexpr double kFlopPerNanosecond = 40.0;

class BatchCrew : public Crew {
 public:
  BatchCrew(const qsim::LoweredCircuit& circuit, std::span<const qsim::PauliSum> observables,
            const ClassifierHead& head, const qsim::BatchOptions& options, const SampleFlop& flop)
      : head_(head),
        flop_(flop),
        parameters_(circuit.slots),
        features_(circuit.slots - head.angles()),
        at_once_(std::max(kNumbersAtOnce / circuit.slots,
                          kLeastForThread * static_cast<std::size_t>(options.threads))),
        team_(circuit, observables, options) {
    // One full vector on one thread: where even that is much, all work is for the team.
    if (options.threads == 1 || wants_team(kBatchLanes, flop.scores)) return;
    qsim::BatchOptions one = options;
    one.threads = 1;
    alone_ = std::make_unique<qsim::BatchEvaluator>(circuit, observables, one);
  }

  void scores(std::span<const double> features, std::span<const double> weights,
              std::span<double> scores) override {
    const std::size_t count = features.size() / features_;
    const std::size_t width = head_.observables();
    for (std::size_t first = 0; first < count; first += at_once_) {
      const std::size_t some = std::min(at_once_, count - first);
      bind(features.subspan(first * features_, some * features_), weights);
      const std::vector<double> z = evaluator(some, flop_.scores).values(sets_);
      for (std::size_t i = 0; i < some; ++i) {
        head_.scores(std::span(z).subspan(i * width, width), weights,
                     scores.subspan((first + i) * head_.classes(), head_.classes()));
      }
    }
  }

  void losses_and_gradients(std::span<const double> features, std::span<const std::uint32_t> labels,
                            std::span<const double> weights, std::span<double> losses,
                            std::span<double> scores, std::span<double> gradients) override {
    const std::size_t width = head_.angles() + head_.weights();
    for (std::size_t first = 0; first < labels.size(); first += at_once_) {
      const std::size_t some = std::min(at_once_, labels.size() - first);
      bind(features.subspan(first * features_, some * features_), weights);
      // Each sample has its own places, so threads may do this at once.
      const qsim::BatchWeights by_z = [&](std::size_t i, std::span<const double> z,
                                          std::span<double> out) {
        losses[first + i] =
            head_.loss_and_gradient(z, labels[first + i], weights,
                                    scores.subspan((first + i) * head_.classes(), head_.classes()),
                                    gradients.subspan((first + i) * width, width), out);
      };
      const qsim::BatchGradients found =
          evaluator(some, flop_.gradient).values_and_gradients(sets_, by_z);
      for (std::size_t i = 0; i < some; ++i) {
        const auto by_angle =
            std::span(found.gradients).subspan(i * parameters_ + features_, head_.angles());
        std::copy(by_angle.begin(), by_angle.end(), gradients.subspan((first + i) * width).begin());
      }
    }
  }

 private:
  /// The parameters of the samples: features, then angles.
  void bind(std::span<const double> features, std::span<const double> weights) {
    const auto angles = weights.first(head_.angles());
    sets_.resize(features.size() / features_ * parameters_);
    auto to = sets_.begin();
    for (std::size_t i = 0; i < features.size(); i += features_) {
      const auto row = features.subspan(i, features_);
      to = std::copy(row.begin(), row.end(), to);
      to = std::copy(angles.begin(), angles.end(), to);
    }
  }

  static bool wants_team(std::size_t samples, double flop) {
    return qsim::threads_for(2, static_cast<double>(samples) * flop / kFlopPerNanosecond) > 1;
  }
  qsim::BatchEvaluator& evaluator(std::size_t samples, double flop) {
    return alone_ == nullptr || wants_team(samples, flop) ? team_ : *alone_;
  }

  ClassifierHead head_;
  SampleFlop flop_;
  std::size_t parameters_;  ///< of a set: features and angles
  std::size_t features_;
  std::size_t at_once_;                          ///< samples
  qsim::BatchEvaluator team_;                    ///< all threads
  std::unique_ptr<qsim::BatchEvaluator> alone_;  ///< one thread, for little work; or none
  std::vector<double> sets_;
};

}  // namespace

std::unique_ptr<Crew> make_batch_crew(const qsim::LoweredCircuit& circuit,
                                      std::span<const qsim::PauliSum> observables,
                                      const ClassifierHead& head, const qsim::BatchOptions& options,
                                      const SampleFlop& flop) {
  return std::make_unique<BatchCrew>(circuit, observables, head, options, flop);
}

}  // namespace qross::qml
