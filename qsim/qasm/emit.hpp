// SPDX-License-Identifier: Apache-2.0
// Builds a Program: collects consecutive gates in one Circuit, closes it at measurements, resets
// and jumps, and gives all circuits the final number of qubits. Knows nothing of the language;
// assumes checked operands.
#pragma once

#include <cstdint>
#include <span>

#include "qsim/circuit/program.hpp"
#include "qsim/qasm/gates2.hpp"

namespace qross::qsim::qasm {

class Emitter {
 public:
  /// Appends a register and returns its first qubit (or bit).
  std::uint32_t add_register(bool quantum, std::string_view name, std::uint32_t size);

  /// One native operation on the call's operands and parameters.
  void gate(const NativeStep& step, std::span<const Qubit> qubits,
            std::span<const double> parameters);
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
  void push(Instruction::Kind kind, std::uint32_t a, std::uint32_t b);

  Program program_;
  bool circuit_open_ = false;
  std::size_t jump_ = 0;  // the open conditional's instruction
};

}  // namespace qross::qsim::qasm
