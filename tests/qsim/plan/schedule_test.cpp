// SPDX-License-Identifier: Apache-2.0
// Schedules are checked with a judge of their own: dense matrices say which gates commute, and no
// two that do not may change places.
#include "qsim/plan/schedule.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <random>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

std::vector<Footprint> footprints(const LoweredCircuit& low) {
  std::vector<Footprint> result;
  for (const Lowered& op : low.ops) result.push_back(op.footprint);
  return result;
}

/// Every operation once, each with what it needs active, sizes and forced bits kept. Returns the
/// place of each operation in the order.
std::vector<std::size_t> check_groups(std::span<const Footprint> ops,
                                      const ScheduleOptions& options,
                                      const std::vector<Group>& groups) {
  std::vector<std::size_t> place(ops.size(), ops.size());
  std::size_t next = 0;
  for (const Group& group : groups) {
    REQUIRE_FALSE(group.ops.empty());
    REQUIRE((group.active & ~low_mask(options.bits)) == 0);
    REQUIRE((options.forced & ~group.active) == 0);
    REQUIRE(static_cast<unsigned>(std::popcount(group.active)) ==
            std::min(options.size, options.bits));
    for (const std::uint32_t op : group.ops) {
      REQUIRE(op < ops.size());
      REQUIRE(place[op] == ops.size());
      REQUIRE((ops[op].need() & ~group.active) == 0);
      place[op] = next++;
    }
  }
  REQUIRE(next == ops.size());
  return place;
}

/// Two operations may change places if on each shared qubit both are z or both are x.
bool commute(const Footprint& a, const Footprint& b) {
  for (unsigned q = 0; q < 64; ++q) {
    const auto kind = [q](const Footprint& f) {
      return (f.mix >> q & 1) != 0 ? 'm'
             : (f.z >> q & 1) != 0 ? 'z'
             : (f.x >> q & 1) != 0 ? 'x'
                                   : '-';
    };
    if (kind(a) == '-' || kind(b) == '-') continue;
    if (kind(a) == 'm' || kind(a) != kind(b)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("gates that do not commute as matrices keep their order") {
  test::Generator random(61);
  constexpr unsigned n = 5;
  std::size_t overtaken = 0;
  for (int trial = 0; trial < 40; ++trial) {
    // Only gates that are lowered to one operation each, so that matrices and operations pair up.
    const Circuit any = test::random_circuit(random, n, 40, 2);
    Circuit circuit(n);
    std::vector<Eigen::MatrixXcd> matrices;
    for (const Operation& op : any.operations()) {
      if (op.gate == Gate::swap || op.gate == Gate::id) continue;
      if (op.gate == Gate::unitary || op.gate == Gate::diagonal || op.gate == Gate::permutation)
        continue;
      if (op.gate == Gate::y || op.gate == Gate::iswap) continue;
      std::vector<Param> params(any.params(op).begin(), any.params(op).end());
      if (op.gate == Gate::pauli_rotation) {
        circuit.pauli_rotation(any.paulis(op), any.targets(op), params[0], any.controls(op));
      } else {
        circuit.apply(op.gate, any.targets(op), params, any.controls(op));
      }
      matrices.push_back(test::full_matrix(any, op, {}));
    }
    const LoweredCircuit low = lower(circuit);
    REQUIRE(low.ops.size() == matrices.size());
    const auto ops = footprints(low);
    ScheduleOptions options;
    options.bits = n;
    options.size = std::max(low.widest, 2U) + static_cast<unsigned>(trial) % 2;
    if (low.widest + 1 <= options.size) options.forced = bit(static_cast<unsigned>(random() % n));
    options.horizon = trial % 3 == 0 ? 8 : 2000;
    const auto place = check_groups(ops, options, schedule(ops, options));
    for (std::size_t i = 0; i < ops.size(); ++i) {
      for (std::size_t j = i + 1; j < ops.size(); ++j) {
        if (place[i] < place[j]) continue;
        ++overtaken;
        REQUIRE((matrices[i] * matrices[j] - matrices[j] * matrices[i]).norm() < 1e-12);
      }
    }
  }
  CHECK(overtaken > 100);  // the schedules do reorder
}

TEST_CASE("random footprints on many bits: order, sizes, forced and current bits") {
  std::mt19937_64 random(62);
  for (int trial = 0; trial < 60; ++trial) {
    ScheduleOptions options;
    options.bits = 4 + static_cast<unsigned>(random() % 30);
    options.size = 3 + static_cast<unsigned>(random() % (options.bits - 3));
    const auto forced = static_cast<unsigned>(random() % (options.size - 1));
    options.forced = low_mask(forced);
    options.horizon = 1 + static_cast<unsigned>(random() % 200);
    options.climbs = static_cast<unsigned>(random() % 30);
    if (trial % 2 == 0) {
      options.current = options.forced |
                        (low_mask(options.size - forced) << (options.bits - options.size + forced));
    }
    std::vector<Footprint> ops(1 + random() % 150);
    for (Footprint& f : ops) {
      // At most two free bits are needed beside the forced ones.
      const auto pick = [&] { return bit(static_cast<unsigned>(random() % options.bits)); };
      const std::uint64_t a = pick();
      const std::uint64_t b = pick() & ~a;
      const std::uint64_t c = pick() & ~a & ~b;
      const bool two = options.size - forced >= 2;
      switch (random() % 4) {
        case 0:
          f = {a, two ? 0 : b, two ? b : 0};
          break;
        case 1:
          f = {0, a | b | c, 0};
          break;
        case 2:
          f = {two ? a | b : a, c, 0};
          break;
        default:
          f = {0, b | c, a};
          break;
      }
    }
    const auto groups = schedule(ops, options);
    const auto place = check_groups(ops, options, groups);
    for (std::size_t i = 0; i < ops.size(); ++i) {
      for (std::size_t j = i + 1; j < ops.size(); ++j) {
        if (!commute(ops[i], ops[j])) REQUIRE(place[i] < place[j]);
      }
    }
    // Deterministic.
    const auto again = schedule(ops, options);
    REQUIRE(again.size() == groups.size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      REQUIRE(again[g].active == groups[g].active);
      REQUIRE(again[g].ops == groups[g].ops);
    }
  }
}

TEST_CASE("what fits at once is one group; nothing is no group") {
  const std::vector<Footprint> ops{{1, 0, 0}, {2, 0, 0}, {0, 3, 0}, {1, 2, 0}};
  ScheduleOptions options;
  options.bits = 2;
  options.size = 2;
  const auto groups = schedule(ops, options);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].ops == std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(schedule({}, options).empty());
  options.bits = options.size = 0;
  const std::vector<Footprint> phase{{}};
  CHECK(schedule(phase, options).size() == 1);
}

TEST_CASE("diagonal gates run anywhere: a whole QFT needs few groups") {
  Circuit circuit(12);
  for (Qubit q = 12; q-- > 0;) {
    circuit.h(q);
    for (Qubit c = 0; c < q; ++c) circuit.cp(c, q, 0.1);
  }
  const auto ops = footprints(lower(circuit));
  ScheduleOptions options;
  options.bits = 12;
  options.size = 6;
  CHECK(schedule(ops, options).size() == 2);
}

TEST_CASE("an operation too wide for an active set is an error") {
  ScheduleOptions options;
  options.bits = 6;
  options.size = 3;
  options.forced = 0b11;
  const std::vector<Footprint> ops{{0b1100, 0, 0}};
  CHECK_THROWS_AS((void)schedule(ops, options), Error);
}
