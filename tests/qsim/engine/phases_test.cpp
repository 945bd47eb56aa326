// SPDX-License-Identifier: Apache-2.0
// Sums of phases against dense diagonal matrices: gates added, flips passed, terms taken.
#include "qsim/engine/phases.hpp"

#include <algorithm>
#include <array>
#include <complex>
#include <limits>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kWires = 6;

/// The sum's phase of every basis state.
std::vector<Complex> diagonal(const PhaseSum& sum) {
  std::vector<Complex> result;
  for (std::uint64_t x = 0; x < bit(kWires); ++x) {
    double angle = 0.0;
    for (const auto& [mask, value] : sum.all_terms()) {
      angle += parity(mask & x) != 0 ? -value : value;
    }
    result.push_back(std::polar(1.0, angle));
  }
  return result;
}

double distance(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  double worst = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) worst = std::max(worst, std::abs(a[k] - b[k]));
  return worst;
}

PhaseSum random_sum(test::Generator& random, int terms) {
  PhaseSum sum;
  for (int t = 0; t < terms; ++t) {
    sum.add(random() & low_mask(kWires), std::uniform_real_distribution(-3.0, 3.0)(random));
  }
  return sum;
}

}  // namespace

TEST_CASE("terms of one mask add up, and vanish with their sum") {
  PhaseSum sum;
  CHECK(sum.empty());
  sum.add(5, 0.0);
  CHECK(sum.empty());
  sum.add(5, 0.25);
  sum.add(3, 1.0);
  sum.add(5, 0.5);
  CHECK(sum.terms() == PhaseSum::Terms{{3, 1.0}, {5, 0.75}});
  sum.add(5, -0.75);
  CHECK(sum.terms() == PhaseSum::Terms{{3, 1.0}});
  CHECK_FALSE(sum.empty());
}

TEST_CASE("angles of many turns are kept within a few") {
  PhaseSum sum;
  for (const double angle : {1e3, -1e6, 1e12}) {
    PhaseSum one;
    one.add(1, angle);
    CHECK(std::abs(*one.terms().find(1)) <= 64.0);
    CHECK(std::abs(std::polar(1.0, *one.terms().find(1)) - std::polar(1.0, angle)) < 1e-15);
  }
  for (int k = 0; k < 100000; ++k) sum.add(1, 3.0);
  CHECK(std::abs(*sum.terms().find(1)) <= 64.0);
  CHECK(std::abs(std::polar(1.0, *sum.terms().find(1)) - std::polar(1.0, 3e5)) < 1e-10);
}

TEST_CASE("add_gate: the phases of the gate on its wires, in their order") {
  test::Generator random(441);
  for (int trial = 0; trial < 100; ++trial) {
    const auto count = static_cast<unsigned>(random() % 5);
    const auto wires = test::random_qubits(random, kWires, count);
    std::vector<double> angles(bit(count));
    for (double& a : angles) a = std::uniform_real_distribution(-7.0, 7.0)(random);
    PhaseSum sum = random_sum(random, 3);
    std::vector<Complex> expected = diagonal(sum);
    for (std::uint64_t x = 0; x < bit(kWires); ++x) {
      std::size_t value = 0;
      for (unsigned j = 0; j < count; ++j) value |= ((x >> wires[j]) & 1) << j;
      expected[x] *= std::polar(1.0, angles[value]);
    }
    sum.add_gate(wires, angles);
    CHECK(distance(diagonal(sum), expected) < 1e-14);
  }
}

TEST_CASE("add_gate: angles whose sum is not finite have their phases all the same") {
  const std::array<unsigned, 2> wires{0, 1};
  const std::array<double, 4> angles{-8.5e307, 8.5e307, 8.5e307, -8.5e307};
  PhaseSum sum;
  sum.add_gate(wires, angles);
  const std::vector<Complex> phases = diagonal(sum);
  for (std::size_t k = 0; k < angles.size(); ++k) {
    CHECK(std::abs(phases[k] - std::polar(1.0, angles[k])) < 1e-14);
  }
}

TEST_CASE("pass_flip: flip times the phases before are the phases after times the flip") {
  test::Generator random(442);
  for (int trial = 0; trial < 200; ++trial) {
    const auto wires = test::random_qubits(random, kWires, 2);
    const std::uint64_t controls = trial % 3 == 0 ? 0 : bit(wires[1]);
    const std::uint64_t values = trial % 3 == 1 ? controls : 0;
    PhaseSum sum = random_sum(random, 8);
    const std::vector<Complex> before = diagonal(sum);
    sum.pass_flip(wires[0], controls, values);
    const std::vector<Complex> after = diagonal(sum);
    // The flip takes x to `to`: after[to] = before[x].
    std::vector<Complex> moved(after.size());
    for (std::uint64_t x = 0; x < bit(kWires); ++x) {
      const std::uint64_t to = (x & controls) == values ? x ^ bit(wires[0]) : x;
      moved[x] = after[to];
    }
    REQUIRE(distance(moved, before) < 1e-14);
  }
  PhaseSum sum;
  CHECK_THROWS_AS(sum.pass_flip(0, 0b110, 0b110), Error);
}

TEST_CASE("take: the chosen terms leave the sum") {
  test::Generator random(443);
  PhaseSum sum = random_sum(random, 20);
  const PhaseSum::Terms all = sum.terms();
  PhaseSum::Terms both = sum.take([](std::uint64_t mask) { return (mask & 4) != 0; });
  CHECK_FALSE(both.empty());
  for (const auto& [mask, angle] : both) CHECK((mask & 4) != 0);
  for (const auto& [mask, angle] : sum.terms()) CHECK((mask & 4) == 0);
  for (const auto& [mask, angle] : sum.terms()) both[mask] = angle;
  CHECK(both == all);
  CHECK(sum.take([](std::uint64_t mask) { return mask > low_mask(kWires); }).empty());
  (void)sum.take([](std::uint64_t) { return true; });
  CHECK(sum.empty());
}

TEST_CASE("quarter turns are kept apart, and come back where they are asked for") {
  PhaseSum sum;
  sum.add(3, kQuarterTurn);
  sum.add(5, 0.25);
  sum.add(6, 3 * kQuarterTurn);
  CHECK(sum.terms() == PhaseSum::Terms{{5, 0.25}});
  CHECK_FALSE(sum.quarter_turns().empty());
  const std::vector<Complex> before = diagonal(sum);
  sum.unfold(bit(0));
  CHECK(sum.terms().find(3) != nullptr);
  CHECK(sum.terms().find(6) == nullptr);
  CHECK(distance(diagonal(sum), before) < 1e-15);
  sum.fold();
  CHECK(distance(diagonal(sum), before) < 1e-15);
  // Two halves of a quarter turn are one.
  sum.add(5, kQuarterTurn - 0.25);
  CHECK(sum.take([](std::uint64_t mask) { return mask != 0; }).empty());
  sum.leave(9, 2 * kQuarterTurn);
  sum.unfold(low_mask(kWires));
  CHECK(sum.quarter_turns().empty());
}

TEST_CASE("walsh_hadamard: signed sums over all masks") {
  test::Generator random(444);
  for (const std::size_t size : {1U, 2U, 8U, 64U}) {
    std::vector<double> f(size);
    for (double& x : f) x = std::uniform_real_distribution(-1.0, 1.0)(random);
    std::vector<double> got = f;
    walsh_hadamard(got);
    for (std::size_t x = 0; x < size; ++x) {
      double sum = 0.0;
      for (std::size_t m = 0; m < size; ++m) sum += parity(m & x) != 0 ? -f[m] : f[m];
      CHECK(std::abs(got[x] - sum) < 1e-13);
    }
  }
}

TEST_CASE("quarter turns are multiples of pi / 4 to rounding") {
  for (int k = -12; k <= 12; ++k) {
    CHECK(is_quarter_turn(k * kQuarterTurn));
    CHECK_FALSE(is_quarter_turn(k * kQuarterTurn + 1e-12));
    CHECK_FALSE(is_quarter_turn((k + 0.5) * kQuarterTurn));
  }
  CHECK(is_quarter_turn(0.1 + (kQuarterTurn - 0.1)));
  // Beyond what the search holds there is no answer but no.
  for (const double far : {64.5, 1e18, -1e300, std::numeric_limits<double>::infinity()}) {
    CHECK_FALSE(is_quarter_turn(far));
  }
  CHECK_FALSE(is_quarter_turn(std::numeric_limits<double>::quiet_NaN()));
}
