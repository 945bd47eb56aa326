// SPDX-License-Identifier: Apache-2.0
// Probabilities, amplitudes and samples on any number of ranks equal those of one.
#include <numeric>

#include <doctest/doctest.h>

#include "qsim/observe/amplitudes.hpp"
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
};

Seen observe(Communicator& comm, const Circuit& circuit) {
  const Engine engine(comm);
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
