// SPDX-License-Identifier: Apache-2.0
// The program builder by itself: circuits, jumps, registers that come late.
#include "qsim/qasm/emit.hpp"

#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

namespace {

constexpr std::span<const double> kNone;

const qasm::NativeStep& step_of(std::string_view name) {
  for (const qasm::LibraryGate& gate : qasm::library_gates()) {
    if (gate.name == name) return gate.steps[0];
  }
  FAIL("no such gate");
  return qasm::library_gates()[0].steps[0];
}

}  // namespace

TEST_CASE("consecutive gates share a circuit; measure, reset and jumps close it") {
  qasm::Emitter emitter;
  CHECK(emitter.add_register(true, "q", 2) == 0);
  CHECK(emitter.add_register(false, "c", 3) == 0);
  emitter.gate(step_of("h"), std::vector<Qubit>{0}, kNone);
  emitter.gate(step_of("cx"), std::vector<Qubit>{0, 1}, kNone);
  emitter.measure(1, 2);
  const std::uint32_t condition = emitter.add_condition({0, {true, false, false}, false});
  emitter.begin_conditional(condition);
  emitter.gate(step_of("rx"), std::vector<Qubit>{1}, std::vector<double>{0.25});
  emitter.end_conditional();
  emitter.gate(step_of("x"), std::vector<Qubit>{0}, kNone);
  emitter.reset(0);
  CHECK(emitter.add_register(true, "late", 3) == 2);
  CHECK(emitter.add_register(false, "d", 1) == 3);
  emitter.gate(step_of("x"), std::vector<Qubit>{4}, kNone);
  const Program program = emitter.finish();
  CHECK(describe(program) == "{h(0) x(1|0)} M1>2 J0>4 {rx(1)<0.25>} {x(0)} R0 {x(4)}");
  CHECK(program.qubits == 5);
  CHECK(program.bits == 4);
  for (const Circuit& circuit : program.circuits) CHECK(circuit.qubits() == 5);
  REQUIRE(program.qubit_registers.size() == 2);
  CHECK(program.qubit_registers[1].name == "late");
  CHECK(program.qubit_registers[1].first == 2);
  CHECK(program.bit_registers[1].first == 3);
  CHECK(emitter.qubits() == 0);
}

TEST_CASE("a conditional that emits nothing leaves no jump") {
  qasm::Emitter emitter;
  emitter.add_register(true, "q", 1);
  emitter.begin_conditional(emitter.add_condition({}));
  emitter.end_conditional();
  CHECK(emitter.finish().instructions.empty());
}
