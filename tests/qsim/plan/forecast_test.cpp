// SPDX-License-Identifier: Apache-2.0
// Forecasts against numbers worked out by hand.
#include "qsim/plan/forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("FLOP of one operation") {
  Circuit circuit(10);
  const std::array<Qubit, 3> on{0, 1, 2};
  circuit.h(0).cx(0, 1).cp(0, 1, 0.2).rz(1, 0.3).rxx(0, 1, 0.4).pauli_rotation("XYZ", on, 0.5);
  test::Generator random(1);
  test::add_gate(circuit, random, Gate::unitary, on,
                 std::array{Control{5, false}, Control{6, true}});
  const LoweredCircuit low = lower(circuit);
  const auto flop = [&](std::size_t k) { return operation_flop(low.ops[k], 10); };
  CHECK(flop(0) == 1024 * 14.0);
  CHECK(flop(1) == 0.0);
  CHECK(flop(2) == 512 * 6.0);
  CHECK(flop(3) == 1024 * 6.0);
  CHECK(flop(4) == 1024 * 8.0);
  CHECK(flop(5) == 1024 * 8.0);
  CHECK(flop(6) == 256 * 62.0);
}

TEST_CASE("one rank, one pass") {
  Circuit circuit(10);
  circuit.h(0).cx(0, 1).rz(2, 0.3);
  PlanOptions options;
  options.optimisations.without(Optimisation::pairs);  // else H and CX are one matrix
  const Forecast f = forecast(make_plan(circuit, options));
  CHECK(f.stages == 1);
  CHECK(f.passes == 1);
  CHECK(f.bytes_per_rank == 16384);
  CHECK(f.bytes_moved == 32768);
  CHECK(f.bytes_exchanged == 0);
  CHECK(f.flop == 1024 * 20.0);
  CHECK(f.exchange_seconds == 0);
  options.precision = Precision::single_precision;
  CHECK(forecast(make_plan(circuit, options)).bytes_moved == 16384);
}

TEST_CASE("two ranks: one exchange of half a shard") {
  Circuit circuit(10);
  for (Qubit q = 0; q < 10; ++q) circuit.h(q);
  PlanOptions options;
  options.ranks = 2;
  const Forecast f = forecast(make_plan(circuit, options));
  CHECK(f.stages == 2);
  CHECK(f.passes == 2);
  CHECK(f.bytes_per_rank == 512 * 16 + 4096);
  CHECK(f.bytes_exchanged == 512 * 16 / 2);
  CHECK(f.bytes_moved == 2 * 2 * 512 * 16);
  CHECK(f.flop == 10 * 1024 * 14.0);
  CHECK(f.exchange_seconds == doctest::Approx(4096 / 5e9 + 2.0 * 8192 / 20e9 + 5e-6));
}

TEST_CASE("a pass can begin during an exchange on positions that neither of them needs") {
  Circuit circuit(12);
  for (Qubit q = 0; q < 12; ++q) circuit.h(q);
  PlanOptions options;
  options.ranks = 2;
  options.profile.low_bytes_log2 = 7;  // rows of 8 amplitudes
  options.profile.high_qubits = 3;
  Plan plan = make_plan(circuit, options);
  REQUIRE(plan.stages.size() == 2);
  CHECK(overlap_positions(plan, plan.stages[0]) == 0);  // nothing is exchanged
  Stage& stage = plan.stages[1];
  REQUIRE(stage.exchange.size() == 1);
  Pass& first = plan.passes[stage.first_pass];
  first.active = 0b00'0011'1111;
  first.zero = 0;
  stage.exchange[0].first = 5;
  CHECK(overlap_positions(plan, stage) == 0b111'1100'0000);
  stage.exchange[0].first = 9;
  CHECK(overlap_positions(plan, stage) == 0b101'1100'0000);
  first.zero = 0b1000'0100'0000;  // a position of the rank as well
  CHECK(overlap_positions(plan, stage) == 0b101'1000'0000);
  const ExchangeSeconds seconds = exchange_seconds(plan, stage);
  CHECK(seconds.travel == doctest::Approx(16384 / 5e9 + 5e-6));
  CHECK(seconds.copy == doctest::Approx(2.0 * 32768 / 20e9));
  CHECK(exchange_seconds(plan, plan.stages[0]).travel == 0);
  CHECK(exchange_seconds(plan, plan.stages[0]).copy == 0);
  first.active = low_mask(11) & ~bit(9);
  CHECK(overlap_positions(plan, stage) == 0);  // a block is all that does not travel
  first.active = 0b11'1111;
  plan.optimisations.without(Optimisation::overlap);
  CHECK(overlap_positions(plan, stage) == 0);
  plan.optimisations = {};
  plan.shape.ranks = 1;
  CHECK(overlap_positions(plan, stage) == 0);
  plan.shape.ranks = 2;
  stage.pass_count = 0;
  CHECK(overlap_positions(plan, stage) == 0);
}

TEST_CASE("exchange volume is (1 - 2^-k) of a shard with one shard a rank") {
  const Shape shape{12, 3, 8};
  std::vector<std::pair<std::uint8_t, std::uint8_t>> pairs;
  CHECK(exchange_bytes(shape, Precision::double_precision, pairs, 0) == 0);
  for (unsigned k = 1; k <= 3; ++k) {
    pairs.emplace_back(static_cast<std::uint8_t>(9 - k), static_cast<std::uint8_t>(8 + k));
    for (int rank = 0; rank < 8; ++rank) {
      CHECK(exchange_bytes(shape, Precision::double_precision, pairs, rank) ==
            (16U << 9) - ((16U << 9) >> k));
    }
  }
}

TEST_CASE("shards of the same rank send nothing to each other") {
  // 8 shards on 2 ranks: only the top shard bit leads to the other rank.
  const Shape shape{12, 3, 2};
  using Pairs = std::vector<std::pair<std::uint8_t, std::uint8_t>>;
  const auto sent = [&](const Pairs& pairs) {
    return exchange_bytes(shape, Precision::single_precision, pairs, 1);
  };
  const std::uint64_t shard = 8U << 9;
  CHECK(sent({{0, 9}}) == 0);
  CHECK(sent({{0, 9}, {1, 10}}) == 0);
  CHECK(sent({{5, 11}}) == 4 * shard / 2);
  CHECK(sent({{5, 11}, {6, 9}}) == 4 * (shard / 4) * 2);
  // The forecast takes the busiest rank.
  Circuit circuit(12);
  for (Qubit q = 0; q < 12; ++q) circuit.h(q);
  for (int ranks = 1; ranks <= 9; ++ranks) {
    PlanOptions options;
    options.ranks = ranks;
    const Plan plan = make_plan(circuit, options);
    double expected = 0.0;
    for (const Stage& stage : plan.stages) {
      std::uint64_t most = 0;
      for (int r = 0; r < ranks; ++r) {
        most = std::max(most, exchange_bytes(plan.shape, plan.precision, stage.exchange, r));
      }
      expected += static_cast<double>(most);
    }
    CHECK(forecast(plan).bytes_exchanged == expected);
    CHECK((expected > 0) == (ranks > 1));
  }
}

TEST_CASE("an empty circuit takes its state and no time") {
  const Forecast f = forecast(make_plan(Circuit(4), {}));
  CHECK(f.passes == 0);
  CHECK(f.bytes_per_rank == 256);
  CHECK(f.exchange_seconds == 0);
}
