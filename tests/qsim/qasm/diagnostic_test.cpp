// SPDX-License-Identifier: Apache-2.0
// Order, limits and the printed form of diagnostics.
#include "qsim/qasm/diagnostic.hpp"

#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

TEST_CASE("the printed form") {
  const auto result = qasm::parse(kHead + "qreg q[3];\n\th q[5];\n", "dir/a.qasm");
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(qasm::format(result.diagnostics[0]) ==
        "error[Q2307]: index 5 is out of range: register q has 3\n"
        "  --> dir/a.qasm:4:6\n"
        "   |\n"
        " 4 | \th q[5];\n"
        "   | \t    ^\n"
        "   = note: 'q' is declared here (dir/a.qasm:3:6)\n"
        "   = help: indices count from 0 to 2\n");
}

TEST_CASE("diagnostics come in order of place, errors before warnings when there are too many") {
  CHECK(codes("x q[0];\nqreg q[1];\ny p[0];\n") == "?Q2601@1:1 Q2312@1:3 Q2302@3:3");

  std::string body = "qreg q[1]; creg c[1];\n";
  for (int k = 0; k < 30; ++k) body += "if(c==5) x q[0];\n";  // one warning: one condition
  for (int k = 0; k < 30; ++k) body += fmt::format("if(c=={}) x q[0];\n", k + 10);
  auto result = qasm::parse(kHead + body, "w");
  CHECK(result.program);
  CHECK(result.diagnostics.size() == 20);
  CHECK(result.suppressed == 11);
  for (int k = 0; k < 25; ++k) body += "x q[1];\n";
  result = qasm::parse(kHead + body, "w");
  CHECK(result.diagnostics.size() == 20);
  CHECK(result.suppressed == 31 + 5);
  CHECK(result.suppressed_errors == 5);
  for (const auto& d : result.diagnostics) CHECK(d.severity == qasm::Severity::error);
  CHECK(qasm::format_errors(result).ends_with("\nand 5 more\n"));
}

TEST_CASE("codes are stable") {
  CHECK(qasm::code_name(qasm::Code::bad_character) == "Q2001");
  CHECK(qasm::code_name(qasm::Code::unknown_gate) == "Q2301");
  CHECK(qasm::code_name(qasm::Code::too_many_operations) == "Q2501");
  CHECK(qasm::code_name(qasm::Code::conditional_barrier) == "Q2604");
}

TEST_CASE("a limit of zero keeps nothing and counts all") {
  qasm::Options options;
  options.limits.diagnostics = 0;
  const auto result = qasm::parse("x q; y r;", "t", options);
  CHECK_FALSE(result.program);
  CHECK(result.diagnostics.empty());
  CHECK(result.suppressed == 3);
}
