// SPDX-License-Identifier: Apache-2.0
// What is left of circuits and observables; that values stay is tested with whole batches too.
#include "qsim/engine/batch/trim.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/engine/batch/batches.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("flips at the end turn the observable, phases and unseen wires go") {
  Circuit circuit(3);
  circuit.ry(0, 0.3).ry(2, 0.4).cx(0, 1).rz(1, 0.5).x(1).rx(2, 0.1);
  const LoweredCircuit lowered = lower(circuit);
  const PauliSum z1 = 2.0 * pauli_z(1);
  const TrimmedCircuit trimmed = trim_batch(lowered, std::span(&z1, 1));
  REQUIRE(trimmed.ops == std::vector<std::uint32_t>{0});  // ry on qubit 0
  REQUIRE(trimmed.observables.size() == 1);
  const PauliString& s = trimmed.observables[0].strings().at(0);
  CHECK(s.coefficient == -2.0);  // X
  CHECK(s.z == 0b011);           // CX
  CHECK(s.x == 0);
  // An observable that flips sees the phases.
  const PauliSum x1 = pauli_x(1);
  CHECK(trim_batch(lowered, std::span(&x1, 1)).ops.size() > 1);
}

TEST_CASE("what is left has the same value") {
  test::Generator random(340);
  for (unsigned trial = 0; trial < 40; ++trial) {
    CAPTURE(trial);
    const unsigned n = 2 + trial % 4;
    Circuit circuit = test::random_circuit(random, n, 8, 2);
    for (unsigned k = 0; k < 12; ++k) {
      const auto w = test::random_qubits(random, n, 2);
      const std::array on{Control{w[0], random() % 2 == 0}};
      random() % 3 == 0 ? circuit.rz(w[1], 0.7)
                        : circuit.apply(Gate::x, std::span(w).subspan(1, 1), {}, on);
      if (k % 5 == 0) circuit.swap(w[0], w[1]);
    }
    const PauliSum sum = test::random_pauli_sum(random, n, 2);
    const LoweredCircuit lowered = lower(circuit);
    const TrimmedCircuit trimmed = trim_batch(lowered, std::span(&sum, 1));
    const double exact = test::oracle_value(circuit, {}, test::matrix(sum, n));
    CHECK(std::abs(BatchEvaluator(circuit, sum).values({}).at(0) - exact) <
          1e-12 * test::size_of(sum));
    CHECK(trimmed.ops.size() <= lowered.ops.size());
  }
}

TEST_CASE("an observable with too many qubits is refused") {
  const LoweredCircuit lowered = lower(Circuit(2));
  const PauliSum z2 = pauli_z(2);
  CHECK(test::refuses(ErrorCode::bad_input, "qubit 2",
                      [&] { (void)trim_batch(lowered, std::span(&z2, 1)); }));
}
