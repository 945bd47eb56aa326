// SPDX-License-Identifier: Apache-2.0
#include "qsim/plan/simplify/fuse.hpp"

#include <array>

#include <doctest/doctest.h>

#include "qsim/dist/communicator.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/plan/plan.hpp"
#include "tests/qsim/plan/simplify/simplified.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// The matrices as gates, in the places they have.
Circuit rebuilt(const Circuit& circuit, double blocks, std::span<const std::uint8_t> removed = {}) {
  const FusedCircuit fused = fuse(circuit, blocks, removed);
  Circuit result = circuit.blank();
  for (const FusedCircuit::Step& step : fused.steps) {
    if (!step.fused) {
      result.append(circuit, circuit.operations()[step.index]);
      continue;
    }
    const FusedGate& gate = fused.gates[step.index];
    result.unitary(
        std::span(gate.on).first(gate.targets),
        std::span(fused.numbers).subspan(gate.first, std::size_t{1} << (2 * gate.targets)));
  }
  return result;
}

/// Rotations and CX on random qubits.
Circuit rotations(unsigned qubits, unsigned gates) {
  test::Generator random(7);
  Circuit circuit(qubits);
  for (unsigned k = 0; k < gates; ++k) {
    const auto on = test::random_qubits(random, qubits, 2);
    const double angle = static_cast<double>(random() % 1000) / 160.0;
    switch (random() % 6) {
      case 0:
        circuit.h(on[0]);
        break;
      case 1:
        circuit.rx(on[0], angle);
        break;
      case 2:
        circuit.ry(on[0], angle);
        break;
      case 3:
        circuit.rz(on[0], angle);
        break;
      case 4:
        circuit.t(on[0]);
        break;
      default:
        circuit.cx(on[0], on[1]);
    }
  }
  return circuit;
}

}  // namespace

TEST_CASE("circuits do what they did with their gates fused, on states of any size") {
  for (const double blocks : {8.0, 256.0, 4096.0}) {
    test::check_same(7100, [&](const Circuit& circuit) { return rebuilt(circuit, blocks); });
    test::check_same(
        7200, [&](const Circuit& circuit) { return rebuilt(circuit, blocks, undone(circuit)); });
  }
}

TEST_CASE("a run on two qubits is one matrix, in either order of the qubits") {
  for (const bool turned : {false, true}) {
    const Qubit a = turned ? 1 : 0;
    const Qubit b = 1 - a;
    Circuit circuit(2);
    circuit.h(a).rx(b, 0.3).u(a, 0.1, 0.2, 0.3).cx(a, b).t(b).ry(a, 0.7).cx(b, a).sdg(a).y(b);
    circuit.cz(a, b).crz(b, a, 0.4).rxx(a, b, 0.2).fsim(b, a, 0.3, 0.4).sx(b).p(a, 0.9);
    circuit.apply(Gate::x, std::array<Qubit, 1>{a}, {}, std::array{Control{b, true}});
    circuit.apply(Gate::y, std::array<Qubit, 1>{b}, {}, std::array{Control{a, true}});
    const Circuit fused = rebuilt(circuit, 8.0);
    CHECK(fused.size() == 1);
    CHECK(test::difference(fused, circuit) < 1e-14);
  }
}

TEST_CASE("what costs less as it is, has parameters or more than two qubits is not fused") {
  Circuit circuit(3);
  circuit.cx(0, 1).cx(1, 2).ccx(0, 1, 2).swap(0, 1).global_phase(0.1);
  circuit.cz(0, 1).z(2).s(2).rx(0, circuit.parameter("a"));
  CHECK(fuse(circuit, 8.0).gates.empty());
  CHECK(fuse(circuit, 8.0).steps.size() == circuit.size());
  // Phases and flips are cheap on states that take long to go through.
  Circuit phases(2);
  phases.h(0).cp(0, 1, 0.3).t(1).cx(0, 1);
  CHECK(fuse(phases, 8.0).gates.size() == 1);
  CHECK(fuse(phases, 1e6).gates.empty());
}

TEST_CASE("fault_G2 small states plan and run a matrix for many gates") {
  for (const unsigned n : {4U, 8U, 10U, 12U}) {
    CAPTURE(n);
    const Circuit circuit = rotations(n, 1000);
    for (const Precision precision : {Precision::single_precision, Precision::double_precision}) {
      PlanOptions options;
      options.precision = precision;
      options.optimisations.without(Optimisation::direct);
      const Plan plan = make_plan(circuit, options);
      CHECK_FALSE(plan.circuit.ops.empty());
      CHECK(plan.circuit.ops.size() < circuit.size() / 4);
      CHECK(plan.tiles.size() < circuit.size() / 8);
      // On several ranks phases and controls need no exchange, and stay.
      options.ranks = 2;
      CHECK(make_plan(circuit, options).circuit.ops.size() > circuit.size() / 2);
    }
  }
}

TEST_CASE("fused circuits give the amplitudes of the dense oracle") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  PlanOptions options;
  options.optimisations.without(Optimisation::direct);
  for (const unsigned n : {1U, 2U, 3U, 4U, 5U, 7U, 9U}) {
    CAPTURE(n);
    test::Generator random(n);
    for (const Circuit& circuit :
         {n > 1 ? rotations(n, 300) : Circuit(1), test::random_circuit(random, n, 200)}) {
      const auto expected = test::run(circuit);
      CHECK((test::simulate<double>(engine, circuit, options) - expected).norm() < 1e-12);
      CHECK((test::simulate<float>(engine, circuit, options) - expected).norm() < 2e-5);
    }
  }
}
