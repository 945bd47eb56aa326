// SPDX-License-Identifier: Apache-2.0
// One set after the other: each thread keeps a state, or two for gradients, of its own.
#include "benchmarks/engine/measure/batch.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "qml/sample_map.hpp"
#include "qsim/core/error.hpp"
#include "qsim/engine/engine.hpp"

namespace qross::bench {
namespace {

template <class T>
struct Workspace {
  Workspace(const qsim::Plan& plan, bool gradient)
      : comm(qsim::serial_communicator()), engine(*comm), ket(engine.make_state<T>(plan)) {
    if (gradient) bra.emplace(engine.make_state<T>(plan, 1));
  }
  std::unique_ptr<qsim::Communicator> comm;
  qsim::Engine engine;
  qsim::StateVector<T> ket;
  std::optional<qsim::StateVector<T>> bra;
};

}  // namespace

template <class T>
std::vector<double> evaluate_batch(qsim::Communicator& comm, int threads, const qsim::Plan& plan,
                                   std::span<const double> values, const qsim::PauliSum& observable,
                                   bool gradient) {
  const std::size_t width = plan.circuit.slots;
  if (width == 0 || values.size() % width != 0) {
    throw Error(ErrorCode::bad_input, "a batch holds whole sets of a circuit's parameters");
  }
  std::vector<std::unique_ptr<Workspace<T>>> workspaces;
  for (int t = 0; t < threads; ++t) {
    workspaces.push_back(std::make_unique<Workspace<T>>(plan, gradient));
  }
  return qml::map_samples(
      comm, threads, values.size() / width, gradient ? 1 + width : 1,
      [&](int thread, std::size_t i, std::span<double> row) {
        Workspace<T>& own = *workspaces[static_cast<std::size_t>(thread)];
        const auto set = values.subspan(i * width, width);
        if (gradient) {
          const auto result =
              own.engine.value_and_gradient(plan, set, observable, own.ket, *own.bra);
          row[0] = result.value;
          std::copy(result.gradient.begin(), result.gradient.end(), row.begin() + 1);
        } else {
          own.ket.set_zero_state(plan.initial);
          own.engine.run(plan, set, own.ket);
          row[0] = own.engine.expectation(own.ket, observable);
        }
      });
}

template std::vector<double> evaluate_batch<double>(qsim::Communicator&, int, const qsim::Plan&,
                                                    std::span<const double>, const qsim::PauliSum&,
                                                    bool);
template std::vector<double> evaluate_batch<float>(qsim::Communicator&, int, const qsim::Plan&,
                                                   std::span<const double>, const qsim::PauliSum&,
                                                   bool);

}  // namespace qross::bench
