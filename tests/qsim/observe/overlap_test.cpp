// SPDX-License-Identifier: Apache-2.0
#include "qsim/observe/overlap.hpp"

#include <doctest/doctest.h>

#include "qsim/circuit/inverse.hpp"
#include "qsim/core/error.hpp"
#include "qsim/dist/state_access-inl.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("inner products equal the dense ones", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(41);
  for (unsigned n = 1; n <= 12; ++n) {
    const Shape shape{n, n > 6 ? 2U : 0U, 1};
    StateVector<T> a(*comm, shape, 2);
    StateVector<T> b(*comm, shape, 1);
    const Layout layout = test::random_layout(random, n);
    test::fill(a, layout, test::random_vector(random, n));
    test::fill(b, layout, test::random_vector(random, n));
    const Complex expected = test::gather(a).dot(test::gather(b));
    CHECK(std::abs(inner_product(a, b) - expected) < 1e-14);
    CHECK(inner_product(b, a) == std::conj(inner_product(a, b)));
    CHECK(fidelity(a, b) == doctest::Approx(std::norm(expected)).epsilon(1e-12));
    CHECK(fidelity(a, a) == doctest::Approx(1.0).epsilon(1e-5));
  }
}

TEST_CASE("states that cannot be compared say why") {
  const auto comm = serial_communicator();
  StateVector<double> a(*comm, Shape{6, 0, 1});
  StateVector<double> wide(*comm, Shape{7, 0, 1});
  StateVector<double> cut(*comm, Shape{6, 2, 1});
  StateVector<double> mixed(*comm, Shape{6, 0, 1});
  Layout swapped(6);
  swapped.swap_positions(0, 5);
  qsim::StateAccess::relabel(mixed, swapped);
  CHECK_THROWS_WITH_AS((void)inner_product(a, wide), "the states have 6 and 7 qubits", Error);
  CHECK_THROWS_WITH_AS((void)inner_product(a, cut), doctest::Contains("cut differently"), Error);
  CHECK_THROWS_WITH_AS((void)inner_product(a, mixed), doctest::Contains("different places"), Error);
  into_layout(mixed, a.layout());
  CHECK(inner_product(a, mixed) == Complex(0.0));
  CHECK_THROWS_AS(into_layout(a, Layout(7)), Error);
}

TEST_CASE_TEMPLATE("any layout can be brought into any other, without rounding", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(42);
  for (unsigned n = 1; n <= 11; ++n) {
    for (int trial = 0; trial < 6; ++trial) {
      const unsigned cuts = n > kLaneBits<T> ? n - kLaneBits<T> : 0;
      StateVector<T> state(*comm, Shape{n, static_cast<unsigned>(random() % (cuts + 1)), 1}, 2);
      test::fill(state, test::random_layout(random, n), test::random_vector(random, n));
      const Eigen::VectorXcd before = test::gather(state);
      const Layout target = test::random_layout(random, n);
      into_layout(state, target);
      REQUIRE(state.layout() == target);
      REQUIRE(test::gather(state) == before);
    }
  }
}

TEST_CASE("the fidelity of a circuit and its echo") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(43);
  for (unsigned n = 2; n <= 8; ++n) {
    const Circuit circuit = test::random_circuit(random, n, 60);
    const Plan plan = make_plan(compose(circuit, inverse(circuit)), {});
    auto echo = engine.make_state<double>(plan);
    engine.run(plan, {}, echo);
    auto zero = engine.make_state<double>(plan);
    into_layout(echo, zero.layout());
    CHECK(std::abs(fidelity(zero, echo) - 1.0) < 1e-12);
  }
}
