// SPDX-License-Identifier: Apache-2.0
// qelib1.inc of one's own: read by the rules of includes, named once where it differs.
#include "qsim/qasm/semantics2.hpp"
#include "tests/qsim/qasm/scratch.hpp"
#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

TEST_CASE("fault_B8 a qelib1.inc beside the file or below -I is read, and named where it differs") {
  const Scratch scratch;
  scratch.write("main.qasm", kHead + "qreg q[2]; h q[0]; cx q[0],q[1]; mine q[1]; sx q[0];");
  const std::string own = "gate h a { x a; }\ngate cx c,t { CX c,t; }\ngate mine a { h a; }\n";
  scratch.write("qelib1.inc", own);
  const auto result = qasm::parse_file(scratch.path() / "main.qasm");
  CHECK(codes(result) == "?Q2605@2:9");
  CHECK(result.diagnostics.at(0).message ==
        fmt::format("'{}' is read in place of the built-in qelib1.inc, and its bodies differ for: "
                    "h",
                    (scratch.path() / "qelib1.inc").string()));
  REQUIRE(result.program);
  CHECK(describe(*result.program) == "{x(0) x(1|0) x(1) sx(0)}");
  // Below -I it is found as well; beside the file it comes first.
  scratch.write("sub/main.qasm", kHead + "qreg q[1]; h q[0];");
  qasm::Options options;
  options.include_paths = {scratch.path()};
  const auto found = qasm::parse_file(scratch.path() / "sub" / "main.qasm", options);
  CHECK(codes(found) == "?Q2605@2:9");
  REQUIRE(found.program);
  CHECK(describe(*found.program) == "{x(0)}");
  CHECK(codes(qasm::parse_file(scratch.path() / "sub" / "main.qasm")).empty());
}

TEST_CASE("fault_B8 a copy of the usual qelib1.inc changes nothing and says nothing") {
  const Scratch scratch;
  scratch.write("main.qasm",
                kHead + "qreg q[3]; ccx q[0],q[1],q[2]; rz(0.5) q[0]; cu3(1,2,3) q[0],q[1];");
  scratch.write("qelib1.inc", R"(// a comment
gate h a { U(pi/2,0,pi) a; }
gate t a { U(0,0,pi/4) a; }
gate tdg a { U(0,0,-pi/4) a; }
gate cx c,t { CX c,t; }
gate u1(lambda) q { U(0,0,lambda) q; }
gate u3(theta,phi,lambda) q { U(theta,phi,lambda) q; }
gate rz(phi) a { u1(phi) a; }
gate ccx a,b,c { h c; cx b,c; tdg c; cx a,c; t c; cx b,c; tdg c; cx a,c; t b; t c; h c; cx a,b;
  t a; tdg b; cx a,b; }
gate cu3(theta,phi,lambda) c,t { u1((lambda+phi)/2) c; u1((lambda-phi)/2) t; cx c,t;
  u3(-theta/2,0,-(phi+lambda)/2) t; cx c,t; u3(theta/2,phi,0) t; }
)");
  const auto result = qasm::parse_file(scratch.path() / "main.qasm");
  CHECK(codes(result).empty());
  REQUIRE(result.program);
  CHECK(describe(*result.program) == "{x(2|0,1) rz(0)<0.5> u(1|0)<1><2><3>}");
}

TEST_CASE("fault_B8 the paper's cu3 is another gate, and strict mode takes every body as it is") {
  const Scratch scratch;
  scratch.write("main.qasm", kHead + "qreg q[2]; cu3(1,2,3) q[0],q[1];");
  scratch.write("qelib1.inc", R"(
gate cu3(theta,phi,lambda) c,t { U(0,0,(lambda-phi)/2) t; CX c,t;
  U(-theta/2,0,-(phi+lambda)/2) t; CX c,t; U(theta/2,phi,0) t; }
)");
  CHECK(codes(qasm::parse_file(scratch.path() / "main.qasm")) == "?Q2605@2:9");
  qasm::Options strict;
  strict.strict = true;
  const auto result = qasm::parse_file(scratch.path() / "main.qasm", strict);
  CHECK(codes(result).empty());
  REQUIRE(result.program);
  CHECK(result.program->circuits.at(0).size() == 5);
  scratch.write("main.qasm", kHead + "qreg q[2]; h q[0];");
  CHECK(codes(qasm::parse_file(scratch.path() / "main.qasm", strict)) == "Q2301@3:12");
}

TEST_CASE(
    "fault_B8 gates of other arities, parameters or sizes are never taken for built-in ones") {
  const Scratch scratch;
  scratch.write("main.qasm", kHead + "qreg q[2]; h q[0],q[1]; rx q[0];");
  scratch.write("qelib1.inc",
                "gate h a,b { CX a,b; }\ngate rx a { U(ln(-1),0,0) a; }\ngate ry(t) a { "
                "U(ln(t),0,0) a; }\n");
  CHECK(codes(qasm::parse_file(scratch.path() / "main.qasm")) == "?Q2605@2:9 Q2401@2:15");
  scratch.write("qelib1.inc", "gate h a,b { CX a,b; }\ngate ry(t) a { U(ln(t),0,0) a; }\n");
  scratch.write("main.qasm", kHead + "qreg q[2]; h q[0],q[1];");
  const auto result = qasm::parse_file(scratch.path() / "main.qasm");
  CHECK(codes(result) == "?Q2605@2:9");
  CHECK(result.diagnostics[0].message.ends_with(": h, ry"));
}
