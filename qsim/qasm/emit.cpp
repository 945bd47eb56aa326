// SPDX-License-Identifier: Apache-2.0
// Program building. Registers may follow gates, so circuits are widened at the end.
#include "qsim/qasm/emit.hpp"

#include <array>
#include <string>
#include <type_traits>
#include <utility>

namespace qross::qsim::qasm {

std::uint32_t Emitter::add_register(bool quantum, std::string_view name, std::uint32_t size) {
  std::uint32_t& total = quantum ? program_.qubits : program_.bits;
  auto& registers = quantum ? program_.qubit_registers : program_.bit_registers;
  const std::uint32_t first = total;
  registers.push_back({std::string(name), first, size});
  total += size;
  if (quantum && circuit_open_) program_.circuits.back().widen(program_.qubits);
  return first;
}

Circuit& Emitter::circuit() {
  if (!circuit_open_) {
    push(Instruction::Kind::gates, static_cast<std::uint32_t>(program_.circuits.size()), 0);
    program_.circuits.emplace_back(program_.qubits);
    circuit_open_ = true;
  }
  return program_.circuits.back();
}

void Emitter::push(Instruction::Kind kind, std::uint32_t a, std::uint32_t b) {
  program_.instructions.push_back({kind, a, b});
  circuit_open_ = false;
}

std::uint32_t Emitter::parameter(std::string_view name) {
  const auto next = static_cast<std::uint32_t>(names_.size());
  const auto [at, fresh] = slots_.try_emplace(std::string(name), next);
  if (fresh) names_.emplace_back(name);
  return at->second;
}

template <class Value>
void Emitter::emit(const NativeStep& step, std::span<const Qubit> qubits,
                   std::span<const Value> parameters) {
  std::array<Qubit, 2> targets{};
  std::array<Control, 4> controls{};
  std::array<Param, 3> angles;
  for (std::size_t i = 0; i < step.target_count; ++i) targets[i] = qubits[step.targets[i]];
  for (std::size_t i = 0; i < step.control_count; ++i) {
    controls[i] = {qubits[step.controls[i]], (step.negative >> i & 1U) != 0};
  }
  for (std::size_t i = 0; i < step.angle_count; ++i) {
    const NativeAngle& angle = step.angles[i];
    if (angle.parameter < 0) {
      angles[i] = Param(angle.offset);
      continue;
    }
    const Value& value = parameters[static_cast<std::size_t>(angle.parameter)];
    // The common case keeps the file's number exactly, -0.0 and all.
    const bool plain = angle.scale == 1.0 && angle.offset == 0.0;
    angles[i] = plain ? Param(value) : Param(angle.offset + angle.scale * value);
  }
  Circuit& own = circuit();
  if constexpr (std::is_same_v<Value, Param>) own.name_parameters(names_);
  const std::span target_span(targets.data(), step.target_count);
  const std::span control_span(controls.data(), step.control_count);
  if (step.gate == Gate::pauli_rotation) {
    own.pauli_rotation(step.paulis, target_span, angles[0], control_span);
  } else {
    own.apply(step.gate, target_span, std::span(angles.data(), step.angle_count), control_span);
  }
}

void Emitter::gate(const NativeStep& step, std::span<const Qubit> qubits,
                   std::span<const double> parameters) {
  emit(step, qubits, parameters);
}

void Emitter::gate(const NativeStep& step, std::span<const Qubit> qubits,
                   std::span<const Param> parameters) {
  emit(step, qubits, parameters);
}

void Emitter::measure(Qubit qubit, std::uint32_t bit) {
  push(Instruction::Kind::measure, qubit, bit);
}

void Emitter::reset(Qubit qubit) { push(Instruction::Kind::reset, qubit, 0); }

std::uint32_t Emitter::add_condition(Condition condition) {
  program_.conditions.push_back(std::move(condition));
  return static_cast<std::uint32_t>(program_.conditions.size() - 1);
}

void Emitter::begin_conditional(std::uint32_t condition) {
  jump_ = program_.instructions.size();
  push(Instruction::Kind::jump_unless, condition, 0);
}

void Emitter::end_conditional() {
  if (program_.instructions.size() == jump_ + 1) {
    program_.instructions.pop_back();  // nothing was emitted: nothing to jump over
  } else {
    program_.instructions[jump_].b = static_cast<std::uint32_t>(program_.instructions.size());
  }
  circuit_open_ = false;
}

Program Emitter::finish() {
  for (Circuit& circuit : program_.circuits) circuit.widen(program_.qubits);
  circuit_open_ = false;
  names_.clear();
  slots_.clear();
  return std::exchange(program_, {});
}

}  // namespace qross::qsim::qasm
