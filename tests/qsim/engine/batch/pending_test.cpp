// SPDX-License-Identifier: Apache-2.0
// When gathered phases are met and applied.
#include "qsim/engine/batch/pending.hpp"

#include <numeric>

#include <doctest/doctest.h>

#include "tests/qsim/engine/batch/batches.hpp"

using namespace qross::qsim;

namespace {

struct Setting {
  LoweredCircuit circuit;
  std::vector<BatchSweep> sweeps;
  BatchCode code;
  std::vector<BatchTrip> trips;
  std::vector<BatchTrace> traces;
  BatchBuilder builder{code, batch_range(true)};

  explicit Setting(const Circuit& source) : circuit(lower(source)) {
    std::vector<std::uint32_t> ops(circuit.ops.size());
    std::iota(ops.begin(), ops.end(), 0U);
    code.wires = std::max(circuit.qubits, 3U);
    sweeps = schedule_batch(circuit, ops, code.wires);
    builder.write_to(trips, traces);
  }
};

}  // namespace

TEST_CASE("what an operation meets") {
  Circuit circuit(4);
  const std::array all{0U, 1U, 2U, 3U};
  circuit.pauli_rotation("XZY", std::span(all).first(3), 0.3).cx(1, 2).h(3).ccx(0, 1, 2);
  const LoweredCircuit lowered = lower(circuit);
  const BatchEncounter string(lowered.ops[0]);
  CHECK(string.meets(0b0001));
  CHECK(!string.meets(0b0010));
  CHECK(!string.meets(0b0101));  // flips both
  const BatchEncounter flip(lowered.ops[1]);
  CHECK(flip.flips);
  CHECK(flip.target == 2);
  CHECK(flip.control == 1U);
  CHECK(!flip.meets(0b0100));
  const BatchEncounter single(lowered.ops[2]);
  CHECK(single.meets(0b1000));
  CHECK(!single.meets(0b0111));
  CHECK(BatchEncounter(lowered.ops[3]).meets(0b0100));
}

TEST_CASE("phases are applied before a gate that they do not commute with, others wait") {
  Circuit circuit(4);
  circuit.h(0).h(1);
  Setting setting(circuit);
  const PauliSum observable = pauli_x(2);
  BatchPending pending(setting.circuit, setting.sweeps, std::span(&observable, 1), 4);
  CHECK(pending.empty());
  const AngleForm angle{0.3, {}};
  pending.phases().add(0b0001, angle, 1.0);  // met by h(0)
  pending.phases().add(0b0100, angle, 1.0);  // by the observable
  pending.phases().add(0b1000, angle, 1.0);  // never
  pending.phases().signs().toggle(0, 1);
  setting.builder.begin(0b0111);
  pending.advance();
  pending.before(BatchEncounter(setting.circuit.ops[0]), 0b0001, setting.builder);
  CHECK(pending.phases().terms().count(0b0001) == 0);
  CHECK(pending.phases().terms().count(0b1000) == 1);
  CHECK(pending.phases().signs().empty());
  setting.builder.finish();
  CHECK(setting.trips.size() == 1);
  CHECK(!pending.empty());
}

TEST_CASE("at the end only what observables see is applied") {
  Setting setting(Circuit(5));
  const PauliSum observable({{1.0, 0b01001, 0}});
  BatchPending pending(setting.circuit, setting.sweeps, std::span(&observable, 1), 5);
  const AngleForm angle{0.3, {}};
  pending.phases().add(0b01001, angle, 1.0);  // commutes
  pending.phases().add(0b10001, angle, 1.0);
  pending.phases().add(0b10000, angle, 1.0);
  unsigned programs = 0;
  while (const std::uint64_t tile = pending.next_tile(nullptr, 0b01001)) {
    REQUIRE(++programs < 5);
    CHECK(std::popcount(tile) == 3);
    setting.builder.begin(tile);
    pending.apply(nullptr, 0b01001, setting.builder);
    setting.builder.finish();
  }
  CHECK(programs == 1);
  CHECK(pending.phases().terms().size() == 2);
}

TEST_CASE("flips that are passed move phases") {
  Circuit circuit(3);
  circuit.cx(0, 1).h(0);
  Setting setting(circuit);
  BatchPending pending(setting.circuit, setting.sweeps, {}, 3);
  pending.phases().add(0b010, {0.3, {}}, 1.0);
  pending.pass_flip(1, 0U);
  CHECK(pending.phases().terms().count(0b011) == 1);
}
