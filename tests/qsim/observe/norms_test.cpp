// SPDX-License-Identifier: Apache-2.0
#include "qsim/observe/norms.hpp"

#include <doctest/doctest.h>

#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

template <class T>
StateVector<T> state_of(const Engine& engine, const Circuit& circuit) {
  PlanOptions options;
  options.precision = StateVector<T>::kPrecision;
  const Plan plan = make_plan(circuit, options);
  auto state = engine.make_state<T>(plan);
  engine.run(plan, {}, state);
  return state;
}

}  // namespace

TEST_CASE_TEMPLATE("probabilities of any condition equal the oracle's", T, double, float) {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(1);
  for (unsigned n = 1; n <= 8; ++n) {
    const Circuit circuit = test::random_circuit(random, n, 20);
    auto state = state_of<T>(engine, circuit);
    const Eigen::VectorXcd expected = test::run(circuit);
    for (int trial = 0; trial < 10; ++trial) {
      const std::uint64_t mask = random() & low_mask(n);
      const std::uint64_t value = random() & mask;
      double wanted = 0.0;
      for (std::uint64_t i = 0; i < bit(n); ++i) {
        if ((i & mask) == value) wanted += std::norm(expected(static_cast<Eigen::Index>(i)));
      }
      const double tolerance = sizeof(T) == 8 ? 1e-13 : 1e-5;
      CHECK(std::abs(probability(state, mask, value) - wanted) < tolerance);
    }
  }
}

TEST_CASE("collapse keeps the measured part, normalised") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(2);
  for (unsigned n = 1; n <= 7; ++n) {
    for (unsigned q = 0; q < n; ++q) {
      Circuit circuit(n);
      for (unsigned k = 0; k < n; ++k) circuit.ry(k, 0.7 + 0.3 * k);
      auto state = state_of<double>(engine, circuit);
      const Eigen::VectorXcd before = test::gather(state);
      const double p = probability(state, bit(q), bit(q));
      collapse(state, q, true, p);
      const Eigen::VectorXcd after = test::gather(state);
      for (Eigen::Index i = 0; i < after.size(); ++i) {
        const bool one = ((i >> q) & 1) != 0;
        CHECK(std::abs(after(i) - (one ? before(i) / std::sqrt(p) : 0.0)) < 1e-14);
      }
      CHECK(std::abs(check_norm(state, 1) - 1.0) < 1e-13);
    }
  }
}

TEST_CASE("an impossible outcome and a drifted norm are errors") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  auto state = state_of<double>(engine, Circuit(3));
  CHECK_THROWS_AS(collapse(state, 0, true, 0.0), Error);
  set_amplitude(state.mutable_shard(0), 0, std::complex<double>(0.9, 0.0));
  CHECK_THROWS_WITH_AS(check_norm(state, 10), doctest::Contains("drifted to 0.81"), Error);
  set_amplitude(state.mutable_shard(0), 0, std::complex<double>(std::nan(""), 0.0));
  CHECK_THROWS_AS(check_norm(state, 10), Error);
}

TEST_CASE("a norm is judged against what the state started with") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  auto state = state_of<double>(engine, Circuit(3));
  set_amplitude(state.mutable_shard(0), 0, std::complex<double>(1.0 + 1e-9, 0.0));
  CHECK_THROWS_AS(check_norm(state, 10), Error);
  CHECK(check_norm(state, 10, 1.0 + 2e-9) == doctest::Approx(1.0));
  CHECK(check_norm(state, 10, 1.0, 1e-8) == doctest::Approx(1.0));
}
