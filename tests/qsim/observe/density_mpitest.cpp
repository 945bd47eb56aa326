// SPDX-License-Identifier: Apache-2.0
// Density matrices, entropies and overlaps on ranks: the bits of one rank.
#include <doctest/doctest.h>

#include "qsim/observe/density.hpp"
#include "qsim/observe/overlap.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/qsim/observe/densities.hpp"
#include "tests/support/simulate.hpp"
#include "tests/support/traffic.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("reduced density matrices on ranks are those of one", T, double, float) {
  const auto comm = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(181);
  for (const unsigned n : {1U, 4U, 6U, 8U, 9U, 10U, 12U, 13U}) {
    const Eigen::VectorXcd v = test::random_vector(random, n);
    const Layout layout = test::random_layout(random, n);
    StateVector<T> one(*alone, Shape{n, 0, 1});
    StateVector<T> many(*comm, choose_shape(n, comm->size(), kLaneBits<T>));
    test::fill(one, layout, v);
    test::fill(many, layout, v);
    const Eigen::VectorXcd before = test::gather(many);
    for (unsigned k = 0; k <= std::min(n, 8U); ++k) {
      const auto qubits = test::random_qubits(random, n, k);
      const Eigen::MatrixXcd rho = reduced_density_matrix<T>(many, qubits);
      REQUIRE(rho == reduced_density_matrix<T>(one, qubits));
      REQUIRE((rho - test::reduced(before, qubits, n)).cwiseAbs().maxCoeff() < 1e-13);
      REQUIRE(von_neumann_entropy<T>(many, qubits) == von_neumann_entropy<T>(one, qubits));
    }
    CHECK(many.layout() == layout);
    CHECK(test::gather(many) == before);
  }
}

TEST_CASE("qubits at rank positions cost two exchanges, others none") {
  const auto comm = mpi_communicator();
  constexpr unsigned n = 13;
  const Shape shape = choose_shape(n, comm->size(), 3);
  if (shape.shards() != static_cast<std::uint64_t>(comm->size())) return;
  test::Generator random(182);
  StateVector<double> state(*comm, shape);
  test::fill(state, Layout(n), test::random_vector(random, n));
  const std::uint64_t mine = shard_bytes(shape, Precision::double_precision);
  for (unsigned outside = 0; outside <= shape.rank_bits; ++outside) {
    std::vector<Qubit> qubits{0};
    for (unsigned q = 0; q < outside; ++q) qubits.push_back(n - 1 - q);
    test::reset_traffic();
    (void)reduced_density_matrix<double>(state, qubits);
    CHECK(test::traffic().bytes == 2 * (mine - (mine >> outside)));
  }
}

TEST_CASE_TEMPLATE("inner products and layouts on ranks are those of one", T, double, float) {
  const auto comm = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(183);
  for (unsigned n = 1; n <= 12; ++n) {
    const Eigen::VectorXcd v = test::random_vector(random, n);
    const Eigen::VectorXcd w = test::random_vector(random, n);
    const Layout layout = test::random_layout(random, n);
    const Layout other = test::random_layout(random, n);
    const Shape shape = choose_shape(n, comm->size(), kLaneBits<T>);
    StateVector<T> one_v(*alone, Shape{n, 0, 1});
    StateVector<T> one_w(*alone, Shape{n, 0, 1});
    StateVector<T> many_v(*comm, shape);
    StateVector<T> many_w(*comm, shape, 2);
    test::fill(one_v, layout, v);
    test::fill(one_w, layout, w);
    test::fill(many_v, layout, v);
    test::fill(many_w, other, w);
    into_layout(many_w, layout);
    REQUIRE(many_w.layout() == layout);
    REQUIRE(test::gather(many_w) == test::gather(one_w));
    REQUIRE(inner_product(many_v, many_w) == inner_product(one_v, one_w));
    REQUIRE(fidelity(many_v, many_w) == fidelity(one_v, one_w));
  }
}
