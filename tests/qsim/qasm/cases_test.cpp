// SPDX-License-Identifier: Apache-2.0
// Hostile and unusual circuit texts: each must be refused with its code, or read, in bounded time.
#include <random>

#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "qsim/core/error.hpp"
#include "qsim/core/printable.hpp"
#include "tests/qsim/qasm/scratch.hpp"
#include "tests/qsim/qasm/support.hpp"

using namespace qasm_test;
using qross::Error;
using qross::ErrorCode;

namespace {

std::string message_of(const std::string& text) {
  const auto result = qasm::parse(text, "test.qasm");
  return result.diagnostics.empty() ? "" : result.diagnostics[0].message;
}

// Runs `work` in a thread with a small stack, which deep recursion would overflow.
template <class Work>
void with_small_stack(const Work& work) {
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, std::size_t{512} << 10U) == 0);
  pthread_t thread{};
  const auto call = [](void* argument) -> void* {
    (*static_cast<const Work*>(argument))();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, call, const_cast<Work*>(&work)) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

}  // namespace

TEST_CASE("case_Q1 integer literal beyond 2^63: 65 with line and column and the limit") {
  CHECK(body_codes("qreg q[99999999999999999999];") == "Q2502@3:8");
  CHECK(message("qreg q[99999999999999999999];").find("1048576 qubits") != std::string::npos);
  CHECK(body_codes("qreg q[1]; x q[99999999999999999999];") == "Q2307@3:16");
  CHECK(body_codes("qreg q[1]; creg c[1]; if(c==99999999999999999999) x q[0];") == "?Q2602@3:29");
}

TEST_CASE("case_Q2 real that overflows, pi/0, sqrt(-1), ln(0): 65 not finite at line and column") {
  for (const char* angle : {"1e99999", "pi/0", "sqrt(-1)", "ln(0)", "1e308*10", "(-1)^0.5"}) {
    const std::string body = fmt::format("qreg q[1];\nrx({}) q[0];", angle);
    CAPTURE(body);
    CHECK(body_codes(body).starts_with("Q2401@4:"));
    CHECK(message(body).find("not") != std::string::npos);
  }
}

TEST_CASE("case_Q3 100000 nested parentheses: 65 nesting beyond 256 and no stack overflow") {
  with_small_stack([] {
    const std::string open(100'000, '(');
    const std::string close(100'000, ')');
    CHECK(message("qreg q[1]; rx(" + open + "1" + close + ") q[0];").starts_with("nesting > 256"));
    std::string signs(100'000, '-');
    CHECK(body_codes("qreg q[1]; rx(" + signs + "1) q[0];").empty());
    std::string powers = "1";
    for (int k = 0; k < 100'000; ++k) powers += "^1";
    CHECK(body_codes("qreg q[1]; rx(" + powers + ") q[0];").empty());
    // A sum of parameters is not a tree that could be too deep to destroy or to walk.
    std::string sum = "a";
    for (int k = 0; k < 100'000; ++k) sum += k % 2 == 0 ? "+sin(a)" : "+b";
    CHECK(body_codes("qreg q[1]; rx(" + sum + ") q[0];") == "Q2401@3:15");
  });
}

TEST_CASE("case_Q4 unterminated string or comment at the end of the file: 65 at once") {
  CHECK(codes("include \"qelib1.inc") == "Q2002@1:9");
  CHECK(codes("qreg q[1]; /* never closed") == "Q2003@1:12");
  CHECK(codes("qreg q[1]; // no line end").empty());
}

TEST_CASE("case_Q5 duplicate operands: 65 operands must differ") {
  CHECK(message("qreg q[2]; cx q[0],q[0];") ==
        "gate 'cx' gets q[0] and q[0]: operands must differ");
  CHECK(body_codes("qreg q[2]; cx q,q;") == "Q2308@3:17");
}

TEST_CASE("case_Q6 index beyond the register: 65 with index and size") {
  CHECK(message("qreg q[3]; h q[5];") == "index 5 is out of range: register q has 3");
}

TEST_CASE("case_Q7 unknown gate, wrong arity, wrong number of parameters: 65 with a suggestion") {
  CHECK(body_codes("qreg q[2]; hh q[0];") == "Q2301@3:12");
  CHECK(help("qreg q[2]; hh q[0];") == "did you mean 'h'?");
  CHECK(body_codes("qreg q[2]; cx q[0];") == "Q2305@3:12");
  CHECK(body_codes("qreg q[2]; rx q[0];") == "Q2306@3:12");
  CHECK(body_codes("qreg q[2]; rx(1,2) q[0];") == "Q2306@3:12");
}

TEST_CASE("case_Q8 include of a parent, a cycle, a FIFO or a folder: 65 without blocking") {
  const Scratch scratch;
  const auto parse = [&](std::string_view text) {
    scratch.write("main.qasm", text);
    return codes(qasm::parse_file(scratch.path() / "main.qasm"));
  };
  CHECK(parse("include \"../../etc/passwd\";") == "Q2105@1:9");
  CHECK(parse("include \"/etc/passwd\";") == "Q2105@1:9");
  CHECK(parse("include \"main.qasm\";") == "Q2107@1:9");
  REQUIRE(::mkfifo((scratch.path() / "fifo").c_str(), 0600) == 0);
  CHECK(parse("include \"fifo\";") == "Q2106@1:9");
  std::filesystem::create_directory(scratch.path() / "folder");
  CHECK(parse("include \"folder\";") == "Q2106@1:9");
}

TEST_CASE("case_Q9 empty file, comments only, NUL bytes, BOM, CRLF, a line of 50 MB: 65 or read") {
  CHECK(codes("") == "Q2005@1:1");
  CHECK(codes("// nothing\n") == "Q2005@2:1");
  CHECK(codes(std::string("qreg q[1];\0\0x q[0];", 19)) == "Q2001@1:11");
  CHECK(codes("\xEF\xBB\xBFOPENQASM 2.0; qreg q[1];").empty());
  CHECK(run("qreg q[1];\r\nx q[0];\r\n") == "{x(0)}");
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const std::string line = "OPENQASM 2.0; qreg q[1];" + std::string(50'000'000, ' ') + "x q[0];";
  CHECK(describe(qasm::load(line, "t")) == "{x(0)}");
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  CHECK(after.ru_maxrss - before.ru_maxrss < 4 * 50'000);  // KiB
}

TEST_CASE("case_Q10 macro bomb: 65 before anything is expanded") {
  std::string bomb = "gate g0 a { x a; }\n";
  for (int k = 1; k <= 8; ++k) {
    bomb += fmt::format("gate g{} a {{ ", k);
    for (int j = 0; j < 100; ++j) bomb += fmt::format("g{} a;", k - 1);
    bomb += "}\n";
  }
  CHECK(
      message(bomb + "qreg q[1];\ng8 q[0];").starts_with("expansion exceeds 100000000 operations"));
}

TEST_CASE(
    "case_Q11 a gate that redefines h, a register named like a gate: the file's wins, warned") {
  CHECK(body_codes("gate h a { x a; } qreg q[1]; h q[0];") == "?Q2603@3:6");
  CHECK(run("gate h a { x a; } qreg q[1]; h q[0];") == "{x(0)}");
  CHECK(run("qreg h[1]; h h[0];") == "{h(0)}");
}

TEST_CASE("case_Q12 a matrix that is not unitary: 65 with its deviation") {
  Circuit circuit(1);
  const std::vector<Complex> matrix{1, 0, 0, 1.5};
  try {
    circuit.unitary(std::vector<Qubit>{0}, matrix);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_input);
    CHECK(std::string(error.what()).find("1.25") != std::string::npos);
  }
}

TEST_CASE("case_Q13 random bytes: refused or read and never a crash") {
  std::mt19937 random(13);
  for (int round = 0; round < 3000; ++round) {
    std::string text = round % 2 == 0 ? kHead : "";
    const std::size_t length = random() % 300;
    for (std::size_t k = 0; k < length; ++k) text += static_cast<char>(random());
    const auto result = qasm::parse(text, "t");
    for (const auto& d : result.diagnostics) {
      const std::string shown = qasm::format(d);
      REQUIRE(shown.find('\x1b') == std::string::npos);
      REQUIRE(qross::printable_lines(shown) == shown);
    }
  }
}

TEST_CASE("case_Q15 no qubits, one qubit, no gates, only barriers: read") {
  CHECK(qasm::load("OPENQASM 2.0; creg c[1];", "t").qubits == 0);
  CHECK(qasm::load("OPENQASM 2.0; qreg q[0];", "t").qubits == 0);
  CHECK(run("qreg q[1];").empty());
  CHECK(run("qreg q[1]; barrier q; barrier q[0];").empty());
  CHECK(run("qreg q[0]; creg c[0]; h q; measure q->c;").empty());
}

TEST_CASE("case_N5 denormals, minus zero and huge angles: kept exactly as numbers") {
  const Program program = qasm::load(
      kHead + "qreg q[1]; rx(4.9e-324) q[0]; rx(-0.0) q[0]; rx(1e18) q[0]; rx(-1e300) q[0];", "t");
  const Circuit& circuit = program.circuits.at(0);
  const auto angle = [&](std::size_t k) {
    return circuit.params(circuit.operations()[k])[0].evaluate();
  };
  CHECK(angle(0) == 4.9e-324);
  CHECK(std::signbit(angle(1)));
  CHECK(angle(2) == 1e18);
  CHECK(angle(3) == -1e300);
}

TEST_CASE("fault_B7 CR alone, CR LF and LF end lines, comments and strings") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    CAPTURE(end);
    const std::string text = "OPENQASM 2.0;" + end + "include \"qelib1.inc\";" + end +
                             "qreg q[1];" + end + "// note" + end + "x q[0];" + end;
    CHECK(describe(qasm::load(text, "t")) == "{x(0)}");
    const auto wrong = qasm::parse(text + "x q[7]; // more" + end, "t");
    CHECK(codes(wrong) == "Q2307@6:5");
    CHECK(wrong.diagnostics[0].source_line == "x q[7]; // more");
    CHECK(wrong.diagnostics[0].caret == 4);
    CHECK(codes(text + "include \"abc" + end + "x q[0];") == "Q2002@6:9");
    // A statement without ';' ends at the end of its line.
    CHECK(codes(text + "x q[0]" + end + "x q[9];") == "Q2202@6:7 Q2307@7:5");
  }
}

TEST_CASE("fault_D4c a long sum in a gate called a million times is refused before work") {
  std::string sum = "a";
  for (int k = 0; k < 20'000; ++k) sum += "+a";
  const std::string gate = "gate g(a) q { rz(" + sum + ") q; }\n";
  CHECK(body_codes(gate + "qreg q[1000000];\ng(0.1) q;") == "Q2501@5:1");
  CHECK(message(gate + "qreg q[1000000];\ng(0.1) q;").find("the limit is 134217728 and 64 an") !=
        std::string::npos);
  // The same through calls of calls, and with a parameter of the circuit.
  std::string nested = gate + "gate g0(a) q { g(a) q; }\n";
  for (int k = 1; k <= 20; ++k) {
    nested += fmt::format("gate g{0}(a) q {{ g{1}(a) q; g{1}(a) q; }}\n", k, k - 1);
  }
  CHECK(body_codes(nested + "qreg q[1];\ng20(0.1) q;").starts_with("Q2501@"));
  CHECK(body_codes(gate + "qreg q[10000];\ng(theta) q;") == "Q2501@5:1");
  // A few calls are no matter, and short angles in many calls neither.
  CHECK(body_codes(gate + "qreg q[100];\ng(0.1) q;").empty());
  CHECK(body_codes("gate g(a) q { rz(a/2+pi) q; rx(sin(a)) q; }\nqreg q[100000];\ng(0.1) q;")
            .empty());
}

TEST_CASE("fault_D4c a million qubits are read without tables for each") {
  const Program program = qasm::load(kHead + "qreg q[1000000]; h q[999999];", "t");
  CHECK(program.qubits == 1'000'000);
  CHECK(program.circuits.at(0).size() == 1);
}

TEST_CASE("fault_F1 free names in angles are parameters of the circuit") {
  const Program program =
      qasm::load(kHead +
                     "qreg q[2]; gate g(theta) a { rx(theta) a; ry(phi/2) a; }\n"
                     "rx(theta) q[0]; rz(-2*theta+pi) q; g(0.5) q[1]; u3(theta,phi,chi^2) q[0];",
                 "t");
  const Circuit& circuit = program.circuits.at(0);
  CHECK(circuit.parameter_names() == std::vector<std::string>{"phi", "theta", "chi"});
  const std::vector<double> values{0.2, 0.3, 1.5};
  std::vector<double> angles;
  for (const Operation& op : circuit.operations()) {
    for (const Param& param : circuit.params(op)) angles.push_back(param.evaluate(values));
  }
  const double pi = std::acos(-1.0);
  CHECK(angles == std::vector<double>{0.3, pi - 0.6, pi - 0.6, 0.5, 0.1, 0.3, 0.2, 2.25});
  // Strictly there are none, and words, registers and functions are no parameters.
  CHECK(codes("OPENQASM 2.0; qreg q[1]; U(theta,0,0) q;", true) == "Q2313@1:28");
  CHECK(body_codes("qreg q[1]; rx(q) q[0];") == "Q2313@3:15");
  CHECK(body_codes("gate g a { rx(a) a; }") == "Q2313@3:15");
  CHECK(body_codes("qreg q[1]; rx(PI) q[0];") == "Q2313@3:15");
  CHECK(help("qreg q[1]; rx(PI) q[0];") == "write 'pi'");
  CHECK(body_codes("qreg q[1]; rx(log(2)) q[0];") == "Q2313@3:15");
  CHECK(message("qreg q[1]; rx(arcsin(2)) q[0];") == "'arcsin' is no function of OpenQASM 2");
  CHECK(body_codes("qreg q[1]; rx(sin) q[0];").starts_with("Q2201@"));
}

TEST_CASE("fault_F1 parameters are limited in number, and so are their expressions") {
  std::string many = "qreg q[1];\n";
  for (int k = 0; k < 10'000; ++k) many += fmt::format("rx(a{}) q[0];", k);
  CHECK(body_codes(many).empty());
  CHECK(body_codes(many + "\nrx(b) q[0];") == "Q2313@5:4");
  std::string doubling = "gate g0(a) q { rx(a) q; }\n";
  for (int k = 1; k <= 40; ++k) {
    doubling += fmt::format("gate g{}(a) q {{ g{}(sin(a)*cos(a)) q; }}\n", k, k - 1);
  }
  CHECK(body_codes(doubling + "qreg q[1]; g40(x) q;").starts_with("Q2401@"));
  CHECK(body_codes(doubling + "qreg q[1]; g40(0.3) q;").empty());
  CHECK(body_codes("qreg q[1]; rx(1e308*theta*10) q[0];") == "Q2401@3:15");
  CHECK(body_codes("qreg q[1]; rx(theta/0) q[0];") == "Q2401@3:15");
}

TEST_CASE("fault_F7 a missing comma is called one") {
  CHECK(message("qreg q[2]; cx q[0] q[1];") == "expected ',' here, between the operands");
  CHECK(body_codes("qreg q[2]; cx q[0] q[1];") == "Q2201@3:19");
  CHECK(message("gate g a b { }") == "expected ',' here, between the names, or '{'");
  CHECK(message("gate g a,b { cx a b; }") == "expected ',' here, between the operands");
  CHECK(message("qreg q[2]; x q[0] y q[1];") == "expected ';' here, behind the statement");
  CHECK(message("qreg q[2]; x q[0]\ny q[1];") == "expected ';' here, behind the statement");
}

TEST_CASE("fault_F7 a file that is no circuit is said to be none, in one message") {
  for (const char* text : {
           "# Title\n\nSome text: and `code`, more of it.\n\n- a list; with\n- two (items\n",
           "x,y,class\n0.1,0.2,0\n0.3,0.4,1\n0.5,0.6,0\n",
           "name = \"tiny\"\n[data]\nfile = \"data.csv\"\n[model]\nlayers = 1\n",
           "{\"schema\": \"qross.result/1\", \"qubits\": 3,\n\"counts\": {\"000\": 5}}\n",
           "import numpy as np\nx = np.zeros(3)\nprint(x[0])\ny = [1, 2]\n",
       }) {
    CAPTURE(text);
    const auto result = qasm::parse(text, "test.qasm");
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].line == 1);
    CHECK_FALSE(result.program);
  }
  const auto page = qasm::parse("# Title\n\nText: `code`, and more.\n- a list\n", "test.qasm");
  REQUIRE(page.diagnostics.size() == 1);
  CHECK(page.diagnostics[0].message == "this is no OpenQASM 2.0: it begins with '#'");
  CHECK(page.diagnostics[0].help.find("OPENQASM 2.0;") != std::string::npos);
  // One slip at the beginning does not make a circuit none.
  for (const char* text : {
           "qrge [2] q; qreg r[2]; h s[0]; x t[0]; y u[0];",
           "OPENQASM 2.0\nqreg q[2]\nh s[0]\nx t[0]\ny u[0]\n",
           "qreg[2] q; h q[0]; x q[0]; y q[1];",
           "h q[0;",
       }) {
    CAPTURE(text);
    CHECK(message_of(text).find("this is no OpenQASM") == std::string::npos);
  }
}

TEST_CASE("fault_F8 OpenQASM 3 is told by its header or its first statements, in one message") {
  for (const char* text : {
           "OPENQASM 3;\nqubit[2] q;\nh q[0];\n",
           "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit q;\n",
           "// a comment\nOPENQASM 3.1;\nbit c = 0;",
           "include \"stdgates.inc\";\nqubit[2] q;\nbit[2] c;\nc = measure q;\n",
           "qubit q;\nU(0, 0, pi) q;\n",
           "bit[4] c;\nqubit[4] q;\n",
           "input float[64] theta;\nqubit q;\nrx(theta) q;\n",
           "gate h q { U(\xCF\x80/2, 0, \xCF\x80) q; gphase(-\xCF\x80/4); }\nqubit q;\n",
           "gate cx c, t { ctrl @ x c, t; }\nqubit[2] q;\n",
           "def f(qubit q) { x q; }\nqubit q; f(q);",
           "const int n = 3;\nqubit[n] q;\n",
           "#pragma x\nqubit q;\n",
           "@bind x\nqubit q;\n",
           "defcalgrammar \"openpulse\";\n",
           "U(0, 0, 0) $0;\n",
           "reset $0;\nx $12;\n",
       }) {
    CAPTURE(text);
    const auto result = qasm::parse(text, "t");
    CHECK(result.version3);
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].message.find("not in this build") != std::string::npos);
    CHECK(qasm::failure_of(result) == ErrorCode::unavailable);
    CHECK_THROWS_AS((void)qasm::load(text, "t"), Error);
  }
  for (const char* text : {
           "OPENQASM 2.0;\nqubit q;\n",
           "qreg q[1];\nqubit r;\n",
           "OPENQASM 4.0;\n",
           "OPENQASM 2.0;\ninclude \"stdgates.inc\";\n",
           "qubits q;\n",
           "# a table\n1 2\n",
           "OPENQASM 2.0;\nqreg q[1];\nx $0;\n",
           "$ x\n",
           "$100 was paid\n",
           "it costs $100 a day\n",
           "@echo off\ndir\n",
           "@article{key,\n  author = {A},\n}\n",
           "#pragma once\n#include <vector>\nint main() { return 0; }\n",
       }) {
    CAPTURE(text);
    const auto result = qasm::parse(text, "t");
    CHECK_FALSE(result.program);
    CHECK_FALSE(result.version3);
    CHECK(qasm::failure_of(result) == ErrorCode::bad_input);
  }
}

TEST_CASE("fault_D6 diagnostics spell out control characters and keep characters whole") {
  const auto result =
      qasm::parse("qreg q[1];\x1b[31m x\xC2\x9B q[0]; \xC3\xA9\xFF \xE2\x82", "a\x1b[1m.qasm");
  REQUIRE_FALSE(result.diagnostics.empty());
  for (const auto& d : result.diagnostics) {
    const std::string shown = qasm::format(d);
    CHECK(qross::printable_lines(shown) == shown);
    CHECK(shown.find("\\x1b[31m x\\u009b q[0]; \xC3\xA9\\xff \\xe2\\x82") != std::string::npos);
  }
  // The caret stands under the place in the text as shown.
  const auto place = qasm::parse("qreg q[1]; /*\x1b*/ y;", "t");
  REQUIRE(place.diagnostics.size() == 1);
  CHECK(place.diagnostics[0].source_line.substr(place.diagnostics[0].caret, 1) == ";");
  CHECK(message_of("include \"a\x1b[0m\";") == "the file 'a\\x1b[0m' is not found");
}
