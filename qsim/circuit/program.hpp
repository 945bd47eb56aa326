// SPDX-License-Identifier: Apache-2.0
// Program: what a circuit file means. Instructions run in order; straight stretches of gates are
// Circuits, between them stand measurements, resets and jumps on classical bits. A plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "qsim/circuit/circuit.hpp"

namespace qross::qsim {

/// A named run of qubits or classical bits.
struct Register {
  std::string name;
  std::uint32_t first = 0;
  std::uint32_t size = 0;
};

/// True where the `value.size()` classical bits from `first_bit` on equal `value`
/// (value[0] is the least significant bit) and, for values wider than the register, never.
struct Condition {
  std::uint32_t first_bit = 0;
  std::vector<bool> value;
  bool never = false;
};

struct Instruction {
  enum class Kind : std::uint8_t {
    gates,        ///< run circuits[a]
    measure,      ///< measure qubit a into classical bit b
    reset,        ///< put qubit a into |0>
    jump_unless,  ///< go to instruction b unless conditions[a] holds
  };
  Kind kind = Kind::gates;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

struct Program {
  Qubit qubits = 0;
  std::uint32_t bits = 0;
  std::vector<Register> qubit_registers;
  std::vector<Register> bit_registers;
  std::vector<Circuit> circuits;
  std::vector<Condition> conditions;
  std::vector<Instruction> instructions;
};

}  // namespace qross::qsim
