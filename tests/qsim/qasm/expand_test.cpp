// SPDX-License-Identifier: Apache-2.0
// Bodies of gates: passing operands and angles down, tracing bad angles, depth.
#include "qsim/qasm/expand.hpp"

#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

TEST_CASE("bodies: operands and angles are passed down") {
  CHECK(run("gate inner(a,b) x,y { rz(a-b) y; cx y,x; }\n"
            "gate outer(t) p,q,r { inner(t,1) r,p; inner(2*t,t) q,r; }\n"
            "qreg q[3]; outer(4) q[2],q[1],q[0];") == "{rz(2)<3> x(0|2) rz(0)<4> x(1|0)}");
  CHECK(run("gate none a { } gate lone a { barrier a; none a; } qreg q[1]; lone q[0]; x q[0];") ==
        "{x(0)}");
  CHECK(run("gate none a { } qreg q[1]; none q[0];").empty());
  CHECK(run("gate g() a { U(0,0,1) a; CX a,a2; } ") == "Q2302@3:31");
  CHECK(run("gate e a,b { ecr a,b; } qreg q[2]; e q[1],q[0];") ==
        "{pauli_rotation(1,0)<1.5708> x(1)}");
}

TEST_CASE("a gate called before a redefinition keeps its meaning") {
  CHECK(run("gate mine a { sx a; } gate sx a { x a; } qreg q[1]; mine q[0]; sx q[0];") ==
        "{sx(0) x(0)}");
}

TEST_CASE("angles that are not finite inside bodies are traced") {
  const auto result = qasm::parse(
      kHead +
          "gate inner(a) x { rz(1/a) x; }\ngate outer(a) x { inner(a-1) x; }\nqreg q[1];\n"
          "outer(2) q[0];\nouter(1) q[0];\n",
      "t");
  CHECK(codes(result) == "Q2401@3:22");
  const auto& d = result.diagnostics.at(0);
  CHECK(d.message == "this angle is not finite: 1 is divided by zero (in 'inner' called with 0)");
  REQUIRE(d.notes.size() == 2);
  CHECK(d.notes[0].line == 4);
  CHECK(d.notes[1].line == 7);
}

TEST_CASE("a chain of 100,000 gates needs no stack") {
  std::string body = "gate g0 a { x a; }\n";
  for (int k = 1; k < 100'000; ++k) body += fmt::format("gate g{} a {{ g{} a; }}\n", k, k - 1);
  CHECK(run(body + "qreg q[1]; g99999 q[0];") == "{x(0)}");
}
