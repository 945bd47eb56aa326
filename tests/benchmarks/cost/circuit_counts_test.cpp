// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/cost/circuit_counts.hpp"

#include <array>
#include <numbers>

#include <doctest/doctest.h>

using namespace qross;
using namespace qross::qsim;

namespace {

cost::GateBreakdown last(const Circuit& circuit) {
  return cost::break_down(circuit, circuit.operations().back());
}

}  // namespace

TEST_CASE("textbook decompositions") {
  Circuit c(6);
  CHECK(last(c.h(0)).gates_1q == 1);
  CHECK(last(c.cx(0, 1)).gates_2q == 1);
  CHECK(last(c.swap(0, 1)).gates_2q == 3);
  CHECK(last(c.crz(0, 1, 0.3)).gates_2q == 2);
  CHECK(last(c.crz(0, 1, 0.3)).rotations == 2);
  CHECK(last(c.rzz(0, 1, 0.3)).gates_2q == 2);
  CHECK(last(c.rzz(0, 1, 0.3)).rotations == 1);
  CHECK(last(c.ccx(0, 1, 2)).toffolis == 1);
  CHECK(last(c.ccx(0, 1, 2)).gates_2q == 6);
  const std::array controls{Control{0}, Control{1}, Control{2}, Control{3}};
  c.apply(Gate::x, std::array<Qubit, 1>{4}, {}, controls);
  CHECK(last(c).toffolis == 5);  // 2k - 3
  const std::array<Qubit, 4> targets{0, 1, 2, 3};
  CHECK(last(c.pauli_rotation("XIZY", targets, 0.2)).gates_2q == 4);
  CHECK(last(c.global_phase(0.2)).gates_1q == 0);
}

TEST_CASE("angles are Clifford, T-like or general") {
  Circuit c(1);
  CHECK(last(c.rz(0, std::numbers::pi / 2)).rotations == 0);
  CHECK(last(c.rz(0, std::numbers::pi / 2)).t_gates == 0);
  CHECK(last(c.p(0, std::numbers::pi / 4)).t_gates == 1);
  CHECK(last(c.t(0)).t_gates == 1);
  CHECK(last(c.rz(0, 0.3)).rotations == 1);
  CHECK(last(c.rz(0, c.parameter("a"))).rotations == 1);
}

TEST_CASE("a rotation with a control is two by half its angle, a phase three") {
  constexpr double pi = std::numbers::pi;
  struct Row {
    cost::GateBreakdown got;
    double gates_1q, gates_2q, rotations, t_gates;
  };
  Circuit c(3);
  const std::array<Qubit, 1> target{1};
  const std::array control{Control{0}};
  const std::array two{Control{0}, Control{2}};
  const auto with = [&](Gate gate, std::vector<Param> params, std::span<const Control> controls) {
    return last(c.apply(gate, target, params, controls));
  };
  for (const Row& row : {
           Row{with(Gate::rz, {pi}, control), 2, 2, 0, 0},
           Row{with(Gate::rz, {pi / 2}, control), 2, 2, 0, 2},
           Row{with(Gate::rz, {pi / 4}, control), 2, 2, 2, 0},
           Row{with(Gate::rx, {c.parameter("a")}, control), 2, 2, 2, 0},
           Row{with(Gate::s, {}, control), 3, 2, 0, 3},
           Row{with(Gate::sdg, {}, control), 3, 2, 0, 3},
           Row{with(Gate::sx, {}, control), 3, 2, 0, 3},
           Row{with(Gate::p, {pi / 2}, control), 3, 2, 0, 3},
           Row{with(Gate::p, {-pi}, control), 3, 2, 0, 0},
           Row{with(Gate::p, {0.3}, control), 3, 2, 3, 0},
           Row{with(Gate::t, {}, control), 3, 2, 3, 0},
           Row{with(Gate::h, {}, control), 2, 1, 0, 2},
           Row{with(Gate::y, {}, control), 2, 1, 0, 0},
           // RZ(pi) and RZ(pi/2) and RY(0.3) by halves, and a phase of 3 pi/4 on the control
           Row{with(Gate::u, {0.3, pi, pi / 2}, control), 7, 6, 2, 3},
           // two Toffolis and two T on the target, then a controlled T on the two controls
           Row{with(Gate::s, {}, two), 2 + 18 + 3, 12 + 2, 3, 2},
           Row{last(c.global_phase(pi / 4)), 0, 0, 0, 0},
       }) {
    CAPTURE(&row);
    CHECK(row.got.gates_1q == row.gates_1q);
    CHECK(row.got.gates_2q == row.gates_2q);
    CHECK(row.got.rotations == row.rotations);
    CHECK(row.got.t_gates == row.t_gates);
  }
}

TEST_CASE("a permutation is one multi-controlled X for each entry it moves") {
  Circuit c(3);
  const std::array<Qubit, 2> targets{0, 1};
  c.permutation(targets, std::array<std::uint32_t, 4>{0, 2, 1, 3});
  CHECK(last(c).gates_2q == 2);
}

TEST_CASE("totals and depths of a small circuit") {
  Circuit c(3);
  c.h(0).h(1).h(2);           // depth 1
  c.cx(0, 1);                 // depth 2, 2q depth 1
  c.cx(1, 2);                 // depth 3, 2q depth 2
  c.rz(2, c.parameter("w"));  // depth 4
  const cost::CircuitCounts counts = cost::count_circuit(c);
  CHECK(counts.qubits == 3);
  CHECK(counts.gates_1q == 4);
  CHECK(counts.gates_2q == 2);
  CHECK(counts.depth == 4);
  CHECK(counts.depth_2q == 2);
  CHECK(counts.rotations == 1);
  CHECK(counts.rotation_depth == 1);
  CHECK(counts.parameters == 1);
  CHECK(counts.measurements == 3);
}

TEST_CASE("fault_B13 qubits that nothing touches are neither held nor read") {
  Program program;
  program.qubits = 127;
  Circuit ghz(127);
  ghz.h(3).cx(3, 4).cx(4, 5);
  program.circuits = {ghz};
  program.instructions = {{Instruction::Kind::gates, 0, 0}};
  CHECK(cost::count_circuit(ghz).qubits == 3);
  CHECK(cost::count_circuit(program).qubits == 3);
  CHECK(cost::count_circuit(program).measurements == 3);

  // Two of them are read, and one that no gate touches.
  program.bits = 3;
  program.instructions.push_back({Instruction::Kind::measure, 3, 0});
  program.instructions.push_back({Instruction::Kind::measure, 4, 1});
  program.instructions.push_back({Instruction::Kind::measure, 99, 2});
  CHECK(cost::count_circuit(program).qubits == 4);
  CHECK(cost::count_circuit(program).measurements == 3);

  // A qubit that is read twice is two readouts.
  program.instructions.push_back({Instruction::Kind::measure, 4, 1});
  CHECK(cost::count_circuit(program).qubits == 4);
  CHECK(cost::count_circuit(program).measurements == 4);

  program.circuits = {Circuit(127)};
  program.instructions.clear();
  CHECK(cost::count_circuit(program).qubits == 1);
}
