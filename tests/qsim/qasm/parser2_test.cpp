// SPDX-License-Identifier: Apache-2.0
// The grammar: each statement, each way to get it wrong with code and place, and where reading goes
// on. Positions count the two head lines of body_codes().
#include "qsim/qasm/parser2.hpp"

#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

TEST_CASE("the header") {
  CHECK(codes("OPENQASM 2.0;").empty());
  CHECK(codes("OPENQASM 2;").empty());
  CHECK(codes("// first\n\nOPENQASM 2.0;\n").empty());
  CHECK(codes("qreg q[1];").empty());
  CHECK(codes("OPENQASM 2.6;") == "Q2102@1:10");
  CHECK(codes("OPENQASM 1.0; nonsense !") == "Q2102@1:10");
  CHECK(codes("OPENQASM 3.0; qubit q;") == "Q2102@1:10");
  CHECK(codes("OPENQASM 3;") == "Q2102@1:10");
  CHECK(codes("OPENQASM 2.0") == "Q2202@1:13");
  CHECK(codes("OPENQASM;") == "Q2201@1:9");
  CHECK(codes("qreg q[1]; OPENQASM 2.0;") == "Q2103@1:12");
  const auto three = qasm::parse("OPENQASM 3.0;", "t");
  CHECK(three.diagnostics.at(0).message ==
        "OpenQASM 3.0 is not in this build, which reads version 2.0");
}

TEST_CASE("empty files, byte-order marks, line ends") {
  CHECK(codes("") == "Q2005@1:1");
  CHECK(codes("// only a comment") == "Q2005@1:18");
  CHECK(codes("\xEF\xBB\xBF"
              "OPENQASM 2.0;\r\nqreg q[1];\r\nU(0,0,0) q[1];") == "Q2307@3:12");
  CHECK(codes("\xEF\xBB\xBFx q[0];") == "?Q2601@1:1 Q2302@1:3");
  CHECK(codes("\xFF\xFEO\0P\0") == "Q2006@1:1");
  CHECK(codes(";;") == "");
}

TEST_CASE("registers") {
  CHECK(run("qreg q[2]; creg c[0]; qreg r[3]; x r[2]; x q[1];") == "{x(4) x(1)}");
  CHECK(body_codes("qreg q;") == "Q2201@3:7");
  CHECK(body_codes("qreg q[];") == "Q2201@3:8");
  CHECK(body_codes("qreg q[2.0];") == "Q2201@3:8");
  CHECK(body_codes("qreg q[-1];") == "Q2201@3:8");
  CHECK(body_codes("qreg q[2;\nx q[0];") == "Q2201@3:9");  // and no complaint about q
  CHECK(body_codes("qreg [2];") == "Q2201@3:6");
  CHECK(body_codes("qreg gate[2];") == "Q2201@3:6");
  CHECK(body_codes("qreg pi[2];") == "Q2314@3:6");
  CHECK(body_codes("qreg q[2]\nx q[0];") == "Q2202@3:10");
}

TEST_CASE("gate calls") {
  CHECK(run("qreg q[2]; rx(pi/2) q[1]; U(1,2,3) q[0]; CX q[0],q[1];") ==
        "{rx(1)<1.5708> u(0)<1><2><3> x(1|0)}");
  CHECK(run("qreg q[2]; x() q[1]; rx(1,) q[0]; cx q[0],q[1],;") == "{x(1) rx(0)<1> x(1|0)}");
  CHECK(body_codes("qreg q[2];\nx;") == "Q2201@4:2");
  CHECK(body_codes("qreg q[2];\nrx(1 q[0];") == "Q2207@4:5");
  CHECK(body_codes("qreg q[2];\nrx(1;2) q[0];\nx q[2];") == "Q2207@4:5 Q2201@4:6 Q2307@5:5");
  CHECK(body_codes("qreg q[2];\nx q[0;\nx q[5];") == "Q2201@4:6 Q2307@5:5");
  CHECK(body_codes("qreg q[2];\nx q[];") == "Q2201@4:5");
  CHECK(body_codes("qreg q[2];\nx q[a];") == "Q2201@4:5");
  CHECK(body_codes("qreg q[2];\nx q[0:1];") == "Q2201@4:6");
  CHECK(body_codes("qreg q[2];\ncx q[0] q[1];\nx q[5];") == "Q2201@4:8 Q2307@5:5");
  CHECK(body_codes("}") == "Q2201@3:1");
  CHECK(body_codes("= x;") == "Q2201@3:1");
}

TEST_CASE("a missing ';' is reported behind the token before, and nothing else is lost") {
  CHECK(body_codes("qreg q[2];\nh q[0]\ncx q[0],q[0];\nmeasure q -> d") ==
        "Q2202@4:7 Q2308@5:9 Q2302@6:14 Q2202@6:15");
  CHECK(body_codes("qreg q[2]; creg c[2]; measure q->c measure q->c;") == "Q2202@3:35");
  CHECK(body_codes("gate g a { x a }\nqreg q[1]; g q[0];") == "Q2202@3:15");
}

TEST_CASE("measure, reset, barrier") {
  CHECK(run("qreg q[2]; creg c[2]; measure q->c; reset q[1]; measure q[1] -> c[0];") ==
        "M0>0 M1>1 R1 M1>0");
  CHECK(run("qreg q[2]; x q[0]; barrier q[0],q; barrier q; barrier; x q[1];") == "{x(0) x(1)}");
  CHECK(body_codes("qreg q[1];\nmeasure q;") == "Q2201@4:10");
  CHECK(body_codes("qreg q[1];\nmeasure q -> ;") == "Q2201@4:14");
  CHECK(body_codes("qreg q[1];\nmeasure -> c;") == "Q2201@4:9");
  CHECK(body_codes("reset;") == "Q2201@3:6");
  CHECK(body_codes("qreg q[1];\nbarrier q[1];") == "Q2307@4:11");
}

TEST_CASE("if") {
  const std::string head = "qreg q[2]; creg c[2];\n";
  CHECK(run(head + "if(c==2) x q;") == "J0>2 {x(0) x(1)}");
  CHECK(run(head + "if(c==2) measure q->c; if(c==2) reset q[0]; x q[0];") ==
        "J0>3 M0>0 M1>1 J0>5 R0 {x(0)}");
  CHECK(run(head + "x q[0]; if(c==1) x q[0]; x q[0];") == "{x(0)} J0>3 {x(0)} {x(0)}");
  CHECK(body_codes(head + "if(c[0]==1) x q;") == "Q2204@4:5");
  CHECK(body_codes(head + "if(c=1) x q;") == "Q2204@4:5");
  CHECK(body_codes(head + "if(c) x q;") == "Q2204@4:5");
  CHECK(body_codes(head + "if(c>1) x q;") == "Q2204@4:5");
  CHECK(body_codes(head + "if(c!=1) x q;") == "Q2204@4:5");
  CHECK(body_codes(head + "if(c==1 && c==2) x q;") == "Q2204@4:9");
  CHECK(body_codes(head + "if c==1 x q;") == "Q2201@4:4");
  CHECK(body_codes(head + "if(1==c) x q;") == "Q2201@4:4");
  CHECK(body_codes(head + "if(c==-1) x q;") == "Q2201@4:7");
  CHECK(body_codes(head + "if(c==1.0) x q;") == "Q2201@4:7");
  CHECK(body_codes(head + "if(c==1) { x q; }\nx q[2];") == "Q2201@4:10 Q2307@5:5");
  CHECK(body_codes(head + "if(c==1) if(c==2) x q;") == "Q2201@4:10");
  CHECK(body_codes(head + "if(c==1)\nif(c==2) x q;") == "Q2201@5:1");
  CHECK(body_codes(head + "if(c==1) qreg r[1];") == "Q2201@4:10");
  CHECK(body_codes(head + "if(c==1);") == "Q2201@4:9");
}

TEST_CASE("gate definitions") {
  CHECK(body_codes("gate g a { } gate h2(t) a,b { barrier a,b; rx(t) a; } gate k() a { }").empty());
  CHECK(body_codes("gate g a { ; x a;; }").empty());
  CHECK(body_codes("gate g a { barrier; }").empty());
  CHECK(body_codes("gate g { }") == "Q2201@3:8");
  CHECK(body_codes("gate g a x a; }\nqreg q[1]; g q[0]; x q[1];") ==
        "Q2201@3:9 Q2201@3:15 "
        "Q2307@4:24");
  CHECK(body_codes("gate g(a { x a; h a; }\nqreg q[1]; g q[0];") == "Q2201@3:10");
  CHECK(body_codes("gate (a) b { x b; }\nqreg q[1]; x q[1];") == "Q2201@3:6 Q2307@4:16");
  CHECK(body_codes("gate g a { x a; qreg q[1];\nh b; }") == "Q2205@3:17 Q2302@4:3");
  CHECK(body_codes("creg c[1];\ngate g a { measure a -> c; reset a; if(c==1) x a; }") ==
        "Q2205@4:12 Q2205@4:28 Q2205@4:37");
  CHECK(body_codes("gate g a { x a;") == "Q2207@3:16");
  CHECK(body_codes("gate g a { gate k b { x b; } }") == "Q2205@3:12 Q2201@3:30");
  CHECK(body_codes("gate g a { include \"x\"; }") == "Q2205@3:12");
  CHECK(body_codes("gate g a { x a[0]; }") == "Q2307@3:16");
  CHECK(body_codes("gate g a { 3 a; x b; }") == "Q2201@3:12 Q2302@3:19");
  CHECK(body_codes("opaque o(a,b) x,y; opaque p x;").empty());
  CHECK(body_codes("opaque o(a) x { }") == "Q2202@3:14");
  CHECK(body_codes("opaque o;") == "Q2201@3:9");
}

TEST_CASE("lexical errors are reported once") {
  CHECK(body_codes("qreg q[1];\nrx(2\xCF\x80) q[0];\nrx(2pi) q[0];\nx q\xE2\x80\x9C[0];") ==
        "Q2001@4:5 Q2004@5:4 Q2001@6:4");
  CHECK(body_codes("include \"abc;\nqreg q[1];") == "Q2002@3:9");
}

TEST_CASE("OpenQASM 3 is named, and how to write it") {
  CHECK(body_codes("qubit[2] q;\nbit[2] c;\nh q[0];\nc = measure q;") ==
        "Q2110@3:1 Q2110@4:1 Q2110@6:1");
  CHECK(help("qubit[5] data;") == "in OpenQASM 2 write: qreg data[5];");
  CHECK(help("bit flag;") == "in OpenQASM 2 write: creg flag[1];");
  CHECK(body_codes("input float a;") == "Q2110@3:1");
  CHECK(body_codes("qreg q[2]; creg c[2];\nc[0] = measure q[0];") == "Q2110@4:1");
  CHECK(body_codes("qreg q[2];\nctrl @ x q[0],q[1];") == "Q2110@4:1");
  CHECK(body_codes("for int i in [0:3] { x q[i]; }\nx r;") == "Q2110@3:1 Q2302@4:3");
  CHECK(body_codes("qreg q[1]; creg c[1];\nif(c==1) { x q; } else { y q; }") ==
        "Q2201@4:10 Q2110@4:19");
  CHECK(body_codes("include \"stdgates.inc\";") == "Q2110@3:9");
  CHECK(body_codes("qreg q[1];\nrx(2**3) q[0];") == "Q2201@4:6");
  // The words are free names in version 2.
  CHECK(run("gate ctrl a { x a; } qreg bit[1]; creg int[1]; ctrl bit[0]; measure bit->int;") ==
        "{x(0)} M0>0");
}

TEST_CASE("strict mode is the language of the paper") {
  const std::string head = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";
  CHECK(codes(head + "qreg q[3]; creg c[3]; cu3(1,2,3) q[0],q[1]; measure q->c;", true).empty());
  CHECK(codes("qreg q[1];", true) == "Q2101@1:1");
  CHECK(codes("OPENQASM 2;", true) == "Q2102@1:10");
  CHECK(codes(head + "qreg q[2]; swap q[0],q[1];", true) == "Q2301@3:12");
  CHECK(codes("OPENQASM 2.0; qreg q[1]; h q[0];", true) == "Q2301@1:26");
  CHECK(codes("OPENQASM 2.0; qreg q[2]; U(0,0,0) q[0]; CX q[0],q[1];", true).empty());
  CHECK(codes("OPENQASM 2.0; /* c */ qreg q[1];", true) == "Q2206@1:15");
  CHECK(codes("OPENQASM 2.0; creg c[0];", true).empty());
  CHECK(codes("OPENQASM 2.0; qreg Q[1];", true) == "Q2206@1:20");
  CHECK(codes("OPENQASM 2.0; qreg q[2]; CX q[0],q[1],;", true) == "Q2206@1:39");
  CHECK(codes("OPENQASM 2.0;;", true) == "Q2206@1:14");
  CHECK(codes("OPENQASM 2.0; qreg q[1]; barrier;", true) == "Q2201@1:33");
  CHECK(codes("OPENQASM 2.0; qreg q[1]; creg c[1]; if(c==1) barrier q;", true) == "Q2206@1:46");
  CHECK(codes(head + "gate h a { U(0,0,0) a; }", true) == "Q2303@3:6");
  CHECK(codes(head + "gate swap a,b { cx a,b; } qreg q[2]; swap q[0],q[1];", true).empty());
  CHECK(codes(head + "qreg h[1]; h h[0]; gate g a { x a; } creg g[1];", true).empty());
}

TEST_CASE("recovery: one bad statement hides no other") {
  CHECK(body_codes("qreg q[2];\nfoo q[0];\nx q[0\ny q[9];\ngate g a { bad a; x b; }\nz q[8];") ==
        "Q2301@4:1 Q2201@6:1 Q2301@7:12 Q2302@7:21 Q2307@8:5");
}
