// SPDX-License-Identifier: Apache-2.0
#include "qsim/plan/simplify/gate_matrices.hpp"

#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "tests/qsim/plan/simplify/simplified.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

template <std::size_t kSize>
double error(const std::array<Complex, kSize>& mine, std::span<const Complex> library) {
  double worst = 0.0;
  for (std::size_t k = 0; k < kSize; ++k) worst = std::max(worst, std::abs(mine[k] - library[k]));
  return worst;
}

}  // namespace

TEST_CASE("gates on one qubit are those of the library of gates") {
  Circuit circuit(1);
  circuit.id(0).x(0).y(0).z(0).h(0).s(0).sdg(0).t(0).tdg(0).sx(0);
  circuit.apply(Gate::sxdg, std::array<Qubit, 1>{0});
  circuit.rx(0, 0.3).ry(0, -0.7).rz(0, 1.1).p(0, 2.3).u(0, 0.3, 0.5, -0.9);
  for (const Operation& op : circuit.operations()) {
    std::vector<double> angles;
    for (const Param& each : circuit.params(op)) angles.push_back(each.evaluate({}));
    CAPTURE(static_cast<int>(op.gate));
    CHECK(error(single_matrix(circuit, op), matrix(op.gate, angles)) < 1e-15);
  }
}

TEST_CASE("gates on two qubits have either of them as the low bit") {
  Circuit circuit(2);
  circuit.apply(Gate::iswap, std::array<Qubit, 2>{0, 1});
  circuit.rxx(0, 1, 0.4).fsim(1, 0, 0.2, 0.9).cx(0, 1).cp(1, 0, 0.6);
  circuit.apply(Gate::y, std::array<Qubit, 1>{1}, {}, std::array{Control{0, true}});
  for (std::size_t k = 0; k < circuit.size(); ++k) {
    CAPTURE(k);
    const Operation& op = circuit.operations()[k];
    for (const std::array<Qubit, 2> on : {std::array<Qubit, 2>{0, 1}, {1, 0}}) {
      const Four m = pair_matrix(circuit, op, on);
      Circuit one(2);
      one.append(circuit, op);
      Circuit same(2);
      same.unitary(on, m);
      CHECK(test::difference(one, same) < 1e-14);
    }
  }
}

TEST_CASE("products: one gate after another, on one bit of two, on both") {
  const Two h{0.6, 0.8, 0.8, -0.6};
  const Two s{1.0, 0.0, 0.0, Complex(0.0, 1.0)};
  const Two one{1.0, 0.0, 0.0, 1.0};
  const std::array<Complex, 4> expected{0.6, 0.8, Complex(0.0, 0.8), Complex(0.0, -0.6)};
  CHECK(error(product(s, h), expected) == 0.0);
  CHECK(error(product(both(s, h), both(h, s)), both(product(s, h), product(h, s))) < 1e-15);
  for (const std::size_t bit : {1, 2}) {
    Four m = both(h, s);
    const Four gate = bit == 1 ? both(s, one) : both(one, s);
    const Four expected_product = product(m, gate);
    multiply_right(m, s, bit);
    CHECK(error(m, expected_product) < 1e-15);
  }
}
