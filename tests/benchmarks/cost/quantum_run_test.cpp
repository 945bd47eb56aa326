// SPDX-License-Identifier: Apache-2.0
// Quantum computers of today: time by layers, money by shots or seconds, fidelity by errors.
#include "benchmarks/cost/quantum_run.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

TEST_CASE("time is circuits x shots x (layers, readout, overhead)") {
  const Counts counts = small_workload();
  const RunCost run = run_on(machine("iqm_garnet"), counts.circuit, counts.hardware);
  REQUIRE(run.time.estimate.has_value());
  // 9 one-qubit layers and 12 x 1.5 two-qubit layers of 30 ns, 1 us readout, 300 us overhead.
  const double shot = (21 - 12) * 30e-9 + 18 * 30e-9 + 1e-6 + 300e-6;
  CHECK(run.time.estimate->value == doctest::Approx(shot * 514500 * 1000));
  CHECK(run.time.estimate->low < run.time.estimate->value);
  CHECK(run.time.estimate->basis == Basis::modelled);
}

TEST_CASE("a machine with one gate at a time pays for gates, not for layers") {
  CircuitCounts wide;
  wide.qubits = 30;
  wide.gates_2q = 15;
  wide.depth = wide.depth_2q = 1;
  const RunCost run = run_on(machine("ionq_forte"), wide, {1, 1});
  CHECK(run.time.estimate->value == doctest::Approx(15 * 970e-6 + 150e-6 + 0.05));
}

TEST_CASE("fidelity is the product of what does not fail, with crossed bounds") {
  const CircuitCounts circuit = small_workload().circuit;
  const Estimate fidelity = circuit_fidelity(machine("ionq_forte"), circuit);
  CHECK(fidelity.value ==
        doctest::Approx(std::pow(0.9998, 36) * std::pow(0.995, 12) * std::pow(0.995, 4)));
  CHECK(fidelity.low ==
        doctest::Approx(std::pow(0.9998, 36) * std::pow(0.993, 12) * std::pow(0.995, 4)));
  CHECK(fidelity.high > fidelity.value);
}

TEST_CASE("a circuit that drowns in errors says so") {
  CircuitCounts deep;
  deep.qubits = deep.measurements = 20;
  deep.gates_2q = 1000;
  deep.depth = deep.depth_2q = 100;
  const RunCost run = run_on(machine("iqm_garnet"), deep, {1, 1000});
  REQUIRE(run.notes.size() == 2);
  CHECK(contains(run.notes[1], "not be usable"));
  const Counts counts = small_workload();
  CHECK(run_on(machine("ionq_forte"), counts.circuit, counts.hardware).notes.size() == 1);
}

TEST_CASE("too many qubits, or another kind of machine, is refused") {
  CircuitCounts wide;
  wide.qubits = 37;
  CHECK(run_on(machine("ionq_forte"), wide, {1, 1}).time.why_not ==
        "the circuit has 37 qubits, the machine 36");
  CHECK(contains(run_on(machine("a100"), wide, {1, 1}).time.why_not, "not a quantum computer"));
}

TEST_CASE("money: tasks and shots, or rent where they are not billed") {
  const Estimate hour = modelled(3600, 3600, 3600, "s", "T");
  CHECK(price_of(machine("iqm_garnet"), {2, 1000}, hour).estimate->value ==
        doctest::Approx(2 * 0.30 + 2000 * 0.00145));
  CHECK(price_of(machine("ionq_forte"), {1, 1000}, hour).estimate->value == doctest::Approx(80.30));
  CHECK(price_of(machine("ibm_heron"), {2, 1000}, hour).estimate->value == doctest::Approx(5760));
  Machine priceless = machine("ibm_heron");
  priceless.figures.erase("price_hour");
  priceless.cannot["price_hour"] = "not for rent";
  CHECK(price_of(priceless, {1, 1}, hour).why_not == "not for rent");
}
