// SPDX-License-Identifier: Apache-2.0
// One walk over the instructions with two sets: qubits touched by gates, qubits measured.
#include "qsim/run/straight.hpp"

namespace qross::qsim {

std::vector<bool> touched_qubits(const Circuit& circuit) {
  std::vector<bool> touched(circuit.qubits(), false);
  for (const Operation& op : circuit.operations()) {
    for (const Qubit q : circuit.targets(op)) touched[q] = true;
    for (const Control& c : circuit.controls(op)) touched[c.qubit] = true;
  }
  return touched;
}

Circuit all_gates(const Program& program) {
  Circuit circuit(program.qubits);
  for (const Circuit& part : program.circuits) circuit.append(part);
  return circuit;
}

std::optional<Straight> straight_line(const Program& program, bool from_zero) {
  Straight straight;
  straight.circuit = Circuit(program.qubits);
  std::vector<bool> used(program.qubits, false);
  std::vector<bool> measured(program.qubits, false);
  for (const Instruction& instruction : program.instructions) {
    switch (instruction.kind) {
      case Instruction::Kind::gates: {
        const Circuit& circuit = program.circuits[instruction.a];
        const std::vector<bool> touched = touched_qubits(circuit);
        for (Qubit q = 0; q < program.qubits; ++q) {
          if (touched[q] && measured[q]) return std::nullopt;
          if (touched[q]) used[q] = true;
        }
        straight.circuit.append(circuit);
        break;
      }
      case Instruction::Kind::measure:
        measured[instruction.a] = true;
        straight.measurements.emplace_back(instruction.a, instruction.b);
        break;
      case Instruction::Kind::reset:
        if (used[instruction.a] || !from_zero) return std::nullopt;
        break;
      case Instruction::Kind::jump_unless:
        return std::nullopt;
    }
  }
  return straight;
}

}  // namespace qross::qsim
