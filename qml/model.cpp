// SPDX-License-Identifier: Apache-2.0
// The crew of any model: a worker for each thread, a sample at a time.
#include "qml/model.hpp"

#include "qml/sample_map.hpp"
#include "qsim/core/error.hpp"
#include "qsim/io/together.hpp"

namespace qross::qml {
namespace {

/// Less work than this is not worth waking threads for: some tens of microseconds.
constexpr double kLeastFlop = 1e5;

class WorkerCrew : public Crew {
 public:
  WorkerCrew(const Model& model, int threads, std::string_view isa)
      : features_(model.features()),
        classes_(model.classes()),
        weights_(model.weights()),
        flop_(model.scores_work().flop) {
    for (int t = 0; t < threads; ++t) workers_.push_back(model.make_worker(isa));
  }

  void scores(std::span<const double> features, std::span<const double> weights,
              std::span<double> scores) override {
    each(features.size() / features_, [&](Worker& worker, std::size_t i) {
      worker.scores(features.subspan(i * features_, features_), weights,
                    scores.subspan(i * classes_, classes_));
    });
  }

  void losses_and_gradients(std::span<const double> features, std::span<const std::uint32_t> labels,
                            std::span<const double> weights, std::span<double> losses,
                            std::span<double> scores, std::span<double> gradients) override {
    each(labels.size(), [&](Worker& worker, std::size_t i) {
      losses[i] = worker.loss_and_gradient(features.subspan(i * features_, features_), labels[i],
                                           weights, scores.subspan(i * classes_, classes_),
                                           gradients.subspan(i * weights_, weights_));
    });
  }

 private:
  template <class F>
  void each(std::size_t count, const F& work) {
    const bool little = static_cast<double>(count) * flop_ < kLeastFlop;
    on_threads(
        little ? 1 : static_cast<int>(workers_.size()), count,
        [&](int thread, std::size_t i) { work(*workers_[static_cast<std::size_t>(thread)], i); });
  }

  std::size_t features_;
  std::size_t classes_;
  std::size_t weights_;
  double flop_;  ///< of the scores of one sample
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace

std::unique_ptr<Crew> Model::make_crew(qsim::Communicator& comm, int threads) const {
  return make_crew_together(
      comm, threads, [&] { return std::make_unique<WorkerCrew>(*this, threads, comm.isa()); });
}

std::unique_ptr<Crew> Model::make_crew_together(
    qsim::Communicator& comm, int threads,
    const std::function<std::unique_ptr<Crew>()>& make) const {
  if (threads < 1) throw Error(ErrorCode::usage, "a model needs at least one thread");
  require_memory(comm, static_cast<unsigned>(threads));
  std::unique_ptr<Crew> crew;
  qsim::together(comm, [&] { crew = make(); });
  return crew;
}

}  // namespace qross::qml
