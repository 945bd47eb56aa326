// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/run.hpp"

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "qsim/qasm/qasm.hpp"
#include "tests/support/oracle.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

Program program(const std::string& body) {
  return qasm::load("OPENQASM 2.0; include \"qelib1.inc\";" + body, "test.qasm");
}

RunResult run(const Program& p, const RunOptions& options) {
  const auto comm = serial_communicator();
  return run_program(p, options, *comm);
}

}  // namespace

TEST_CASE("counts, expectation values and amplitudes of one run") {
  RunOptions options;
  options.shots = 1000;
  options.seed = 7;
  options.observables.emplace_back("Z0 Z1", PauliSum::parse("Z0 Z1"));
  options.amplitudes = {0, 3};
  for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
    options.precision = precision;
    const RunResult r =
        run(program("qreg q[2]; creg c[2]; h q[0]; cx q[0], q[1]; measure q -> c;"), options);
    REQUIRE(r.counts.size() == 2);
    CHECK(r.counts.at("00") + r.counts.at("11") == 1000);
    CHECK(r.expectations.at(0).value == doctest::Approx(1.0).epsilon(1e-6));
    CHECK(std::abs(r.amplitudes.at(1).second) == doctest::Approx(std::sqrt(0.5)).epsilon(1e-6));
    CHECK_FALSE(r.shot_by_shot);
  }
}

TEST_CASE("without a measurement all qubits are sampled") {
  RunOptions options;
  options.shots = 10;
  const RunResult r = run(program("qreg q[3]; x q[0];"), options);
  CHECK(r.sampled_all_qubits);
  CHECK(r.counts == Counts{{"001", 10}});
}

TEST_CASE("wrong requests are refused with the reason") {
  RunOptions options;
  const Program bell = program("qreg q[2]; h q[0];");
  options.observables.emplace_back("Z5", PauliSum::parse("Z5"));
  CHECK_THROWS_WITH_AS(run(bell, options), doctest::Contains("names qubit 5"), Error);
  options.observables.clear();
  options.parameters.emplace_back("theta", 1.0);
  CHECK_THROWS_WITH_AS(run(bell, options), doctest::Contains("no parameter 'theta'"), Error);
  options.parameters.clear();
  options.gradient = true;
  CHECK_THROWS_AS(run(bell, options), Error);
  options.gradient = false;
  const Program branching = program("qreg q[1]; creg c[1]; measure q[0] -> c[0]; x q[0];");
  CHECK_THROWS_WITH_AS(run(branching, options), doctest::Contains("no single final state"), Error);
  options.shots = 1;
  options.amplitudes = {0};
  CHECK_THROWS_AS(run(branching, options), Error);
}

TEST_CASE("amplitudes and gradients that cannot be are refused before the gates run") {
  RunOptions options;
  const Program plain = program("qreg q[2]; h q[0];");
  options.amplitudes = {4};
  CHECK_THROWS_WITH_AS(run(plain, options), doctest::Contains("indices 0 to 3"), Error);
  options.amplitudes.clear();
  options.observables.emplace_back("Z0", PauliSum::parse("Z0"));
  options.gradient = true;
  CHECK_THROWS_WITH_AS(run(plain, options), doctest::Contains("no parameters"), Error);
}

TEST_CASE("parameters are bound by name") {
  Circuit circuit(1);
  circuit.rx(0, circuit.parameter("a")).rz(0, circuit.parameter("b"));
  const std::vector<std::pair<std::string, double>> given{{"b", 2.0}, {"a", 1.0}};
  CHECK(bind_parameters(circuit, given) == std::vector<double>{1.0, 2.0});
  CHECK_THROWS_WITH_AS((void)bind_parameters(circuit, std::span(given).first(1)),
                       doctest::Contains("'a' has no value"), Error);
}
