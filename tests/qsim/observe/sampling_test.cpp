// SPDX-License-Identifier: Apache-2.0
#include "qsim/observe/sampling.hpp"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/dist/state_access-inl.hpp"
#include "qsim/observe/norms.hpp"
#include "tests/qsim/engine/states.hpp"
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
  const Engine engine(*comm, {1});
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

TEST_CASE("a basis state is always drawn, a zero state never") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  Circuit circuit(3);
  circuit.x(0);
  auto state = run(engine, circuit, false);
  CHECK(sample(state, 100, 0) == std::vector<Outcome>{{1, 100}});
  Layout swapped = state.layout();
  swapped.swap_positions(0, 1);
  qsim::StateAccess::relabel(state, swapped);
  CHECK(sample(state, 100, 0) == std::vector<Outcome>{{2, 100}});
  CHECK(sample(state, 0, 0).empty());
  set_amplitude(state.mutable_shard(0), 1, std::complex<double>(0.0));
  CHECK_THROWS_AS((void)sample(state, 1, 0), Error);
}

TEST_CASE_TEMPLATE("where qubits lie and how the state is cut changes no shot", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(52);
  for (const unsigned n : {4U, 9U, 13U, 17U}) {
    const Eigen::VectorXcd v = test::random_vector(random, n);
    StateVector<T> state(*comm, Shape{n, 0, 1}, 2);
    test::fill(state, Layout(n), v);
    const auto expected = sample(state, 40000, 3);
    for (unsigned rank_bits = 0; rank_bits + 3 <= n; rank_bits += 2) {
      StateVector<T> other(*comm, Shape{n, rank_bits, 1}, 3);
      test::fill(other, test::random_layout(random, n), v);
      REQUIRE(sample(other, 40000, 3) == expected);
    }
  }
}

TEST_CASE("the shots of a seed stay those of the first version") {
  const auto comm = serial_communicator();
  // Amplitudes that are exact in both precisions, so that every machine has the same.
  StateVector<double> state(*comm, Shape{5, 0, 1});
  state.set_zero_state(Layout(5));
  for (std::uint64_t i = 0; i < 32; ++i) {
    const auto x = static_cast<double>(i * 7 % 32);
    set_amplitude(state.mutable_shard(0), i, std::complex<double>(x, 1.0));
  }
  std::vector<std::uint64_t> counts(32);
  for (const Outcome& o : sample(state, 1000, 42)) counts[o.index] = o.count;
  CHECK(counts == std::vector<std::uint64_t>{0,  8,  20, 42, 75, 2,  15, 26, 67, 91, 4,
                                             17, 38, 62, 0,  5,  22, 62, 85, 2,  15, 38,
                                             63, 0,  6,  19, 43, 80, 1,  12, 24, 56});
}

TEST_CASE("more shots than a batch: the first million are the same, the sum is right") {
  const auto comm = serial_communicator();
  test::Generator random(53);
  StateVector<float> state(*comm, Shape{10, 0, 1}, 2);
  test::fill(state, Layout(10), test::random_vector(random, 10));
  constexpr std::uint64_t kShots = 2'500'000;
  const auto some = sample(state, 1 << 20, 9);
  const auto many = sample(state, kShots, 9);
  std::uint64_t total = 0;
  for (const Outcome& o : many) total += o.count;
  CHECK(total == kShots);
  CHECK(many.size() <= 1024);
  for (const Outcome& o : some) {
    const auto found = std::find_if(many.begin(), many.end(),
                                    [&](const Outcome& other) { return other.index == o.index; });
    REQUIRE(found != many.end());
    CHECK(found->count >= o.count);
  }
}

namespace {

/// A state some of whose qubits no gate has touched, in any layout and cut.
template <class T>
StateVector<T> idle_state(const Engine& engine, test::Generator& random, unsigned n,
                          std::uint64_t idle, unsigned rank_bits) {
  std::vector<Qubit> busy;
  for (Qubit q = 0; q < n; ++q) {
    if ((idle & bit(q)) == 0) busy.push_back(q);
  }
  Circuit circuit(n);
  for (const Qubit q : busy) circuit.ry(q, 0.3 + 0.1 * static_cast<double>(random() % 20));
  for (std::size_t k = 0; k + 1 < busy.size(); ++k) circuit.cx(busy[k], busy[k + 1]);
  PlanOptions options;
  options.precision = StateVector<T>::kPrecision;
  options.profile = test::tiny_profile();
  if (rank_bits > 0) options.shape = Shape{n, rank_bits, 1};
  const Plan plan = make_plan(circuit, options);
  auto state = engine.make_state<T>(plan);
  engine.run(plan, {}, state);
  return state;
}

}  // namespace

TEST_CASE("fault_G3 knowing what is 0 changes no sample and no norm") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  for (int trial = 0; trial < 4; ++trial) {
    test::Generator first(672);
    test::Generator second(672);
    const std::uint64_t idle = trial % 2 == 0 ? 0xffULL << 10 : 0x3f3ULL;
    auto known = idle_state<double>(engine, first, 18, idle, 0);
    auto plain = idle_state<double>(engine, second, 18, idle, 0);
    (void)plain.mutable_shard(0);
    CHECK(known.zero_positions() != 0);
    CHECK(plain.zero_positions() == 0);
    CHECK(probability(known) == probability(plain));
    CHECK(sample(known, 5000, 9) == sample(plain, 5000, 9));
  }
}
