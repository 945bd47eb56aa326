// SPDX-License-Identifier: Apache-2.0
#include "qml/encoder.hpp"

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

struct Seen {
  qsim::Gate gate;
  qsim::Qubit qubit;
  double angle;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> gates(Axis axis, double scale) {
  qsim::Circuit circuit(3);
  const auto features = circuit.parameters("x", 2);
  append_encoder(circuit, {axis, scale}, features);
  const double values[] = {0.25, -1.0};
  std::vector<Seen> seen;
  for (const auto& op : circuit.operations()) {
    const auto params = circuit.params(op);
    seen.push_back(
        {op.gate, circuit.targets(op)[0], params.empty() ? 0.0 : params[0].evaluate(values)});
  }
  return seen;
}

}  // namespace

TEST_CASE("feature i turns qubit i by scale times the feature") {
  using qsim::Gate;
  CHECK(gates(Axis::x, 1.0) == std::vector<Seen>{{Gate::rx, 0, 0.25}, {Gate::rx, 1, -1.0}});
  CHECK(gates(Axis::y, 2.0) == std::vector<Seen>{{Gate::ry, 0, 0.5}, {Gate::ry, 1, -2.0}});
  CHECK(gates(Axis::z, 0.5) ==
        std::vector<Seen>{
            {Gate::h, 0, 0.0}, {Gate::rz, 0, 0.125}, {Gate::h, 1, 0.0}, {Gate::rz, 1, -0.5}});
}

TEST_CASE("an encoder needs a qubit for every feature") {
  qsim::Circuit circuit(1);
  const auto features = circuit.parameters("x", 2);
  CHECK(test::refuses(ErrorCode::bad_input, "2 features needs as many qubits",
                      [&] { append_encoder(circuit, {}, features); }));
}

TEST_CASE("encoders have names") {
  for (const Axis axis : {Axis::x, Axis::y, Axis::z}) CHECK(parse_axis(name(axis)) == axis);
  CHECK(test::refuses(ErrorCode::bad_input, "angle_x", [] { (void)parse_axis("amplitude"); }));
}
