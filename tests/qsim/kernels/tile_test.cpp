// SPDX-License-Identifier: Apache-2.0
// Tile programs on every instruction set against their scalar twin: every kind of step alone, with
// conditions and parities, and random programs over several tiles. Moves are exact.
#include "qsim/kernels/tile.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/qsim/kernels/tiles.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kBlockBits = 6;
constexpr auto kKinds = static_cast<unsigned>(TileKind::count);

struct Family {
  TileKind first;
  unsigned members;
  unsigned vectors;  ///< of kLanes numbers, or 0 if it has none or another layout
  bool moves;
};
constexpr Family kFamilies[] = {
    {TileKind::shear, 7, 4, false},
    {TileKind::shear_cross, 7, 4, false},
    {TileKind::coshear, 7, 4, false},
    {TileKind::coshear_cross, 7, 4, false},
    {TileKind::rotate, 7, 8, false},
    {TileKind::rotate_cross, 7, 8, false},
    {TileKind::exchange, 7, 4, true},
    {TileKind::flip, 3, 0, true},
    {TileKind::controlled_flip, 6, 0, true},
    {TileKind::swap, 3, 0, true},
    {TileKind::diagonal, 1, 16, false},
    {TileKind::diagonal_table, 1, 16, false},
    {TileKind::diagonal_product, 1, 0, false},
    {TileKind::scale, 1, 1, false},
    {TileKind::dense, 3, 0, false},
    {TileKind::lane_swap, 3, 0, true},
    {TileKind::turned, 7, 8, false},
    {TileKind::phase, 1, 8, false},
    {TileKind::rotate_turned, 7, 12, false},
};

const Family& family_of(unsigned kind) {
  for (const Family& family : kFamilies) {
    const auto first = static_cast<unsigned>(family.first);
    if (kind >= first && kind < first + family.members) return family;
  }
  throw std::logic_error("a kind without a family");
}

/// How many numbers the coefficients of a step are.
template <class T>
std::size_t numbers_of(const Family& family, std::size_t tiles) {
  if (family.first == TileKind::dense) return 32;
  if (family.first == TileKind::diagonal_table) return tiles * kTileRows * kBlock<T>;
  return std::size_t{family.vectors} * kLanes<T>;
}

/// Numbers of a step that keep a state about as long as it is.
template <class T>
std::vector<double> mild_numbers(test::Generator& random, const Family& family, std::size_t count) {
  switch (family.first) {
    case TileKind::diagonal:
    case TileKind::diagonal_table:
      return test::random_phase_blocks<T>(random, count);
    case TileKind::scale:
      return std::vector<double>(count, -0.9);
    case TileKind::dense: {
      std::vector<double> numbers;
      for (const Complex& a : test::random_unitary(random, 2)) {
        numbers.insert(numbers.end(), {a.real(), a.imag()});
      }
      return numbers;
    }
    case TileKind::rotate:
    case TileKind::rotate_cross:
    case TileKind::rotate_turned: {
      auto numbers = test::random_numbers(random, count, 0.3);
      const std::size_t period = family.vectors / 4 * kLanes<T>;
      for (std::size_t k = 0; k < count; ++k) {
        if (k % period < kLanes<T>) numbers[k] = 0.9;
      }
      return numbers;
    }
    case TileKind::coshear:
    case TileKind::coshear_cross:
    case TileKind::exchange: {
      auto numbers = test::random_numbers(random, count, 0.3);
      for (double& x : numbers) x = x > 0.1 ? 0.0 : x;
      return numbers;
    }
    default:
      return test::random_numbers(random, count, 0.3);
  }
}

/// Appends a step of the kind on random lanes, pairs, conditions and parities.
template <class T>
void add_step(test::Generator& random, test::Program<T>& program, unsigned kind, bool mild) {
  const Family& family = family_of(kind);
  const std::size_t tiles = program.place().tiles();
  const auto kind_of_step = static_cast<TileKind>(kind);
  // Bits of the block index: what tiles run over, what is fixed below, what is above.
  std::uint64_t seen = random() & low_mask(kBlockBits + 3);
  for (const unsigned c : program.place().carrier) seen &= ~bit(c);
  const bool odd = random() % 2 == 0;
  if (kind_of_step == TileKind::diagonal_product) {
    auto numbers = test::random_phase_blocks<T>(random, kTileRows * kBlock<T>);
    const auto factors = test::random_numbers(random, 2 * tiles, mild ? 0.7 : 1.0);
    numbers.insert(numbers.end(), factors.begin(), factors.end());
    program.add_product(numbers);
  } else {
    const std::size_t count = numbers_of<T>(family, tiles);
    const auto draw = [&] {
      return mild ? mild_numbers<T>(random, family, count) : test::random_numbers(random, count);
    };
    std::vector<double> numbers = count == 0 ? std::vector<double>() : draw();
    const bool several = kind_of_step == TileKind::diagonal && random() % 2 == 0;
    if (odd && count != 0) {
      for (int k = several ? 7 : 1; k > 0; --k) {
        const auto others = draw();
        numbers.insert(numbers.end(), others.begin(), others.end());
      }
    }
    program.add(kind_of_step, numbers);
    if (odd && count != 0) {
      program.call.steps.back().odd = static_cast<std::uint32_t>(count);
      program.call.steps.back().parity = seen;
      if (several) program.call.steps.back().further = {seen & random(), seen & random()};
    }
  }
  TileStep<T>& step = program.call.steps.back();
  if (random() % 3 == 0) {
    step.mask = seen & random();
    step.value = step.mask & random();
  }
  step.lane = static_cast<std::uint8_t>(random() % kLaneBits<T>);
  step.pairs = static_cast<std::uint8_t>(random() % 16);
}

/// Runs the program on every table and by the twin; all blocks are compared, also those that no
/// tile holds. Vector tables give the same bits.
template <class T>
void check_program(test::Generator& random, const test::Program<T>& program, double allowed) {
  const std::uint64_t base = program.place().base;
  const std::uint64_t index = base | (random() % 8 << kBlockBits);
  std::vector<std::complex<T>> state(bit(kBlockBits + kLaneBits<T>));
  const auto parts = test::random_numbers(random, 2 * state.size());
  for (std::size_t i = 0; i < state.size(); ++i) {
    state[i] = {static_cast<T>(parts[2 * i]), static_cast<T>(parts[2 * i + 1])};
  }
  auto expected = state;
  reference::tile<T>(std::span(expected).subspan(base * kLanes<T>), index, program.call,
                     program.scratch());
  test::Numbers<T> vectors(1);
  bool have_vectors = false;
  for (const KernelTable<T>* table : kernel_tables<T>()) {
    CAPTURE(table->name);
    auto blocks = test::to_blocks<T>(state);
    table->tile(blocks.data() + base * kBlock<T>, index, program.call, program.scratch(), nullptr);
    REQUIRE(test::distance<T>(test::from_blocks(blocks), expected) <= allowed);
    if (table->name == "scalar") continue;
    if (have_vectors) {
      REQUIRE(std::memcmp(vectors.data(), blocks.data(), blocks.size() * sizeof(T)) == 0);
    } else {
      vectors = std::move(blocks);
      have_vectors = true;
    }
  }
}

template <class T>
constexpr double kEpsilon = std::numeric_limits<T>::epsilon();

}  // namespace

TEST_CASE("every kind belongs to one family") {
  unsigned members = 0;
  for (const Family& family : kFamilies) members += family.members;
  CHECK(members == kKinds);
}

TEST_CASE_TEMPLATE("every kind of step with any numbers equals the twin", T, double, float) {
  test::Generator random(311);
  for (unsigned kind = 0; kind < kKinds; ++kind) {
    CAPTURE(kind);
    for (unsigned trial = 0; trial < 8; ++trial) {
      test::Program<T> program(test::random_place(random, kBlockBits, trial % 4));
      add_step(random, program, kind, false);
      // Eight products of numbers up to 1 make up each part of a dense result, four of the others.
      check_program(random, program, family_of(kind).moves ? 0.0 : 16 * kEpsilon<T>);
    }
  }
}

TEST_CASE_TEMPLATE("every row bit changes places with every lane bit", T, double, float) {
  test::Generator random(312);
  for (unsigned j = 0; j < kTileBits; ++j) {
    for (unsigned lane = 0; lane < kLaneBits<T>; ++lane) {
      test::Program<T> program(test::random_place(random, kBlockBits, 2));
      program.add(tile_kind(TileKind::lane_swap, j)).lane = static_cast<std::uint8_t>(lane);
      check_program(random, program, 0.0);
    }
  }
}

TEST_CASE_TEMPLATE("every choice of pairs turns those", T, double, float) {
  test::Generator random(313);
  for (const TileKind family :
       {TileKind::rotate, TileKind::rotate_cross, TileKind::rotate_turned}) {
    for (unsigned d = 1; d < kTileRows; ++d) {
      const unsigned kind = static_cast<unsigned>(tile_kind(family, d - 1));
      for (unsigned pairs = 0; pairs < 16; ++pairs) {
        test::Program<T> program(test::random_place(random, kBlockBits, 1));
        add_step(random, program, kind, false);
        program.call.steps.back().pairs = static_cast<std::uint8_t>(pairs);
        check_program(random, program, 16 * kEpsilon<T>);
      }
    }
  }
}

TEST_CASE_TEMPLATE("random programs of many steps equal the twin", T, double, float) {
  test::Generator random(314);
  for (unsigned trial = 0; trial < 150; ++trial) {
    CAPTURE(trial);
    test::Program<T> program(test::random_place(random, kBlockBits, trial % 4));
    const unsigned steps = trial % 25;
    for (unsigned s = 0; s < steps; ++s) {
      // Tables are large; the other kinds are as likely as they have members.
      add_step(random, program, static_cast<unsigned>(random() % kKinds), true);
    }
    if (trial % 3 == 0) program.call.loaded = static_cast<std::uint8_t>(random());
    program.call.stream = trial % 2 == 0;
    if (trial % 5 != 0) std::shuffle(program.call.place.begin(), program.call.place.end(), random);
    check_program(random, program, 16 * kEpsilon<T> * steps);
  }
}

TEST_CASE_TEMPLATE("programs of moves alone are exact", T, double, float) {
  test::Generator random(315);
  for (unsigned trial = 0; trial < 40; ++trial) {
    test::Program<T> program(test::random_place(random, kBlockBits, trial % 4));
    while (program.call.steps.size() < 20) {
      const auto kind = static_cast<unsigned>(random() % kKinds);
      if (family_of(kind).moves) add_step(random, program, kind, false);
    }
    check_program(random, program, 0.0);
  }
}

TEST_CASE_TEMPLATE("a step of unknown kind is an error on every instruction set", T, double,
                   float) {
  test::Generator random(316);
  test::Numbers<T> blocks(bit(kBlockBits) * kBlock<T>);
  for (const unsigned kind : {kKinds, kKinds + 1, 255U}) {
    test::Program<T> program(test::random_place(random, kBlockBits, 1));
    program.add(static_cast<TileKind>(kind), std::vector<double>(64, 0.0));
    for (const auto* table : kernel_tables<T>()) {
      CHECK_THROWS_AS(table->tile(blocks.data(), 0, program.call, program.scratch(), nullptr),
                      Error);
    }
  }
}

TEST_CASE_TEMPLATE("every tile asks for so many lines, until all are asked for", T, double, float) {
  test::Numbers<T> blocks(bit(kBlockBits) * kBlock<T>);
  const std::array<char, 1024> memory{};
  const std::array<const char*, 4> rows{memory.data(), &memory[256], &memory[512], &memory[768]};
  TileCall<T> call;
  for (unsigned r = 0; r < kTileRows; ++r) call.offset[r] = r;
  call.free = 7U << kTileBits;  // eight tiles
  for (const auto* table : kernel_tables<T>()) {
    TileAhead ahead;
    ahead.rows = rows.data();
    ahead.row_log2 = 2;
    ahead.count = 16;
    ahead.each = 1;
    table->tile(blocks.data(), 0, call, nullptr, &ahead);
    CHECK(ahead.next == 8);
    ahead.each = 3;
    table->tile(blocks.data(), 0, call, nullptr, &ahead);
    CHECK(ahead.next == 16);
  }
}

TEST_CASE_TEMPLATE("sincos: cosines and sines of any number of angles", T, double, float) {
  test::Generator random(317);
  std::vector<double> angles{0.0, -0.0, 1e-300, 38999.0, -38999.0};
  for (int k = -20; k <= 20; ++k) angles.push_back(k * std::numbers::pi / 4);
  for (const double size : {1.0, 10.0, 1000.0, 38999.0}) {
    const auto more = test::random_numbers(random, 200, size);
    angles.insert(angles.end(), more.begin(), more.end());
  }
  for (const auto* table : kernel_tables<T>()) {
    CAPTURE(table->name);
    for (std::size_t count = 0; count <= angles.size(); count += count < 20 ? 1 : 113) {
      // Guards behind the end stay as they are.
      std::vector<double> cosine(count + 8, 7.0);
      std::vector<double> sine(count + 8, 7.0);
      table->sincos(angles.data(), count, cosine.data(), sine.data());
      for (std::size_t k = 0; k < count; ++k) {
        REQUIRE(std::abs(cosine[k] - std::cos(angles[k])) <= 4 * kEpsilon<double>);
        REQUIRE(std::abs(sine[k] - std::sin(angles[k])) <= 4 * kEpsilon<double>);
      }
      for (std::size_t k = count; k < count + 8; ++k) REQUIRE(cosine[k] + sine[k] == 14.0);
    }
  }
}
