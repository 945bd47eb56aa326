// SPDX-License-Identifier: Apache-2.0
// Programs that measure, reset and branch inside: run_shots(), through run_program().
#include <cmath>

#include <doctest/doctest.h>

#include "qsim/qasm/qasm.hpp"
#include "qsim/run/run.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

RunResult run(const Program& program, const RunOptions& options) {
  const auto comm = serial_communicator();
  return run_program(program, options, *comm);
}

Program program(const std::string& body) {
  return qasm::load("OPENQASM 2.0; include \"qelib1.inc\";" + body, "test.qasm");
}

}  // namespace

TEST_CASE("teleportation with conditions: the state arrives in every shot") {
  RunOptions options;
  options.shots = 400;
  const RunResult r = run(program("qreg q[3]; creg a[1]; creg b[1]; creg out[1];"
                                  "ry(1.1) q[0]; h q[1]; cx q[1], q[2]; cx q[0], q[1]; h q[0];"
                                  "measure q[0] -> a[0]; measure q[1] -> b[0];"
                                  "if (b == 1) x q[2]; if (a == 1) z q[2]; ry(-1.1) q[2];"
                                  "measure q[2] -> out[0];"),
                          options);
  CHECK(r.shot_by_shot);
  CHECK(r.counts.size() == 4);
  for (const auto& [key, count] : r.counts) CHECK(key.front() == '0');
}

TEST_CASE("shot by shot equals the deferred form in distribution, and reset empties a qubit") {
  RunOptions options;
  options.shots = 4000;
  const RunResult r = run(program("qreg q[1]; creg c[2]; ry(1.0) q[0]; measure q[0] -> c[0];"
                                  "reset q[0]; ry(2.0) q[0]; measure q[0] -> c[1];"),
                          options);
  const double p0 = std::pow(std::sin(0.5), 2);
  const double p1 = std::pow(std::sin(1.0), 2);
  const std::map<std::string, double> expected{
      {"00", (1 - p0) * (1 - p1)}, {"01", p0 * (1 - p1)}, {"10", (1 - p0) * p1}, {"11", p0 * p1}};
  for (const auto& [key, p] : expected) {
    const double sigma = std::sqrt(4000 * p * (1 - p));
    CHECK(std::abs(static_cast<double>(r.counts.at(key)) - 4000 * p) < 5 * sigma);
  }
}

TEST_CASE("expectation values of a branching program are means with an error") {
  RunOptions options;
  options.shots = 2000;
  options.observables.emplace_back("Z0", PauliSum::parse("Z0"));
  const RunResult r =
      run(program("qreg q[1]; creg c[1]; h q[0]; measure q[0] -> c[0]; z q[0];"), options);
  CHECK(r.expectations.at(0).standard_error ==
        doctest::Approx(std::sqrt(1.0 / 2000)).epsilon(0.05));
  CHECK(std::abs(r.expectations.at(0).value) < 5 * r.expectations.at(0).standard_error);
}

TEST_CASE("a condition is read once, before the operations it guards") {
  RunOptions options;
  options.shots = 50;
  // c becomes 3 by the first of the two measurements' outcome; both run, since c was 0 before.
  const RunResult r =
      run(program("qreg q[2]; creg c[2]; x q; measure q[0] -> c[1]; reset q[0]; x q[0];"
                  "if (c == 2) measure q -> c;"),
          options);
  CHECK(r.counts == Counts{{"11", 50}});
}

TEST_CASE("each shot and each site draws its own number") {
  RunOptions options;
  options.shots = 2000;
  options.seed = 5;
  const RunResult r = run(program("qreg q[1]; creg c[3]; h q[0]; measure q[0] -> c[0]; h q[0];"
                                  "measure q[0] -> c[1]; h q[0]; measure q[0] -> c[2];"),
                          options);
  REQUIRE(r.counts.size() == 8);
  for (const auto& [key, count] : r.counts) {
    CHECK(std::abs(static_cast<double>(count) - 250.0) < 5 * std::sqrt(2000 * 0.125 * 0.875));
  }
  options.seed = 6;
  CHECK(run(program("qreg q[1]; creg c[3]; h q[0]; measure q[0] -> c[0]; h q[0];"
                    "measure q[0] -> c[1]; h q[0]; measure q[0] -> c[2];"),
            options)
            .counts != r.counts);
}

TEST_CASE("a branching program without measurements samples all qubits") {
  RunOptions options;
  options.shots = 20;
  options.observables.emplace_back("Z0", PauliSum::parse("Z0"));
  const RunResult r = run(program("qreg q[2]; x q; reset q[0]; x q[0]; reset q[0];"), options);
  CHECK(r.sampled_all_qubits);
  CHECK(r.counts == Counts{{"10", 20}});
  CHECK(r.expectations.at(0).value == doctest::Approx(1.0));
}

TEST_CASE("one shot has no standard error") {
  RunOptions options;
  options.shots = 1;
  options.observables.emplace_back("Z0", PauliSum::parse("Z0"));
  const RunResult r = run(program("qreg q[1]; creg c[1]; measure q -> c; x q;"), options);
  CHECK(std::isnan(r.expectations.at(0).standard_error));
}

TEST_CASE("which measurements are final does not depend on the values of parameters") {
  const Program p = program("qreg q[1]; creg c[1]; h q[0]; measure q[0] -> c[0]; rx(a) q[0];");
  for (const double a : {0.0, 1e-9}) {
    CAPTURE(a);
    RunOptions options;
    options.shots = 20;
    options.parameters = {{"a", a}};
    options.observables.emplace_back("X0", PauliSum::parse("X0"));
    const RunResult r = run(p, options);
    CHECK(r.shot_by_shot);
    CHECK(r.command.shot_by_shot);
    REQUIRE(r.measured.size() == 1);
    CHECK_FALSE(r.measured[0].final);
    CHECK(std::abs(r.expectations.at(0).value) < 1e-8);  // 1 before the measurement
  }
}

TEST_CASE("the last measurement into a bit stays, also where an earlier one could wait") {
  RunOptions options;
  options.shots = 10;
  const std::string text =
      "qreg q[2]; creg c[1]; x q[0]; measure q[0] -> c[0]; measure q[1] -> c[0];";
  for (const char* after : {"", "x q[1];", "x q[1]; measure q[1] -> c[0]; x q[1];"}) {
    CAPTURE(after);
    const RunResult r = run(program(text + after), options);
    CHECK(r.counts.size() == 1);
    CHECK(r.counts.at(std::string(after).size() > 7 ? "1" : "0") == 10);
  }
}
