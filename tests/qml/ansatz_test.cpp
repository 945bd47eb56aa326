// SPDX-License-Identifier: Apache-2.0
#include "qml/ansatz.hpp"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

/// "rz0(w0) ry0(w1) cx01": gates with qubits (control first) and the slot of the angle.
std::string text(const qsim::Circuit& circuit, std::size_t weights) {
  std::string result;
  for (const auto& op : circuit.operations()) {
    if (!result.empty()) result += ' ';
    const auto controls = circuit.controls(op);
    if (!controls.empty()) result += 'c';
    result += qsim::info(op.gate).name;
    if (!controls.empty()) result += std::to_string(controls[0].qubit);
    result += std::to_string(circuit.targets(op)[0]);
    for (const auto& param : circuit.params(op)) {
      // A weight is its own slot: its value is 1 where that slot alone is 1.
      for (std::size_t w = 0; w < weights; ++w) {
        std::vector<double> one(weights, 0.0);
        one[w] = 1.0;
        if (param.evaluate(one) == 1.0) result += "(w" + std::to_string(w) + ")";
      }
    }
  }
  return result;
}

std::string strongly(qsim::Qubit qubits, std::size_t layer) {
  qsim::Circuit circuit(qubits);
  const std::size_t weights = weights_per_layer(Ansatz::strongly_entangling, qubits);
  append_strongly_entangling(circuit, layer, circuit.parameters("w", weights));
  return text(circuit, weights);
}

std::string hardware(qsim::Qubit qubits, Entangler entangler) {
  qsim::Circuit circuit(qubits);
  const std::size_t weights = weights_per_layer(Ansatz::hardware_efficient, qubits);
  append_hardware_efficient(circuit, entangler, circuit.parameters("w", weights));
  return text(circuit, weights);
}

}  // namespace

TEST_CASE("strongly entangling layers couple at a range that grows with the layer") {
  const std::string rotations =
      "rz0(w0) ry0(w1) rz0(w2) rz1(w3) ry1(w4) rz1(w5) rz2(w6) ry2(w7) rz2(w8)";
  CHECK(strongly(3, 0) == rotations + " cx01 cx12 cx20");
  CHECK(strongly(3, 1) == rotations + " cx02 cx10 cx21");
  CHECK(strongly(3, 2) == strongly(3, 0));
  CHECK(strongly(2, 5) == "rz0(w0) ry0(w1) rz0(w2) rz1(w3) ry1(w4) rz1(w5) cx01 cx10");
  CHECK(strongly(1, 0) == "rz0(w0) ry0(w1) rz0(w2)");
}

TEST_CASE("hardware-efficient layers, ring and line") {
  const std::string rotations = "ry0(w0) rz0(w1) ry1(w2) rz1(w3) ry2(w4) rz2(w5)";
  CHECK(hardware(3, Entangler::cx_ring) == rotations + " cx01 cx12 cx20");
  CHECK(hardware(3, Entangler::cx_line) == rotations + " cx01 cx12");
  CHECK(hardware(3, Entangler::cz_ring) == rotations + " cz01 cz12 cz20");
  CHECK(hardware(3, Entangler::cz_line) == rotations + " cz01 cz12");
  CHECK(hardware(2, Entangler::cz_ring) == "ry0(w0) rz0(w1) ry1(w2) rz1(w3) cz01");
  CHECK(hardware(1, Entangler::cx_ring) == "ry0(w0) rz0(w1)");
}

TEST_CASE("a wrong number of weights is refused") {
  qsim::Circuit circuit(3);
  const auto weights = circuit.parameters("w", 5);
  CHECK(test::refuses(ErrorCode::bad_input, "takes 9 weights, 5 were given",
                      [&] { append_strongly_entangling(circuit, 0, weights); }));
  CHECK(test::refuses(ErrorCode::bad_input, "takes 6 weights, 5 were given",
                      [&] { append_hardware_efficient(circuit, Entangler::cx_ring, weights); }));
}

TEST_CASE("ansaetze and entanglers have names") {
  for (const Ansatz a : {Ansatz::strongly_entangling, Ansatz::hardware_efficient}) {
    CHECK(parse_ansatz(name(a)) == a);
  }
  for (const Entangler e :
       {Entangler::cx_ring, Entangler::cx_line, Entangler::cz_ring, Entangler::cz_line}) {
    CHECK(parse_entangler(name(e)) == e);
  }
  CHECK(test::refuses(ErrorCode::bad_input, "strongly_entangling",
                      [] { (void)parse_ansatz("two_local"); }));
  CHECK(test::refuses(ErrorCode::bad_input, "cz_line", [] { (void)parse_entangler("full"); }));
}
