// SPDX-License-Identifier: Apache-2.0
// Model: what the trainer needs of anything that turns features and weights into class scores,
// quantum or classical. Models are immutable and shared; a Worker is one thread's workspace for one
// sample at a time, a Crew that of a rank's threads for many samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "qsim/dist/communicator.hpp"

namespace qross::qml {

/// What was computed. Counts are totals over all ranks and threads; a backward sweep of the
/// adjoint method counts as two circuits, as it takes two states through the circuit.
struct Work {
  double circuits = 0;     ///< state-vector runs of the circuit, forward or backward
  double gates = 0;        ///< gates in them
  double flop = 0;         ///< floating-point operations, from the plan or the layer sizes
  double bytes_moved = 0;  ///< read and written by passes over states
  double passes = 0;       ///< passes over states

  Work& operator+=(const Work& other) noexcept {
    circuits += other.circuits;
    gates += other.gates;
    flop += other.flop;
    bytes_moved += other.bytes_moved;
    passes += other.passes;
    return *this;
  }
  friend Work operator*(double factor, const Work& work) noexcept {
    return {factor * work.circuits, factor * work.gates, factor * work.flop,
            factor * work.bytes_moved, factor * work.passes};
  }
};

class Worker {
 public:
  virtual ~Worker() = default;
  /// scores[k] for each class.
  virtual void scores(std::span<const double> features, std::span<const double> weights,
                      std::span<double> scores) = 0;
  /// Cross-entropy of one sample and its derivatives by the weights; also sets the scores.
  virtual double loss_and_gradient(std::span<const double> features, std::uint32_t label,
                                   std::span<const double> weights, std::span<double> scores,
                                   std::span<double> gradient) = 0;
};

/// Samples are given row after row. What comes out for one of them is the same to the last bit
/// whatever the others are and however many threads there are.
class Crew {
 public:
  virtual ~Crew() = default;
  /// scores[sample][class].
  virtual void scores(std::span<const double> features, std::span<const double> weights,
                      std::span<double> scores) = 0;
  /// losses[sample], scores[sample][class], gradients[sample][weight], as of a Worker.
  virtual void losses_and_gradients(std::span<const double> features,
                                    std::span<const std::uint32_t> labels,
                                    std::span<const double> weights, std::span<double> losses,
                                    std::span<double> scores, std::span<double> gradients) = 0;
};

class Model {
 public:
  virtual ~Model() = default;
  [[nodiscard]] virtual std::size_t features() const = 0;
  [[nodiscard]] virtual std::size_t classes() const = 0;
  [[nodiscard]] virtual std::size_t weights() const = 0;
  /// Seeded starting point; the same on every machine.
  [[nodiscard]] virtual std::vector<double> initial_weights(std::uint64_t seed) const = 0;
  /// `isa`: the instruction set of the kernels that it uses, if any; empty: the best here.
  [[nodiscard]] virtual std::unique_ptr<Worker> make_worker(std::string_view isa = {}) const = 0;
  /// Collective. A crew of `threads` threads on each rank: workers that take the samples one by
  /// one, unless a model knows better. Throws Error(usage) for less than one thread, and like
  /// require_memory(), on all ranks alike.
  [[nodiscard]] virtual std::unique_ptr<Crew> make_crew(qsim::Communicator& comm,
                                                        int threads) const;
  /// Work of a crew for the scores of one sample, and for its loss and gradient.
  [[nodiscard]] virtual Work scores_work() const = 0;
  [[nodiscard]] virtual Work gradient_work() const = 0;
  /// Collective. Throws Error(resources), on all ranks alike, if crews of `workers` threads on each
  /// rank do not fit the machine of any of them.
  virtual void require_memory(qsim::Communicator& comm, unsigned workers) const = 0;

 protected:
  /// Makes a crew where every rank has enough memory: require_memory(), then `make` on all ranks.
  [[nodiscard]] std::unique_ptr<Crew> make_crew_together(
      qsim::Communicator& comm, int threads,
      const std::function<std::unique_ptr<Crew>()>& make) const;
};

}  // namespace qross::qml
