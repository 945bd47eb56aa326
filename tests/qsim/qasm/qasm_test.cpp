// SPDX-License-Identifier: Apache-2.0
// The entry points: files, includes, the shared circuits, errors as exceptions, and inputs made to
// do harm (random bytes, mutated programs, sizes).
#include "qsim/qasm/qasm.hpp"

#include <algorithm>
#include <random>

#include <sys/stat.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/qasm/scratch.hpp"
#include "tests/qsim/qasm/support.hpp"
#include "tests/support/source_root.hpp"

using namespace qasm_test;
using qross::Error;
using qross::ErrorCode;

namespace {

const std::filesystem::path kCircuits =
    std::filesystem::path(qross::test::source_root()) / "circuits";

ErrorCode error_of(const std::filesystem::path& path, const qasm::Options& options = {}) {
  try {
    (void)qasm::load_file(path, options);
  } catch (const Error& error) {
    CHECK_FALSE(std::string(error.what()).empty());
    return error.code();
  }
  FAIL("no error");
  return ErrorCode::bug;
}

std::size_t operations(const Program& program) {
  std::size_t count = 0;
  for (const Circuit& circuit : program.circuits) count += circuit.size();
  return count;
}

}  // namespace

TEST_CASE("the shared circuits are valid, without a warning") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kCircuits)) {
    if (entry.path().extension() != ".qasm") continue;
    CAPTURE(entry.path().string());
    const auto result = qasm::parse_file(entry.path());
    CHECK(codes(result).empty());
    CHECK(result.program);
    ++files;
  }
  CHECK(files >= 10);
  CHECK(describe(qasm::load_file(kCircuits / "bell.qasm")) == "{h(0) x(1|0)} M0>0 M1>1");
  CHECK(describe(qasm::load_file(kCircuits / "order.qasm")) == "{x(0)} M0>0 M1>1 M2>2");
  const Program qft = qasm::load_file(kCircuits / "qft_40.qasm");
  CHECK(qft.qubits == 40);
  CHECK(operations(qft) == 40 + 40 * 39 / 2 + 20);
  CHECK(describe(qasm::load_file(kCircuits / "teleport_if.qasm"))
            .ends_with("M0>0 M1>1 J0>5 {x(2)} J1>7 {z(2)} M2>2"));
}

TEST_CASE("the QFT circuit is the Fourier matrix") {
  const std::size_t n = 4;
  std::string body = "qreg q[4];\n";
  for (std::size_t j = n; j-- > 0;) {
    body += fmt::format("h q[{}];\n", j);
    for (std::size_t k = j; k-- > 0;)
      body += fmt::format("cu1(pi/{}) q[{}],q[{}];\n", 1 << (j - k), j, k);
  }
  body += "swap q[0],q[3]; swap q[1],q[2];";
  Matrix fourier(256);
  for (std::size_t a = 0; a < 16; ++a) {
    for (std::size_t b = 0; b < 16; ++b) {
      fourier[a * 16 + b] =
          std::polar(0.25, 2 * std::acos(-1.0) * static_cast<double>(a * b % 16) / 16);
    }
  }
  CHECK(distance(unitary_of(body), fourier) < 1e-15);
}

TEST_CASE("every invalid circuit is refused with the code its first line names") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kCircuits / "invalid")) {
    if (entry.path().extension() != ".qasm") continue;
    CAPTURE(entry.path().string());
    std::string line;
    std::ifstream stream(entry.path(), std::ios::binary);
    std::getline(stream, line);
    const std::size_t at = line.find(": Q2");
    REQUIRE(at != std::string::npos);
    const std::string code = line.substr(at + 2, 5);
    const auto result = qasm::parse_file(entry.path());
    CHECK_FALSE(result.program);
    REQUIRE_FALSE(result.diagnostics.empty());
    for (const auto& d : result.diagnostics) CHECK(d.code == code);
    CHECK(error_of(entry.path()) ==
          (code == "Q2102" ? ErrorCode::unavailable : ErrorCode::bad_input));
    ++files;
  }
  CHECK(files >= 30);
}

TEST_CASE("files that cannot be read are errors of their own, without blocking") {
  const Scratch scratch;
  CHECK(error_of(scratch.path() / "none.qasm") == ErrorCode::missing_input);
  CHECK(error_of(scratch.path()) == ErrorCode::missing_input);
  REQUIRE(::mkfifo((scratch.path() / "fifo").c_str(), 0600) == 0);
  qasm::Options hasty;
  hasty.pipe_wait_ms = 10;
  CHECK(error_of(scratch.path() / "fifo", hasty) == ErrorCode::missing_input);
  CHECK(error_of("/dev/null") == ErrorCode::missing_input);
  scratch.write("big.qasm", std::string(1000, ' '));
  qasm::Options options;
  options.limits.source_bytes = 999;
  CHECK(error_of(scratch.path() / "big.qasm", options) == ErrorCode::bad_input);
  CHECK_THROWS_AS((void)qasm::parse(std::string(1000, ' '), "t", options), Error);
}

TEST_CASE("load throws with the formatted diagnostics") {
  std::string body = "qreg q[1];\n";
  for (int k = 0; k < 30; ++k) body += "x q[1];\n";
  try {
    (void)qasm::load(kHead + body, "name.qasm");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_input);
    const std::string text = error.what();
    CHECK(text.starts_with("error[Q2307]: index 1 is out of range: register q has 1\n"));
    CHECK(text.find("--> name.qasm:23:5\n") != std::string::npos);
    CHECK(text.find("--> name.qasm:24:5\n") == std::string::npos);
    CHECK(text.ends_with("\nand 10 more\n"));
  }
}

TEST_CASE("includes") {
  const Scratch scratch;
  const auto parse = [&](const char* name, const qasm::Options& options = {}) {
    return qasm::parse_file(scratch.path() / name, options);
  };
  scratch.write("lib/a.inc", "include \"b.inc\";\ngate ga x { gb x; }\n");
  scratch.write("lib/b.inc", "OPENQASM 2.0;\ngate gb x { h x; }");
  scratch.write("main.qasm", kHead + "include \"lib/a.inc\"; qreg q[1]; ga q[0]; gb q[0];");
  CHECK(describe(*parse("main.qasm").program) == "{h(0) h(0)}");

  scratch.write("other.qasm", kHead + "include \"a.inc\"; qreg q[1]; ga q[0];");
  CHECK(codes(parse("other.qasm")) == "Q2104@3:9");  // and ga is not called unknown
  qasm::Options options;
  options.include_paths = {scratch.path() / "nowhere", scratch.path() / "lib"};
  CHECK(codes(parse("other.qasm", options)).empty());

  scratch.write("one.qasm", "include \"two.inc\";\n");
  scratch.write("two.inc", "qreg q[1];\ninclude \"one.qasm\";\nmistake q;");
  auto result = parse("one.qasm");
  CHECK(codes(result) == "Q2107@2:9");
  CHECK(result.diagnostics[0].file == (scratch.path() / "two.inc").string());
  REQUIRE(result.diagnostics[0].notes.size() == 1);
  CHECK(result.diagnostics[0].notes[0].message == "included from here");
  CHECK(result.diagnostics[0].notes[0].line == 1);

  scratch.write("broken.inc", "gate g a { x a;");
  scratch.write("uses.qasm", kHead + "include \"broken.inc\"; qreg q[1]; x q[1];");
  CHECK(codes(parse("uses.qasm")) == "Q2307@3:38 Q2207@1:16");
  REQUIRE(::mkfifo((scratch.path() / "fifo").c_str(), 0600) == 0);
  scratch.write("fifo.qasm", "include \"fifo\";");
  CHECK(codes(parse("fifo.qasm")) == "Q2106@1:9");
  scratch.write("empty.inc", "");
  scratch.write("twice.qasm", kHead + "include \"empty.inc\"; include \"empty.inc\"; qreg q[1];");
  CHECK(codes(parse("twice.qasm")).empty());
  scratch.write("syntax.qasm",
                "include empty.inc; qreg q[1]; include \"empty.inc\" qreg r[1]; U(0,0,0) r;");
  CHECK(codes(parse("syntax.qasm")) == "Q2201@1:9 Q2202@1:50");
}

TEST_CASE("includes are limited in depth, number and bytes") {
  const Scratch scratch;
  for (int k = 0; k < 100; ++k) {
    scratch.write(fmt::format("deep{}.inc", k), fmt::format("include \"deep{}.inc\";", k + 1));
    scratch.write(fmt::format("wide{}.inc", k),
                  fmt::format("include \"wide{0}.inc\"; include \"wide{0}.inc\";", k + 1));
  }
  scratch.write("wide10.inc", "qreg q[1];");
  scratch.write("wide20.inc", "// empty\n");
  const auto parse = [&](const char* name) { return qasm::parse_file(scratch.path() / name); };
  CHECK(codes(parse("deep0.inc")) == "Q2108@1:9");
  const auto wide = parse("wide12.inc");  // 2^8 inclusions of the last file
  CHECK(wide.program);
  const auto wider = parse("wide11.inc");
  CHECK(wider.diagnostics.at(0).code == "Q2108");
  scratch.write("large.inc", std::string(600, ' '));
  scratch.write("large.qasm", "include \"large.inc\"; include \"large.inc\";");
  qasm::Options options;
  options.limits.source_bytes = 1000;
  CHECK(codes(qasm::parse_file(scratch.path() / "large.qasm", options)) == "Q2109@1:30");
}

TEST_CASE("programs of nothing") {
  CHECK(qasm::load("OPENQASM 2.0;", "t").instructions.empty());
  CHECK(qasm::load("OPENQASM 2.0;", "t").qubits == 0);
  CHECK(qasm::load("qreg q[1];", "t").qubits == 1);
  CHECK(qasm::load("qreg q[1]; barrier q; barrier q[0];", "t").instructions.empty());
}

TEST_CASE("a line of many megabytes, and an error at its end") {
  std::string body = "qreg q[2];";
  for (int k = 0; k < 200'000; ++k) body += "cx q[0],q[1];";
  CHECK(operations(qasm::load(kHead + body, "t")) == 200'000);
  const auto result = qasm::parse(kHead + body + "x q[2];", "t");
  REQUIRE(result.diagnostics.size() == 1);
  CHECK(result.diagnostics[0].column == 2'600'015);
  CHECK(result.diagnostics[0].source_line.size() < 130);
}

TEST_CASE("random bytes and mutated programs are refused or read, never worse") {
  std::mt19937 random(2);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::vector<std::string_view> pieces{"OPENQASM 2.0;",
                                             "include \"qelib1.inc\";",
                                             "qreg q[3];",
                                             "creg c[3];",
                                             "gate g(a) x,y {",
                                             "}",
                                             "g(",
                                             "pi",
                                             "sin(",
                                             ")",
                                             "(",
                                             "[",
                                             "]",
                                             "q",
                                             "c",
                                             "0",
                                             "1",
                                             "1e9",
                                             "-",
                                             "^",
                                             "/",
                                             "*",
                                             "+",
                                             ",",
                                             ";",
                                             "measure",
                                             "->",
                                             "reset",
                                             "barrier",
                                             "if(c==1)",
                                             "cx q[0],q[1];",
                                             "opaque",
                                             "U",
                                             "h q;",
                                             "\n",
                                             "\"",
                                             "//",
                                             "/*",
                                             "*/",
                                             "\xCF\x80",
                                             "==",
                                             "=",
                                             "@",
                                             "x y;",
                                             "rz(a) x;",
                                             "gate",
                                             "99999999999999999999",
                                             "include \"x\";",
                                             "qubit",
                                             "\xEF\xBB\xBF",
                                             " "};
  std::size_t valid = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    if (round % 4 == 0) {
      const std::size_t size = below(60);
      for (std::size_t k = 0; k < size; ++k) text += static_cast<char>(below(256));
    } else {
      if (round % 2 == 0) text = kHead + "qreg q[3]; creg c[3];";
      const std::size_t size = below(12);
      for (std::size_t k = 0; k < size; ++k) {
        text += pieces[below(pieces.size())];
        text += ' ';
      }
      if (round % 4 == 3 && !text.empty()) {
        text[below(text.size())] = static_cast<char>(below(256));
      }
    }
    const auto result = qasm::parse(text, "fuzz");
    REQUIRE(result.diagnostics.size() <= 20);
    const bool error =
        std::any_of(result.diagnostics.begin(), result.diagnostics.end(),
                    [](const qasm::Diagnostic& d) { return d.severity == qasm::Severity::error; });
    REQUIRE(result.program.has_value() == !error);
    for (const auto& d : result.diagnostics) {
      REQUIRE(d.line >= 1);
      REQUIRE(d.column >= 1);
      REQUIRE(d.length >= 1);
      REQUIRE_FALSE(qasm::format(d).empty());
    }
    valid += result.program ? 1 : 0;
  }
  CHECK(valid > 100);
  CHECK(valid < 15'000);
}
