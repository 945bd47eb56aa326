// SPDX-License-Identifier: Apache-2.0
// Decompositions by gate kind, then depth by a clock for each qubit.
#include "benchmarks/cost/circuit_counts.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "qsim/core/error.hpp"
#include "qsim/run/straight.hpp"

namespace qross::cost {
namespace {

using qsim::Gate;

/// A rotation angle in units of pi/4; none if it is a parameter.
using Angle = std::optional<double>;

constexpr Angle kParameter = std::nullopt;

Angle angle_of(const qsim::Param& param) {
  return param.is_constant() ? Angle(param.evaluate() / (std::numbers::pi / 4.0)) : kParameter;
}

Angle half(Angle angle) { return angle ? Angle(*angle / 2.0) : kParameter; }

Angle sum_of(Angle a, Angle b) { return a && b ? Angle(*a + *b) : kParameter; }

/// Even multiples of pi/4 are Clifford gates, odd ones T gates; exp(-i a/2 P) is a phase of a.
void add_rotation(GateBreakdown& sum, Angle angle, double count = 1.0) {
  sum.gates_1q += count;
  if (!angle || std::abs(*angle - std::round(*angle)) > 1e-12) {
    sum.rotations += count;
  } else if (std::fmod(std::round(*angle), 2.0) != 0.0) {
    sum.t_gates += count;
  }
}

void add_toffolis(GateBreakdown& sum, double count) {
  sum.toffolis += count;
  sum.gates_2q += 6.0 * count;
  sum.gates_1q += 9.0 * count;
}

void add_cx(GateBreakdown& sum, double count) { sum.gates_2q += count; }

/// X with `controls` controls.
void add_controlled_x(GateBreakdown& sum, std::size_t controls) {
  if (controls == 0) {
    sum.gates_1q += 1.0;
  } else if (controls == 1) {
    add_cx(sum, 1.0);
  } else {
    add_toffolis(sum, 2.0 * static_cast<double>(controls) - 3.0);
  }
}

/// One rotation with controls: the rotation by half angles around two controlled X.
void add_controlled_rotation(GateBreakdown& sum, Angle angle, std::size_t controls) {
  if (controls == 0) return add_rotation(sum, angle);
  add_rotation(sum, half(angle), 2.0);
  add_controlled_x(sum, controls);
  add_controlled_x(sum, controls);
}

/// One phase with controls: P(a) = exp(i a/2) RZ(a), and the factor is a phase on the controls.
void add_controlled_phase(GateBreakdown& sum, Angle angle, std::size_t controls) {
  add_controlled_rotation(sum, angle, controls);
  if (controls > 0) add_controlled_phase(sum, half(angle), controls - 1);
}

/// Any matrix on k qubits.
void add_dense(GateBreakdown& sum, double k) {
  if (k <= 1.0) return add_rotation(sum, kParameter, 3.0);
  const double cx = std::max(3.0, 23.0 / 48.0 * std::pow(4.0, k) - 1.5 * std::exp2(k) + 4.0 / 3.0);
  add_cx(sum, cx);
  add_rotation(sum, kParameter, cx);
}

std::size_t weight(std::string_view paulis) {
  return static_cast<std::size_t>(
      std::count_if(paulis.begin(), paulis.end(), [](char c) { return c != 'I'; }));
}

/// A rotation about a Pauli string of weight w, with controls on its one RZ.
void add_string(GateBreakdown& sum, Angle angle, std::size_t w, std::size_t controls) {
  if (w > 1) add_cx(sum, 2.0 * static_cast<double>(w - 1));
  add_controlled_rotation(sum, angle, controls);
}

}  // namespace

GateBreakdown break_down(const qsim::Circuit& circuit, const qsim::Operation& op) {
  GateBreakdown sum;
  const std::size_t controls = op.controls;
  const auto params = circuit.params(op);
  const auto angle = [&](std::size_t k) { return angle_of(params[k]); };
  switch (op.gate) {
    case Gate::id:
      return sum;
    case Gate::x:
      add_controlled_x(sum, controls);
      return sum;
    case Gate::y:
    case Gate::z:
      // A Clifford around a controlled X.
      if (controls > 0) sum.gates_1q += 2.0;
      add_controlled_x(sum, controls);
      return sum;
    case Gate::h:
      // H = RY(pi/4) Z RY(-pi/4).
      if (controls == 0) {
        sum.gates_1q += 1.0;
      } else {
        add_rotation(sum, 1.0, 2.0);
        add_controlled_x(sum, controls);
      }
      return sum;
    case Gate::s:
    case Gate::sdg:
    case Gate::sx:
    case Gate::sxdg:
      // SX is a phase of pi/2 in the basis of X.
      add_controlled_phase(sum, 2.0, controls);
      return sum;
    case Gate::t:
    case Gate::tdg:
      add_controlled_phase(sum, 1.0, controls);
      return sum;
    case Gate::p:
      add_controlled_phase(sum, angle(0), controls);
      return sum;
    case Gate::rx:
    case Gate::ry:
    case Gate::rz:
      add_controlled_rotation(sum, angle(0), controls);
      return sum;
    case Gate::u:
      // RZ(phi) RY(theta) RZ(lambda), and the phase by which it differs from that.
      for (std::size_t k = 0; k < 3; ++k) add_controlled_rotation(sum, angle(k), controls);
      if (controls > 0) {
        add_controlled_phase(sum, half(sum_of(angle(1), angle(2))), controls - 1);
      }
      return sum;
    case Gate::swap:
      add_cx(sum, 2.0);
      add_controlled_x(sum, controls + 1);
      return sum;
    case Gate::iswap:
      add_cx(sum, 2.0);
      sum.gates_1q += 4.0;
      if (controls > 0) add_dense(sum, static_cast<double>(controls + 2));
      return sum;
    case Gate::rxx:
    case Gate::ryy:
    case Gate::rzz:
      if (op.gate != Gate::rzz) sum.gates_1q += 4.0;
      add_string(sum, angle(0), 2, controls);
      return sum;
    case Gate::fsim:
      sum.gates_1q += 8.0;
      add_string(sum, angle(0), 2, controls);
      add_string(sum, angle(0), 2, controls);
      add_controlled_phase(sum, angle(1), controls + 1);
      return sum;
    case Gate::pauli_rotation:
      add_string(sum, angle(0), weight(circuit.paulis(op)), controls);
      return sum;
    case Gate::unitary:
    case Gate::diagonal:
      add_dense(sum, static_cast<double>(op.targets + controls));
      return sum;
    case Gate::permutation:
      // One multi-controlled X for each moved entry.
      for (std::uint32_t k = 0; k < circuit.table(op).size(); ++k) {
        if (circuit.table(op)[k] != k) add_controlled_x(sum, op.targets + controls - 1U);
      }
      return sum;
    case Gate::global_phase:
      if (controls > 0) add_controlled_phase(sum, angle(0), controls - 1);
      return sum;
  }
  throw Error(ErrorCode::bug, "a gate without a cost");
}

CircuitCounts count_circuit(const qsim::Circuit& circuit) {
  CircuitCounts counts;
  counts.parameters = static_cast<double>(circuit.parameter_names().size());
  struct Clock {
    double all = 0;
    double two = 0;
    double rotation = 0;
  };
  std::vector<Clock> clocks(circuit.qubits());
  for (const qsim::Operation& op : circuit.operations()) {
    const GateBreakdown gate = break_down(circuit, op);
    counts.gates_1q += gate.gates_1q;
    counts.gates_2q += gate.gates_2q;
    counts.rotations += gate.rotations;
    counts.t_gates += gate.t_gates;
    // T gates inside a Toffoli are counted with it.
    counts.toffolis += gate.toffolis;
    std::vector<qsim::Qubit> on(circuit.targets(op).begin(), circuit.targets(op).end());
    for (const qsim::Control& c : circuit.controls(op)) on.push_back(c.qubit);
    if (on.empty()) continue;
    Clock latest;
    for (const qsim::Qubit q : on) {
      latest.all = std::max(latest.all, clocks[q].all);
      latest.two = std::max(latest.two, clocks[q].two);
      latest.rotation = std::max(latest.rotation, clocks[q].rotation);
    }
    latest.two += gate.gates_2q;
    latest.all += std::max(gate.gates_2q, 1.0);
    if (gate.rotations > 0) latest.rotation += 1.0;
    for (const qsim::Qubit q : on) clocks[q] = latest;
  }
  for (const Clock& clock : clocks) {
    // A qubit that no gate touches stays |0>: no machine has to hold or read it.
    if (clock.all > 0) counts.qubits += 1;
    counts.depth = std::max(counts.depth, clock.all);
    counts.depth_2q = std::max(counts.depth_2q, clock.two);
    counts.rotation_depth = std::max(counts.rotation_depth, clock.rotation);
  }
  // A circuit without gates still takes a qubit to run on.
  if (circuit.qubits() > 0) counts.qubits = std::max(counts.qubits, 1.0);
  counts.measurements = counts.qubits;
  return counts;
}

CircuitCounts count_circuit(const qsim::Program& program) {
  const qsim::Circuit gates = qsim::all_gates(program);
  CircuitCounts counts = count_circuit(gates);
  std::vector<bool> used = qsim::touched_qubits(gates);
  double measurements = 0;
  for (const qsim::Instruction& instruction : program.instructions) {
    if (instruction.kind != qsim::Instruction::Kind::measure) continue;
    measurements += 1;
    used[instruction.a] = true;
  }
  if (measurements > 0) {
    counts.measurements = measurements;
    counts.qubits = static_cast<double>(std::count(used.begin(), used.end(), true));
  }
  return counts;
}

}  // namespace qross::cost
