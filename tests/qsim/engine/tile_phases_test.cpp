// SPDX-License-Identifier: Apache-2.0
// How tile programs apply pending phases: one alone, a few as one step, many as tables or as
// products over the bits of a sub-block, with signs from outside; what may stay pending, and what a
// release must not leave.
#include <cmath>

#include <doctest/doctest.h>

#include "tests/qsim/engine/tile_gates.hpp"
#include "tests/qsim/engine/tile_runs.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kQubits = 13;

/// Phases of any angle on `inside` wires of a sub-block and `outside` others.
void add_phase_across(Circuit& circuit, test::Generator& random, const test::Setting& setting,
                      unsigned inside, unsigned outside) {
  std::vector<Qubit> chosen;
  unsigned in = 0;
  unsigned out = 0;
  for (const Qubit q : test::random_qubits(random, kQubits, kQubits)) {
    const bool is_inner = (setting.layout.positions(bit(q)) & setting.inner) != 0;
    if (is_inner ? in++ < inside : out++ < outside) chosen.push_back(q);
  }
  const double angle = std::uniform_real_distribution(-3.0, 3.0)(random);
  circuit.pauli_rotation(std::string(chosen.size(), 'Z'), chosen, angle);
}

/// Circuits of `count` phases with that many wires inside and outside, then `gates` of the kinds.
template <class T>
test::StepCounts check_phases(unsigned seed, unsigned inside, unsigned outside, unsigned count,
                              std::vector<test::TileGate> kinds) {
  test::Generator random(seed);
  test::StepCounts counts;
  for (unsigned trial = 0; trial < 18; ++trial) {
    CAPTURE(trial);
    const test::Setting setting =
        test::random_setting<T>(random, kQubits, kLaneBits<T> + kTileBits + trial % 6);
    Circuit circuit(kQubits);
    for (unsigned k = 0; k < count; ++k) {
      add_phase_across(circuit, random, setting, inside, outside);
    }
    for (const test::TileGate kind : kinds) {
      test::add_tile_gate(circuit, random, kind, setting.inner_wires(), 2);
    }
    REQUIRE(test::tile_error<T>(random, circuit, setting, &counts) <=
            test::tile_tolerance<T>(circuit.size()));
  }
  return counts;
}

}  // namespace

TEST_CASE_TEMPLATE("phases of any extent are applied at the end", T, double, float) {
  for (unsigned inside = 0; inside <= 3; ++inside) {
    for (unsigned outside = 0; outside <= 3; ++outside) {
      CAPTURE(inside);
      CAPTURE(outside);
      const auto few = check_phases<T>(420, inside, outside, 2, {});
      CHECK(few.of(TileKind::phase) == 0);
      CHECK(few.of(TileKind::diagonal) > 0);
      CHECK((few.of_parity(TileKind::diagonal) > 0) == (inside > 0 || outside > 0));
      CHECK(few.of(TileKind::diagonal_product) + few.of(TileKind::diagonal_table) == 0);
      // With one position inside a product, with more tables with signs, without outer ones tables.
      const auto many = check_phases<T>(421, inside, outside, 12, {});
      CHECK(many.of(TileKind::phase) == 0);
      CHECK((many.of(TileKind::diagonal_product) > 0) == (inside <= 1 && outside > 0));
      CHECK((many.of_parity(TileKind::diagonal_table) > 0) == (inside > 1 && outside > 0));
      CHECK((many.of(TileKind::diagonal_table) > many.of_parity(TileKind::diagonal_table)) ==
            (inside > 0 && outside == 0));
    }
  }
}

TEST_CASE_TEMPLATE("before a rotation few phases are one step", T, double, float) {
  using test::TileGate;
  const auto inner = check_phases<T>(422, 2, 0, 2, {TileGate::turned});
  CHECK(inner.of(TileKind::phase) > 0);
  const auto across = check_phases<T>(423, 1, 2, 5, {TileGate::turned, TileGate::string});
  CHECK(across.of_parity(TileKind::phase) > 0);
  CHECK(across.of_parity(TileKind::diagonal) > 0);
  const auto apart = check_phases<T>(424, 2, 1, 8, {TileGate::string, TileGate::single});
  CHECK(apart.of_parity(TileKind::phase) > 0);
}

TEST_CASE_TEMPLATE("before a rotation many phases are a table or a product", T, double, float) {
  using test::TileGate;
  const auto inner = check_phases<T>(425, 2, 0, 24, {TileGate::turned, TileGate::string});
  CHECK(inner.of(TileKind::diagonal) > 0);
  CHECK(inner.of(TileKind::diagonal_table) > 0);
  const auto across = check_phases<T>(426, 1, 2, 40, {TileGate::string, TileGate::string});
  CHECK(across.of(TileKind::diagonal_product) > 0);
}

TEST_CASE_TEMPLATE("before gates that phases cannot go past, all extents at once", T, double,
                   float) {
  using test::TileGate;
  test::StepCounts counts;
  test::Generator random(427);
  constexpr TileGate kinds[] = {TileGate::exchange, TileGate::dense_pair, TileGate::flip,
                                TileGate::swings, TileGate::string};
  for (int trial = 0; trial < 60; ++trial) {
    CAPTURE(trial);
    const test::Setting setting =
        test::random_setting<T>(random, kQubits, kLaneBits<T> + kTileBits + trial % 6);
    Circuit circuit(kQubits);
    for (int g = 0; g < 3; ++g) {
      for (unsigned k = 0; k < 8; ++k) {
        add_phase_across(circuit, random, setting, static_cast<unsigned>(random() % 3),
                         static_cast<unsigned>(random() % 3));
      }
      test::add_tile_gate(circuit, random, kinds[random() % 5], setting.inner_wires(),
                          static_cast<unsigned>(random() % 4));
    }
    REQUIRE(test::tile_error<T>(random, circuit, setting, &counts) <=
            test::tile_tolerance<T>(circuit.size()));
  }
  CHECK(counts.of(TileKind::diagonal_product) > 0);
  CHECK(counts.of(TileKind::diagonal_table) > counts.of_parity(TileKind::diagonal_table));
  CHECK(counts.of_parity(TileKind::diagonal_table) > 0);
}

TEST_CASE("one table serves all tiles of a layer") {
  test::Generator random(428);
  Circuit circuit(12);
  for (Qubit a = 0; a < 12; ++a) {
    for (Qubit b = 0; b < a; ++b) circuit.rzz(a, b, 0.1 + 0.01 * a + 0.003 * b);
  }
  for (Qubit q = 0; q < 12; ++q) circuit.rx(q, 0.7);
  test::StepCounts counts;
  const test::Setting setting{Layout(12), low_mask(12)};
  CHECK(test::tile_error<double>(random, circuit, setting, &counts) <=
        test::tile_tolerance<double>(circuit.size()));
  CHECK(counts.of(TileKind::diagonal_table) == 1);
  CHECK(counts.of(TileKind::diagonal) == 0);
  CHECK(counts.of(TileKind::phase) == 0);
}

TEST_CASE_TEMPLATE("after a release any gate on those positions may follow", T, double, float) {
  test::Generator random(429);
  for (int trial = 0; trial < 60; ++trial) {
    CAPTURE(trial);
    const test::Setting setting =
        test::random_setting<T>(random, kQubits, kLaneBits<T> + kTileBits + trial % 6);
    const auto wires = setting.inner_wires();
    Circuit circuit(kQubits);
    for (int k = 0; k < 6; ++k) {
      add_phase_across(circuit, random, setting, static_cast<unsigned>(random() % 3),
                       static_cast<unsigned>(random() % 3));
    }
    test::add_tile_gate(circuit, random, test::TileGate::string, wires, 0);
    Circuit wide(kQubits);
    const std::vector<Qubit> on(wires.begin() + trial % 2, wires.begin() + trial % 2 + 4);
    wide.unitary(on, test::random_unitary(random, 4));

    const LoweredCircuit low = lower(circuit);
    TileCompiler<T> compiler(kernel_table<T>(), low, {}, false);
    CHECK_FALSE(compiler.pending());
    const Eigen::VectorXcd start = test::random_vector(random, kQubits);
    test::TileState<T> before(setting, start);
    std::uint64_t active = setting.layout.positions(low.ops.back().footprint.need());
    compiler.begin(setting.layout, active, setting.inner);
    for (const Lowered& op : low.ops) compiler.add(op);
    before.run(compiler.finish());
    compiler.begin(setting.layout, 0, setting.inner);
    std::uint64_t mixed = 0;
    for (const Qubit q : on) mixed |= setting.layout.positions(bit(q));
    compiler.release(mixed);
    before.run(compiler.finish());

    // The gate, by the oracle; then what is still pending.
    test::TileState<T> after(setting, test::run(wide, {}, before.state(low.final_wire)));
    compiler.begin(setting.layout, 0, setting.inner);
    compiler.release_all();
    CHECK_FALSE(compiler.pending());
    after.run(compiler.finish());
    circuit.append(wide);
    REQUIRE((after.state(low.final_wire) - test::run(circuit, {}, start)).cwiseAbs().maxCoeff() <=
            test::tile_tolerance<T>(circuit.size()));
  }
}

TEST_CASE("phases stay pending until they must be applied") {
  Circuit circuit(6);
  circuit.rz(3, 0.3).cp(3, 4, 0.2).rx(5, 0.4);
  const LoweredCircuit low = lower(circuit);
  const Layout layout(6);
  TileCompiler<double> compiler(kernel_table<double>(), low, {}, false);
  compiler.begin(layout, bit(5), low_mask(6));
  compiler.add(low.ops[0]);
  compiler.add(low.ops[1]);
  CHECK(compiler.pending());
  CHECK(compiler.finish().call.steps.empty());
  // A rotation that they commute with leaves its cosine, too.
  compiler.begin(layout, bit(5), low_mask(6));
  compiler.add(low.ops[2]);
  CHECK(compiler.finish().call.steps.size() == 1);
  compiler.begin(layout, 0, low_mask(6));
  compiler.release(bit(5));  // nothing there
  CHECK(compiler.finish().call.steps.empty());
  CHECK(compiler.pending());
  compiler.begin(layout, 0, low_mask(6));
  compiler.release_all();
  CHECK_FALSE(compiler.pending());
  CHECK(compiler.finish().call.steps.size() == 1);  // one table, with the cosine in it
}

TEST_CASE("quarter turns come along with phases that a rotation meets") {
  Circuit circuit(13);  // where a diagonal step is worth making
  circuit.rz(3, 0.3).rzz(3, 9, 0.2).cz(3, 9).ry(3, 0.4);
  const LoweredCircuit low = lower(circuit);
  TileCompiler<double> compiler(kernel_table<double>(), low, {}, false);
  const Layout layout(13);
  compiler.begin(layout, bit(3), low_mask(13));
  for (const Lowered& op : low.ops) compiler.add(op);
  const auto steps = compiler.finish().call.steps;
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].kind == TileKind::diagonal);
  // The CZ, left pending, would make the axis Y of qubit 3 a string with Z of qubit 9.
  CHECK(steps[0].parity != 0);
  CHECK(steps[1].parity == 0);
}
