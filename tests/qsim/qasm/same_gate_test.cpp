// SPDX-License-Identifier: Apache-2.0
// Small circuits as gates, up to a phase of the whole state.
#include "qsim/qasm/same_gate.hpp"

#include <array>

#include "qsim/core/error.hpp"
#include "tests/qsim/qasm/support.hpp"

using namespace qross::qsim;

TEST_CASE("circuits that differ by a global phase are one gate, others are not") {
  Circuit rz(1);
  rz.rz(0, 0.7);
  Circuit p(1);
  p.p(0, 0.7);
  CHECK(qasm::same_up_to_phase(rz, p));
  Circuit crz(2);
  crz.crz(0, 1, 0.7);
  Circuit cp(2);
  cp.cp(0, 1, 0.7);
  CHECK_FALSE(qasm::same_up_to_phase(crz, cp));
  Circuit swap(2);
  swap.swap(0, 1);
  Circuit three(2);
  three.cx(0, 1).cx(1, 0).cx(0, 1);
  CHECK(qasm::same_up_to_phase(swap, three));
  CHECK_FALSE(qasm::same_up_to_phase(swap, crz));
}

TEST_CASE("Pauli rotations, controls on 0 and two-qubit matrices are compared, too") {
  Circuit a(2);
  a.pauli_rotation("ZX", std::array<Qubit, 2>{0, 1}, 0.4);
  Circuit b(2);
  b.h(1).rzz(0, 1, 0.4).h(1);
  CHECK(qasm::same_up_to_phase(a, b));
  Circuit c(2);
  c.pauli_rotation("YX", std::array<Qubit, 2>{0, 1}, 0.4);
  Circuit d(2);
  d.s(0).rxx(0, 1, 0.4).sdg(0);
  CHECK_FALSE(qasm::same_up_to_phase(c, d));
  Circuit e(2);
  e.sdg(0).rxx(0, 1, 0.4).s(0);
  CHECK(qasm::same_up_to_phase(c, e));
  Circuit f(2);
  f.apply(Gate::x, std::array<Qubit, 1>{1}, {}, std::array{Control{0, true}});
  Circuit g(2);
  g.x(0).cx(0, 1).x(0);
  CHECK(qasm::same_up_to_phase(f, g));
  CHECK_THROWS_AS((void)qasm::same_up_to_phase(Circuit(1), Circuit(2)), qross::Error);
}
