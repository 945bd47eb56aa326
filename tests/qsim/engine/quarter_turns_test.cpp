// SPDX-License-Identifier: Apache-2.0
// Quarter turns against dense diagonal matrices: what is added, flips and rotations that pass, and
// wires that are taken out again.
#include "qsim/engine/quarter_turns.hpp"

#include <complex>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/engine/phases.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kWires = 5;
constexpr std::uint64_t kSize = bit(kWires);
using Diagonal = std::vector<Complex>;

void multiply(Diagonal& diagonal, std::uint64_t mask, double turns) {
  for (std::uint64_t x = 0; x < kSize; ++x) {
    const double angle = turns * kQuarterTurn;
    diagonal[x] *= std::polar(1.0, parity(mask & x) != 0 ? -angle : angle);
  }
}

/// Takes everything out of `turns`.
Diagonal drained(QuarterTurns turns) {
  Diagonal result(kSize, 1.0);
  for (unsigned q = 0; q < kWires; ++q) {
    turns.remove(q, [&](std::uint64_t mask, int k) { multiply(result, mask, k); });
  }
  CHECK(turns.empty());
  multiply(result, 0, turns.take_common());
  CHECK_FALSE(turns.has_common());
  return result;
}

double distance(const Diagonal& a, const Diagonal& b) {
  double worst = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) worst = std::max(worst, std::abs(a[k] - b[k]));
  return worst;
}

QuarterTurns random_turns(test::Generator& random, Diagonal& dense) {
  QuarterTurns turns;
  dense.assign(kSize, 1.0);
  for (int k = 0; k < 12; ++k) {
    const std::uint64_t mask = random() % kSize;
    const int count = static_cast<int>(random() % 19) - 9;
    turns.add(mask, count);
    multiply(dense, mask, count);
  }
  return turns;
}

/// i^|x & z| X^x Z^z times a vector.
Diagonal apply_string(const Diagonal& v, std::uint64_t x, std::uint64_t z) {
  constexpr Complex kI(0.0, 1.0);
  Diagonal result(kSize);
  for (std::uint64_t k = 0; k < kSize; ++k) {
    result[k ^ x] = std::pow(kI, std::popcount(x & z)) * (parity(z & k) != 0 ? -v[k] : v[k]);
  }
  return result;
}

}  // namespace

TEST_CASE("any product of quarter turns is singles and pairs") {
  test::Generator random(451);
  for (int trial = 0; trial < 200; ++trial) {
    Diagonal dense;
    const QuarterTurns turns = random_turns(random, dense);
    CHECK((turns.wires() & ~low_mask(kWires)) == 0);
    for (unsigned q = 0; q < kWires; ++q) {
      const bool any = turns.single(q) != 0 || turns.partners(q) != 0;
      CHECK(any == ((turns.wires() & bit(q)) != 0));
      CHECK(turns.single(q) < 4);
    }
    REQUIRE(distance(drained(turns), dense) < 1e-13);
  }
}

TEST_CASE("quarter turns past flips with and without a control") {
  test::Generator random(452);
  for (int trial = 0; trial < 200; ++trial) {
    Diagonal before;
    QuarterTurns turns = random_turns(random, before);
    const auto wires = test::random_qubits(random, kWires, 2);
    const std::uint64_t control = trial % 3 == 0 ? 0 : bit(wires[1]);
    const bool sign = trial % 3 != 1;  // no control, value 1, value 0
    turns.pass_flip(wires[0], control, sign);
    const Diagonal after = drained(turns);
    for (std::uint64_t x = 0; x < kSize; ++x) {
      const bool flips = control == 0 || ((x & control) != 0) != sign;
      REQUIRE(std::abs(after[flips ? x ^ bit(wires[0]) : x] - before[x]) < 1e-13);
    }
  }
}

TEST_CASE("a rotation taken past quarter turns is one about another string") {
  test::Generator random(453);
  for (int trial = 0; trial < 300; ++trial) {
    Diagonal phases;
    const QuarterTurns turns = random_turns(random, phases);
    const std::uint64_t x = 1 + random() % (kSize - 1);
    const std::uint64_t z = random() % kSize;
    std::uint64_t passed = z;
    const bool negative = turns.pass_rotation(x, passed);
    // P D = D (+-P'): the string on the state before the phases.
    Diagonal v(kSize);
    for (Complex& c : v) {
      c = {static_cast<double>(random() % 1000) / 1000.0,
           static_cast<double>(random() % 1000) / 1000.0};
    }
    Diagonal left = v;
    for (std::uint64_t k = 0; k < kSize; ++k) left[k] *= phases[k];
    left = apply_string(left, x, z);
    Diagonal right = apply_string(v, x, passed);
    for (std::uint64_t k = 0; k < kSize; ++k) right[k] *= negative ? -phases[k] : phases[k];
    REQUIRE(distance(left, right) < 1e-12);
  }
}
