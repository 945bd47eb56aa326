// SPDX-License-Identifier: Apache-2.0
// Undoing and joining circuits, against the dense oracle.
#include "qsim/circuit/inverse.hpp"

#include <array>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

double distance_from_identity(const Circuit& circuit, std::span<const double> values = {}) {
  const Eigen::Index dim = Eigen::Index{1} << circuit.qubits();
  Eigen::MatrixXcd all = Eigen::MatrixXcd::Identity(dim, dim);
  for (const Operation& op : circuit.operations()) {
    all = (test::full_matrix(circuit, op, values) * all).eval();
  }
  return (all - Eigen::MatrixXcd::Identity(dim, dim)).cwiseAbs().maxCoeff();
}

std::string refusal(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_input);
    return error.message();
  }
  return {};
}

}  // namespace

TEST_CASE("every kind of gate is undone by one operation, with and without controls") {
  test::Generator random(21);
  for (int kind = 0; kind <= static_cast<int>(Gate::global_phase); ++kind) {
    const auto gate = static_cast<Gate>(kind);
    for (unsigned controls = 0; controls <= 2; ++controls) {
      for (unsigned wide = 1; wide <= 3; ++wide) {
        const int fixed = info(gate).targets;
        const unsigned targets = fixed < 0 ? wide : static_cast<unsigned>(fixed);
        const auto on = test::random_qubits(random, 5, targets + controls);
        std::vector<Control> held;
        for (unsigned c = 0; c < controls; ++c)
          held.push_back({on[targets + c], random() % 2 == 0});
        Circuit circuit(5);
        test::add_gate(circuit, random, gate, std::span(on).first(targets), held);
        const Circuit undone = inverse(circuit);
        CAPTURE(info(gate).name);
        CHECK(undone.size() == 1);
        CHECK(distance_from_identity(compose(circuit, undone)) < 1e-14);
        CHECK(distance_from_identity(compose(undone, circuit)) < 1e-14);
        CHECK(distance_from_identity(compose(undone, inverse(undone))) < 1e-14);
      }
    }
  }
}

TEST_CASE("a circuit and its inverse are the identity") {
  test::Generator random(22);
  for (int trial = 0; trial < 40; ++trial) {
    const Circuit circuit = test::random_circuit(random, 1 + static_cast<unsigned>(trial) % 5, 40);
    CHECK(distance_from_identity(compose(circuit, inverse(circuit))) < 1e-13);
    CHECK(distance_from_identity(compose(inverse(circuit), circuit)) < 1e-13);
  }
}

TEST_CASE("tables and fixed gates are inverted without rounding") {
  test::Generator random(23);
  const std::array<Qubit, 3> on{2, 0, 1};
  Circuit circuit(3);
  circuit.permutation(on, test::random_permutation(random, 3)).x(0).y(1).z(2).swap(0, 2);
  circuit.apply(Gate::iswap, std::array<Qubit, 2>{1, 2})
      .s(0)
      .sdg(1)
      .apply(Gate::sx, std::array{0U});
  const Circuit undone = inverse(circuit);
  CHECK(undone.operations()[0].gate == Gate::sxdg);
  CHECK(undone.matrix(undone.operations()[3])[6] == Complex(0.0, -1.0));
  const auto forth = circuit.table(circuit.operations()[0]);
  const auto back = undone.table(undone.operations().back());
  for (std::uint32_t k = 0; k < 8; ++k) CHECK(back[forth[k]] == k);
}

TEST_CASE("a matrix at the edge of what is accepted can be inverted and copied") {
  const double slightly = std::sqrt(1.0 + 0.99e-8);
  Circuit circuit(1);
  circuit.unitary(std::array{0U}, std::array<Complex, 4>{slightly, 0, 0, slightly});
  const Circuit undone = inverse(circuit);
  CHECK(undone.matrix(undone.operations()[0])[0] == Complex(slightly));
}

TEST_CASE("parameters keep their names and slots; the same values undo the circuit") {
  test::Generator random(24);
  for (int trial = 0; trial < 20; ++trial) {
    const Circuit circuit = test::random_parametrised_circuit(random, 4, 30, 5);
    const Circuit undone = inverse(circuit);
    CHECK(undone.parameter_names() == circuit.parameter_names());
    const Circuit echo = compose(circuit, undone);
    CHECK(echo.parameter_names() == circuit.parameter_names());
    std::vector<double> values;
    for (int k = 0; k < 5; ++k) values.push_back(std::normal_distribution()(random));
    CHECK(distance_from_identity(echo, values) < 1e-13);
  }
  Circuit affine(1);
  affine.rx(0, 2.0 * affine.parameter("a") + 1.0);
  CHECK(inverse(affine).params(inverse(affine).operations()[0])[0].evaluate(std::array{3.0}) ==
        -7.0);
}

TEST_CASE("a program of gates alone has an inverse, others say why not") {
  Program program;
  program.qubits = 2;
  program.bits = 1;
  program.circuits.emplace_back(2).h(0).cx(0, 1);
  program.circuits.emplace_back(2).t(1);
  program.instructions = {{Instruction::Kind::gates, 0, 0}, {Instruction::Kind::gates, 1, 0}};
  const Circuit undone = inverse(program);
  REQUIRE(undone.size() == 3);
  CHECK(undone.operations()[0].gate == Gate::tdg);
  CHECK(undone.operations()[2].gate == Gate::h);
  program.instructions.push_back({Instruction::Kind::measure, 1, 0});
  CHECK(refusal([&] { (void)inverse(program); }) ==
        "a program that measures has no inverse: it measures qubit 1");
  program.instructions.back() = {Instruction::Kind::reset, 0, 0};
  CHECK(refusal([&] { (void)inverse(program); }) ==
        "a program that resets has no inverse: it resets qubit 0");
  program.instructions.back() = {Instruction::Kind::jump_unless, 0, 0};
  CHECK(refusal([&] { (void)inverse(program); }) ==
        "a program that branches on classical bits has no inverse");
}

TEST_CASE("circuits are joined on chosen qubits") {
  test::Generator random(25);
  for (int trial = 0; trial < 30; ++trial) {
    const Circuit wide = test::random_circuit(random, 5, 10);
    const Circuit small = test::random_circuit(random, 3, 15);
    const auto on = test::random_qubits(random, 5, 3);
    const Circuit joined = compose(wide, small, on);
    REQUIRE(joined.size() == wide.size() + small.size());
    // The same gates written out on those qubits: a relabelling circuit around the small one.
    Circuit by_swaps(5);
    by_swaps.append(wide);
    std::vector<std::pair<Qubit, Qubit>> swaps;
    std::vector<Qubit> at{0, 1, 2, 3, 4};  // at[q]: where qubit q of `wide` lies
    for (Qubit q = 0; q < 3; ++q) {
      const Qubit from = at[on[q]];
      if (from == q) continue;
      swaps.emplace_back(q, from);
      by_swaps.swap(q, from);
      for (Qubit& place : at) {
        place = place == q ? from : place == from ? q : place;
      }
    }
    by_swaps.append(small);
    for (std::size_t k = swaps.size(); k-- > 0;) by_swaps.swap(swaps[k].first, swaps[k].second);
    CHECK((test::run(joined) - test::run(by_swaps)).norm() < 1e-13);
  }
}

TEST_CASE("joining widens, merges parameters by name and keeps what was there") {
  Circuit a(1);
  a.rx(0, a.parameter("x"));
  Circuit b(2);
  b.rz(1, b.parameter("y") - b.parameter("x"));
  const Circuit ab = compose(a, b);
  CHECK(ab.qubits() == 2);
  CHECK(ab.parameter_names() == std::vector<std::string>{"x", "y"});
  CHECK(ab.params(ab.operations()[1])[0].evaluate(std::array{1.0, 5.0}) == 4.0);
  Circuit twice(2);
  twice.cx(0, 1);
  twice.append(twice, std::array{1U, 0U});
  CHECK(twice.targets(twice.operations()[1])[0] == 0);
  CHECK(twice.controls(twice.operations()[1])[0].qubit == 1);
}

TEST_CASE("wrong places are refused in words, and nothing is appended") {
  Circuit a(3);
  const Circuit b = Circuit(2).cx(0, 1);
  CHECK(refusal([&] { a.append(b, std::array{0U}); }) ==
        "a circuit of 2 qubits was to be put on 1");
  CHECK(refusal([&] {
          a.append(b, std::array{0U, 3U});
        }) == "qubit 3 is out of range, the circuit has 3 qubits");
  CHECK(refusal([&] {
          a.append(b, std::array{2U, 2U});
        }) == "two qubits of a circuit were to be put on qubit 2");
  CHECK(a.size() == 0);
}
