// SPDX-License-Identifier: Apache-2.0
// The scalar tile interpreter against the gates its steps are: Pauli rotations, diagonals, dense
// gates and permutations of whole states.
#include "qsim/kernels/reference_tile.hpp"

#include <array>
#include <limits>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/kernels/tiles.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

template <class T>
constexpr unsigned kBits = kLaneBits<T> + 5;

template <class T>
constexpr double kTolerance = 4 * std::numeric_limits<T>::epsilon();

/// A state of 32 blocks that one program runs over completely, and what its bits are called.
template <class T>
struct Fixture {
  test::Generator random{301};
  test::Place place = test::random_place(random, 5, 2);
  std::vector<std::complex<T>> state = test::random_state<T>(random, kBits<T>);

  /// The index bit of row bit j.
  [[nodiscard]] unsigned row(unsigned j) const { return place.carrier[j] + kLaneBits<T>; }
  [[nodiscard]] std::uint64_t rows(unsigned direction) const {
    std::uint64_t mask = 0;
    for (unsigned j = 0; j < kTileBits; ++j) mask |= ((direction >> j) & 1U) != 0 ? bit(row(j)) : 0;
    return mask;
  }
  [[nodiscard]] std::vector<std::complex<T>> run(const test::Program<T>& program) const {
    auto result = state;
    reference::tile<T>(result, 0, program.call, program.scratch());
    return result;
  }
};

/// exp(-i angle/2 P) with Y on the lowest bit of `flip` if `y`, X on the others, times `factor`.
template <class T>
std::vector<std::complex<T>> rotated(const Fixture<T>& f, std::uint64_t flip, bool y, double angle,
                                     double factor) {
  auto result = f.state;
  reference::pauli_rotation<T>(result, {1.0, flip, y ? flip & (~flip + 1) : 0}, angle);
  for (auto& a : result) a *= static_cast<T>(factor);
  return result;
}

}  // namespace

TEST_CASE_TEMPLATE("pairs of rows are Pauli rotations, but for a factor", T, double, float) {
  const Fixture<T> f;
  const double angle = 0.9;
  const double c = std::cos(angle / 2);
  const double s = std::sin(angle / 2);
  const auto expect = [&](TileKind family, unsigned d, std::vector<double> numbers, bool y,
                          double factor) {
    test::Program<T> program(f.place);
    program.add(tile_kind(family, d - 1), test::same_for_pairs<T>(numbers));
    CHECK(test::distance<T>(f.run(program), rotated(f, f.rows(d), y, angle, factor)) <=
          kTolerance<T>);
  };
  for (unsigned d = 1; d < kTileRows; ++d) {
    expect(TileKind::shear, d, {s / c}, true, 1 / c);
    expect(TileKind::shear_cross, d, {s / c}, false, 1 / c);
    expect(TileKind::coshear, d, {c / s}, true, 1 / s);
    expect(TileKind::coshear_cross, d, {c / s}, false, 1 / s);
    expect(TileKind::rotate, d, {c, s}, true, 1);
    expect(TileKind::rotate_cross, d, {c, s}, false, 1);
    expect(TileKind::turned, d, {s / c, 0}, true, 1 / c);
    expect(TileKind::turned, d, {0, s / c}, false, 1 / c);
    expect(TileKind::rotate_turned, d, {c, s, 0}, true, 1);
    expect(TileKind::rotate_turned, d, {c, 0, s}, false, 1);
  }
}

TEST_CASE_TEMPLATE("turned rotations are rotations between phases", T, double, float) {
  const Fixture<T> f;
  const double axis = 0.4;
  for (unsigned d = 1; d < kTileRows; ++d) {
    const std::array on{static_cast<unsigned>(std::countr_zero(f.rows(d)))};
    const std::array before{std::polar(1.0, -axis), std::polar(1.0, axis)};
    const std::array after{std::polar(1.0, axis), std::polar(1.0, -axis)};
    auto expected = f.state;
    reference::diagonal<T>(expected, on, before);
    reference::pauli_rotation<T>(expected, {1.0, f.rows(d), f.rows(d) & (~f.rows(d) + 1)}, 0.6);
    reference::diagonal<T>(expected, on, after);
    const Complex w = std::polar(std::sin(0.3), 2 * axis);
    test::Program<T> program(f.place);
    program.add(tile_kind(TileKind::rotate_turned, d - 1),
                test::same_for_pairs<T>(std::array{std::cos(0.3), w.real(), w.imag()}));
    CHECK(test::distance<T>(f.run(program), expected) <= kTolerance<T>);
  }
}

TEST_CASE_TEMPLATE("chosen pairs turn, lanes have numbers of their own", T, double, float) {
  Fixture<T> f;
  // Direction 1 pairs rows 0-1, 2-3, 4-5, 6-7; pairs 1 and 3 are those whose row bit 1 is 1.
  test::Program<T> chosen(f.place);
  const double angle = 1.3;
  chosen
      .add(TileKind::rotate,
           test::same_for_pairs<T>(std::array{std::cos(angle / 2), std::sin(angle / 2)}))
      .pairs = 0b1010;
  auto expected = f.state;
  reference::pauli_rotation<T>(expected, {1.0, f.rows(1), f.rows(1)}, angle,
                               {f.rows(2), f.rows(2)});
  CHECK(test::distance<T>(f.run(chosen), expected) <= kTolerance<T>);
  // Numbers by lane: a control on lane bit 0.
  std::vector<double> numbers;
  for (unsigned pair = 0; pair < kTilePairs; ++pair) {
    for (unsigned l = 0; l < kLanes<T>; ++l) numbers.push_back((l & 1) != 0 ? 0.8 : 1.0);
    for (unsigned l = 0; l < kLanes<T>; ++l) numbers.push_back((l & 1) != 0 ? 0.6 : 0.0);
  }
  test::Program<T> by_lane(f.place);
  by_lane.add(TileKind::rotate_cross, numbers);
  expected = f.state;
  reference::pauli_rotation<T>(expected, {1.0, f.rows(1), 0}, 2 * std::acos(0.8), {1, 1});
  CHECK(test::distance<T>(f.run(by_lane), expected) <= kTolerance<T>);
}

TEST_CASE_TEMPLATE("moves are permutations of index bits", T, double, float) {
  const Fixture<T> f;
  const auto expect = [&](const test::Program<T>& program, std::vector<unsigned> on,
                          std::vector<std::uint32_t> table, reference::Where where) {
    auto expected = f.state;
    reference::permutation<T>(expected, on, table, where);
    CHECK(f.run(program) == expected);
  };
  for (unsigned j = 0; j < kTileBits; ++j) {
    test::Program<T> flip(f.place);
    flip.add(tile_kind(TileKind::flip, j));
    expect(flip, {f.row(j)}, {1, 0}, {});
    for (unsigned lane = 0; lane < kLaneBits<T>; ++lane) {
      test::Program<T> swap(f.place);
      swap.add(tile_kind(TileKind::lane_swap, j)).lane = static_cast<std::uint8_t>(lane);
      expect(swap, {lane, f.row(j)}, {0, 2, 1, 3}, {});
    }
  }
  for (unsigned m = 0; m < kTileControlled.size(); ++m) {
    const auto [control, target] = kTileControlled[m];
    test::Program<T> flip(f.place);
    flip.add(tile_kind(TileKind::controlled_flip, m));
    expect(flip, {f.row(target)}, {1, 0}, {bit(f.row(control)), bit(f.row(control))});
  }
  for (unsigned m = 0; m < kTileBitPairs.size(); ++m) {
    const auto [low, high] = kTileBitPairs[m];
    test::Program<T> swap(f.place);
    swap.add(tile_kind(TileKind::swap, m));
    expect(swap, {f.row(low), f.row(high)}, {0, 2, 1, 3}, {});
  }
  for (unsigned d = 1; d < kTileRows; ++d) {
    // Where lane bit 1 is 0; any number but 0 is a yes.
    std::vector<double> mask;
    for (unsigned k = 0; k < kTilePairs * kLanes<T>; ++k) mask.push_back((k & 2) == 0 ? -0.5 : 0);
    test::Program<T> exchange(f.place);
    exchange.add(tile_kind(TileKind::exchange, d - 1), mask);
    std::vector<unsigned> on;
    for (unsigned j = 0; j < kTileBits; ++j) {
      if (((d >> j) & 1U) != 0) on.push_back(f.row(j));
    }
    std::vector<std::uint32_t> table;
    for (std::uint32_t k = 0; k < bit(static_cast<unsigned>(on.size())); ++k) {
      table.push_back(k ^ static_cast<std::uint32_t>(low_mask(static_cast<unsigned>(on.size()))));
    }
    expect(exchange, on, table, {2, 0});
  }
}

TEST_CASE_TEMPLATE("rows times numbers are diagonals", T, double, float) {
  Fixture<T> f;
  constexpr std::size_t size = kTileRows * kBlock<T>;
  // The index bits of lanes, then rows, then tiles, lowest first.
  std::vector<unsigned> bits;
  for (unsigned l = 0; l < kLaneBits<T>; ++l) bits.push_back(l);
  for (unsigned j = 0; j < kTileBits; ++j) bits.push_back(f.row(j));
  const std::vector<unsigned> tile_bits = bits;
  for (unsigned b = 0; b < 5; ++b) {
    if ((f.place.free & bit(b)) != 0) bits.push_back(b + kLaneBits<T>);
  }
  const auto entries = [](std::span<const double> blocks) {
    std::vector<Complex> list;
    for (std::size_t k = 0; k < blocks.size(); ++k) {
      if ((k & kLanes<T>) == 0) list.emplace_back(blocks[k], blocks[k + kLanes<T>]);
    }
    return list;
  };
  const auto expect = [&](const test::Program<T>& program, const std::vector<unsigned>& on,
                          std::span<const Complex> factors) {
    auto expected = f.state;
    reference::diagonal<T>(expected, on, factors);
    CHECK(test::distance<T>(f.run(program), expected) <= kTolerance<T>);
  };
  const auto one = test::random_phase_blocks<T>(f.random, size);
  test::Program<T> diagonal(f.place);
  diagonal.add(TileKind::diagonal, one);
  expect(diagonal, tile_bits, entries(one));

  const auto four = test::random_phase_blocks<T>(f.random, 4 * size);
  test::Program<T> table(f.place);
  table.add(TileKind::diagonal_table, four);
  expect(table, bits, entries(four));

  auto product = one;
  const auto tiles = test::random_numbers(f.random, 8);
  product.insert(product.end(), tiles.begin(), tiles.end());
  test::Program<T> products(f.place);
  (void)products.add_product(four);  // any other, to be elsewhere in the scratch
  products.call.steps.clear();
  products.add_product(product);
  std::vector<Complex> factors;
  for (unsigned t = 0; t < 4; ++t) {
    for (const Complex& a : entries(one)) {
      factors.push_back(a * Complex(tiles[2 * t], tiles[2 * t + 1]));
    }
  }
  expect(products, bits, factors);

  test::Program<T> scale(f.place);
  scale.add(TileKind::scale, std::array{0.75});
  expect(scale, {0}, std::array<Complex, 2>{0.75, 0.75});

  const auto tangents = test::random_numbers(f.random, kTileRows * kLanes<T>);
  test::Program<T> phase(f.place);
  phase.add(TileKind::phase, tangents);
  std::vector<Complex> turns;
  for (const double t : tangents) turns.emplace_back(1.0, t);
  expect(phase, tile_bits, turns);
}

TEST_CASE_TEMPLATE("dense gates on two row bits", T, double, float) {
  Fixture<T> f;
  for (unsigned m = 0; m < kTileBitPairs.size(); ++m) {
    const auto [low, high] = kTileBitPairs[m];
    const auto u = test::random_unitary(f.random, 2);
    std::vector<double> numbers;
    for (const Complex& entry : u) numbers.insert(numbers.end(), {entry.real(), entry.imag()});
    test::Program<T> program(f.place);
    program.add(tile_kind(TileKind::dense, m), numbers);
    auto expected = f.state;
    reference::matrix<T>(expected, std::array{f.row(low), f.row(high)}, u);
    CHECK(test::distance<T>(f.run(program), expected) <= kTolerance<T>);
  }
}

TEST_CASE_TEMPLATE("conditions and parities see the block index of the tile", T, double, float) {
  const Fixture<T> f;
  const std::uint64_t loop = f.place.free & (~f.place.free + 1);
  constexpr std::uint64_t outside = 64;
  for (const std::uint64_t index : {std::uint64_t{0}, outside}) {
    // A flip where the loop bit is 0, if the outer bit is 1.
    test::Program<T> flip(f.place);
    TileStep<T>& step = flip.add(TileKind::flip);
    step.mask = loop | outside;
    step.value = outside;
    auto got = f.state;
    reference::tile<T>(got, index, flip.call, nullptr);
    auto expected = f.state;
    if (index != 0) {
      reference::permutation<T>(expected, std::array{f.row(0)}, std::array{1U, 0U},
                                {loop << kLaneBits<T>, 0});
    }
    CHECK(got == expected);
    // Z on a loop bit and an outer bit: the second half of the numbers is for odd parity.
    std::vector<double> numbers(2 * kTileRows * kBlock<T>, 0.0);
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      if ((k & kLanes<T>) == 0) numbers[k] = k < numbers.size() / 2 ? 1.0 : -1.0;
    }
    test::Program<T> signs(f.place);
    TileStep<T>& sign = signs.add(TileKind::diagonal, numbers);
    sign.parity = loop | outside;
    sign.odd = kTileRows * kBlock<T>;
    got = f.state;
    reference::tile<T>(got, index, signs.call, nullptr);
    expected = f.state;
    const double outer = index != 0 ? -1.0 : 1.0;
    const auto on = static_cast<unsigned>(std::countr_zero(loop)) + kLaneBits<T>;
    reference::diagonal<T>(expected, std::array{on}, std::array<Complex, 2>{outer, -outer});
    CHECK(got == expected);
    // Table k for parities k: i, -1 and -1 for each odd parity, multiplied.
    std::vector<double> tables(8 * kTileRows * kBlock<T>, 0.0);
    for (std::size_t k = 0; k < tables.size(); ++k) {
      const std::size_t table = k / (kTileRows * kBlock<T>);
      const std::size_t quarter = (table % 4 + 2 * (table / 4)) % 4;
      const bool imaginary = (k & kLanes<T>) != 0;
      if (imaginary == (quarter % 2 == 1)) tables[k] = quarter < 2 ? 1.0 : -1.0;
    }
    test::Program<T> quarters(f.place);
    TileStep<T>& turn = quarters.add(TileKind::diagonal, tables);
    turn.parity = loop;
    turn.further = {loop | outside, outside};
    turn.odd = kTileRows * kBlock<T>;
    got = f.state;
    reference::tile<T>(got, index, quarters.call, nullptr);
    expected = f.state;
    reference::diagonal<T>(expected, std::array{on},
                           std::array<Complex, 2>{1.0, Complex(0.0, -1.0)});
    CHECK(got == expected);
  }
}

TEST_CASE("a step of unknown kind is an error") {
  const Fixture<double> f;
  for (const unsigned kind : {static_cast<unsigned>(TileKind::count), 255U}) {
    test::Program<double> program(f.place);
    program.add(static_cast<TileKind>(kind));
    CHECK_THROWS_AS((void)f.run(program), Error);
  }
}
