// SPDX-License-Identifier: Apache-2.0
// Prepared passes, run one by one: phases that stay pending from pass to pass, operations too wide
// for tiles between tiles, shards too small for tiles, and amplitudes left out because they are 0.
#include "qsim/engine/passes.hpp"

#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "qsim/dist/exchange.hpp"
#include "qsim/engine/sweep-inl.hpp"
#include "tests/qsim/engine/families.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/qsim/engine/tile_runs.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// Runs a plan as the engine does, on one rank and one thread; before(pass) and after(pass) see the
/// state. `release`: whether the last pass applies what is pending.
template <class T, class Before, class After>
void run_passes(const Plan& plan, StateVector<T>& state, bool release, const Before& before,
                const After& after) {
  const auto& kernels = kernel_table<T>();
  PassCompiler<T> compiler(kernels, plan, {});
  Scratch<T> scratch;
  for (const Stage& stage : plan.stages) {
    (void)exchange_positions<T>(state, stage.exchange);
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const Pass& pass = plan.passes[p];
      const bool last = release && p + 1 == plan.passes.size();
      const PreparedPass<T> prepared = compiler.compile(p, stage.layout, last);
      before(pass);
      const Sweep sweep(state.shape(), pass.active, pass.zero, state.first_shard(),
                        state.shard_count(), 0, prepared.changed());
      for (std::int64_t b = 0; b < sweep.blocks(); ++b) {
        const auto [k, base] = sweep.block(b);
        const std::uint64_t shard = (state.first_shard() + k) << state.shape().local_bits();
        const T* next = nullptr;
        if (b % 3 != 0 && b + 1 < sweep.blocks()) {
          const auto [next_k, next_base] = sweep.block(b + 1);
          next = state.shard(next_k) + 2 * next_base;
        }
        prepared.run(kernels, state.mutable_shard(k), shard, base, scratch, next);
      }
      after(pass);
    }
  }
  qsim::StateAccess::relabel(state, plan.final);
}

const auto kNothing = [](const Pass&) {};

/// Options that continue from a state of n qubits in logical order, cut into 2^rank_bits shards.
template <class T>
PlanOptions continued(unsigned n, unsigned rank_bits, const HostProfile& profile) {
  PlanOptions options;
  options.precision = StateVector<T>::kPrecision;
  options.profile = profile;
  options.shape = Shape{n, rank_bits, 1};
  options.initial = Layout(n);
  return options;
}

/// The circuit by prepared passes equals the oracle, from a random state.
template <class T>
void check_passes(test::Generator& random, const Circuit& circuit, const PlanOptions& options,
                  bool* tiles = nullptr) {
  const auto comm = serial_communicator();
  const Plan plan = make_plan(circuit, options);
  if (tiles != nullptr) {
    *tiles = false;
    for (const SubBlock& sub : plan.subs) {
      *tiles = *tiles || std::popcount(sub.active >> kLaneBits<T>) >= 3;
    }
  }
  StateVector<T> state(*comm, plan.shape);
  const Eigen::VectorXcd start = test::random_vector(random, circuit.qubits());
  test::fill(state, *options.initial, start);
  run_passes(plan, state, true, kNothing, kNothing);
  REQUIRE((test::gather(state) - test::run(circuit, {}, start)).cwiseAbs().maxCoeff() <=
          test::tile_tolerance<T>(circuit.size()));
}

template <class T>
std::vector<T> numbers_of(const StateVector<T>& state) {
  const T* const first = state.shard(0);
  return {first, first + state.shard_blocks() * kBlock<T>};
}

}  // namespace

TEST_CASE_TEMPLATE("phases are carried over passes that do not need them", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(481);
  constexpr unsigned n = 9;
  Circuit circuit(n);
  circuit.rz(2, 0.3).cp(0, 8, 0.7).rzz(7, 3, 0.2);  // three passes: one operation each
  circuit.x(8).cx(8, 0);                            // phases go past these
  PlanOptions options = continued<T>(n, 0, test::tiny_profile());
  options.optimisations.without(Optimisation::passes).without(Optimisation::pairs);
  const Plan plan = make_plan(circuit, options);
  REQUIRE(plan.passes.size() == 5);
  StateVector<T> state(*comm, plan.shape);
  test::fill(state, *options.initial, test::random_vector(random, n));
  const Eigen::VectorXcd start = test::gather(state);
  std::vector<T> before = numbers_of(state);
  std::size_t p = 0;
  run_passes(plan, state, true, kNothing, [&](const Pass&) {
    if (p < 3) CHECK(numbers_of(state) == before);
    ++p;
  });
  CHECK((test::gather(state) - test::run(circuit, {}, start)).cwiseAbs().maxCoeff() <=
        test::tile_tolerance<T>(circuit.size()));
  // Without the release at the end the flips alone have been run.
  test::fill(state, *options.initial, start);
  run_passes(plan, state, false, kNothing, kNothing);
  Circuit flips(n);
  flips.x(8).cx(8, 0);
  CHECK(test::gather(state) == test::run(flips, {}, start));
}

TEST_CASE_TEMPLATE("the last pass releases phases and the common factor of rotations", T, double,
                   float) {
  const auto comm = serial_communicator();
  test::Generator random(482);
  constexpr unsigned n = 8;
  Circuit circuit(n);
  for (Qubit q = 0; q < n; ++q) circuit.ry(q, 0.9);
  circuit.cz(0, 7);
  PlanOptions options = continued<T>(n, 0, {});
  options.optimisations.without(Optimisation::pairs);  // gates stay apart
  const Plan plan = make_plan(circuit, options);
  StateVector<T> state(*comm, plan.shape);
  const Eigen::VectorXcd start = test::random_vector(random, n);
  const auto norm = [&](bool release) {
    test::fill(state, *options.initial, start);
    run_passes(plan, state, release, kNothing, kNothing);
    return test::gather(state).norm();
  };
  CHECK(norm(true) == doctest::Approx(1.0).epsilon(1e-6));
  CHECK(norm(false) == doctest::Approx(std::pow(std::cos(0.45), -8.0)).epsilon(1e-6));
}

TEST_CASE_TEMPLATE("operations too wide for a tile, between tiles", T, double, float) {
  test::Generator random(483);
  std::size_t wide = 0;
  for (unsigned trial = 0; trial < 120; ++trial) {
    CAPTURE(trial);
    const unsigned n = 7 + trial % 3;
    Circuit circuit(n);
    for (int g = 0; g < 5; ++g) {
      test::add_phases(circuit, random, 4, trial % 3 == 0);
      const auto w = test::random_qubits(random, n, n);
      circuit.rx(w[0], 0.4).ryy(w[1], w[2], 2.5);
      const auto k = static_cast<unsigned>(3 + random() % 3);
      constexpr Gate kinds[] = {Gate::unitary, Gate::diagonal, Gate::permutation,
                                Gate::pauli_rotation};
      test::add_gate(circuit, random, kinds[random() % 4], std::span(w).first(k));
      if (trial % 2 == 0) {  // phases of too many qubits, and rotations of four flips
        const std::array controls{Control{w[3], false}, Control{w[4], true}, Control{w[5], false}};
        circuit.apply(Gate::rzz, std::span(w).first(2), std::array{Param(0.3)}, controls);
        circuit.pauli_rotation("XXYX", std::span(w).first(4), 0.6);
      }
    }
    const Plan plan = make_plan(circuit, continued<T>(n, 0, {}));
    for (const Tile& tile : plan.tiles) wide += tile.wide ? 1 : 0;
    check_passes<T>(random, circuit, continued<T>(n, 0, test::random_profile(random)));
  }
  CHECK(wide > 200);
}

TEST_CASE_TEMPLATE("states less than a tile run as one, shards too small operation by operation", T,
                   double, float) {
  test::Generator random(484);
  for (unsigned trial = 0; trial < 120; ++trial) {
    CAPTURE(trial);
    // Up to two positions above the lanes: states that small, or shards of larger ones.
    const unsigned local = 1 + trial % (kLaneBits<T> + 2);
    const unsigned shards = local >= kLaneBits<T> ? static_cast<unsigned>(random() % 4) : 0;
    const Circuit circuit = test::random_circuit(random, local + shards, 25, std::min(local, 2U));
    if (lower(circuit).widest > local) continue;
    bool tiles = true;
    check_passes<T>(random, circuit,
                    continued<T>(local + shards, shards, test::random_profile(random)), &tiles);
    CHECK_FALSE(tiles);
  }
}

TEST_CASE_TEMPLATE("shards with tiles: pending phases and controls on shard bits", T, double,
                   float) {
  test::Generator random(485);
  for (unsigned trial = 0; trial < 100; ++trial) {
    CAPTURE(trial);
    const unsigned local = kLaneBits<T> + 3 + trial % 2;
    const auto shards = static_cast<unsigned>(1 + random() % 3);
    const auto family = static_cast<test::FamilyOf>(random() % test::kFamilies);
    const Circuit circuit = test::family_circuit(family, random, local + shards, 30);
    bool tiles = false;
    check_passes<T>(random, circuit,
                    continued<T>(local + shards, shards, test::random_profile(random)), &tiles);
    CHECK(tiles);
  }
}

TEST_CASE_TEMPLATE("amplitudes that a pass leaves out are 0, and are not touched", T, double,
                   float) {
  const auto comm = serial_communicator();
  test::Generator random(486);
  const std::complex<T> poison(977, -977);
  std::uint64_t left_out = 0;
  std::uint64_t all = 0;
  for (unsigned trial = 0; trial < 150; ++trial) {
    CAPTURE(trial);
    const unsigned n = 7 + trial % 4;
    const Circuit circuit = trial % 3 == 0
                                ? test::random_circuit(random, n, 25, 2)
                                : test::family_circuit(test::FamilyOf::sparse, random, n, 60);
    PlanOptions options;
    options.precision = StateVector<T>::kPrecision;
    options.profile = test::random_profile(random);
    if (trial % 5 == 0) options.optimisations.without(Optimisation::passes);
    if (trial % 2 == 0) options.shape = Shape{n, trial % 4 == 0 ? 1U : 2U, 1};
    if (options.shape && lower(circuit).widest > options.shape->local_bits()) continue;
    const Plan plan = make_plan(circuit, options);
    StateVector<T> state(*comm, plan.shape);
    state.set_zero_state(plan.initial);
    const unsigned local = plan.shape.local_bits();
    const auto for_left_out = [&](const Pass& pass, const auto& work) {
      for (std::uint64_t i = 0; i < bit(n); ++i) {
        if ((i & pass.zero) != 0) work(state.mutable_shard(i >> local), i & low_mask(local));
      }
    };
    run_passes(
        plan, state, true,
        [&](const Pass& pass) {
          all += bit(n);
          CHECK((pass.zero & pass.active) == 0);
          for_left_out(pass, [&](T* shard, std::uint64_t i) {
            ++left_out;
            REQUIRE(get_amplitude(shard, i) == std::complex<T>(0));
            set_amplitude(shard, i, poison);
          });
        },
        [&](const Pass& pass) {
          for_left_out(pass, [&](T* shard, std::uint64_t i) {
            REQUIRE(get_amplitude(shard, i) == poison);
            set_amplitude(shard, i, std::complex<T>(0));
          });
        });
    REQUIRE((test::gather(state) - test::run(circuit)).cwiseAbs().maxCoeff() <=
            test::tile_tolerance<T>(circuit.size()));
  }
  CHECK(left_out > all / 8);
}

TEST_CASE_TEMPLATE("blocks that no operation of a pass changes are left out", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(488);
  std::uint64_t left_out = 0;
  for (const unsigned shards : {0U, 2U}) {
    const unsigned n = kLaneBits<T> + 6 + shards;
    for (unsigned trial = 0; trial < 20; ++trial) {
      CAPTURE(trial);
      // One operation a pass; the controls lie anywhere: in lanes, rows, blocks and shards.
      Circuit circuit(n);
      for (unsigned g = 0; g < 6; ++g) {
        const auto w = test::random_qubits(random, n, 4);
        const std::array controls{Control{w[1], true}, Control{w[2], g % 2 == 0}};
        const auto used = std::span(controls).first(1 + g % 2);
        if (g % 3 == 0) {
          circuit.apply(Gate::x, std::span(w).first(1), {}, used);
        } else if (g % 3 == 1) {
          circuit.apply(Gate::ry, std::span(w).first(1), std::array{Param(0.7)}, used);
        } else {
          circuit.apply(Gate::rxx, std::array{w[0], w[3]}, std::array{Param(0.4)}, used);
        }
      }
      PlanOptions options = continued<T>(n, shards, {});
      options.profile.low_bytes_log2 = 0;
      options.profile.high_qubits = 3;
      options.optimisations.without(Optimisation::passes);
      const Plan plan = make_plan(circuit, options);
      const auto& kernels = kernel_table<T>();
      PassCompiler<T> compiler(kernels, plan, {});
      StateVector<T> state(*comm, plan.shape);
      for (const Stage& stage : plan.stages) {
        for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
          const Pass& pass = plan.passes[p];
          const PreparedPass<T> prepared =
              compiler.compile(p, stage.layout, p + 1 == plan.passes.size());
          const Conditioned changed = prepared.changed();
          CHECK((changed.mask & pass.active) == 0);
          const Sweep all(state.shape(), pass.active, 0, 0, state.shard_count());
          const Sweep some(state.shape(), pass.active, 0, 0, state.shard_count(), 0, changed);
          left_out += static_cast<std::uint64_t>(all.blocks() - some.blocks());
          const double share =
              static_cast<double>(some.blocks()) / static_cast<double>(all.blocks());
          CHECK(prepared.steps().visited == share);
        }
      }
      check_passes<T>(random, circuit, options);
    }
  }
  CHECK(left_out > 500);
}

TEST_CASE_TEMPLATE("a pass in which nothing runs visits no blocks", T, double, float) {
  const unsigned n = kLaneBits<T> + 6;
  Circuit circuit(n);
  circuit.rz(0, 0.3).cp(n - 1, 1, 0.2).h(n - 1);  // phases are carried to the last pass
  PlanOptions options = continued<T>(n, 0, test::tiny_profile());
  options.optimisations.without(Optimisation::passes).without(Optimisation::pairs);
  const Plan plan = make_plan(circuit, options);
  REQUIRE(plan.passes.size() == 3);
  PassCompiler<T> compiler(kernel_table<T>(), plan, {});
  const PreparedPass<T> first = compiler.compile(0, plan.stages[0].layout, false);
  CHECK(first.changed().nowhere());
  CHECK(first.steps().visited == 0.0);
  const PreparedPass<T> second = compiler.compile(1, plan.stages[0].layout, false);
  CHECK(second.changed().nowhere());
  CHECK(compiler.compile(2, plan.stages[0].layout, true).steps().visited == 1.0);
}

TEST_CASE_TEMPLATE("controls while memory fills", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(489);
  unsigned conditioned = 0;
  unsigned streamed = 0;
  for (unsigned trial = 0; trial < 60; ++trial) {
    CAPTURE(trial);
    const unsigned n = kLaneBits<T> + 8;
    Circuit circuit(n);
    // A few qubits are mixed; then controlled gates reach the others, from any of these.
    const auto order = test::random_qubits(random, n, n);
    for (unsigned k = 0; k < 3; ++k) circuit.ry(order[k], 0.4 + k);
    for (unsigned k = 3; k < n; ++k) {
      const std::array controls{Control{order[random() % k], trial % 3 != 0},
                                Control{order[0], true}};
      if (controls[0].qubit == order[0]) continue;
      circuit.apply(k % 2 == 0 ? Gate::x : Gate::h, std::array{order[k]}, {},
                    std::span(controls).first(1 + random() % 2));
    }
    PlanOptions options;
    options.precision = StateVector<T>::kPrecision;
    options.shape = Shape{n, trial % 3, 1};
    options.profile.low_bytes_log2 = 7;
    options.profile.high_qubits = 3;
    options.profile.stream_log2 = trial % 2 == 0 ? 0 : 26;
    if (trial % 5 == 0) options.optimisations.without(Optimisation::passes);
    const Plan plan = make_plan(circuit, options);
    StateVector<T> state(*comm, plan.shape);
    state.set_zero_state(plan.initial);
    run_passes(plan, state, true, kNothing, kNothing);
    REQUIRE((test::gather(state) - test::run(circuit)).cwiseAbs().maxCoeff() <=
            test::tile_tolerance<T>(circuit.size()));
    for (const PassWork& pass : work_of(plan, std::vector<double>()).passes) {
      conditioned += pass.steps.visited < std::ldexp(1.0, -1) ? 1 : 0;
      streamed += pass.steps.read < 1.0 ? 1 : 0;
    }
  }
  CHECK(conditioned > 100);
  CHECK(streamed > 20);
}

TEST_CASE_TEMPLATE("what a pass fills is not read", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(487);
  for (const unsigned stream : {0U, 26U}) {
    CAPTURE(stream);
    const unsigned n = kLaneBits<T> + 9;
    Circuit circuit(n);
    for (Qubit q = 0; q < n; ++q) test::add_gate(circuit, random, Gate::u, std::array{q});
    PlanOptions options;
    options.precision = StateVector<T>::kPrecision;
    options.profile.low_bytes_log2 = 7;
    options.profile.high_qubits = 4;
    options.profile.stream_log2 = stream;
    const Plan plan = make_plan(circuit, options);
    REQUIRE(plan.passes.size() > 1);
    CHECK((work_of(plan, std::vector<double>()).passes.back().steps.read < 1.0) == (stream == 0));
    StateVector<T> state(*comm, plan.shape);
    state.set_zero_state(plan.initial);
    std::uint64_t poisoned = 0;
    run_passes(
        plan, state, true,
        [&](const Pass& pass) {
          REQUIRE(pass.sub_count == 1);
          // Positions that only later passes mix stay as they are.
          std::uint64_t filled = pass.fresh & ~low_mask(kLaneBits<T>);
          if (&pass != &plan.passes.back()) filled &= ~((&pass + 1)->zero | (&pass + 1)->fresh);
          for (std::uint64_t i = 0; i < bit(n); ++i) {
            if ((i & filled) == 0 || (i & pass.zero) != 0) continue;
            REQUIRE(get_amplitude(state.shard(0), i) == std::complex<T>(0));
            set_amplitude(state.mutable_shard(0), i, {T(977), T(-977)});
            ++poisoned;
          }
        },
        kNothing);
    CHECK(poisoned > bit(n) / 2);
    REQUIRE((test::gather(state) - test::run(circuit)).cwiseAbs().maxCoeff() <=
            test::tile_tolerance<T>(circuit.size()));
  }
}
