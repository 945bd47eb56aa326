// SPDX-License-Identifier: Apache-2.0
// Each rank runs one stretch of the sets, many at once, on all of its threads.
#include "benchmarks/engine/measure/batch.hpp"

#include <algorithm>

#include "qml/sample_map.hpp"
#include "qsim/core/error.hpp"
#include "qsim/dist/state_vector.hpp"
#include "qsim/engine/batch/batch.hpp"

namespace qross::bench {
namespace {

/// The values of some sets, or (value, gradient) of each, into `rows`.
void run_sets(qsim::BatchEvaluator& evaluator, std::span<const double> sets, bool gradient,
              std::span<double> rows) {
  if (!gradient) {
    const std::vector<double> values = evaluator.values(sets);
    std::copy(values.begin(), values.end(), rows.begin());
    return;
  }
  const std::size_t width = evaluator.parameters();
  const qsim::BatchGradients found = evaluator.values_and_gradients(sets);
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    const auto row = rows.subspan(i * (1 + width), 1 + width);
    row[0] = found.values[i];
    const auto own = std::span(found.gradients).subspan(i * width, width);
    std::copy(own.begin(), own.end(), row.begin() + 1);
  }
}

}  // namespace

template <class T>
std::vector<double> evaluate_batch(qsim::Communicator& comm, int threads, const qsim::Plan& plan,
                                   std::span<const double> values, const qsim::PauliSum& observable,
                                   bool gradient, std::string_view isa) {
  const std::size_t width = plan.circuit.slots;
  if (width == 0 || values.size() % width != 0) {
    throw Error(ErrorCode::bad_input, "a batch holds whole sets of a circuit's parameters");
  }
  qsim::BatchOptions options;
  options.precision = qsim::StateVector<T>::kPrecision;
  options.threads = threads;
  options.isa = isa;
  options.processes = comm.ranks_on_node();
  qsim::BatchEvaluator evaluator(plan.circuit, std::span(&observable, 1), options);
  const std::size_t sets = values.size() / width;
  const std::size_t columns = gradient ? 1 + width : 1;
  return qml::map_stretches(
      comm, sets, columns, [&](std::size_t first, std::size_t count, std::span<double> rows) {
        run_sets(evaluator, values.subspan(first * width, count * width), gradient, rows);
      });
}

template std::vector<double> evaluate_batch<double>(qsim::Communicator&, int, const qsim::Plan&,
                                                    std::span<const double>, const qsim::PauliSum&,
                                                    bool, std::string_view);
template std::vector<double> evaluate_batch<float>(qsim::Communicator&, int, const qsim::Plan&,
                                                   std::span<const double>, const qsim::PauliSum&,
                                                   bool, std::string_view);

}  // namespace qross::bench
