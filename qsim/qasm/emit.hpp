// SPDX-License-Identifier: Apache-2.0
// Builds a Program: collects consecutive gates in one Circuit, closes it at measurements, resets
// and jumps, and gives all circuits the final number of qubits. Knows nothing of the language;
// assumes checked operands.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "qsim/circuit/program.hpp"
#include "qsim/qasm/gates2.hpp"

namespace qross::qsim::qasm {

class Emitter {
 public:
  /// Appends a register and returns its first qubit (or bit).
  std::uint32_t add_register(bool quantum, std::string_view name, std::uint32_t size);

  /// One native operation on the call's operands and parameters: numbers, or expressions over the
  /// slots that parameter() gave.
  void gate(const NativeStep& step, std::span<const Qubit> qubits,
            std::span<const double> parameters);
  void gate(const NativeStep& step, std::span<const Qubit> qubits,
            std::span<const Param> parameters);
  /// The parameter of that name as a slot, the same in all circuits of the program.
  std::uint32_t parameter(std::string_view name);
  [[nodiscard]] std::size_t parameters() const { return names_.size(); }
  void measure(Qubit qubit, std::uint32_t bit);
  void reset(Qubit qubit);

  /// Adds a condition and returns its number.
  std::uint32_t add_condition(Condition condition);
  /// What is emitted until end_conditional() runs only if the condition holds on entry.
  void begin_conditional(std::uint32_t condition);
  void end_conditional();

  [[nodiscard]] Qubit qubits() const { return program_.qubits; }
  [[nodiscard]] std::uint32_t bits() const { return program_.bits; }
  /// The finished program; the emitter is empty afterwards.
  [[nodiscard]] Program finish();

 private:
  Circuit& circuit();
  template <class Value>
  void emit(const NativeStep& step, std::span<const Qubit> qubits,
            std::span<const Value> parameters);
  void push(Instruction::Kind kind, std::uint32_t a, std::uint32_t b);

  Program program_;
  bool circuit_open_ = false;
  std::size_t jump_ = 0;  // the open conditional's instruction
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> slots_;
};

}  // namespace qross::qsim::qasm
