// SPDX-License-Identifier: Apache-2.0
// One group of circuits through a worker, and the memory that workers say they take.
#include "qsim/engine/batch/worker.hpp"

#include <limits>

#include <doctest/doctest.h>

#include "qsim/engine/batch/compiler.hpp"
#include "tests/qsim/engine/batch/batches.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

template <class T>
BatchShared<T> shared_of(const Circuit& circuit, const PauliSum& sum) {
  LoweredCircuit lowered = lower(circuit);
  const TrimmedCircuit trimmed = trim_batch(lowered, std::span(&sum, 1));
  BatchCode code = compile_batch(lowered, trimmed, batch_range(sizeof(T) == 8));
  BatchObservables<T> observables(trimmed.observables, code.wires, 1U << 20);
  return {kernel_table<T>(), std::move(lowered), std::move(code), std::move(observables)};
}

}  // namespace

TEST_CASE_TEMPLATE("each lane runs its own set; lanes left over run the last", T, double, float) {
  Circuit circuit(1);
  const Param w = circuit.parameter("w");
  circuit.ry(0, 2.0 * w).rz(0, w * w);
  const BatchShared<T> shared = shared_of<T>(circuit, pauli_z(0) + pauli_x(0));
  BatchWorker<T> worker(shared);
  const std::array sets{0.3, -1.1, 2.0};
  worker.set_parameters(sets, 3);
  worker.run_forward();
  std::fill(worker.weights(), worker.weights() + kLanes<T>, 2.0);
  worker.run_backward();
  const double allowed = sizeof(T) == 8 ? 1e-14 : 1e-6;
  for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
    const double x = sets[std::min(lane, 2U)];
    const double value = std::cos(2 * x) + std::sin(2 * x) * std::cos(x * x);
    const double slope = -2 * std::sin(2 * x) + 2 * std::cos(2 * x) * std::cos(x * x) -
                         std::sin(2 * x) * std::sin(x * x) * 2 * x;
    CHECK(std::abs(worker.values()[lane] - value) < allowed);
    std::vector<double> gradient{100.0};  // added to
    worker.add_gradient(lane, std::span(&x, 1), gradient);
    CHECK(std::abs(gradient[0] - 100.0 - 2 * slope) < 10 * std::max(allowed, 1e-13));
  }
}

TEST_CASE("angles that are not finite are refused, whichever expression has them") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const bool product : {false, true}) {
    Circuit circuit(2);
    const Param w = circuit.parameter("w");
    circuit.h(0).cx(0, 1).rx(0, product ? w * w : 2.0 * w);
    const BatchShared<double> shared = shared_of<double>(circuit, pauli_z(0));
    BatchWorker<double> worker(shared);
    for (const double wrong : {infinity, -infinity, std::nan("")}) {
      CHECK(test::refuses(ErrorCode::bad_input, "finite", [&] {
        worker.set_parameters(std::array{0.1, wrong}, 2);
      }));
    }
    worker.set_parameters(std::array{0.1}, 1);
    worker.run_forward();
    CHECK(std::abs(worker.values()[0]) < 1e-14);
  }
}

TEST_CASE("a worker counts its states and numbers") {
  for (const unsigned n : {2U, 10U}) {
    Circuit circuit(n);
    for (Qubit q = 0; q < n; ++q) circuit.ry(q, circuit.parameter("w"));
    for (Qubit q = 0; q + 1 < n; ++q) circuit.cx(q, q + 1).rx(q, circuit.parameter("v"));
    const BatchShared<double> shared = shared_of<double>(circuit, pauli_z(0));
    const double states = 2.0 * 128.0 * std::ldexp(1.0, static_cast<int>(std::max(n, 3U)));
    const auto bytes = static_cast<double>(BatchWorker<double>::bytes(shared.code));
    CHECK(bytes >= states);
    CHECK(bytes <= 1.5 * states + 65536);
  }
}
