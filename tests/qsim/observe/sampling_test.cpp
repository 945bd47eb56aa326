// SPDX-License-Identifier: Apache-2.0
#include "qsim/observe/sampling.hpp"

#include <doctest/doctest.h>

#include "tests/support/random_circuits.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

StateVector<double> run(const Engine& engine, const Circuit& circuit, bool tiny) {
  PlanOptions options;
  if (tiny) options.profile = test::tiny_profile();
  const Plan plan = make_plan(circuit, options);
  auto state = engine.make_state<double>(plan);
  engine.run(plan, {}, state);
  if (!state.layout().ordered(circuit.qubits())) {
    options.shape = state.shape();
    engine.run(plan_ordering(state.layout(), options), {}, state);
  }
  return state;
}

}  // namespace

TEST_CASE("samples follow the probabilities (chi squared at a fixed seed)") {
  const auto comm = serial_communicator();
  const Engine engine(*comm);
  test::Generator random(3);
  for (unsigned n = 1; n <= 6; ++n) {
    const Circuit circuit = test::random_circuit(random, n, 30);
    auto state = run(engine, circuit, true);
    const Eigen::VectorXcd psi = test::gather(state);
    constexpr std::uint64_t kShots = 100000;
    const auto outcomes = sample(state, kShots, 11);
    double chi2 = 0.0;
    int cells = 0;
    std::vector<double> got(bit(n), 0.0);
    std::uint64_t total = 0;
    for (const Outcome& o : outcomes) {
      got.at(o.index) = static_cast<double>(o.count);
      total += o.count;
      CHECK(std::norm(psi(static_cast<Eigen::Index>(o.index))) > 1e-12);
    }
    CHECK(total == kShots);
    for (std::uint64_t i = 0; i < bit(n); ++i) {
      const double expected = kShots * std::norm(psi(static_cast<Eigen::Index>(i)));
      if (expected < 5.0) continue;
      chi2 += (got[i] - expected) * (got[i] - expected) / expected;
      ++cells;
    }
    // Mean cells - 1, standard deviation sqrt(2 cells): five of them are far out.
    CHECK(chi2 < cells + 5.0 * std::sqrt(2.0 * cells) + 5.0);
  }
}

TEST_CASE("the same seed gives the same shots for any threads and plan; another seed does not") {
  const auto comm = serial_communicator();
  test::Generator random(4);
  const Circuit circuit = test::random_circuit(random, 9, 60);
  const auto draw = [&](int threads, bool tiny, std::uint64_t seed) {
    const Engine engine(*comm, {threads});
    auto state = run(engine, circuit, tiny);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> result;
    for (const Outcome& o : sample(state, 5000, seed)) result.emplace_back(o.index, o.count);
    return result;
  };
  const auto reference = draw(1, false, 7);
  CHECK(draw(2, false, 7) == reference);
  CHECK(draw(7, true, 7) == reference);
  CHECK(draw(1, false, 8) != reference);
}

TEST_CASE("a basis state is always drawn, and disorder is refused") {
  const auto comm = serial_communicator();
  const Engine engine(*comm);
  Circuit circuit(3);
  circuit.x(0);
  auto state = run(engine, circuit, false);
  const auto outcomes = sample(state, 100, 0);
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].index == 1);
  CHECK(outcomes[0].count == 100);
  Layout swapped = state.layout();
  swapped.swap_positions(0, 1);
  state.set_layout(swapped);
  CHECK_THROWS_AS((void)sample(state, 1, 0), Error);
}
