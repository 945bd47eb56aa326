// SPDX-License-Identifier: Apache-2.0
// Tables and products of phases against the sum of angles of each amplitude.
#include "qsim/engine/phase_tables.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

using Complex = std::complex<double>;
using Generator = std::mt19937_64;

Complex phase_of(const PhaseSum::Terms& terms, std::uint64_t index) {
  double angle = 0.0;
  for (const auto& [mask, value] : terms) angle += parity(mask & index) != 0 ? -value : value;
  return std::polar(1.0, angle);
}

/// The positions that are 1 in row r, lane l of tile t.
std::uint64_t index_of(const Frame& frame, std::size_t t, unsigned r, unsigned l) {
  std::uint64_t index = spread(t, frame.loop);
  for (unsigned j = 0; j < kTileBits; ++j) {
    if (((r >> j) & 1) != 0) index |= bit(frame.row[j]);
  }
  for (unsigned b = 0; b < frame.lane_bits; ++b) {
    if (((l >> b) & 1) != 0) index |= bit(frame.lane[b]);
  }
  return index;
}

/// A frame with `loops` loop positions among the lowest 20, for three random active positions.
template <class T>
Frame random_frame(Generator& random, unsigned loops) {
  std::uint64_t inner = low_mask(kLaneBits<T>);
  while (std::popcount(inner) < static_cast<int>(kLaneBits<T> + kTileBits + loops)) {
    inner |= bit(static_cast<unsigned>(random() % 20));
  }
  std::uint64_t active = 0;
  for (int k = 0; k < 3; ++k) {
    const auto size = static_cast<std::uint64_t>(std::popcount(inner));
    active |= spread(bit(static_cast<unsigned>(random() % size)), inner);
  }
  return make_frame(active, inner, kLaneBits<T>);
}

double any_angle(Generator& random) { return std::uniform_real_distribution(-3.0, 3.0)(random); }

template <class T>
Complex entry(const T* blocks, std::size_t block, unsigned l) {
  const T* const at = blocks + block * kBlock<T>;
  return {static_cast<double>(at[l]), static_cast<double>(at[kLanes<T> + l])};
}

template <class T>
constexpr double kTolerance = 16 * std::numeric_limits<T>::epsilon() + 1e-13;  // angles up to 200

/// The factors that `fill` writes for one sub-block, against the terms.
template <class T>
void check_fill(const PhaseSum::Terms& terms, const Frame& frame, const OuterPhases& phases,
                std::uint64_t index) {
  Coefficients<T> scratch(phases.scratch<T>());
  phases.fill(index, scratch.data());
  const T* const factors = scratch.data() + kTileRows * kBlock<T>;
  for (std::size_t t = 0; t < bit(static_cast<unsigned>(std::popcount(frame.loop))); ++t) {
    const Complex factor(static_cast<double>(factors[2 * t]),
                         static_cast<double>(factors[2 * t + 1]));
    for (unsigned r = 0; r < kTileRows; ++r) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const Complex expected = phase_of(terms, index | index_of(frame, t, r, l));
        REQUIRE(std::abs(factor * entry(scratch.data(), r, l) - expected) <= kTolerance<T>);
      }
    }
  }
}

/// Every entry of a table against the terms.
template <class T>
void check_table(const KernelTable<T>& kernels, const PhaseSum::Terms& terms, const Frame& frame,
                 bool loop, double scale) {
  const auto table = phase_table<T>(kernels, terms, frame, loop, scale);
  const std::size_t tiles = loop ? bit(static_cast<unsigned>(std::popcount(frame.loop))) : 1;
  for (std::size_t t = 0; t < tiles; ++t) {
    for (unsigned r = 0; r < kTileRows; ++r) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const Complex expected = scale * phase_of(terms, index_of(frame, t, r, l));
        REQUIRE(std::abs(entry(table.data(), t * kTileRows + r, l) - expected) <=
                kTolerance<T> * std::max(1.0, std::abs(scale)));
      }
    }
  }
}

}  // namespace

TEST_CASE_TEMPLATE("phase_table: the phase of each amplitude, of one tile or of all", T, double,
                   float) {
  Generator random(451);
  for (unsigned trial = 0; trial < 40; ++trial) {
    const Frame frame = random_frame<T>(random, trial % 4);
    const bool loop = trial % 2 == 0;
    const std::uint64_t all = loop ? frame.inner : frame.held();
    PhaseSum::Terms terms;
    for (unsigned k = 0; k < trial % 9; ++k) terms[random() & all] = any_angle(random);
    const double scale = trial % 5 == 0 ? 1.0 : any_angle(random);
    for (const auto* kernels : kernel_tables<T>()) {
      check_table<T>(*kernels, terms, frame, loop, scale);
    }
  }
}

TEST_CASE_TEMPLATE("phase_table: few and many parities between rows, lanes and loop", T, double,
                   float) {
  Generator random(454);
  for (unsigned shared = 0; shared < 12; ++shared) {
    const Frame frame = random_frame<T>(random, 8);
    PhaseSum::Terms terms;
    for (unsigned k = 0; k < 10; ++k) {
      terms[random() & frame.loop] = any_angle(random);
      terms[random() & frame.held()] = any_angle(random);
    }
    // Sums of the loop parts of others, too.
    std::uint64_t last = 0;
    for (unsigned k = 0; k < shared; ++k) {
      const std::uint64_t mask = k % 3 == 2 ? last ^ (random() & frame.held()) : random();
      terms[mask & frame.inner] = any_angle(random);
      last = (k % 2 == 0 ? 0 : last) ^ (mask & frame.inner);
    }
    check_table<T>(kernel_table<T>(), terms, frame, true, any_angle(random));
  }
}

TEST_CASE_TEMPLATE("outer phases: products over the bits of a sub-block", T, double, float) {
  Generator random(452);
  for (unsigned trial = 0; trial < 40; ++trial) {
    const Frame frame = random_frame<T>(random, trial % 5);
    const std::uint64_t outside = low_mask(24) & ~frame.inner;
    PhaseSum::Terms terms;
    const unsigned count = trial % 4 == 0 ? trial % 3 : 60;
    for (unsigned k = 0; k < count; ++k) {
      // At most one position inside, any number outside.
      std::uint64_t mask = spread(random() & random(), outside);
      if (k % 3 != 0) {
        const auto size = static_cast<std::uint64_t>(std::popcount(frame.inner));
        mask |= spread(bit(static_cast<unsigned>(random() % size)), frame.inner);
      }
      terms[mask] = any_angle(random);
    }
    const OuterPhases phases(terms, frame);
    CHECK(phases.scratch<T>() == kTileRows * kBlock<T> + 2 * bit(trial % 5));
    for (int k = 0; k < 4; ++k) check_fill<T>(terms, frame, phases, random() & outside);
  }
}

TEST_CASE_TEMPLATE("outer phases of 40 outside positions, with terms over several clusters", T,
                   double, float) {
  Generator random(453);
  const Frame frame = make_frame(bit(1) | bit(5), low_mask(kLaneBits<T> + 5), kLaneBits<T>);
  const std::uint64_t outside = low_mask(50) & ~frame.inner;
  PhaseSum::Terms near;
  PhaseSum::Terms far;
  for (unsigned p = 0; p + 1 < 50; ++p) {
    if ((outside & bit(p)) == 0) continue;
    near[bit(p)] = any_angle(random);
    near[bit(p) | bit(p % 5)] = any_angle(random);
    far[bit(p) | spread(bit(39), outside) | bit(2)] = any_angle(random);
  }
  far[outside] = any_angle(random);
  far[outside | bit(0)] = any_angle(random);
  for (const PhaseSum::Terms& terms : {near, far}) {
    const OuterPhases phases(terms, frame);
    check_fill<T>(terms, frame, phases, 0);
    check_fill<T>(terms, frame, phases, outside);
    for (int k = 0; k < 6; ++k) check_fill<T>(terms, frame, phases, random() & outside);
  }
}

TEST_CASE("a sub-block of more than 32 loop positions has no product") {
  const Frame frame = make_frame(0, low_mask(40), 3);
  CHECK_THROWS_AS(OuterPhases({{bit(41), 0.1}}, frame), Error);
}
