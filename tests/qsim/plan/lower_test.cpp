// SPDX-License-Identifier: Apache-2.0
// Lowering: SWAPs become labels, long Pauli strings are folded, gates of several angles are split.
#include "qsim/plan/lower.hpp"

#include <array>
#include <bit>
#include <limits>
#include <numeric>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

double error_of(const Circuit& circuit, std::span<const double> values = {}) {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  return (test::simulate<double>(engine, circuit, {}, values) - test::run(circuit, values))
      .cwiseAbs()
      .maxCoeff();
}

/// A product state without symmetries.
Circuit prepared(Qubit n) {
  Circuit circuit(n);
  for (Qubit q = 0; q < n; ++q) circuit.u(q, 0.4 + 0.3 * q, 0.2 * q, 1.1 - 0.1 * q);
  return circuit;
}

}  // namespace

TEST_CASE("swaps and identities cost nothing, gates follow the wires") {
  Circuit circuit(4);
  circuit.swap(0, 1).swap(1, 2).id(3).cx(0, 2);
  const LoweredCircuit low = lower(circuit);
  REQUIRE(low.ops.size() == 1);
  CHECK(low.final_wire == std::vector<std::uint8_t>{1, 2, 0, 3});
  // Qubit 0 is on wire 1, qubit 2 on wire 0.
  CHECK(low.ops[0].control_mask == bit(1));
  CHECK(low.ops[0].target[0] == 0);
  Circuit whole = prepared(4);
  whole.append(circuit);
  CHECK(error_of(whole) < 1e-14);
}

TEST_CASE("a controlled swap is an operation") {
  Circuit circuit(3);
  const std::array<Qubit, 2> on{0, 2};
  circuit.apply(Gate::swap, on, {}, std::array{Control{1, true}});
  const LoweredCircuit low = lower(circuit);
  REQUIRE(low.ops.size() == 1);
  CHECK(low.ops[0].kind == Lowered::Kind::permutation);
  CHECK(low.ops[0].footprint.mix == (bit(0) | bit(2)));
  CHECK(low.ops[0].footprint.z == bit(1));
  CHECK(low.ops[0].control_value == 0);
  CHECK(low.widest == 2);
}

TEST_CASE("footprints name what a gate does to each qubit") {
  Circuit circuit(4);
  const std::array<Qubit, 4> on{0, 1, 2, 3};
  circuit.cx(0, 1).h(2).rz(3, 0.1).rxx(0, 1, 0.1).ryy(0, 1, 0.1).rzz(2, 3, 0.1).sx(1);
  circuit.pauli_rotation("XYZI", on, 0.2);
  circuit.global_phase(0.3, std::array{Control{2, false}});
  const LoweredCircuit low = lower(circuit);
  const auto is = [&](std::size_t k, std::uint64_t mix, std::uint64_t z, std::uint64_t x) {
    CAPTURE(k);
    CHECK(low.ops[k].footprint.mix == mix);
    CHECK(low.ops[k].footprint.z == z);
    CHECK(low.ops[k].footprint.x == x);
    CHECK(low.ops[k].footprint.need() == (mix | x));
  };
  is(0, 0, 0b1, 0b10);
  is(1, 0b100, 0, 0);
  is(2, 0, 0b1000, 0);
  is(3, 0, 0, 0b11);
  is(4, 0b11, 0, 0);
  is(5, 0, 0b1100, 0);
  is(6, 0, 0, 0b10);
  is(7, 0b10, 0b100, 0b1);
  is(8, 0, 0b100, 0);
  CHECK(low.widest == 2);
}

TEST_CASE("Pauli strings that flip more than six qubits are folded onto one") {
  std::array<Qubit, 9> on{};
  std::iota(on.begin(), on.end(), 0U);
  for (const char* letters : {"XXXXXXX", "YXYXYXYX", "ZXXYYIXXX", "YYYYYYYYY", "XZXZXZXXX"}) {
    CAPTURE(letters);
    const std::string_view text = letters;
    Circuit circuit = prepared(9);
    const std::size_t before = circuit.size();
    circuit.pauli_rotation(text, std::span(on).first(text.size()), 1.3);
    const LoweredCircuit low = lower(circuit);
    unsigned flips = 0;
    for (const char c : text) flips += c == 'X' || c == 'Y' ? 1 : 0;
    CHECK(low.widest == (flips > 6 ? 1U : flips));
    CHECK((low.ops.size() - before == 1) == (flips <= 6));
    CHECK(error_of(circuit) < 1e-14);
  }
  // With controls, plain and negated.
  Circuit circuit = prepared(9);
  circuit.pauli_rotation("XYXYXYX", std::span(on).first(7), -0.8,
                         std::array{Control{7, false}, Control{8, true}});
  CHECK(error_of(circuit) < 1e-14);
}

TEST_CASE("u and fsim with parameters are split and equal the constant ones") {
  for (const double angle : {0.4, 3.3, 6.5, -8.0}) {
    const std::array values{angle, 0.7 - angle, 1.9};
    const std::array controls{Control{2, true}};
    Circuit constant = prepared(3);
    Circuit split = prepared(3);
    const Param a = split.parameter("a");
    const Param b = split.parameter("b");
    const Param c = split.parameter("c");
    const std::array<Qubit, 2> pair{1, 0};
    constant.u(0, values[0], values[1], values[2]);
    constant.apply(Gate::u, std::array<Qubit, 1>{1},
                   std::array<Param, 3>{values[2], values[0], values[1]}, controls);
    constant.fsim(0, 2, values[0], values[1]);
    constant.apply(Gate::fsim, pair, std::array<Param, 2>{values[1], values[2]}, controls);
    split.u(0, a, b, c);
    split.apply(Gate::u, std::array<Qubit, 1>{1}, std::array{c, a, b}, controls);
    split.fsim(0, 2, a, b);
    split.apply(Gate::fsim, pair, std::array{b, c}, controls);
    CHECK(lower(constant).ops.size() == 7);
    CHECK(lower(split).ops.size() == 3 + 3 + 3 + 3 + 3);
    CHECK((test::run(constant) - test::run(split, values)).norm() < 1e-14);
    CHECK(error_of(constant) < 1e-14);
    CHECK(error_of(split, values) < 1e-14);
  }
}

TEST_CASE("more qubits than can be indexed are refused") {
  CHECK(lower(Circuit(58)).qubits == 58);
  CHECK_THROWS_AS((void)lower(Circuit(59)), Error);
}
