// SPDX-License-Identifier: Apache-2.0
// Tile programs against the oracle: every kind of operation with what it mixes, its controls and
// its signs in rows, lanes, loop and outside the sub-block, among phases that are pending.
#include "qsim/engine/tile_program.hpp"

#include <cmath>
#include <set>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/engine/tile_gates.hpp"
#include "tests/qsim/engine/tile_runs.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kQubits = 9;

/// Sub-blocks of one tile up to the whole state.
template <class T>
test::Setting any_setting(test::Generator& random) {
  const unsigned least = kLaneBits<T> + kTileBits;
  return test::random_setting<T>(random, kQubits,
                                 least + static_cast<unsigned>(random() % (kQubits - least + 1)));
}

/// Where controls of a kind of gate have been.
struct Places {
  int rows = 0;
  int lanes = 0;
  int loop = 0;
  int outside = 0;

  void see(const Frame& frame, std::uint64_t positions) {
    const Frame::Parts parts = frame.parts(positions);
    rows += parts.rows != 0 ? 1 : 0;
    lanes += parts.lanes != 0 ? 1 : 0;
    loop += (parts.rest & frame.loop) != 0 ? 1 : 0;
    outside += (parts.rest & ~frame.inner) != 0 ? 1 : 0;
  }
  [[nodiscard]] int fewest() const { return std::min({rows, lanes, loop, outside}); }
};

/// Phases, then the gates of `fill` between more phases.
template <class T, class Fill>
void check_among_phases(unsigned seed, int trials, test::StepCounts& counts, const Fill& fill) {
  test::Generator random(seed);
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(trial);
    const test::Setting setting = any_setting<T>(random);
    Circuit circuit(kQubits);
    for (int g = 0; g < 4; ++g) {
      test::add_phases(circuit, random, static_cast<unsigned>(random() % 4), trial % 3 == 0);
      fill(circuit, random, setting.inner_wires());
    }
    REQUIRE(test::tile_error<T>(random, circuit, setting, &counts) <=
            test::tile_tolerance<T>(circuit.size()));
  }
}

/// The steps of one circuit on sub-blocks that are the whole state, in the identity layout.
test::StepCounts steps_of(const Circuit& circuit) {
  test::Generator random(1);
  test::StepCounts counts;
  const test::Setting setting{Layout(circuit.qubits()), low_mask(circuit.qubits())};
  REQUIRE(test::tile_error<double>(random, circuit, setting, &counts) <=
          test::tile_tolerance<double>(circuit.size()));
  return counts;
}

}  // namespace

TEST_CASE_TEMPLATE("every kind of operation alone, controls everywhere", T, double, float) {
  test::Generator random(401);
  for (unsigned k = 0; k < test::kTileGates; ++k) {
    const auto kind = static_cast<test::TileGate>(k);
    CAPTURE(k);
    Places controls;
    Places signs;
    for (unsigned trial = 0; trial < 60; ++trial) {
      const test::Setting setting = any_setting<T>(random);
      Circuit circuit(kQubits);
      test::add_tile_gate(circuit, random, kind, setting.inner_wires(), trial % 4);
      REQUIRE(test::tile_error<T>(random, circuit, setting) <=
              test::tile_tolerance<T>(circuit.size()));
      for (const Lowered& op : lower(circuit).ops) {
        const Layout& layout = setting.layout;
        const Frame frame =
            make_frame(layout.positions(op.footprint.need()), setting.inner, kLaneBits<T>);
        controls.see(frame, layout.positions(op.control_mask));
        signs.see(frame, layout.positions(op.pauli_z));
      }
    }
    if (test::takes_controls(kind)) CHECK(controls.fewest() > 0);
    if (kind == test::TileGate::string) CHECK(signs.fewest() > 0);
  }
}

TEST_CASE_TEMPLATE("all kinds of operation among pending phases, with every kind of step", T,
                   double, float) {
  test::StepCounts counts;
  check_among_phases<T>(402, 2500, counts, [](Circuit& circuit, auto& random, const auto& inner) {
    const auto kind = static_cast<test::TileGate>(random() % test::kTileGates);
    test::add_tile_gate(circuit, random, kind, inner, static_cast<unsigned>(random() % 3));
  });
  for (const TileKind family : {TileKind::shear, TileKind::shear_cross, TileKind::coshear,
                                TileKind::coshear_cross, TileKind::rotate, TileKind::rotate_cross,
                                TileKind::exchange, TileKind::turned, TileKind::rotate_turned}) {
    for (unsigned d = 1; d < kTileRows; ++d) {
      // Exchanges and gates of two qubits are on one or two row bits.
      const bool two_at_most = family == TileKind::exchange || family == TileKind::rotate_turned;
      if (two_at_most && d == 7) continue;
      if (family == TileKind::rotate_turned && (d & (d - 1)) == 0) continue;
      if (family == TileKind::turned && (d & (d - 1)) != 0) continue;
      CAPTURE(static_cast<unsigned>(family));
      CAPTURE(d);
      CHECK(counts.of(tile_kind(family, d - 1)) > 0);
    }
  }
  CHECK(counts.of(TileKind::flip, 3) > 0);
  CHECK(counts.of(TileKind::controlled_flip, 6) > 0);
  CHECK(counts.of(TileKind::swap, 3) > 0);
  CHECK(counts.of(TileKind::dense, 3) > 0);
  CHECK(counts.of(TileKind::lane_swap, 3) > 0);
  CHECK(counts.of(TileKind::phase) > 0);
  CHECK(counts.of(TileKind::diagonal) > 0);
  CHECK(counts.of_parity(TileKind::diagonal) > 0);  // tables and products: see tile_phases_test
}

TEST_CASE_TEMPLATE("gates of two qubits that keep parity, with pending phases", T, double, float) {
  test::StepCounts counts;
  check_among_phases<T>(403, 400, counts, [](Circuit& circuit, auto& random, const auto& inner) {
    constexpr test::TileGate kinds[] = {test::TileGate::fsim, test::TileGate::swings,
                                        test::TileGate::iswap_power, test::TileGate::phase};
    test::add_tile_gate(circuit, random, kinds[random() % 4], inner, 0);
  });
  CHECK(counts.of(TileKind::rotate, 7) > 0);
  CHECK(counts.of(TileKind::rotate_cross, 7) > 0);
  CHECK(counts.of(TileKind::rotate_turned, 7) > 0);
}

TEST_CASE("only the pairs that a gate of two qubits turns are touched") {
  // iSWAP-like: |01> and |10> only, also with a phase on one of them: a turned axis.
  for (const bool phase : {false, true}) {
    Circuit circuit(6);
    if (phase) circuit.rz(4, 0.3);
    circuit.unitary(std::array<Qubit, 2>{4, 3}, test::exchange_matrix(0.0, 0.7));
    const LoweredCircuit low = lower(circuit);
    const Layout layout(6);
    TileCompiler<double> compiler(kernel_table<double>(), low, {}, false);
    compiler.begin(layout, 0b011000, low_mask(6));
    for (const Lowered& op : low.ops) compiler.add(op);
    const auto program = compiler.finish();
    REQUIRE(program.call.steps.size() == 1);
    const auto family = phase ? TileKind::rotate_turned : TileKind::rotate_cross;
    CHECK(program.call.steps[0].kind == tile_kind(family, 3 - 1));
    // Direction 3 pairs rows (0, 3), (2, 1), (4, 7), (6, 5).
    CHECK(program.call.steps[0].pairs == 0b1010);
  }
}

TEST_CASE_TEMPLATE("Clifford phases before rotations of all axes, flat and steep", T, double,
                   float) {
  test::StepCounts counts;
  check_among_phases<T>(404, 500, counts, [](Circuit& circuit, auto& random, const auto& inner) {
    test::add_phases(circuit, random, static_cast<unsigned>(random() % 6), true);
    constexpr test::TileGate kinds[] = {test::TileGate::single, test::TileGate::string,
                                        test::TileGate::turned, test::TileGate::double_rotation};
    test::add_tile_gate(circuit, random, kinds[random() % 4], inner, 0);
  });
  CHECK(counts.of(TileKind::coshear, 7) > 0);
  CHECK(counts.of(TileKind::coshear_cross, 7) > 0);
}

TEST_CASE("Clifford phases cost nothing before a rotation") {
  Circuit flat(6);
  flat.s(4).cz(3, 4).s(5).rzz(4, 0, std::numbers::pi / 2).rx(4, 0.4).ryy(4, 5, 0.3);
  const auto counts = steps_of(flat);
  // Two rotations; what is pending at the end is one table, or the product with positions outside.
  CHECK(counts.of(TileKind::shear, 14) == 2);
  CHECK(counts.of(TileKind::phase) == 0);
  CHECK(counts.of(TileKind::diagonal) + counts.of(TileKind::diagonal_table) == 1);
  Circuit steep(6);
  steep.s(4).cz(3, 4).rx(4, 2.9).rxx(3, 5, -2.0);
  CHECK(steps_of(steep).of(TileKind::coshear, 14) == 2);
}

TEST_CASE("a rotation about an axis in the XY plane is one step, if it is flat") {
  Circuit circuit(6);
  circuit.u(4, 0.8, 0.3, -0.3);
  CHECK(steps_of(circuit).of(TileKind::turned, 7) == 1);
  CHECK(steps_of(circuit).of(TileKind::diagonal) == 0);
  Circuit steep(6);
  steep.u(4, 2.5, 0.3, -0.3);
  CHECK(steps_of(steep).of(TileKind::turned, 7) == 0);
  Circuit other(6);
  other.u(4, 0.8, 0.3, 0.4);
  CHECK(steps_of(other).of(TileKind::turned, 7) == 0);
}

TEST_CASE("flips and controlled flips take phases along; longer phases are applied before") {
  Circuit along(6);
  along.rz(3, 0.3).x(3).cx(4, 3).rz(3, 0.2).cx(3, 5);
  CHECK(steps_of(along).of(TileKind::diagonal) == 1);  // at the end
  CHECK(steps_of(along).of(TileKind::flip, 3) == 1);
  CHECK(steps_of(along).of(TileKind::controlled_flip, 6) == 0);  // by where rows are stored
  Circuit before(6);
  before.rzz(3, 5, 0.3).cx(4, 3).ccx(3, 4, 5);
  CHECK(steps_of(before).of(TileKind::phase) == 1);  // there
  CHECK(steps_of(before).of(TileKind::exchange, 7) == 1);
  CHECK(steps_of(before).of(TileKind::scale) == 1);  // no phases are left to take the cosine
  Circuit clifford(6);
  clifford.cz(3, 5).cx(4, 3).s(2).cx(2, 3).cz(3, 4).h(3).cx(3, 4).h(4);
  CHECK(steps_of(clifford).of(TileKind::phase) == 0);  // those of Clifford gates go past all others
  CHECK(steps_of(clifford).of(TileKind::diagonal) == 1);
}

TEST_CASE_TEMPLATE("matrices with zeros that lowering would see through", T, double, float) {
  test::Generator random(408);
  constexpr std::array<Complex, 4> one = {1.0, 0.0, 0.0, 1.0};
  for (int trial = 0; trial < 60; ++trial) {
    CAPTURE(trial);
    const test::Setting setting = any_setting<T>(random);
    const auto wires = setting.inner_wires();
    const auto phases = test::random_phases(random, 2);
    const std::array<Complex, 4> flip = {0.0, phases[0], phases[1], 0.0};
    const std::array<Complex, 4> diagonal = {phases[2], 0.0, 0.0, phases[3]};
    std::vector<Complex> m;
    switch (trial % 5) {
      case 0:
        m.assign(flip.begin(), flip.end());
        break;
      case 1:
        m.assign(diagonal.begin(), diagonal.end());
        break;
      case 2:
        m = test::parity_matrix(flip, diagonal);
        break;
      case 3:
        m = test::parity_matrix(one, flip);
        break;
      default:
        m = test::parity_matrix(flip, flip);
    }
    // Planned as any matrix, then given those numbers.
    const auto on = std::span(wires).first(m.size() == 4 ? 1 : 2);
    Circuit circuit(kQubits);
    test::add_phases(circuit, random, 4, trial % 2 == 0);
    circuit.unitary(on, test::random_unitary(random, static_cast<unsigned>(on.size())));
    LoweredCircuit low = lower(circuit);
    std::copy(m.begin(), m.end(), low.complexes.begin() + low.ops.back().first_data);
    Circuit expected(kQubits);
    for (const Operation& op : circuit.operations().first(circuit.size() - 1)) {
      if (op.gate == Gate::pauli_rotation) {
        expected.pauli_rotation(circuit.paulis(op), circuit.targets(op), circuit.params(op)[0]);
      } else {
        expected.apply(op.gate, circuit.targets(op), circuit.params(op), circuit.controls(op));
      }
    }
    expected.unitary(on, m);
    const Eigen::VectorXcd start = test::random_vector(random, kQubits);
    REQUIRE((test::run_tiles<T>(low, setting, start) - test::run(expected, {}, start))
                .cwiseAbs()
                .maxCoeff() <= test::tile_tolerance<T>(circuit.size()));
  }
}

TEST_CASE_TEMPLATE("the inverse undoes a circuit", T, double, float) {
  test::Generator random(405);
  for (int trial = 0; trial < 100; ++trial) {
    const test::Setting setting = any_setting<T>(random);
    Circuit circuit(kQubits);
    while (circuit.size() < 8) {
      const auto kind = static_cast<test::TileGate>(random() % test::kTileGates);
      // Gates that are exchanges of wires have no inverse tile by tile.
      if (kind == test::TileGate::exchange || kind == test::TileGate::fsim ||
          kind == test::TileGate::iswap_power) {
        continue;
      }
      test::add_tile_gate(circuit, random, kind, setting.inner_wires(),
                          static_cast<unsigned>(random() % 3));
    }
    const Eigen::VectorXcd start = test::random_vector(random, kQubits);
    const Eigen::VectorXcd there = test::run_tiles<T>(circuit, setting, start);
    const Eigen::VectorXcd back = test::run_tiles<T>(circuit, setting, there, nullptr, true);
    REQUIRE((back - start).cwiseAbs().maxCoeff() <= 2 * test::tile_tolerance<T>(circuit.size()));
  }
}

TEST_CASE_TEMPLATE("the common factor of many rotations never leaves the range of numbers", T,
                   double, float) {
  test::Generator random(406);
  const test::Setting setting = any_setting<T>(random);
  for (const double angle : {1.5, -1.6, 3.0}) {  // flat, steep, nearly pi
    Circuit circuit(kQubits);
    const auto wires = setting.inner_wires();
    for (int g = 0; g < 1200; ++g) {
      circuit.ry(wires[0], angle).rx(wires[1], angle).rxx(wires[0], wires[2], angle);
    }
    CHECK(test::tile_error<T>(random, circuit, setting) <=
          4 * test::tile_tolerance<T>(circuit.size()));
  }
}

TEST_CASE("angles of many turns, and sums of many phases") {
  test::Generator random(409);
  const test::Setting setting = any_setting<double>(random);
  const auto wires = setting.inner_wires();
  for (const double angle : {1e5, -3e6, 1e12}) {
    CAPTURE(angle);
    Circuit circuit(kQubits);
    circuit.pauli_rotation("ZZ", std::array{wires[0], wires[1]}, angle).rz(wires[2], angle);
    circuit.rzz(wires[0], wires[2], angle).p(wires[1], angle);
    for (unsigned k = 0; k < 3; ++k) circuit.rx(wires[k], angle).ryy(wires[k], wires[3], angle);
    CHECK(test::tile_error<double>(random, circuit, setting) < 1e-14);
  }
  Circuit sums(kQubits);
  for (int k = 0; k < 100001; ++k) sums.rz(wires[0], 3.0);  // an angle of 150000, and then some
  sums.rx(wires[0], 0.7);
  Circuit once(kQubits);
  once.rz(wires[0], std::remainder(100001 * 3.0, 4 * std::numbers::pi)).rx(wires[0], 0.7);
  const Eigen::VectorXcd start = test::random_vector(random, kQubits);
  const Eigen::VectorXcd got = test::run_tiles<double>(sums, setting, start);
  CHECK((got - test::run(once, {}, start)).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("an operation that its tile does not hold is a bug") {
  test::Generator random(407);
  Circuit circuit(8);
  test::add_gate(circuit, random, Gate::unitary, std::array<Qubit, 2>{3, 4});
  const LoweredCircuit low = lower(circuit);
  const Layout layout(8);
  TileCompiler<double> compiler(kernel_table<double>(), low, {}, false);
  CHECK_THROWS_AS(compiler.begin(layout, 0b1111000, low_mask(8)), Error);
  compiler.begin(layout, 0b1110000, low_mask(8));
  CHECK_THROWS_AS(compiler.add(low.ops[0]), Error);
  Lowered unknown = low.ops[0];
  unknown.kind = static_cast<Lowered::Kind>(17);
  CHECK_THROWS_AS(compiler.add(unknown), Error);
}
