// SPDX-License-Identifier: Apache-2.0
// One walk backwards over the instructions finds the final measurements: with the qubits that are
// touched later and the bits that are read later. One walk forward makes the circuit.
#include "qsim/run/straight.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

bool angles_are_zero(const Circuit& circuit, const Operation& op) {
  const auto angles = circuit.params(op);
  return std::all_of(angles.begin(), angles.end(), [](const Param& angle) {
    return angle.is_constant() && angle.evaluate() == 0.0;
  });
}

/// Whether a row-major matrix of `rows` rows, or the diagonal of one, is exactly the identity.
bool entries_are_identity(std::span<const Complex> entries, std::size_t rows) {
  const bool diagonal = entries.size() == rows;
  for (std::size_t at = 0; at < entries.size(); ++at) {
    const bool one = diagonal || at / rows == at % rows;
    if (entries[at] != Complex(one ? 1.0 : 0.0)) return false;
  }
  return true;
}

/// A condition compares a whole register, also one that can never hold.
void mark_read(const Program& program, const Condition& condition, std::vector<bool>& read) {
  const auto mark = [&](std::uint32_t first, std::size_t size) {
    for (std::size_t k = 0; k < size; ++k) read[first + k] = true;
  };
  mark(condition.first_bit, condition.value.size());
  for (const Register& r : program.bit_registers) {
    if (r.first == condition.first_bit) mark(r.first, r.size);
  }
}

}  // namespace

bool is_identity(const Circuit& circuit, const Operation& op) {
  switch (op.gate) {
    case Gate::id:
      return true;
    case Gate::rx:
    case Gate::ry:
    case Gate::rz:
    case Gate::p:
    case Gate::u:
    case Gate::rxx:
    case Gate::ryy:
    case Gate::rzz:
    case Gate::fsim:
    case Gate::pauli_rotation:
    case Gate::global_phase:
      return angles_are_zero(circuit, op);
    case Gate::unitary:
    case Gate::diagonal:
      return entries_are_identity(circuit.matrix(op), std::size_t{1} << op.targets);
    case Gate::permutation: {
      const auto table = circuit.table(op);
      for (std::size_t k = 0; k < table.size(); ++k) {
        if (table[k] != k) return false;
      }
      return true;
    }
    case Gate::x:
    case Gate::y:
    case Gate::z:
    case Gate::h:
    case Gate::s:
    case Gate::sdg:
    case Gate::t:
    case Gate::tdg:
    case Gate::sx:
    case Gate::sxdg:
    case Gate::swap:
    case Gate::iswap:
      return false;
  }
  throw Error(ErrorCode::bug, "a gate that is_identity() does not know");
}

std::vector<bool> touched_qubits(const Circuit& circuit) {
  std::vector<bool> touched(circuit.qubits(), false);
  for (const Operation& op : circuit.operations()) {
    if (is_identity(circuit, op)) continue;
    for (const Qubit q : circuit.targets(op)) touched[q] = true;
    for (const Control& c : circuit.controls(op)) touched[c.qubit] = true;
  }
  return touched;
}

std::vector<bool> final_measurements(const Program& program) {
  std::vector<bool> final(program.instructions.size(), false);
  std::vector<bool> touched(program.qubits, false);
  std::vector<bool> read(program.bits, false);
  for (std::size_t at = program.instructions.size(); at-- > 0;) {
    const Instruction& instruction = program.instructions[at];
    switch (instruction.kind) {
      case Instruction::Kind::gates: {
        const std::vector<bool> here = touched_qubits(program.circuits[instruction.a]);
        for (Qubit q = 0; q < here.size(); ++q) {
          if (here[q]) touched[q] = true;
        }
        break;
      }
      case Instruction::Kind::measure:
        final[at] = !touched[instruction.a] && !read[instruction.b];
        touched[instruction.a] = true;
        break;
      case Instruction::Kind::reset:
        touched[instruction.a] = true;
        break;
      case Instruction::Kind::jump_unless: {
        if (instruction.b <= at) {
          throw Error(ErrorCode::bug, "a program jumps back, so 'after' has no one meaning");
        }
        mark_read(program, program.conditions[instruction.a], read);
        break;
      }
    }
  }
  return final;
}

std::vector<Measured> measurements_of(const Program& program) {
  const std::vector<bool> final = final_measurements(program);
  std::vector<Measured> list;
  std::set<std::tuple<Qubit, std::uint32_t, bool>> seen;
  std::size_t skipped_until = 0;  // instructions before it run in some shots only
  for (std::size_t at = 0; at < program.instructions.size(); ++at) {
    const Instruction& instruction = program.instructions[at];
    if (instruction.kind == Instruction::Kind::jump_unless) {
      skipped_until = std::max<std::size_t>(skipped_until, instruction.b);
    }
    if (instruction.kind != Instruction::Kind::measure) continue;
    const Measured entry{instruction.a, instruction.b, final[at] && at >= skipped_until};
    if (seen.insert({entry.qubit, entry.bit, entry.final}).second) list.push_back(entry);
  }
  return list;
}

Circuit all_gates(const Program& program) {
  Circuit circuit(program.qubits);
  for (const Circuit& part : program.circuits) circuit.append(part);
  return circuit;
}

namespace {

/// Goes through a program as straight_line() does and says why it stops, or nothing. `straight`, if
/// given, becomes what was met until then.
std::string walk(const Program& program, bool from_zero, Straight* straight) {
  const std::vector<bool> final = final_measurements(program);
  const std::vector<Register> qubits = qubit_registers(program);
  if (straight != nullptr) straight->circuit = Circuit(program.qubits);
  std::vector<bool> used(program.qubits, false);
  for (std::size_t at = 0; at < program.instructions.size(); ++at) {
    const Instruction& instruction = program.instructions[at];
    switch (instruction.kind) {
      case Instruction::Kind::gates: {
        const Circuit& circuit = program.circuits[instruction.a];
        const std::vector<bool> touched = touched_qubits(circuit);
        for (Qubit q = 0; q < touched.size(); ++q) {
          if (touched[q]) used[q] = true;
        }
        if (straight != nullptr) straight->circuit.append(circuit);
        break;
      }
      case Instruction::Kind::measure:
        if (!final[at]) {
          return fmt::format(
              "the measurement of {} into {} is not final (the qubit is used "
              "again, or the bit is read)",
              name_in(qubits, instruction.a), name_in(program.bit_registers, instruction.b));
        }
        if (straight != nullptr) {
          straight->measurements.emplace_back(instruction.a, instruction.b);
        }
        break;
      case Instruction::Kind::reset:
        if (used[instruction.a] || !from_zero) {
          return fmt::format("{} is reset after it may have left |0>",
                             name_in(qubits, instruction.a));
        }
        break;
      case Instruction::Kind::jump_unless:
        return fmt::format(
            "what runs depends on {}",
            name_in(program.bit_registers, program.conditions[instruction.a].first_bit));
    }
  }
  return {};
}

}  // namespace

std::optional<Straight> straight_line(const Program& program, bool from_zero) {
  Straight straight;
  if (!walk(program, from_zero, &straight).empty()) return std::nullopt;
  return straight;
}

std::string why_not_straight(const Program& program, bool from_zero) {
  return walk(program, from_zero, nullptr);
}

std::string name_in(const std::vector<Register>& registers, std::uint32_t index) {
  for (const Register& r : registers) {
    if (index >= r.first && index - r.first < r.size) {
      return fmt::format("{}[{}]", r.name, index - r.first);
    }
  }
  return fmt::format("bit {}", index);
}

std::vector<Register> qubit_registers(const Program& program) {
  std::uint32_t covered = 0;
  for (const Register& r : program.qubit_registers) {
    if (r.first != covered) return {{"q", 0, program.qubits}};
    covered += r.size;
  }
  if (covered != program.qubits || covered == 0) return {{"q", 0, program.qubits}};
  return program.qubit_registers;
}

}  // namespace qross::qsim
