// SPDX-License-Identifier: Apache-2.0
// Passes that begin during the exchange before them: the same bits as without, and as on one rank,
// the same bytes, on every cut.
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/engine/engine.hpp"
#include "qsim/engine/passes.hpp"
#include "qsim/plan/forecast.hpp"
#include "tests/qsim/engine/families.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

const std::array kAngle{Param(0.7)};

/// Rows of one block and two or three positions above them: most positions number chunks.
HostProfile small_blocks(test::Generator& random) {
  HostProfile profile;
  profile.low_bytes_log2 = 5 + static_cast<unsigned>(random() % 3);
  profile.high_qubits = 2 + static_cast<unsigned>(random() % 2);
  profile.sub_block_log2 = 8;
  return profile;
}

unsigned overlapping(const Plan& plan) {
  unsigned count = 0;
  for (const Stage& stage : plan.stages) count += overlap_positions(plan, stage) != 0 ? 1 : 0;
  return count;
}

/// A rank may hold none.
bool same_bytes(const void* a, const void* b, std::size_t bytes) {
  return bytes == 0 || std::memcmp(a, b, bytes) == 0;
}

struct Overlapped {
  unsigned stages = 0;
  unsigned uneven = 0;       ///< of them, with chunks of which some have no blocks
  unsigned conditioned = 0;  ///< of them, with a first pass that visits some blocks only
};

/// Runs with overlap and without, and on one rank with as many shards.
template <class T>
Overlapped check_overlap(Communicator& comm, const Circuit& circuit, PlanOptions options,
                         int threads) {
  const auto alone = serial_communicator();
  const Engine engine(comm, {threads});
  options.precision = StateVector<T>::kPrecision;
  options.ranks = comm.size();
  const Plan with = make_plan(circuit, options);
  options.shape = with.shape;
  options.optimisations.without(Optimisation::overlap);
  const Plan without = make_plan(circuit, options);
  options.shape = Shape{with.shape.qubits, with.shape.rank_bits, 1};
  options.ranks = 1;
  const Plan single = make_plan(circuit, options);
  CHECK(overlapping(without) == 0);
  CHECK(overlapping(single) == 0);

  auto a = engine.make_state<T>(with);
  auto b = engine.make_state<T>(without);
  const RunCounts counts = engine.run(with, {}, a);
  const RunCounts plain = engine.run(without, {}, b);
  REQUIRE(a.layout() == b.layout());
  const std::size_t bytes = a.shard_count() * a.shard_blocks() * kBlock<T> * sizeof(T);
  REQUIRE(same_bytes(a.shard(0), b.shard(0), bytes));
  auto c = Engine(*alone, {1}).make_state<T>(single);
  Engine(*alone, {1}).run(single, {}, c);
  REQUIRE(same_bytes(a.shard(0), c.shard(a.first_shard()), bytes));

  std::uint64_t expected = 0;
  for (const Stage& stage : with.stages) {
    expected += exchange_bytes(with.shape, with.precision, stage.exchange, comm.rank());
  }
  CHECK(counts.bytes_sent == expected);
  CHECK(plain.bytes_sent == expected);
  REQUIRE(counts.pass_seconds.size() == with.passes.size());
  REQUIRE(counts.steps.size() == with.passes.size());
  CHECK(counts.exchange_seconds >= 0.0);
  Overlapped overlapped;
  overlapped.stages = overlapping(with);
  const double local = std::ldexp(static_cast<double>(with.shape.most_shards()),
                                  static_cast<int>(with.shape.local_bits()));
  std::vector<Conditioned> changed;
  PassCompiler<T> compiler(kernel_table<T>(), with, {});
  for (const Stage& stage : with.stages) {
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      changed.push_back(compiler.compile(p, stage.layout, p + 1 == with.passes.size()).changed());
    }
  }
  for (const Stage& stage : with.stages) {
    if (overlap_positions(with, stage) == 0) continue;
    const std::uint32_t p = stage.first_pass;
    // The blocks that ran on the busiest rank are those that the forecast counts.
    const double visited = std::ldexp(comm.all_max(static_cast<double>(counts.blocks[p])),
                                      std::popcount(with.passes[p].active)) /
                           local;
    CHECK(visited <= counts.steps[p].visited);
    if (std::has_single_bit(static_cast<unsigned>(comm.size()))) {
      CHECK(visited == counts.steps[p].visited);
    }
    CHECK(counts.blocks[p] == plain.blocks[p]);
    overlapped.conditioned += visited < 1.0 ? 1 : 0;
    overlapped.uneven += (changed[p].mask & overlap_positions(with, stage)) != 0 ? 1 : 0;
  }
  return overlapped;
}

}  // namespace

TEST_CASE_TEMPLATE("random circuits of every family, any cut, any number of threads", T, double,
                   float) {
  const auto comm = mpi_communicator();
  test::Generator random(981);
  unsigned overlapped = 0;
  for (unsigned trial = 0; trial < 3 * test::kFamilies; ++trial) {
    CAPTURE(trial);
    const unsigned n = 11 + trial % 3;
    const Circuit circuit =
        trial % 3 == 0 ? test::random_circuit(random, n, 60)
                       : test::family_circuit(static_cast<test::FamilyOf>(trial % test::kFamilies),
                                              random, n, 60);
    PlanOptions options;
    options.profile = small_blocks(random);
    // More shards than ranks, or one for each, or 8 to 16.
    if (trial % 2 == 0) {
      options.shape = Shape{n, 2 + static_cast<unsigned>(random() % 3), comm->size()};
    }
    if (trial % 4 == 1) options.optimisations.without(Optimisation::zeros);
    if (trial % 5 == 2) options.optimisations.without(Optimisation::passes);
    const int threads = comm->size() > 2 ? 1 : 1 + static_cast<int>(trial % 3);
    overlapped += check_overlap<T>(*comm, circuit, options, threads).stages;
  }
  CHECK((overlapped > 20) == (comm->size() > 1));
}

TEST_CASE_TEMPLATE("passes that visit some blocks only", T, double, float) {
  const auto comm = mpi_communicator();
  test::Generator random(984);
  Overlapped all;
  for (unsigned trial = 0; trial < 12; ++trial) {
    CAPTURE(trial);
    const unsigned n = 11 + trial % 3;
    Circuit circuit(n);
    for (Qubit q = 0; q < n; ++q) circuit.ry(q, 0.3 + 0.1 * q);
    for (unsigned g = 0; g < 40; ++g) {
      const auto w = test::random_qubits(random, n, 4);
      const std::array controls{Control{w[1], true}, Control{w[2], g % 2 == 0},
                                Control{w[3], true}};
      circuit.apply(g % 3 == 0 ? Gate::h : Gate::ry, std::span(w).first(1),
                    g % 3 == 0 ? std::span<const Param>{} : std::span(kAngle),
                    std::span(controls).first(1 + g % 3));
    }
    PlanOptions options;
    options.profile = small_blocks(random);
    options.shape = Shape{n, 3, comm->size()};
    options.optimisations.without(Optimisation::passes);
    options.optimisations.without(Optimisation::zeros);
    const Overlapped one = check_overlap<T>(*comm, circuit, options, comm->size() > 2 ? 1 : 2);
    all.stages += one.stages;
    all.conditioned += one.conditioned;
    all.uneven += one.uneven;
  }
  INFO(all.conditioned << " of " << all.stages);
  CHECK((all.conditioned > 20) == (comm->size() > 1));
  CHECK((all.uneven > 10) == (comm->size() > 1));
}

TEST_CASE_TEMPLATE("a state from before, exchanged qubits that the first pass leaves alone", T,
                   double, float) {
  const auto comm = mpi_communicator();
  test::Generator random(982);
  constexpr unsigned n = 14;
  const Shape shape = choose_shape(n, comm->size(), 6);
  Circuit circuit(n);
  for (Qubit q = 0; q < n; ++q) circuit.ry(q, 0.1 + q);
  PlanOptions options;
  options.precision = StateVector<T>::kPrecision;
  options.ranks = comm->size();
  options.profile = small_blocks(random);
  options.shape = shape;
  const Plan first = make_plan(circuit, options);
  options.initial = first.final;
  // The exchange of a plan by hand: the pass works on other positions than those exchanged.
  Plan plan = make_plan(Circuit(n).rx(first.final.qubit(4), 0.3), options);
  REQUIRE(plan.stages.size() == 1);
  REQUIRE(plan.passes.size() == 1);
  if (shape.rank_bits == 0) return;
  Stage& stage = plan.stages[0];
  const unsigned local = shape.local_bits();
  const std::uint64_t inactive = low_mask(local) & ~plan.passes[0].active;
  REQUIRE(std::popcount(inactive) > 1);
  const auto low = static_cast<unsigned>(std::bit_width(inactive) - 1);
  stage.exchange = {{static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(local)}};
  stage.layout.swap_positions(low, local);
  plan.final.swap_positions(low, local);
  Plan plain = plan;
  plain.optimisations.without(Optimisation::overlap);
  const Engine engine(*comm, {1});
  auto a = engine.make_state<T>(first);
  auto b = engine.make_state<T>(first);
  engine.run(first, {}, a);
  engine.run(first, {}, b);
  const RunCounts counts = engine.run(plan, {}, a);
  CHECK(engine.run(plain, {}, b).bytes_sent == counts.bytes_sent);
  CHECK((overlap_positions(plan, stage) != 0) == (comm->size() > 1));
  CHECK((overlap_positions(plan, stage) & bit(low)) == 0);
  CHECK(a.layout() == b.layout());
  CHECK(same_bytes(a.shard(0), b.shard(0),
                   a.shard_count() * a.shard_blocks() * kBlock<T> * sizeof(T)));
}

TEST_CASE("larger states: several units a message, several pieces a chunk") {
  const auto comm = mpi_communicator();
  test::Generator random(983);
  Circuit circuit(18);
  for (unsigned layer = 0; layer < 3; ++layer) {
    const auto order = test::random_qubits(random, 18, 18);
    for (Qubit k = 0; k < 18; k += 2) {
      circuit.unitary(std::array{order[k], order[k + 1]}, test::random_unitary(random, 2));
    }
  }
  PlanOptions options;
  options.profile.low_bytes_log2 = 10;
  options.profile.high_qubits = 3;
  const Overlapped many = check_overlap<double>(*comm, circuit, options, comm->size() > 4 ? 1 : 2);
  const Overlapped few = check_overlap<float>(*comm, circuit, options, 1);
  CHECK((many.stages > 0 && few.stages > 0) == (comm->size() > 1));
}
