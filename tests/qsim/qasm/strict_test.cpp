// SPDX-License-Identifier: Apache-2.0
// Strict mode against the OpenQASM 2.0 paper (arXiv:1707.03429): its grammar, production by
// production, and the bodies of its qelib1.inc.
#include <utility>

#include "qsim/qasm/gates2.hpp"
#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;

namespace {

struct Case {
  const char* text;
  bool strict;   ///< accepted in strict mode
  bool lenient;  ///< accepted otherwise
};

// Registers and a gate that statements may use.
const std::string kStart =
    "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[3];\nqreg r[3];\ncreg c[3];\ncreg d[3];\n";

bool accepted(const std::string& text, bool strict) {
  qasm::Options options;
  options.strict = strict;
  return qasm::parse(text, "test.qasm", options).program.has_value();
}

void check(const Case& entry, const std::string& text) {
  CAPTURE(text);
  CHECK(accepted(text, true) == entry.strict);
  CHECK(accepted(text, false) == entry.lenient);
}

}  // namespace

TEST_CASE("fault_B6 mainprogram: OPENQASM real ; program") {
  for (const Case& entry : std::initializer_list<Case>{
           {"OPENQASM 2.0; qreg q[1];", true, true},
           {"// comment\nOPENQASM 2.0;\nqreg q[1];", true, true},
           {"OPENQASM 2.0;", false, true},  // a program has a statement
           {"OPENQASM 2; qreg q[1];", false, true},
           {"OPENQASM 2.1; qreg q[1];", false, false},
           {"qreg q[1];", false, true},
           {"include \"qelib1.inc\"; OPENQASM 2.0; qreg q[1];", false, false},
           {"OPENQASM 2.0; OPENQASM 2.0; qreg q[1];", false, false},
           {"OPENQASM 2.0; qreg q[1];;", false, true},
           {"OPENQASM 2.0; /* c */ qreg q[1];", false, true},
           {"OPENQASM 2.0; include 'qelib1.inc'; qreg q[1];", false, true},
           {"OPENQASM 2.0; include \"qelib1.inc\"; include \"qelib1.inc\"; qreg q[1];", false,
            true},
           {"OPENQASM 2.0; gate h a { U(0,0,0) a; } include \"qelib1.inc\"; qreg q[1];", false,
            true},
           {"OPENQASM 2.0; gate h a { U(0,0,0) a; } qreg q[1]; h q;", true, true},
           {"OPENQASM 2.0; qreg q[1]; h q;", false, true},
           {"openqasm 2.0; qreg q[1];", false, false},
       }) {
    check(entry, entry.text);
  }
}

TEST_CASE("fault_B6 decl, argument, nninteger and id") {
  for (const Case& entry : std::initializer_list<Case>{
           {"creg z[0];", true, true},    {"qreg z[0];", true, true},
           {"creg z[00];", false, true},  {"creg z[01];", false, true},
           {"creg z[10];", true, true},   {"creg z[1.0];", false, false},
           {"creg z[-1];", false, false}, {"creg z;", false, false},
           {"creg z[];", false, false},   {"creg aB_9[1];", true, true},
           {"creg B[1];", false, true},   {"creg _b[1];", false, true},
           {"creg pi[1];", false, false}, {"creg sin[1];", false, false},
           {"creg h[1];", true, true},  // gates and registers are not confused
           {"x q[00];", false, true},     {"x q[0];", true, true},
           {"x q[02];", false, true},     {"creg c[1];", false, false},
       }) {
    check(entry, kStart + entry.text);
  }
}

TEST_CASE("fault_B6 exp and real") {
  for (const Case& entry : std::initializer_list<Case>{
           {"1e-05", false, true},      {"1e5", false, true},
           {"1.0e-05", true, true},     {"1.e+5", true, true},
           {".5E2", true, true},        {"5.", true, true},
           {".5", true, true},          {"007.5", true, true},
           {"007", false, true},        {"0", true, true},
           {".", false, false},         {"1.5.", false, false},
           {"+0.1", false, true},       {"1-+2", false, true},
           {"-0.1", true, true},        {"--0.1", true, true},
           {"2^-1", true, true},        {"1+2-3*4/5^6", true, true},
           {"(pi)", true, true},        {"sin(pi)+cos(1)+tan(1)+exp(1)+ln(1)+sqrt(1)", true, true},
           {"sin pi", false, false},    {"theta", false, true},
           {"2**3", false, false},      {"PI", false, false},
           {"arcsin(1)", false, false}, {"1,", false, true},
           {"", false, false},
       }) {
    check(entry, kStart + "rx(" + entry.text + ") q[0];");
  }
}

TEST_CASE("fault_B6 uop, qop, if and barrier") {
  for (const Case& entry : std::initializer_list<Case>{
           {"U(0,0,0) q;", true, true},
           {"U(0,0,0) q[1];", true, true},
           {"U(0,0) q[1];", false, false},
           {"U q[1];", false, false},
           {"U(0,0,0) q, r;", false, false},
           {"CX q,r;", true, true},
           {"CX q[0],r;", true, true},
           {"CX() q,r;", false, true},
           {"cx() q,r;", true, true},
           {"cx q,r;", true, true},
           {"cx q,r,;", false, true},
           {"cx q r;", false, false},
           {"cx q[0],q[0];", false, false},
           {"measure q->c;", true, true},
           {"measure q[0]->c[0];", true, true},
           {"measure q[0]->c;", false, false},
           {"measure q;", false, false},
           {"reset q; reset q[0];", true, true},
           {"barrier q,r[0];", true, true},
           {"barrier;", false, true},
           {"barrier c;", false, false},
           {"if(c==1) x q[0];", true, true},
           {"if(c==1) measure q->d;", true, true},
           {"if(c==1) reset q;", true, true},
           {"if(c==01) x q[0];", false, true},
           {"if(c==1) barrier q;", false, true},
           {"if(c==1) if(c==2) x q[0];", false, false},
           {"if(c==1) qreg z[1];", false, false},
           {"if(c[0]==1) x q[0];", false, false},
           {"if(c=1) x q[0];", false, false},
           {"if(q==1) x q[0];", false, false},
           {"if(1==c) x q[0];", false, false},
       }) {
    check(entry, kStart + entry.text);
  }
}

TEST_CASE("fault_B6 gatedecl, goplist and opaque") {
  for (const Case& entry : std::initializer_list<Case>{
           {"gate g a { }", true, true},
           {"gate g() a { x a; }", true, true},
           {"gate g(t) a { rx(t) a; barrier a; }", true, true},
           {"gate g(t,s) a,b { rx(t*s) a; cx a,b; }", true, true},
           {"gate g(t,) a { rx(t) a; }", false, true},
           {"gate g a, { x a; }", false, true},
           {"gate g { }", false, false},
           {"gate g a { x a; ; }", false, true},
           {"gate g a { x a; };", false, true},
           {"gate g a { x a[0]; }", false, false},
           {"gate g a { x q; }", false, false},
           {"gate g a { barrier; }", false, true},
           {"gate g a { reset a; }", false, false},
           {"gate g a { measure a->c; }", false, false},
           {"gate g a { if(c==1) x a; }", false, false},
           {"gate g a { g a; }", false, false},
           {"gate g a { later a; } gate later a { x a; }", false, false},
           {"gate g(t) a { rx(s) a; }", false, true},
           {"gate g a,a { x a; }", false, false},
           {"gate G a { x a; }", false, true},
           {"gate U a { }", false, false},
           {"gate h a { x a; }", false, true},
           {"gate swap a,b { cx a,b; }", true, true},
           {"gate q a { x a; }", true, true},
           {"opaque o a;", true, true},
           {"opaque o() a,b;", true, true},
           {"opaque o(t) a;", true, true},
           {"opaque o;", false, false},
           {"swap q[0],q[1];", false, true},
           {"qubit z;", false, false},
       }) {
    check(entry, kStart + entry.text);
  }
}

namespace {

// The gates of the paper's qelib1.inc, with its bodies.
const char* const kPaper = R"(
gate p_u3(theta,phi,lambda) q { U(theta,phi,lambda) q; }
gate p_u2(phi,lambda) q { U(pi/2,phi,lambda) q; }
gate p_u1(lambda) q { U(0,0,lambda) q; }
gate p_cx c,t { CX c,t; }
gate p_id a { U(0,0,0) a; }
gate p_x a { p_u3(pi,0,pi) a; }
gate p_y a { p_u3(pi,pi/2,pi/2) a; }
gate p_z a { p_u1(pi) a; }
gate p_h a { p_u2(0,pi) a; }
gate p_s a { p_u1(pi/2) a; }
gate p_sdg a { p_u1(-pi/2) a; }
gate p_t a { p_u1(pi/4) a; }
gate p_tdg a { p_u1(-pi/4) a; }
gate p_rx(theta) a { p_u3(theta,-pi/2,pi/2) a; }
gate p_ry(theta) a { p_u3(theta,0,0) a; }
gate p_rz(phi) a { p_u1(phi) a; }
gate p_cz a,b { p_h b; p_cx a,b; p_h b; }
gate p_cy a,b { p_sdg b; p_cx a,b; p_s b; }
gate p_ch a,b { p_h b; p_sdg b; p_cx a,b; p_h b; p_t b; p_cx a,b; p_t b; p_h b; p_s b; p_x b; p_s a; }
gate p_ccx a,b,c { p_h c; p_cx b,c; p_tdg c; p_cx a,c; p_t c; p_cx b,c; p_tdg c; p_cx a,c;
  p_t b; p_t c; p_h c; p_cx a,b; p_t a; p_tdg b; p_cx a,b; }
gate p_crz(lambda) a,b { p_u1(lambda/2) b; p_cx a,b; p_u1(-lambda/2) b; p_cx a,b; }
gate p_cu1(lambda) a,b { p_u1(lambda/2) a; p_cx a,b; p_u1(-lambda/2) b; p_cx a,b; p_u1(lambda/2) b; }
gate p_cu3(theta,phi,lambda) c,t { p_u1((lambda-phi)/2) t; p_cx c,t; p_u3(-theta/2,0,-(phi+lambda)/2) t;
  p_cx c,t; p_u3(theta/2,phi,0) t; }
)";

Matrix matrix_in(const std::string& body, bool strict) {
  qasm::Options options;
  options.strict = strict;
  const Program program =
      qasm::load("OPENQASM 2.0; include \"qelib1.inc\";" + body, "test.qasm", options);
  return unitary_of(program.circuits.empty() ? Circuit(program.qubits) : program.circuits[0]);
}

// How far two matrices are apart, but for one common phase.
double apart(const Matrix& a, const Matrix& b) {
  std::size_t largest = 0;
  for (std::size_t k = 0; k < b.size(); ++k) {
    if (std::abs(b[k]) > std::abs(b[largest])) largest = k;
  }
  const Complex phase = a[largest] / b[largest];
  Matrix turned = b;
  for (Complex& entry : turned) entry *= phase;
  return std::max(distance(a, turned), std::abs(std::abs(phase) - 1.0));
}

}  // namespace

TEST_CASE("fault_B6 the gates of qelib1.inc are those of the paper's bodies up to a global phase") {
  std::size_t gates = 0;
  for (const qasm::LibraryGate& gate : qasm::library_gates(true)) {
    if (gate.origin != qasm::GateOrigin::paper) continue;
    ++gates;
    CAPTURE(std::string(gate.name));
    const char* const angles[] = {"", "(0.3)", "(0.3,0.2)", "(0.3,0.2,1.0)"};
    const char* const operands[] = {"", "q[0]", "q[0],q[1]", "q[0],q[1],q[2]"};
    const std::string call =
        fmt::format("{}{} {};", gate.name, angles[gate.parameters], operands[gate.qubits]);
    const std::string reg = fmt::format("qreg q[{}];", gate.qubits);
    const Matrix paper = matrix_in(kPaper + reg + "p_" + call, true);
    CHECK(apart(matrix_in(reg + call, true), paper) < 1e-14);
    // The later cu3 has a phase of the control besides; all others are the same in both modes.
    const double lenient = apart(matrix_in(reg + call, false), paper);
    CHECK((gate.name == "cu3" ? lenient > 0.1 : lenient < 1e-14));
  }
  CHECK(gates == 23);
  // Under the paper's own U = rz ry rz the strict cu3 is exactly the controlled U.
  const Matrix su2 = multiply(rotation('Z', 0.2), multiply(rotation('Y', 0.3), rotation('Z', 1.0)));
  const Matrix expected = {1, 0, 0, 0, 0, su2[0], 0, su2[1], 0, 0, 1, 0, 0, su2[2], 0, su2[3]};
  CHECK(distance(matrix_in("qreg q[2]; cu3(0.3,0.2,1.0) q[0],q[1];", true), expected) < 1e-15);
}
