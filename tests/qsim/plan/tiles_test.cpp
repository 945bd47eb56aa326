// SPDX-License-Identifier: Apache-2.0
// Which operations fit tiles, and how operations are cut into tiles: each once, in an order that
// keeps what does not commute, at most three positions a tile.
#include "qsim/plan/tiles.hpp"

#include <array>
#include <bit>
#include <limits>
#include <random>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// Whether all operations that one gate is lowered to fit tiles.
bool fits(const Circuit& circuit) {
  const LoweredCircuit low = lower(circuit);
  REQUIRE_FALSE(low.ops.empty());
  bool all = true;
  for (const Lowered& op : low.ops) all = all && fits_tile(op);
  return all;
}

/// One gate on targets 0.. with `controls` controls above them.
Circuit one_gate(Gate gate, unsigned targets, unsigned controls) {
  test::Generator random(81);
  Circuit circuit(12);
  std::vector<Qubit> on(targets);
  for (unsigned k = 0; k < targets; ++k) on[k] = k;
  std::vector<Control> list;
  for (unsigned c = 0; c < controls; ++c) list.push_back({targets + c, c % 2 == 0});
  test::add_gate(circuit, random, gate, on, list);
  return circuit;
}

/// Most controls with which the gate fits a tile, or -1; fewer fit, too.
int most_controls(Gate gate, unsigned targets) {
  int most = -1;
  for (unsigned c = 0; c <= 6; ++c) {
    if (!fits(one_gate(gate, targets, c))) {
      for (unsigned more = c; more <= 6; ++more) CHECK_FALSE(fits(one_gate(gate, targets, more)));
      return most;
    }
    most = static_cast<int>(c);
  }
  return std::numeric_limits<int>::max();
}

Circuit string(std::string_view letters, unsigned controls) {
  Circuit circuit(12);
  std::vector<Qubit> on(letters.size());
  for (unsigned k = 0; k < on.size(); ++k) on[k] = k;
  std::vector<Control> list;
  for (unsigned c = 0; c < controls; ++c) list.push_back({11 - c, false});
  circuit.pauli_rotation(letters, on, 0.3, list);
  return circuit;
}

/// Two operations may change places if on each shared position both are z or both are x.
bool commute(const Footprint& a, const Footprint& b) {
  const auto any = [](const Footprint& f) { return f.mix | f.z | f.x; };
  const std::uint64_t shared = any(a) & any(b);
  const std::uint64_t same =
      (a.z & b.z & ~a.mix & ~b.mix & ~a.x & ~b.x) | (a.x & b.x & ~a.mix & ~b.mix & ~a.z & ~b.z);
  return (shared & ~same) == 0;
}

}  // namespace

TEST_CASE("fits_tile: by kind, targets and controls") {
  constexpr int any = std::numeric_limits<int>::max();
  CHECK(most_controls(Gate::x, 1) == any);
  CHECK(most_controls(Gate::h, 1) == 3);
  CHECK(most_controls(Gate::u, 1) == 3);
  CHECK(most_controls(Gate::rz, 1) == 3);
  CHECK(most_controls(Gate::rzz, 2) == 2);
  CHECK(most_controls(Gate::diagonal, 4) == 0);
  CHECK(most_controls(Gate::diagonal, 5) == -1);
  CHECK(most_controls(Gate::unitary, 2) == 0);
  CHECK(most_controls(Gate::unitary, 3) == -1);
  CHECK(most_controls(Gate::fsim, 2) == 0);
  CHECK(most_controls(Gate::permutation, 2) == -1);
  CHECK(most_controls(Gate::rxx, 2) == any);
  CHECK(most_controls(Gate::global_phase, 0) == 4);
  CHECK(fits(string("XYX", 5)));
  CHECK(fits(string("XYXZZZZ", 0)));
  CHECK_FALSE(fits(string("XYXX", 0)));
  CHECK(fits(string("ZZZZZZ", 4)));
  CHECK_FALSE(fits(string("ZZ", 5)));
  Circuit swap(4);
  swap.apply(Gate::swap, std::array<Qubit, 2>{0, 1}, {}, std::array{Control{2, false}});
  CHECK(fits(swap));
  Lowered unknown;
  unknown.kind = static_cast<Lowered::Kind>(9);
  CHECK_THROWS_AS((void)fits_tile(unknown), Error);
}

TEST_CASE("cut_tiles: every operation once, what does not commute in order") {
  test::Generator random(82);
  std::size_t tiles_in_all = 0;
  std::size_t operations = 0;
  for (int trial = 0; trial < 120; ++trial) {
    const auto bits = static_cast<unsigned>(1 + random() % 10);
    const Circuit circuit = test::random_circuit(random, bits, 60, 4);
    const LoweredCircuit low = lower(circuit);
    std::vector<Footprint> footprints;
    std::vector<const Lowered*> ops;
    for (const Lowered& op : low.ops) {
      footprints.push_back(op.footprint);
      ops.push_back(&op);
    }
    const auto tiles = cut_tiles(footprints, ops, bits);
    std::vector<std::size_t> place(ops.size(), ops.size());
    std::size_t next = 0;
    for (const TileGroup& tile : tiles) {
      REQUIRE_FALSE(tile.ops.empty());
      std::uint64_t need = 0;
      for (const std::uint32_t op : tile.ops) {
        REQUIRE(op < ops.size());
        REQUIRE(place[op] == ops.size());
        place[op] = next++;
        need |= footprints[op].need();
        CHECK(fits_tile(*ops[op]) != tile.wide);
      }
      CHECK(tile.active == need);
      if (tile.wide) {
        CHECK(tile.ops.size() == 1);
      } else {
        CHECK(std::popcount(tile.active) <= 3);
        ++tiles_in_all;
        operations += tile.ops.size();
      }
    }
    REQUIRE(next == ops.size());
    for (std::size_t i = 0; i < ops.size(); ++i) {
      for (std::size_t j = i + 1; j < ops.size(); ++j) {
        if (!commute(footprints[i], footprints[j])) REQUIRE(place[i] < place[j]);
      }
    }
  }
  CHECK(operations > 2 * tiles_in_all);
}

TEST_CASE("cut_tiles: a layer of nine qubits is three tiles, nothing is no tile") {
  Circuit circuit(9);
  for (Qubit q = 0; q < 9; ++q) circuit.h(q);
  for (Qubit q = 0; q < 8; ++q) circuit.cz(q, q + 1);
  const LoweredCircuit low = lower(circuit);
  std::vector<Footprint> footprints;
  std::vector<const Lowered*> ops;
  for (const Lowered& op : low.ops) {
    footprints.push_back(op.footprint);
    ops.push_back(&op);
  }
  CHECK(cut_tiles(footprints, ops, 9).size() == 3);
  CHECK(cut_tiles({}, {}, 9).empty());
}
