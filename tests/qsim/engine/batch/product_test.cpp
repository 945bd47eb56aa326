// SPDX-License-Identifier: Apache-2.0
// Which gates make the product state; what they do to it is tested with whole batches.
#include "qsim/engine/batch/product.hpp"

#include <numeric>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("gates of one wire are taken until the wire meets another") {
  Circuit circuit(4);
  const Param w = circuit.parameter("w");
  circuit.ry(0, w).h(1).cx(0, 1).rz(0, w).rx(2, w).pauli_rotation("I", std::array{3U}, w);
  circuit.global_phase(w, std::array{Control{3, true}}).x(3).cz(2, 3).t(3);
  const LoweredCircuit lowered = lower(circuit);
  std::vector<std::uint32_t> ops(lowered.ops.size());
  std::iota(ops.begin(), ops.end(), 0U);
  BatchCode code;
  code.wires = 4;
  code.phasors = BatchPhasors(1);
  take_product(lowered, ops, code);
  REQUIRE(code.product_first.size() == 5);
  const auto count = [&](unsigned q) { return code.product_first[q + 1] - code.product_first[q]; };
  CHECK(count(0) == 1);
  CHECK(count(1) == 1);
  CHECK(count(2) == 1);
  CHECK(count(3) == 2);
  std::vector<Gate> rest;
  for (const std::uint32_t k : ops) rest.push_back(lowered.ops[k].gate);
  CHECK((rest == std::vector{Gate::x, Gate::rz, Gate::pauli_rotation, Gate::z, Gate::t}));
}

TEST_CASE("a string of no letters is a phase where its control holds") {
  for (const bool negative : {false, true}) {
    Circuit circuit(2);
    const Param w = circuit.parameter("w");
    circuit.pauli_rotation("I", std::array{0U}, w, std::array{Control{1, negative}});
    const LoweredCircuit lowered = lower(circuit);
    std::vector<std::uint32_t> ops{0};
    BatchCode code;
    code.wires = 3;
    code.phasors = BatchPhasors(1);
    take_product(lowered, ops, code);
    REQUIRE(code.product.size() == 1);
    CHECK(code.product[0].kind == BatchWireOp::Kind::phase);
    CHECK(code.product[0].conjugate != negative);  // e^{-i w/2} on 1
    CHECK(code.phasors.parts().at(0).factor == 0.5);
  }
}
