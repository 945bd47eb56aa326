// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/run.hpp"

#include <cmath>
#include <random>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "qsim/core/error.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/observe/norms.hpp"
#include "qsim/qasm/qasm.hpp"
#include "tests/support/errors.hpp"
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

TEST_CASE("fault_E4 a gradient says of each observable that it is done") {
  RunOptions options;
  options.gradient = true;
  options.parameters = {{"a", 0.3}};
  for (const char* const text : {"Z0", "X0", "Z0 Z1"}) {
    options.observables.emplace_back(text, PauliSum::parse(text));
  }
  std::vector<double> done;
  options.progress = [&](const RunProgress& at) {
    if (at.part != CommandPart::gradient) return;
    CHECK(at.total == 3.0);
    done.push_back(at.done);
  };
  (void)run(program("qreg q[2]; ry(a) q[0]; cx q[0], q[1];"), options);
  CHECK(done == std::vector<double>{0.0, 1.0, 2.0, 3.0});
}

TEST_CASE("parameters are bound by name") {
  Circuit circuit(1);
  circuit.rx(0, circuit.parameter("a")).rz(0, circuit.parameter("b"));
  const std::vector<std::pair<std::string, double>> given{{"b", 2.0}, {"a", 1.0}};
  CHECK(bind_parameters(circuit, given) == std::vector<double>{1.0, 2.0});
  CHECK_THROWS_WITH_AS((void)bind_parameters(circuit, std::span(given).first(1)),
                       doctest::Contains("parameter a has no value"), Error);
}

namespace {

/// <X0 X1> after a Bell pair and `rest`.
RunResult bell_xx(const std::string& rest, const Optimisations& optimisations = {}) {
  RunOptions options;
  options.shots = 200;
  options.optimisations = optimisations;
  options.observables.emplace_back("X0 X1", PauliSum::parse("X0 X1"));
  const RunResult r = run(program("qreg q[2]; creg c[2]; h q[0]; cx q[0], q[1];" + rest), options);
  CHECK(r.counts.size() == 2);
  return r;
}

}  // namespace

TEST_CASE("fault_B2 expectation values are those before the final measurements") {
  std::vector<Optimisations> settings(1);
  for (std::size_t k = 0; k < kOptimisations; ++k) {
    settings.emplace_back();
    settings.back().without(static_cast<Optimisation>(k));
  }
  for (const Optimisations& without : settings) {
    for (const char* rest : {"measure q -> c;", "measure q -> c; barrier q;",
                             "measure q[0] -> c[0]; id q[0]; barrier q[0]; measure q[1] -> c[1];",
                             "measure q -> c; U(0,0,0) q[1];"}) {
      CAPTURE(rest);
      const RunResult r = bell_xx(rest, without);
      CHECK_FALSE(r.shot_by_shot);
      CHECK(r.expectations.at(0).value == doctest::Approx(1.0).epsilon(1e-12));
      CHECK(r.expectations.at(0).standard_error == 0.0);
    }
    for (const char* rest :
         {"measure q -> c; z q[0]; z q[0];", "measure q -> c; x q[1]; x q[1];",
          "measure q -> c; measure q -> c;",
          "measure q[0] -> c[0]; rz(1) q[0]; rz(-1) q[0]; measure q[1] -> c[1];"}) {
      CAPTURE(rest);
      const RunResult r = bell_xx(rest, without);
      CHECK(r.shot_by_shot);
      CHECK(std::abs(r.expectations.at(0).value) < 1e-12);  // every shot has left a basis state
    }
  }
}

TEST_CASE("fault_B2 of a branching program too: before those of its measurements that are final") {
  RunOptions options;
  options.shots = 300;
  options.observables.emplace_back("X2", PauliSum::parse("X2"));
  options.probabilities = {2, 0};
  // Teleports |+>; the last measurement is final, the others are not.
  const RunResult r =
      run(program("qreg q[3]; creg a[1]; creg b[1]; creg out[1]; h q[0]; h q[1]; cx q[1], q[2];"
                  "cx q[0], q[1]; h q[0]; measure q[0] -> a[0]; measure q[1] -> b[0];"
                  "if (b == 1) x q[2]; if (a == 1) z q[2]; measure q[2] -> out[0];"),
          options);
  CHECK(r.shot_by_shot);
  CHECK(r.expectations.at(0).value == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(r.expectations.at(0).standard_error == 0.0);
  CHECK(r.counts.size() == 8);
  // Outcomes of q[2] (low bit) and q[0]: the first is even in every shot, the second is decided.
  REQUIRE(r.probabilities.values.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const double error = r.probabilities.standard_errors[i];
    CHECK(error == doctest::Approx(0.25 / std::sqrt(299.0)).epsilon(0.2));
    CHECK(std::abs(r.probabilities.values[i] - 0.25) < 5 * error);
  }
  CHECK(r.measured == std::vector<Measured>{{0, 0, false}, {1, 1, false}, {2, 2, true}});
}

TEST_CASE("fault_B2 probabilities are exact where one final state exists") {
  RunOptions options;
  options.probabilities = {2, 0};
  const RunResult r =
      run(program("qreg q[3]; creg c[3]; x q[0]; ry(1) q[2]; measure q -> c;"), options);
  const double p = std::pow(std::sin(0.5), 2);
  REQUIRE(r.probabilities.values.size() == 4);
  CHECK(r.probabilities.values[0] == doctest::Approx(0.0));
  CHECK(r.probabilities.values[2] == doctest::Approx(1.0 - p));  // q[0] is the high bit
  CHECK(r.probabilities.values[3] == doctest::Approx(p));
  CHECK(r.probabilities.standard_errors == std::vector<double>(4, 0.0));
  options.probabilities = {0, 3};
  CHECK_THROWS_WITH_AS(run(program("qreg q[3];"), options), doctest::Contains("qubit 3"), Error);
}

TEST_CASE("fault_B9 all qubits are sampled under the names of their registers") {
  RunOptions options;
  options.shots = 10;
  const RunResult r = run(program("qreg alice[1]; qreg q[2]; x alice[0]; x q[1];"), options);
  CHECK(r.counts == Counts{{"10 1", 10}});
  REQUIRE(r.registers.size() == 2);
  CHECK(r.registers[0].name == "alice");
  CHECK(r.measured.size() == 3);
  CHECK(r.measured[2] == Measured{2, 2, true});
  const RunResult branching =
      run(program("qreg alice[1]; qreg q[2]; h alice[0]; reset alice[0]; x q[1];"), options);
  CHECK(branching.counts == Counts{{"10 0", 10}});
}

TEST_CASE(
    "fault_D4c qubits beyond what can be indexed are refused before any work that grows with "
    "them") {
  Program p;
  p.qubits = 4'000'000'000U;  // a table with a byte for each would be seen
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
    RunOptions options;
    options.shots = 1;
    options.precision = precision;
    const auto error = test::thrown_by([&] { (void)run(p, options); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::resources);
  }
  const auto planned = test::thrown_by([&] { (void)make_plan(Circuit(p.qubits), {}); });
  REQUIRE(planned);
  CHECK(planned->message() == "4000000000 qubits are more than the engine can index (58)");
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  CHECK(after.ru_maxrss - before.ru_maxrss < 100'000);  // KiB
}

TEST_CASE("case_N3 seeds 0..999 of one circuit: their counts are independent of each other") {
  RunOptions options;
  options.shots = 16;
  const Program coin = program("qreg q[1]; creg c[1]; h q[0]; measure q -> c;");
  double sum = 0.0;
  double squares = 0.0;
  double neighbours = 0.0;
  double before = 0.0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    options.seed = seed;
    const RunResult r = run(coin, options);
    double ones = 0.0;
    for (const auto& [key, count] : r.counts) ones += key == "1" ? static_cast<double>(count) : 0.0;
    const double deviation = ones - 8.0;
    sum += deviation;
    squares += deviation * deviation;
    neighbours += deviation * before;
    before = deviation;
  }
  // 16 fair coins have variance 4: five standard deviations of each statistic.
  CHECK(std::abs(sum) < 5.0 * std::sqrt(4.0 * 1000));
  CHECK(std::abs(squares / 1000 - 4.0) < 5.0 * 4.0 * std::sqrt(2.0 / 1000));
  CHECK(std::abs(neighbours) < 5.0 * 4.0 * std::sqrt(1000.0));
}

TEST_CASE("case_N4 a million gates: the squared norm is 1 to 1e-10") {
  Circuit circuit(4);
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> angle(-3.0, 3.0);
  for (int k = 0; k < 250; ++k) {
    const auto q = static_cast<Qubit>(random() % 4);
    const auto other = static_cast<Qubit>((q + 1 + random() % 3) % 4);
    circuit.ry(q, angle(random)).rz(q, angle(random)).rx(q, angle(random)).cx(q, other);
  }
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  PlanOptions planned;
  planned.optimisations.without(Optimisation::direct);
  for (const PlanOptions& options : {PlanOptions(), planned}) {
    auto state = engine.make_state<double>(make_plan(circuit, options));
    const Plan plan = make_plan(circuit, state.continued(options));
    CHECK(plan.gates.empty() != options.optimisations.has(Optimisation::direct));
    REQUIRE(plan.final == plan.initial);
    for (int run = 0; run < 1000; ++run) engine.run(plan, {}, state);
    CHECK(std::abs(probability(state) - 1.0) < 1e-10);
  }
}
