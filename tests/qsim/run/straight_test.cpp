// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/straight.hpp"

#include <doctest/doctest.h>

#include "qsim/qasm/qasm.hpp"

using namespace qross::qsim;

namespace {

std::optional<Straight> straight(const char* body) {
  const std::string text =
      std::string("OPENQASM 2.0; include \"qelib1.inc\"; qreg q[3]; creg c[3];") + body;
  return straight_line(qasm::load(text, "test.qasm"));
}

}  // namespace

TEST_CASE("measurements that can wait are deferred") {
  const auto result =
      straight("h q[0]; measure q[0] -> c[2]; cx q[1], q[2]; measure q[1] -> c[0];");
  REQUIRE(result);
  CHECK(result->circuit.size() == 2);
  CHECK(result->measurements == std::vector<std::pair<Qubit, std::uint32_t>>{{0, 2}, {1, 0}});
  CHECK_FALSE(straight("measure q[0] -> c[0]; measure q[0] -> c[1];"));
}

TEST_CASE("a reset of an untouched qubit is nothing") {
  CHECK(straight("reset q[0]; h q[0]; measure q -> c;"));
}

TEST_CASE("what cannot be deferred is not") {
  CHECK_FALSE(straight("h q[0]; measure q[0] -> c[0]; x q[0];"));
  CHECK_FALSE(straight("h q[0]; measure q[0] -> c[0]; cx q[0], q[1];"));
  CHECK_FALSE(straight("h q[0]; reset q[0];"));
  CHECK_FALSE(straight("measure q[0] -> c[0]; if (c == 1) x q[1];"));
}

namespace {

Program program(const char* body) {
  return qasm::load(
      std::string("OPENQASM 2.0; include \"qelib1.inc\"; qreg q[3]; creg c[3];") + body,
      "test.qasm");
}

/// Of the measurements in their order: final or not, as 1 or 0.
std::string finals(const char* body) {
  const Program p = program(body);
  const std::vector<bool> final = final_measurements(p);
  std::string text;
  for (std::size_t at = 0; at < final.size(); ++at) {
    if (p.instructions[at].kind == Instruction::Kind::measure) text += final[at] ? '1' : '0';
  }
  return text;
}

}  // namespace

TEST_CASE("fault_B2 final measurements: only barriers and identities may follow") {
  CHECK(finals("h q[0]; measure q[0] -> c[0];") == "1");
  CHECK(finals("measure q[0] -> c[0]; barrier q; id q[0]; barrier q[0]; u0(1) q[0];") == "1");
  CHECK(finals("measure q[0] -> c[0]; U(0,0,0) q[0]; rz(0) q[0]; cu1(0) q[0], q[1];") == "1");
  CHECK(finals("measure q[0] -> c[0]; h q[1]; cx q[1], q[2];") == "1");
  CHECK(finals("measure q[0] -> c[0]; z q[0]; z q[0];") == "0");
  CHECK(finals("measure q[0] -> c[0]; rz(2*pi) q[0]; rz(-2*pi) q[0];") == "0");
  CHECK(finals("measure q[0] -> c[0]; U(0,pi,-pi) q[0];") == "0");
  CHECK(finals("measure q[0] -> c[0]; cz q[0], q[1];") == "0");  // a control touches
  CHECK(finals("measure q[0] -> c[0]; reset q[0];") == "0");
  CHECK(finals("measure q[0] -> c[0]; measure q[0] -> c[1];") == "01");
  CHECK(finals("measure q[0] -> c[0]; measure q[1] -> c[0];") == "11");
}

TEST_CASE("fault_B2 final measurements: nothing may read the bit") {
  CHECK(finals("measure q[0] -> c[0]; if (c == 1) h q[1]; measure q[1] -> c[1];") == "01");
  CHECK(finals("measure q[0] -> c[0]; if (c == 9) h q[1];") == "0");  // it never holds, but reads
  CHECK(finals("creg d[1]; measure q[0] -> c[0]; if (d == 1) h q[1];") == "1");
  CHECK(finals("creg d[1]; if (d == 1) measure q[0] -> c[0];") == "1");
}

TEST_CASE("fault_B2 the reason why a program runs shot by shot is named") {
  const auto why = [](const char* body) { return why_not_straight(program(body)); };
  CHECK(why("measure q[1] -> c[2]; x q[1];").find("q[1] into c[2] is not final") !=
        std::string::npos);
  CHECK(why("h q[2]; reset q[2];") == "q[2] is reset after it may have left |0>");
  CHECK(why("if (c == 1) x q[0];").find("depends on c[0]") != std::string::npos);
  CHECK(why("h q[0]; measure q -> c;").empty());
}

TEST_CASE("fault_B3 the measurements of a program name qubit and bit") {
  using List = std::vector<Measured>;
  CHECK(measurements_of(program("x q[0]; measure q[0] -> c[2]; measure q[2] -> c[0];")) ==
        List{{0, 2, true}, {2, 0, true}});
  CHECK(measurements_of(program("measure q[0] -> c[1]; x q[0]; measure q[0] -> c[1];"
                                "measure q[0] -> c[1];")) == List{{0, 1, false}, {0, 1, true}});
  CHECK(measurements_of(program("creg d[1]; if (d == 1) measure q[0] -> c[0];")) ==
        List{{0, 0, false}});  // in some shots only
}

TEST_CASE("fault_B9 registers of qubits are those of the program") {
  const auto names = [](const Program& p) {
    std::string text;
    for (const Register& r : qubit_registers(p)) text += r.name + std::to_string(r.size) + " ";
    return text;
  };
  CHECK(names(qasm::load("OPENQASM 2.0; qreg alice[1]; qreg q[2];", "test.qasm")) == "alice1 q2 ");
  Program bare;
  bare.qubits = 4;
  CHECK(names(bare) == "q4 ");
  CHECK(name_in(program("").qubit_registers, 2) == "q[2]");
}

TEST_CASE("a reset counts where the program does not start from |0..0>") {
  const std::string text =
      "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[1]; creg c[1]; reset q[0]; measure q -> c;";
  const Program program = qasm::load(text, "test.qasm");
  CHECK(straight_line(program));
  CHECK_FALSE(straight_line(program, false));
}
