// SPDX-License-Identifier: Apache-2.0
// Values for parameters, by name; and files with free names in their angles, run.
#include "qsim/run/binding.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/qasm/qasm.hpp"
#include "qsim/run/run.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

Program load(const std::string& body) {
  return qasm::load("OPENQASM 2.0; include \"qelib1.inc\";" + body, "test.qasm");
}

std::string message(const Program& program,
                    const std::vector<std::pair<std::string, double>>& given) {
  try {
    (void)bound(program, given);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_input);
    CHECK_FALSE(error.hint().empty());
    return error.message();
  }
  return "bound";
}

RunOptions options(std::vector<std::pair<std::string, double>> parameters) {
  RunOptions result;
  result.parameters = std::move(parameters);
  result.observables.emplace_back("Z0", PauliSum::parse("Z0"));
  return result;
}

}  // namespace

TEST_CASE("fault_F1 parameters are bound by name, and messages say how") {
  const Program program = load("qreg q[1]; rx(theta) q[0]; rz(2*phi + 1) q[0];");
  CHECK(parameter_names(program) == std::vector<std::string>{"theta", "phi"});
  CHECK(message(program, {{"theta", 1.0}, {"phi", 2.0}}) == "bound");
  CHECK(message(program, {{"phi", 2.0}}) ==
        "parameter theta has no value: --param theta=NUMBER gives it one");
  CHECK(message(program, {}) == "2 parameters have no value: theta, phi");
  CHECK(message(program, {{"theta", 1.0}, {"phi", 2.0}, {"psi", 3.0}}) ==
        "the circuit has no parameter 'psi'");
  CHECK_THROWS_WITH_AS(
      (void)bound(program, std::vector<std::pair<std::string, double>>{{"phi", 1.0}, {"phi", 2.0}}),
      "parameter 'phi' is given twice", Error);
  const Program fixed =
      bound(program, std::vector<std::pair<std::string, double>>{{"phi", 2.0}, {"theta", 0.5}});
  CHECK(parameter_names(fixed).empty());
  CHECK(fixed.circuits[0].params(fixed.circuits[0].operations()[1])[0].evaluate() == 5.0);
}

TEST_CASE("fault_F1 circuits of one program may name different parameters") {
  const Program program = load(
      "qreg q[2]; creg c[1]; rx(a) q[0]; measure q[0]->c[0]; rx(b) q[1]; measure q[1]->c[0]; "
      "if(c==1) ry(a*b) q[0];");
  CHECK(parameter_names(program) == std::vector<std::string>{"a", "b"});
  const Program fixed =
      bound(program, std::vector<std::pair<std::string, double>>{{"a", 2.0}, {"b", 3.0}});
  CHECK(fixed.circuits[2].params(fixed.circuits[2].operations()[0])[0].evaluate() == 6.0);
}

TEST_CASE("fault_F1 a file with parameters runs, with gradients and shot by shot") {
  const auto comm = serial_communicator();
  const Program straight = load("qreg q[1]; rx(theta) q[0]; rz(0.3) q[0];");
  RunOptions wanted = options({{"theta", 0.4}});
  wanted.gradient = true;
  const RunResult result = run_program(straight, wanted, *comm);
  CHECK(result.expectations.at(0).value == doctest::Approx(std::cos(0.4)));
  REQUIRE(result.expectations.at(0).gradient.size() == 1);
  CHECK(result.expectations[0].gradient[0] == doctest::Approx(-std::sin(0.4)));
  CHECK_THROWS_AS((void)run_program(straight, options({}), *comm), Error);

  const Program dynamic = load(
      "qreg q[1]; creg c[1]; creg d[1]; rx(theta) q[0]; measure q[0]->c[0]; if(c==1) rx(theta) "
      "q[0]; measure q[0]->d[0];");
  RunOptions shots = options({{"theta", std::acos(-1.0)}});
  shots.observables.clear();
  shots.shots = 20;
  const RunResult counted = run_program(dynamic, shots, *comm);
  REQUIRE(counted.counts.size() == 1);
  for (const auto& [key, count] : counted.counts) CHECK(key == "0 1");
  shots.parameters.clear();
  CHECK_THROWS_AS((void)run_program(dynamic, shots, *comm), Error);
}
