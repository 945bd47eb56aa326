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

TEST_CASE("a reset counts where the program does not start from |0..0>") {
  const std::string text =
      "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[1]; creg c[1]; reset q[0]; measure q -> c;";
  const Program program = qasm::load(text, "test.qasm");
  CHECK(straight_line(program));
  CHECK_FALSE(straight_line(program, false));
}
