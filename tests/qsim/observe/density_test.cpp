// SPDX-License-Identifier: Apache-2.0
// Reduced density matrices against sums over dense vectors, entropies against known states.
#include "qsim/observe/density.hpp"

#include <numeric>

#include <doctest/doctest.h>

#include "tests/qsim/engine/states.hpp"
#include "tests/qsim/observe/densities.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

StateVector<double> run(const Engine& engine, const Circuit& circuit) {
  const Plan plan = make_plan(circuit, {});
  auto state = engine.make_state<double>(plan);
  engine.run(plan, {}, state);
  return state;
}

std::vector<Qubit> first(unsigned count) {
  std::vector<Qubit> qubits(count);
  std::iota(qubits.begin(), qubits.end(), 0U);
  return qubits;
}

}  // namespace

TEST_CASE_TEMPLATE("any qubits in any layout on any cut equal the dense sum", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(31);
  for (unsigned n = 1; n <= 11; ++n) {
    for (int trial = 0; trial < 12; ++trial) {
      const unsigned k = static_cast<unsigned>(random() % (std::min(n, 8U) + 1));
      const unsigned cuts = n > kLaneBits<T> ? n - kLaneBits<T> : 0;
      const unsigned rank_bits = trial % 3 == 0 ? 0 : static_cast<unsigned>(random() % (cuts + 1));
      StateVector<T> state(*comm, Shape{n, rank_bits, 1}, 1 + trial % 3);
      const Layout layout = test::random_layout(random, n);
      test::fill(state, layout, test::random_vector(random, n));
      const Eigen::VectorXcd v = test::gather(state);
      const auto qubits = test::random_qubits(random, n, k);
      const Eigen::MatrixXcd rho = reduced_density_matrix<T>(state, qubits);
      CAPTURE(n);
      CAPTURE(k);
      CAPTURE(rank_bits);
      REQUIRE((rho - test::reduced(v, qubits, n)).cwiseAbs().maxCoeff() < 1e-14);
      REQUIRE(rho == rho.adjoint());
      // The state is as it was.
      REQUIRE(state.layout() == layout);
      REQUIRE(test::gather(state) == v);
    }
  }
}

TEST_CASE("the same bits for any number of threads and shards") {
  const auto comm = serial_communicator();
  test::Generator random(32);
  for (const unsigned n : {12U, 16U}) {
    const Eigen::VectorXcd v = test::random_vector(random, n);
    const Layout layout = test::random_layout(random, n);
    for (const unsigned k : {0U, 1U, 3U, 8U}) {
      const auto qubits = test::random_qubits(random, n, k);
      Eigen::MatrixXcd expected;
      for (const int threads : {1, 2, 7}) {
        for (const unsigned rank_bits : {0U, 1U, 3U, 6U}) {
          StateVector<double> state(*comm, Shape{n, rank_bits, 1}, threads);
          test::fill(state, layout, v);
          const Eigen::MatrixXcd rho = reduced_density_matrix<double>(state, qubits);
          if (expected.size() == 0) expected = rho;
          REQUIRE(rho == expected);
        }
      }
    }
  }
}

TEST_CASE("qubits that do not exist, are too many or repeated are refused") {
  const auto comm = serial_communicator();
  StateVector<double> state(*comm, Shape{10, 0, 1});
  state.set_zero_state(Layout(10));
  CHECK_THROWS_WITH_AS((void)reduced_density_matrix<double>(state, std::array{10U}),
                       doctest::Contains("the state has qubits 0 to 9"), Error);
  CHECK_THROWS_WITH_AS((void)reduced_density_matrix<double>(state, std::array{3U, 1U, 3U}),
                       "qubit 3 is named twice", Error);
  CHECK_THROWS_WITH_AS((void)reduced_density_matrix<double>(state, first(9)),
                       doctest::Contains("at most 8"), Error);
}

TEST_CASE("entropies of Bell pairs, GHZ and product states") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  Circuit pairs(6);  // qubit q with qubit q + 3
  for (Qubit q = 0; q < 3; ++q) pairs.h(q).cx(q, q + 3);
  auto state = run(engine, pairs);
  for (unsigned k = 0; k <= 3; ++k) {
    CHECK(von_neumann_entropy<double>(state, first(k)) == doctest::Approx(k));
    CHECK(renyi2_entropy<double>(state, first(k)) == doctest::Approx(k));
    CHECK(purity(reduced_density_matrix<double>(state, first(k))) ==
          doctest::Approx(std::exp2(-static_cast<double>(k))));
  }
  CHECK(von_neumann_entropy<double>(state, std::array{0U, 3U}) == doctest::Approx(0.0));
  CHECK(von_neumann_entropy<double>(state, first(5)) == doctest::Approx(1.0));

  Circuit ghz(12);
  ghz.h(0);
  for (Qubit q = 1; q < 12; ++q) ghz.cx(0, q);
  auto cat = run(engine, ghz);
  for (const unsigned k : {1U, 5U, 8U, 9U, 11U}) {
    CHECK(von_neumann_entropy<double>(cat, first(k)) == doctest::Approx(1.0));
    CHECK(renyi2_entropy<double>(cat, first(k)) == doctest::Approx(1.0));
  }
  CHECK(von_neumann_entropy<double>(cat, first(12)) == 0.0);

  Circuit product(4);
  for (Qubit q = 0; q < 4; ++q) product.ry(q, 0.3 + q).rz(q, 0.7 * q);
  auto plain = run(engine, product);
  CHECK(std::abs(von_neumann_entropy<double>(plain, first(2))) < 1e-12);
  CHECK(std::abs(renyi2_entropy<double>(plain, first(2))) < 1e-12);
}

TEST_CASE("both sides of a random state have the same entropies, and they are ordered") {
  const auto comm = serial_communicator();
  test::Generator random(33);
  StateVector<double> state(*comm, Shape{7, 0, 1});
  test::fill(state, test::random_layout(random, 7), test::random_vector(random, 7));
  const std::array side{1U, 4U, 6U};
  const std::array rest{0U, 2U, 3U, 5U};
  const Eigen::MatrixXcd a = reduced_density_matrix<double>(state, side);
  const Eigen::MatrixXcd b = reduced_density_matrix<double>(state, rest);
  CHECK(von_neumann_entropy(a) == doctest::Approx(von_neumann_entropy(b)).epsilon(1e-12));
  CHECK(renyi2_entropy(a) == doctest::Approx(renyi2_entropy(b)).epsilon(1e-12));
  CHECK(renyi2_entropy(a) < von_neumann_entropy(a));
  CHECK(von_neumann_entropy(a) < 3.0);
  CHECK_THROWS_AS((void)von_neumann_entropy(Eigen::MatrixXcd::Zero(2, 2)), Error);
  CHECK_THROWS_AS((void)purity(Eigen::MatrixXcd::Identity(2, 4)), Error);
}
