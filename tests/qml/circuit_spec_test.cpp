// SPDX-License-Identifier: Apache-2.0
#include "qml/circuit_spec.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

CircuitSpec small() {
  CircuitSpec spec;
  spec.features = 2;
  spec.qubits = 3;
  spec.layers = 2;
  return spec;
}

}  // namespace

TEST_CASE("features come first among the parameters, then the weights") {
  const qsim::Circuit circuit = build_circuit(small());
  const auto& names = circuit.parameter_names();
  REQUIRE(names.size() == 2 + 18);
  CHECK(names[0] == "x[0]");
  CHECK(names[1] == "x[1]");
  CHECK(names[2] == "w[0]");
  CHECK(names[19] == "w[17]");
  CHECK(weight_count(small()) == 18);
}

TEST_CASE("the encoder comes once, or before every layer") {
  CircuitSpec spec = small();
  CHECK(build_circuit(spec).size() == 2 + 2 * 12);
  spec.reuploading = true;
  const qsim::Circuit circuit = build_circuit(spec);
  REQUIRE(circuit.size() == 2 * (2 + 12));
  CHECK(circuit.operations()[14].gate == qsim::Gate::ry);
  // The same features again, and the weights of the second layer.
  const std::vector<double> values = {5, 6, 0,  1,  2,  3,  4,  5,  6,  7,
                                      8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
  CHECK(circuit.params(circuit.operations()[15])[0].evaluate(values) == 6.0);
  CHECK(circuit.params(circuit.operations()[16])[0].evaluate(values) == 9.0);
}

TEST_CASE("the second layer of a hardware-efficient circuit has its own weights") {
  CircuitSpec spec = small();
  spec.ansatz = Ansatz::hardware_efficient;
  spec.entangler = Entangler::cz_line;
  CHECK(weight_count(spec) == 12);
  CHECK(build_circuit(spec).size() == 2 + 2 * (6 + 2));
}

TEST_CASE("descriptions out of range are refused") {
  const auto refused = [](auto change, std::string_view text) {
    CircuitSpec spec = small();
    change(spec);
    return test::refuses(ErrorCode::bad_input, text, [&] { (void)build_circuit(spec); });
  };
  CHECK(refused([](CircuitSpec& s) { s.qubits = 0; }, "1 to 30 qubits, not 0"));
  CHECK(refused([](CircuitSpec& s) { s.qubits = 31; }, "1 to 30 qubits, not 31"));
  CHECK(refused([](CircuitSpec& s) { s.features = 4; }, "4 features needs as many qubits"));
  CHECK(refused([](CircuitSpec& s) { s.features = 0; }, "at least one feature"));
  CHECK(refused([](CircuitSpec& s) { s.layers = 0; }, "layers, not 0"));
  CHECK(refused([](CircuitSpec& s) { s.encoder.scale = NAN; }, "not a finite number"));
}
