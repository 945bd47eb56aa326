// SPDX-License-Identifier: Apache-2.0
// Building circuits: what is stored, what is refused and with which words, appending.
#include "qsim/circuit/circuit.hpp"

#include <array>
#include <limits>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// The message of the refusal; the circuit must be as it was before.
std::string refusal(Circuit& circuit, const auto& call) {
  const std::size_t size = circuit.size();
  std::string message;
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_input);
    message = error.message();
  }
  CHECK_FALSE(message.empty());
  CHECK(circuit.size() == size);
  // What was refused leaves nothing behind: the next gate is read back as it was written.
  circuit.cx(2, 0);
  const Operation& op = circuit.operations().back();
  CHECK(circuit.targets(op)[0] == 0);
  CHECK(circuit.controls(op)[0].qubit == 2);
  return message;
}

}  // namespace

TEST_CASE("operations keep their qubits, controls, angles and data") {
  Circuit circuit(5);
  const std::array<Qubit, 2> on{3, 1};
  const std::array controls{Control{4, true}, Control{0, false}};
  circuit.h(2).rz(1, 0.25);
  circuit.apply(Gate::fsim, on, std::array<Param, 2>{0.5, -0.5}, controls);
  const std::array<Complex, 4> phases{1, Complex(0, 1), -1, Complex(0, -1)};
  circuit.diagonal(on, phases);
  circuit.permutation(on, std::array<std::uint32_t, 4>{2, 0, 3, 1}, controls);
  circuit.pauli_rotation("XY", on, 1.5);
  circuit.global_phase(0.75, controls);
  REQUIRE(circuit.size() == 7);
  const auto ops = circuit.operations();
  CHECK(ops[0].gate == Gate::h);
  CHECK(circuit.targets(ops[0])[0] == 2);
  CHECK(circuit.params(ops[0]).empty());
  CHECK(circuit.params(ops[1])[0].evaluate() == 0.25);
  CHECK(circuit.targets(ops[2])[0] == 3);
  CHECK(circuit.targets(ops[2])[1] == 1);
  REQUIRE(circuit.controls(ops[2]).size() == 2);
  CHECK(circuit.controls(ops[2])[0].qubit == 4);
  CHECK(circuit.controls(ops[2])[0].negative);
  CHECK_FALSE(circuit.controls(ops[2])[1].negative);
  CHECK(circuit.params(ops[2])[1].evaluate() == -0.5);
  CHECK(circuit.matrix(ops[3])[3] == Complex(0, -1));
  CHECK(circuit.table(ops[4])[2] == 3);
  CHECK(circuit.paulis(ops[5]) == "XY");
  CHECK(circuit.targets(ops[6]).empty());
  CHECK(circuit.params(ops[6])[0].evaluate() == 0.75);
}

TEST_CASE("the short forms mean the gates of the table") {
  Circuit circuit(3);
  circuit.id(0).x(0).y(0).z(0).h(0).s(0).sdg(0).t(0).tdg(0).sx(0).rx(0, 1).ry(0, 1).rz(0, 1);
  circuit.p(0, 1).u(0, 1, 2, 3).cx(0, 1).cz(0, 1).cp(0, 1, 1).crz(0, 1, 1).ccx(0, 1, 2);
  circuit.swap(0, 1).rxx(0, 1, 1).ryy(0, 1, 1).rzz(0, 1, 1).fsim(0, 1, 1, 2);
  const Gate kinds[] = {Gate::id,  Gate::x,   Gate::y,   Gate::z,   Gate::h,  Gate::s,  Gate::sdg,
                        Gate::t,   Gate::tdg, Gate::sx,  Gate::rx,  Gate::ry, Gate::rz, Gate::p,
                        Gate::u,   Gate::x,   Gate::z,   Gate::p,   Gate::rz, Gate::x,  Gate::swap,
                        Gate::rxx, Gate::ryy, Gate::rzz, Gate::fsim};
  REQUIRE(circuit.size() == std::size(kinds));
  for (std::size_t i = 0; i < std::size(kinds); ++i)
    CHECK(circuit.operations()[i].gate == kinds[i]);
  CHECK(circuit.targets(circuit.operations()[15])[0] == 1);  // cx(control, target)
  CHECK(circuit.controls(circuit.operations()[19]).size() == 2);
}

TEST_CASE("wrong operands are refused in words") {
  Circuit c(3);
  CHECK(refusal(c, [&] { c.h(3); }) == "gate h: qubit 3 is out of range, the circuit has 3 qubits");
  CHECK(refusal(c, [&] { c.cx(7, 0); }) ==
        "gate x: qubit 7 is out of range, the circuit has 3 qubits");
  CHECK(refusal(c, [&] { c.cx(1, 1); }) == "gate x: qubit 1 is used twice, operands must differ");
  CHECK(refusal(c, [&] { c.swap(2, 2); }) ==
        "gate swap: qubit 2 is used twice, operands must differ");
  CHECK(refusal(c, [&] { c.ccx(0, 0, 1); }) ==
        "gate x: qubit 0 is used twice, operands must differ");
  const std::array<Qubit, 2> two{0, 1};
  CHECK(refusal(c, [&] { c.apply(Gate::h, two); }) == "gate h acts on 1 qubits, got 2");
  CHECK(refusal(c, [&] { c.apply(Gate::rxx, two); }) == "gate rxx takes 1 parameters, got 0");
  CHECK(refusal(c, [&] { c.apply(Gate::unitary, two); }) == "gate unitary needs its own data");
}

TEST_CASE("wrong angles are refused in words") {
  Circuit c(3);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(c, [&] { c.rx(0, nan); }).find("is not finite (nan)") != std::string::npos);
  CHECK(refusal(c, [&] {
          c.rx(0, std::numeric_limits<double>::infinity());
        }).find("is not finite (inf)") != std::string::npos);
  CHECK(refusal(c, [&] { c.rz(0, Param::slot(0)); }) ==
        "gate rz uses parameter slot 0, but the circuit names only 0");
  (void)c.parameter("a");
  CHECK(refusal(c, [&] { c.rz(0, Param::slot(0) * Param::slot(4)); }) ==
        "gate rz uses parameter slot 4, but the circuit names only 1");
}

TEST_CASE("wrong data is refused in words") {
  Circuit c(8);
  const std::array<Qubit, 7> on{0, 1, 2, 3, 4, 5, 6};
  const auto first = [&](std::size_t k) { return std::span(on).first(k); };
  const std::array<Complex, 4> not_unitary{1, 0, 0, 1.0001};
  CHECK(refusal(c, [&] { c.unitary(first(1), not_unitary); }) ==
        "the matrix is not unitary: max |U^dagger U - 1| = 0.0002, limit 1e-08");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(c, [&] {
          c.unitary(first(1), std::array<Complex, 4>{nan, 0, 0, 1});
        }).find("not unitary: max |U^dagger U - 1| = nan") != std::string::npos);
  CHECK(refusal(c, [&] { c.unitary(first(2), not_unitary); }) ==
        "gate unitary on 2 targets needs 16 entries, got 4");
  CHECK(refusal(c, [&] { c.unitary({}, not_unitary); }) ==
        "gate unitary on 0 targets: 1 to 6 are supported");
  const std::vector<Complex> large(1 << 14, 1.0);
  CHECK(refusal(c, [&] { c.unitary(first(7), large); }) ==
        "gate unitary on 7 targets: 1 to 6 are supported");
  CHECK(refusal(c, [&] {
          c.diagonal(first(1), std::array<Complex, 2>{1, 0.5});
        }) == "diagonal entry 1 is not a phase: ||d| - 1| = 0.5, limit 1e-08");
  CHECK(refusal(c, [&] {
          c.diagonal(first(1), std::array<Complex, 2>{nan, 1});
        }).find("diagonal entry 0 is not a phase") != std::string::npos);
  CHECK(refusal(c, [&] {
          c.permutation(first(1), std::array<std::uint32_t, 2>{1, 1});
        }) == "the table is not a permutation of 0..1: 1 is used twice");
  CHECK(refusal(c, [&] {
          c.permutation(first(1), std::array<std::uint32_t, 2>{2, 0});
        }) == "the table is not a permutation of 0..1: 2 is out of range");
  CHECK(refusal(c, [&] { c.pauli_rotation("XYZ", first(2), 0.1); }) ==
        "Pauli rotation 'XYZ' has 3 letters for 2 qubits");
  CHECK(refusal(c, [&] { c.pauli_rotation("XA", first(2), 0.1); }) ==
        "Pauli rotation 'XA': 'A' is not one of I, X, Y, Z");
}

TEST_CASE("parameters are named once and numbered in order") {
  Circuit circuit(1);
  CHECK(circuit.parameter("a").slots() == 1);
  CHECK(circuit.parameter("b").slots() == 2);
  CHECK(circuit.parameter("a").slots() == 1);
  const auto w = circuit.parameters("w", 3);
  REQUIRE(w.size() == 3);
  CHECK(w[2].slots() == 5);
  CHECK(circuit.parameter_names() == std::vector<std::string>{"a", "b", "w[0]", "w[1]", "w[2]"});
  CHECK(circuit.parameter("w[1]").slots() == 4);
  CHECK(circuit.parameters("v", 0).empty());
  // A second w[0] could not be told from the first when circuits are joined by name.
  CHECK_THROWS_AS((void)circuit.parameters("w", 2), Error);
  CHECK(circuit.parameter_names().size() == 5);
}

TEST_CASE("widen raises the number of qubits only") {
  Circuit circuit(2);
  circuit.widen(4);
  CHECK(circuit.qubits() == 4);
  circuit.widen(1);
  CHECK(circuit.qubits() == 4);
}

TEST_CASE("append joins circuits, their data and their parameters by name") {
  test::Generator random(11);
  for (int trial = 0; trial < 30; ++trial) {
    const Circuit a = test::random_circuit(random, 4, 15);
    const Circuit b = test::random_circuit(random, 3, 15);
    Circuit joined = a;
    joined.append(b);
    CHECK(joined.size() == a.size() + b.size());
    Circuit wide_b(4);
    wide_b.append(b);
    REQUIRE((test::run(joined) - test::run(wide_b, {}, test::run(a))).norm() < 1e-13);
  }
  Circuit a(1);
  const Param x = a.parameter("x");
  a.rx(0, x);
  Circuit b(1);
  const Param y = b.parameter("y");
  b.ry(0, 2.0 * y * b.parameter("x"));
  a.append(b);
  CHECK(a.parameter_names() == std::vector<std::string>{"x", "y"});
  CHECK(a.params(a.operations()[1])[0].evaluate(std::array{3.0, 5.0}) == 30.0);
}

TEST_CASE("a circuit can be appended to itself, a wider one cannot") {
  test::Generator random(12);
  Circuit circuit = test::random_circuit(random, 3, 30);
  const Circuit once = circuit;
  circuit.append(circuit);
  CHECK(circuit.size() == 2 * once.size());
  CHECK((test::run(circuit) - test::run(once, {}, test::run(once))).norm() < 1e-13);
  Circuit narrow(2);
  try {
    narrow.append(once);
    FAIL("appended");
  } catch (const Error& error) {
    CHECK(error.message() == "cannot append a circuit of 3 qubits to one of 2");
  }
}
