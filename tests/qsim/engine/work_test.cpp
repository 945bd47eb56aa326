// SPDX-License-Identifier: Apache-2.0
// What passes take: steps against programs worked out by hand, seconds against their formulas, and
// the same counts from a plan as from its run.
#include "qsim/engine/work.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "qsim/engine/engine.hpp"
#include "tests/qsim/engine/families.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

double count(const StepCounts& steps, StepForm form) {
  return steps.of[static_cast<std::size_t>(form)];
}

}  // namespace

TEST_CASE("three rotations on three qubits are one trip of three shears") {
  Circuit circuit(18);
  for (Qubit q = 15; q < 18; ++q) circuit.rx(q, 0.3);
  PlanOptions options;
  options.initial = Layout(18);  // from any state, in this layout
  options.shape = Shape{18, 0, 1};
  const Plan plan = make_plan(circuit, options);
  const Work work = work_of(plan, std::vector<double>{});
  REQUIRE(work.passes.size() == 1);
  const PassWork& pass = work.passes[0];
  CHECK(pass.operations == 3);
  CHECK(count(pass.steps, StepForm::shear) == 3.0);
  // The factor of all three is applied at the end.
  CHECK(count(pass.steps, StepForm::scale) == 1.0);
  CHECK(count(pass.steps, StepForm::trip) == pass.steps.trips);
  const double blocks = std::ldexp(1.0, 15);
  CHECK(pass.bytes == 2 * blocks * 128);
  CHECK(pass.instructions == blocks * (3 * 2 + 2));
  const HostProfile& profile = plan.profile;
  CHECK(pass.memory_seconds == doctest::Approx(pass.bytes / profile.pass_rate));
  const auto seconds = [&](StepForm form) {
    return count(pass.steps, form) * profile.double_steps.of[static_cast<std::size_t>(form)];
  };
  const double steps = seconds(StepForm::shear) + seconds(StepForm::scale);
  CHECK(pass.arithmetic_seconds ==
        doctest::Approx(blocks * std::max(steps, seconds(StepForm::trip) +
                                                     profile.double_steps.exposed * steps)));
  CHECK(pass.limit() == Limit::memory);
  CHECK(std::string(name(pass.limit())) == "memory");
  CHECK(work.seconds == doctest::Approx(pass.seconds()));
  CHECK(work.floor_seconds == doctest::Approx(pass.bytes / profile.memory_rate));
}

TEST_CASE("states that fit the cache take no time in memory; few blocks keep few threads busy") {
  Circuit circuit(10);
  for (Qubit q = 0; q < 10; ++q) circuit.rx(q, 0.3).rz(q, 0.2);
  PlanOptions options;
  options.profile.threads = 4;
  const Work work = work_of(make_plan(circuit, options), std::vector<double>{});
  REQUIRE(work.passes.size() == 1);
  CHECK(work.passes[0].memory_seconds == 0.0);
  CHECK(work.passes[0].fork_seconds == 0.0);  // one block of 10 qubits: one thread
  CHECK(work.passes[0].limit() == Limit::arithmetic);
}

TEST_CASE("amplitudes that a pass leaves out take nothing") {
  Circuit circuit(20);
  for (Qubit q = 0; q < 20; ++q) circuit.h(q);
  PlanOptions options;
  const Plan free = make_plan(circuit, options);
  options.initial = Layout(20);
  options.shape = Shape{20, 0, 1};
  const Plan held = make_plan(circuit, options);
  CHECK(work_of(free, std::vector<double>{}).bytes < work_of(held, std::vector<double>{}).bytes);
}

TEST_CASE("a pass that fills memory writes, and reads only what was there") {
  // Rows of 2^9 amplitudes and six positions above them: the first pass reaches 15 qubits, the
  // second six more in two trips, the last three in one.
  Circuit circuit(24);
  for (Qubit q = 0; q < 24; ++q) circuit.ry(q, 0.3);
  PlanOptions options;
  options.profile.memory_rate = 3e10;
  const Plan plan = make_plan(circuit, options);
  const Work work = work_of(plan, std::vector<double>{});
  REQUIRE(work.passes.size() == 3);
  const PassWork& pass = work.passes.back();
  const double state = 16.0 * std::ldexp(1.0, 24);
  CHECK(pass.steps.touched == 1.0);
  CHECK(pass.steps.read == 0.125);
  CHECK(pass.bytes == 1.125 * state);
  CHECK(pass.memory_seconds ==
        doctest::Approx(2 * 0.125 * state / options.profile.pass_rate + 0.875 * state / 3e10));
  CHECK(pass.steps.trips == 1);  // the common factor has none of its own
  CHECK(count(pass.steps, StepForm::trip) == 1.0);
  // Of two trips the first runs on the eighth that is not 0 yet.
  CHECK(work.passes[1].steps.trips == 2);
  CHECK(count(work.passes[1].steps, StepForm::trip) == 1.125);
  CHECK(work.floor_seconds >= state / 3e10);
  CHECK(work.floor_seconds < 2 * state / 3e10);
}

TEST_CASE("the last flip of a GHZ state visits the half in which its control is 1") {
  Circuit circuit(28);
  circuit.h(0);
  for (Qubit q = 0; q < 27; ++q) circuit.cx(q, q + 1);
  const Work work = work_of(make_plan(circuit, {}), std::vector<double>{});
  REQUIRE(work.passes.size() > 1);
  const StepCounts& last = work.passes.back().steps;
  // The common factor of 1/sqrt(2) is not left to it, which would make it visit all.
  CHECK(last.visited == 0.5);
  CHECK(count(last, StepForm::scale) == 0.0);
  CHECK(work.passes.back().bytes == 12 * std::ldexp(1.0, 28));  // half is written, of it half read
  CHECK(work.bytes < 1.4 * 16 * std::ldexp(1.0, 28));
}

TEST_CASE("one pass for all gates takes at most what the passes take") {
  for (Qubit controls = 1; controls < 4; ++controls) {
    Circuit circuit(22);
    for (Qubit q = 0; q < controls; ++q) circuit.h(21 - q);
    std::vector<Control> all;
    for (Qubit q = 0; q < controls; ++q) all.push_back({21 - q, true});
    for (Qubit q = 0; q + controls < 22; ++q) circuit.apply(Gate::x, std::array{q}, {}, all);
    for (const bool from_zero : {true, false}) {
      PlanOptions options;
      if (!from_zero) {
        options.initial = Layout(22);
        options.shape = Shape{22, 4, 1};
      }
      const Work work = work_of(make_plan(circuit, options), std::vector<double>{});
      CHECK(work.floor_seconds > 0.0);
      CHECK(work.floor_seconds <= work.seconds);
    }
  }
}

TEST_CASE("positions that a pass only carries along are not touched") {
  Circuit circuit(24);
  circuit.h(23);
  for (Qubit q = 23; q > 0; --q) circuit.cx(q, q - 1);
  const Work work = work_of(make_plan(circuit, {}), std::vector<double>{});
  double touched = 0.0;
  for (const PassWork& pass : work.passes) touched += pass.bytes;
  CHECK(work.passes[0].steps.touched < 1.0);
  CHECK(touched < 2.2 * 16 * std::ldexp(1.0, 24));
}

TEST_CASE("of exchanges counts what the first pass of the stage cannot hide") {
  Circuit circuit(24);
  for (Qubit q = 0; q < 24; ++q) circuit.h(q);
  PlanOptions options;
  options.ranks = 2;
  const Plan plan = make_plan(circuit, options);
  REQUIRE(plan.stages.size() == 2);
  const Stage& stage = plan.stages[1];
  const int outer = std::popcount(overlap_positions(plan, stage));
  REQUIRE(outer > 3);
  const Work work = work_of(plan, std::vector<double>{});
  const ExchangeSeconds all = exchange_seconds(plan, stage);
  const double first = work.passes[stage.first_pass].seconds();
  CHECK(work.exchange_seconds ==
        doctest::Approx(all.travel + all.copy -
                        (1.0 - std::ldexp(1.0, -outer)) * std::min(all.travel, first)));
  CHECK(work.exchange_seconds < all.travel + all.copy);
  double sum = work.exchange_seconds;
  for (const PassWork& pass : work.passes) sum += pass.seconds();
  CHECK(work.seconds == doctest::Approx(sum));
  CHECK(work.floor_seconds <= work.seconds);
  options.optimisations.without(Optimisation::overlap);
  const Work without = work_of(make_plan(circuit, options), std::vector<double>{});
  CHECK(without.exchange_seconds == doctest::Approx(all.travel + all.copy));
  CHECK(without.exchange_seconds == doctest::Approx(forecast(plan).exchange_seconds));
}

TEST_CASE("a run counts what its plan foretold") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  test::Generator random(911);
  for (unsigned family = 0; family < test::kFamilies; ++family) {
    const Circuit circuit =
        test::family_circuit(static_cast<test::FamilyOf>(family), random, 12, 60);
    PlanOptions options;
    options.profile = test::random_profile(random);
    const Plan plan = make_plan(circuit, options);
    auto state = engine.make_state<double>(plan);
    const RunCounts counts = engine.run(plan, {}, state);
    REQUIRE(counts.steps.size() == plan.passes.size());
    REQUIRE(counts.pass_seconds.size() == plan.passes.size());
    const Work before = work_of(plan, std::vector<double>{});
    const Work after = work_of(plan, counts.steps);
    CHECK(before.seconds == after.seconds);
    CHECK(before.instructions == after.instructions);
    CHECK(before.instructions > 0.0);
    double sum = 0.0;
    for (const PassWork& pass : before.passes) sum += pass.seconds();
    CHECK(before.seconds == doctest::Approx(sum));
  }
}

TEST_CASE("fault_G1 passes of a long circuit take no more steps than its first ones") {
  // Clifford gates leave phases on every pair of qubits; carried along they must not cost more.
  constexpr Qubit kQubits = 20;
  test::Generator random(913);
  Circuit circuit(kQubits);
  for (int k = 0; k < 12000; ++k) {
    const auto on = test::random_qubits(random, kQubits, 2);
    switch (random() % 6) {
      case 0:
        circuit.h(on[0]);
        break;
      case 1:
        circuit.s(on[0]);
        break;
      case 2:
        circuit.sdg(on[0]);
        break;
      case 3:
        circuit.t(on[0]);
        break;
      case 4:
        circuit.tdg(on[0]);
        break;
      default:
        circuit.cx(on[0], on[1]);
    }
  }
  for (const Precision precision : {Precision::single_precision, Precision::double_precision}) {
    PlanOptions options;
    options.precision = precision;
    const Work all = work_of(make_plan(circuit, options), std::vector<double>{});
    REQUIRE(all.passes.size() > 40);
    // Beyond the first passes, which fill memory that is still 0; without the last, which releases
    // what is left.
    const std::size_t part = (all.passes.size() - 5) / 4;
    const auto cost = [&](std::size_t first) {
      double seconds = 0.0;
      double tables = 0.0;
      for (std::size_t p = first; p < first + part; ++p) {
        seconds += all.passes[p].arithmetic_seconds;
        tables += all.passes[p].steps.of[static_cast<std::size_t>(StepForm::table)];
      }
      CHECK(tables == 0.0);
      return seconds;
    };
    const double begin = cost(4);
    for (std::size_t k = 1; k < 4; ++k) CHECK(cost(4 + k * part) <= 1.2 * begin);
    // And never more than without carrying anything.
    options.optimisations.without(Optimisation::gather);
    const Work without = work_of(make_plan(circuit, options), std::vector<double>{});
    CHECK(all.seconds <= without.seconds);
  }
}

TEST_CASE("operations that no tile holds count by their FLOP") {
  test::Generator random(912);
  Circuit circuit(12);
  const std::array<Qubit, 5> on{1, 4, 6, 8, 10};
  circuit.unitary(on, test::random_unitary(random, 5));
  const Plan plan = make_plan(circuit, {});
  const Work work = work_of(plan, std::vector<double>{});
  REQUIRE(work.passes.size() == 1);
  CHECK(work.passes[0].steps.plain_flop == 8 * 32 - 2);
  CHECK(work.passes[0].arithmetic_seconds >= 4096 * (8 * 32 - 2) / plan.profile.flop_rate);
}

TEST_CASE("and their controls once, however many blocks they leave out") {
  test::Generator random(914);
  const auto matrix = test::random_unitary(random, 5);
  double alone = 0.0;
  for (unsigned controls = 0; controls < 4; ++controls) {
    CAPTURE(controls);
    Circuit circuit(20);
    std::vector<Control> all;
    for (Qubit q = 0; q < controls; ++q) all.push_back({19 - q, true});
    circuit.unitary(std::array<Qubit, 5>{0, 1, 2, 3, 4}, matrix, all);
    PlanOptions options;
    options.initial = Layout(20);
    options.shape = Shape{20, 2, 1};
    options.profile.low_bytes_log2 = 10;
    options.profile.high_qubits = 0;
    const Plan plan = make_plan(circuit, options);
    const Work work = work_of(plan, std::vector<double>{});
    REQUIRE(work.passes.size() == 1);
    CHECK(work.passes[0].steps.visited == std::ldexp(1.0, -static_cast<int>(controls)));
    if (controls == 0) alone = work.passes[0].arithmetic_seconds;
    CHECK(work.passes[0].arithmetic_seconds ==
          doctest::Approx(std::ldexp(alone, -static_cast<int>(controls))));
    CHECK(work.passes[0].arithmetic_seconds >= forecast(plan).flop / plan.profile.flop_rate);
  }
}
