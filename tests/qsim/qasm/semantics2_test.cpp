// SPDX-License-Identifier: Apache-2.0
// Names, arities, broadcasting, redefinition, conditions and limits.
#include "qsim/qasm/semantics2.hpp"

#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

namespace {

std::string limited(const std::string& body, const qasm::Limits& limits) {
  qasm::Options options;
  options.limits = limits;
  const auto result = qasm::parse(kHead + body, "t", options);
  CHECK(result.program.has_value() == codes(result).empty());
  return codes(result);
}

}  // namespace

TEST_CASE("qubits and bits are numbered by declaration") {
  const Program program = qasm::load(
      kHead + "qreg a[2]; creg c[1]; x a[1]; qreg b[3]; creg d[2]; x b[0]; measure b[2]->d[1];",
      "t");
  CHECK(describe(program) == "{x(1) x(2)} M4>2");
  CHECK(program.qubits == 5);
  CHECK(program.bits == 3);
  CHECK(program.circuits[0].qubits() == 5);
  REQUIRE(program.bit_registers.size() == 2);
  CHECK(program.bit_registers[1].name == "d");
  CHECK(program.bit_registers[1].first == 1);
  CHECK(program.bit_registers[1].size == 2);
}

TEST_CASE("broadcasting") {
  const std::string head = "qreg a[2]; qreg b[2]; qreg z[1]; qreg o[3];\n";
  CHECK(run(head + "h a;") == "{h(0) h(1)}");
  CHECK(run(head + "cx a,b;") == "{x(2|0) x(3|1)}");
  CHECK(run(head + "cx a[1],b;") == "{x(2|1) x(3|1)}");
  CHECK(run(head + "ccx a,z[0],b;") == "{x(2|0,4) x(3|1,4)}");
  CHECK(run(head + "cx z,a[0];") == "{x(0|4)}");
  CHECK(body_codes(head + "cx a,o;") == "Q2309@4:6");
  CHECK(body_codes(head + "cx a,z;") == "Q2309@4:6");
  CHECK(run("qreg q[2]; creg c[2]; creg d[1]; measure q->c; measure q[1]->d[0];") ==
        "M0>0 M1>1 M1>2");
  CHECK(body_codes("qreg q[3]; creg c[2];\nmeasure q->c;") == "Q2309@4:12");
  CHECK(body_codes("qreg q[1]; creg c[1];\nmeasure q[0]->c;") == "Q2309@4:15");
  CHECK(body_codes("qreg q[1]; creg c[1];\nmeasure q->c[0];") == "Q2309@4:12");
  CHECK(run("qreg q[0]; h q; qreg r[1]; x r;") == "{x(0)}");
}

TEST_CASE("operands must differ") {
  const std::string head = "qreg q[3]; qreg r[3];\n";
  CHECK(body_codes(head + "cx q[0],q[0];") == "Q2308@4:9");
  CHECK(body_codes(head + "cx q,q;") == "Q2308@4:6");
  CHECK(body_codes(head + "cx q,q[1];") == "Q2308@4:6");
  CHECK(body_codes(head + "cx q[1],q;") == "Q2308@4:9");
  CHECK(body_codes(head + "ccx q[1],r[0],q[1];") == "Q2308@4:15");
  CHECK(body_codes(head + "ccx r,q[1],q[1];") == "Q2308@4:12");
  CHECK(body_codes(head + "cx q[0],r[0]; cx q,r; ccx q[0],q[1],q[2]; barrier q,q[0];").empty());
  CHECK(body_codes("gate g a,b { cx a,a; }") == "Q2308@3:19");
}

TEST_CASE("arities, kinds, indices") {
  const std::string head = "qreg q[3]; creg c[2];\n";
  CHECK(body_codes(head + "h q[0],q[1];") == "Q2305@4:1");
  CHECK(body_codes(head + "u3(1,2) q[0];") == "Q2306@4:1");
  CHECK(body_codes(head + "rx q[0];") == "Q2306@4:1");
  CHECK(body_codes(head + "cu3(1) q[0];") == "Q2306@4:1 Q2305@4:1");
  CHECK(body_codes(head + "h c;") == "Q2304@4:3");
  CHECK(body_codes(head + "measure c->q;") == "Q2304@4:9 Q2304@4:12");
  CHECK(body_codes(head + "if(q==1) x q;") == "Q2304@4:4");
  CHECK(body_codes(head + "h q[3];") == "Q2307@4:5");
  CHECK(body_codes(head + "h q[99999999999999999999999];") == "Q2307@4:5");
  CHECK(message(head + "h q[5];") == "index 5 is out of range: register q has 3");
  CHECK(message(head + "h q[0],q[1];") == "gate 'h' acts on 1 qubit, found 2 operands");
  CHECK(message(head + "u3(1) q[0];") == "gate 'u3' takes 3 parameters, found 1");
}

TEST_CASE("unknown names: once each, with a suggestion") {
  const std::string head = "qreg qubits[3]; creg c[2];\n";
  CHECK(body_codes(head + "hadamard qubits[0];\nhadamard qubits[1];\nx quibts;\nx quibts;") ==
        "Q2301@4:1 Q2302@6:3");
  CHECK(help(head + "x qubts;") == "did you mean 'qubits'?");
  CHECK(help(head + "H qubits;") == "did you mean 'h'?");
  CHECK(help(head + "cxx qubits[0],qubits[1];") == "did you mean 'cx'?");
  CHECK(help(head + "c qubits;") == "'c' is a classical register, not a gate");
  CHECK(help(head + "CNOT qubits[0],qubits[1];") == "write cx");
  CHECK(help(head + "snapshot(1) qubits;").find("another simulator") != std::string::npos);
  CHECK(help(head + "x swap;").find("is a gate") != std::string::npos);
  const auto strict = [](const std::string& text) {
    qasm::Options options;
    options.strict = true;
    return qasm::parse(text, "t", options).diagnostics.at(0).help;
  };
  CHECK(strict("OPENQASM 2.0; qreg q[1]; h q;") == "add include \"qelib1.inc\"; above this line");
  CHECK(strict(kHead + "qreg q[1]; sx q;").find("without --strict") != std::string::npos);
}

TEST_CASE("use before definition and recursion") {
  CHECK(body_codes("qreg q[1];\nlate q[0];\ngate late a { x a; }") == "Q2312@4:1");
  CHECK(body_codes("gate a x { b x; }\ngate b x { a x; }") == "Q2312@3:12");
  CHECK(body_codes("gate a x { a x; }\nqreg q[1]; a q[0];") == "Q2311@3:12");
  CHECK(body_codes("gate sx x { sx x; }") == "Q2311@3:13");
  CHECK(body_codes("x q[0];\nqreg q[1];") == "Q2312@3:3");
}

TEST_CASE("redefinition: the file's body wins over a built-in gate, silently if it is weak") {
  CHECK(run("gate sx a { x a; } qreg q[1]; sx q[0];") == "{x(0)}");
  CHECK(body_codes("gate sx a { x a; }").empty());
  CHECK(body_codes("gate h a { x a; }") == "?Q2603@3:6");
  CHECK(run("gate h a { x a; } qreg q[1]; h q[0];") == "{x(0)}");
  CHECK(codes("gate h a { U(0,0,0) a; } include \"qelib1.inc\"; qreg q[1]; h q[0];").empty());
  CHECK(describe(qasm::load("gate h a { U(0,0,0) a; } include \"qelib1.inc\"; qreg q[1]; h q[0];",
                            "t")) == "{u(0)<0><0><0>}");
  CHECK(body_codes("gate g a { }\ngate g a { }") == "Q2303@4:6");
  CHECK(body_codes("gate U a { }") == "Q2314@3:6");
  CHECK(body_codes("gate sin a { }") == "Q2314@3:6");
  CHECK(body_codes("qreg q[1];\ncreg q[1];") == "Q2303@4:6");
  CHECK(body_codes("gate g(a) a { }") == "Q2303@3:11");
  CHECK(body_codes("gate g(pi) a { }") == "Q2314@3:8");
  // Other arities than the built-in ones.
  CHECK(run("gate swap(t) a { rx(t) a; } qreg q[1]; swap(1) q[0];") == "{rx(0)<1>}");
  // Gates and registers do not share names' space.
  CHECK(run("qreg h[1]; qreg p[1]; h h[0]; p(1) p[0]; h p; gate q a { x a; } qreg q[1]; q q;") ==
        "{h(0) p(1)<1> h(1) x(2)}");
}

TEST_CASE("opaque gates may be declared, not called") {
  CHECK(body_codes("opaque o(a) x; qreg q[1];").empty());
  CHECK(body_codes("opaque o(a) x; qreg q[1];\no(1) q[0];") == "Q2310@4:1");
  CHECK(body_codes("opaque o x;\ngate g a { o a; }") == "Q2310@4:12");
  CHECK(body_codes("opaque o x;\ngate o x { }") == "Q2303@4:6");
}

TEST_CASE("gate bodies see their own names only") {
  CHECK(body_codes("qreg q[1];\ngate g a { x q; }") == "Q2302@4:14");
  CHECK(codes("OPENQASM 2.0; gate g(t) a { U(s,0,0) a; }", true) == "Q2313@1:31");
  CHECK(body_codes("gate g(t) a { x t; }") == "Q2304@3:17");
  CHECK(body_codes("gate g(t) a { rx(a) a; }") == "Q2313@3:18");
  CHECK(run("qreg q[2]; gate g(q) a { rx(q) a; } g(2) q[1];") == "{rx(1)<2>}");
}

TEST_CASE("library gates without the include: taken, with one warning") {
  CHECK(codes("qreg q[1]; x q; h q;") == "?Q2601@1:12");
  CHECK(codes("qreg q[1]; U(0,0,0) q;").empty());
  CHECK(codes("gate x a { U(0,0,0) a; } qreg q[1]; x q;").empty());
}

TEST_CASE("conditions") {
  const auto condition = [](const std::string& value, unsigned bits) {
    const Program program = qasm::load(
        kHead + fmt::format("qreg q[1]; creg b[3]; creg c[{}]; if(c=={}) x q;", bits, value), "t");
    REQUIRE(program.conditions.size() == 1);
    return program.conditions[0];
  };
  Condition c = condition("6", 4);
  CHECK(c.first_bit == 3);
  CHECK(c.value == std::vector<bool>{false, true, true, false});
  CHECK_FALSE(c.never);
  c = condition("18446744073709551616", 70);  // 2^64
  CHECK(c.value.size() == 70);
  for (std::size_t k = 0; k < 70; ++k) CHECK(c.value[k] == (k == 64));
  c = condition("16", 4);
  CHECK(c.never);
  CHECK(body_codes("qreg q[1]; creg c[2];\nif(c==4) x q;") == "?Q2602@4:7");
  CHECK(condition("0", 0).value.empty());
  CHECK_FALSE(condition("0", 0).never);

  // Evaluated once, before the whole group.
  CHECK(run("qreg q[2]; creg c[2]; if(c==1) measure q->c;") == "J0>3 M0>0 M1>1");
  // Equal conditions are stored once, whatever their spelling.
  const Program program = qasm::load(
      kHead + "qreg q[1]; creg c[2]; creg d[2]; if(c==1) x q; if(c==01) x q; if(d==1) x q;", "t");
  CHECK(program.conditions.size() == 2);
  CHECK(describe(program) == "J0>2 {x(0)} J0>4 {x(0)} J1>6 {x(0)}");
  CHECK(body_codes("qreg q[1]; creg c[2];\nif(c==1) barrier q;") == "?Q2604@4:10");
  CHECK(run("qreg q[1]; creg c[2]; if(c==1) barrier q; x q;") == "{x(0)}");
  CHECK(body_codes("qreg q[1];\nif(c==1) x q;") == "Q2302@4:4");
}

TEST_CASE("limits are checked before anything grows") {
  CHECK(body_codes("qreg q[1048576]; creg c[1048576];").empty());
  CHECK(body_codes("qreg q[1048577];") == "Q2502@3:8");
  CHECK(body_codes("qreg q[1048576];\nqreg r[1];") == "Q2502@4:8");
  CHECK(body_codes("creg q[99999999999999999999];") == "Q2503@3:8");
  CHECK(body_codes("qreg q[99999999999999999999];\nx q[7];") == "Q2502@3:8");

  std::string bomb = "gate g0 a { x a; }\n";
  for (int k = 1; k <= 8; ++k) {
    bomb += fmt::format("gate g{} a {{ ", k);
    for (int j = 0; j < 100; ++j) bomb += fmt::format("g{} a;", k - 1);
    bomb += "}\n";
  }
  CHECK(body_codes(bomb + "qreg q[1];\ng8 q[0];") == "Q2501@13:1");
  CHECK(message(bomb + "qreg q[1];\ng8 q[0];") ==
        "expansion exceeds 100000000 operations: the file comes to 10000000000000000");
  CHECK(run(bomb + "qreg q[1];").empty());  // defining it is harmless

  std::string doubling = "gate g0 a { x a; }\n";
  for (int k = 1; k <= 80; ++k)
    doubling += fmt::format("gate g{0} a {{ g{1} a; g{1} a; }}\n", k, k - 1);
  CHECK(message(doubling + "qreg q[1]; g80 q;").find("more than 1.8e19") != std::string::npos);
  std::string empty = "gate g0 a { barrier a; }\n";
  for (int k = 1; k <= 80; ++k)
    empty += fmt::format("gate g{0} a {{ g{1} a; g{1} a; }}\n", k, k - 1);
  CHECK(run(empty + "qreg q[1]; g80 q;").empty());

  qasm::Limits limits;
  limits.operations = 10;
  CHECK(limited("qreg q[5]; creg c[5]; h q; measure q->c;", limits).empty());
  CHECK(limited("qreg q[5]; creg c[5]; h q; measure q->c;\nreset q[0];", limits) == "Q2501@4:7");
  CHECK(limited("qreg q[1]; barrier q; barrier q;", limits).empty());
  limits = {};
  limits.condition_bits = 100;
  const std::string head = "qreg q[1]; creg c[50];\n";
  CHECK(limited(head + "if(c==0) x q; if(c==1) x q; if(c==0) x q;", limits).empty());
  CHECK(limited(head + "if(c==0) x q; if(c==1) x q; if(c==2) x q;", limits) == "Q2504@4:32");
  // Long chains of empty work count as steps.
  std::string chain = "gate g0 a { x a; }\n";
  for (int k = 1; k < 300; ++k) chain += fmt::format("gate g{} a {{ g{} a; }}\n", k, k - 1);
  CHECK(body_codes(chain + "qreg q[1000];\ng299 q;").empty());
  CHECK(body_codes(chain + "qreg q[200000];\ng299 q;") == "Q2501@304:1");
}
