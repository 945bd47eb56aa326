// SPDX-License-Identifier: Apache-2.0
// Probabilities, amplitudes and samples on any number of ranks equal those of one.
#include <algorithm>
#include <numeric>

#include <doctest/doctest.h>

#include "qsim/observe/amplitudes.hpp"
#include "qsim/observe/marginals.hpp"
#include "qsim/observe/norms.hpp"
#include "qsim/observe/sampling.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

struct Seen {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts;
  std::vector<Complex> amplitudes;
  std::vector<double> probabilities;
  std::vector<double> marginals;
};

Seen observe(Communicator& comm, const Circuit& circuit) {
  const Engine engine(comm, {1});
  PlanOptions options;
  options.ranks = comm.size();
  const Plan plan = make_plan(circuit, options);
  auto state = engine.make_state<double>(plan);
  engine.run(plan, {}, state);
  Seen seen;
  std::vector<std::uint64_t> all(bit(circuit.qubits()));
  std::iota(all.begin(), all.end(), std::uint64_t{0});
  seen.amplitudes = amplitudes<double>(state, all);
  for (unsigned q = 0; q < circuit.qubits(); ++q) {
    seen.probabilities.push_back(probability(state, bit(q), bit(q)));
  }
  std::vector<Qubit> qubits;  // every other one, the highest first
  for (Qubit q = circuit.qubits(); q >= 1; q -= std::min<Qubit>(q, 2)) qubits.push_back(q - 1);
  seen.marginals = marginal_probabilities<double>(state, qubits);
  for (const Outcome& o : sample(state, 3000, 5)) seen.counts.emplace_back(o.index, o.count);
  return seen;
}

}  // namespace

TEST_CASE("observing on ranks equals observing on one") {
  const auto world = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(9);
  for (unsigned n = 1; n <= 10; ++n) {
    CAPTURE(n);
    const Circuit circuit = test::random_circuit(random, n, 50);
    const Seen one = observe(*alone, circuit);
    const Seen many = observe(*world, circuit);
    CHECK(many.counts == one.counts);
    for (std::size_t i = 0; i < one.amplitudes.size(); ++i) {
      REQUIRE(std::abs(many.amplitudes[i] - one.amplitudes[i]) < 1e-13);
    }
    REQUIRE(many.marginals.size() == one.marginals.size());
    for (std::size_t i = 0; i < one.marginals.size(); ++i) {
      CHECK(std::abs(many.marginals[i] - one.marginals[i]) < 1e-13);
    }
    for (std::size_t q = 0; q < one.probabilities.size(); ++q) {
      CHECK(std::abs(many.probabilities[q] - one.probabilities[q]) < 1e-13);
    }
  }
}

TEST_CASE_TEMPLATE("shots of any layout on ranks are those of one", T, double, float) {
  const auto world = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(19);
  for (const unsigned n : {2U, 5U, 8U, 11U, 14U}) {
    const Eigen::VectorXcd v = test::random_vector(random, n);
    StateVector<T> one(*alone, Shape{n, 0, 1});
    test::fill(one, Layout(n), v);
    const auto expected = sample(one, 5000, 4);
    for (int trial = 0; trial < 4; ++trial) {
      const Shape shape = choose_shape(n, world->size(), kLaneBits<T>, trial % 2 == 1);
      StateVector<T> many(*world, shape);
      test::fill(many, test::random_layout(random, n), v);
      const Eigen::VectorXcd before = test::gather(many);
      CAPTURE(n);
      CAPTURE(trial);
      REQUIRE(sample(many, 5000, 4) == expected);
      REQUIRE(test::gather(many) == before);
      const auto first = sample(many, 5000, 4, Receiver::first_rank);
      REQUIRE(first == (world->rank() == 0 ? expected : std::vector<Outcome>{}));
    }
  }
}

TEST_CASE("marginals have the same bits on any number of ranks where the layout is the same") {
  const auto world = mpi_communicator();
  const auto alone = serial_communicator();
  test::Generator random(10);
  for (unsigned n = 8; n <= 14; ++n) {
    CAPTURE(n);
    const Layout layout = test::random_layout(random, n);
    const Eigen::VectorXcd v = test::random_vector(random, n);
    const std::vector<Qubit> qubits = test::random_qubits(random, n, 1 + n % 7);
    StateVector<double> one(*alone, Shape{n, 0, 1});
    StateVector<double> many(*world, choose_shape(n, world->size(), 3), 2);
    test::fill(one, layout, v);
    test::fill(many, layout, v);
    CHECK(marginal_probabilities(many, qubits) == marginal_probabilities(one, qubits));
  }
}
