// SPDX-License-Identifier: Apache-2.0
// The kernel `tile_walk` against its scalar twin: every meeting, at any stop, on every instruction
// set.
#include <limits>

#include <doctest/doctest.h>

#include "tests/qsim/kernels/tiles.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kBlockBits = 7;

/// A few steps that between them reach every row, lane and tile.
template <class T>
void add_steps(test::Program<T>& program, test::Generator& random) {
  const auto direction = static_cast<unsigned>(random() % 7);
  const auto shears = test::random_numbers(random, std::size_t{2} * kTilePairs * kLanes<T>, 0.5);
  TileStep<T>& shear = program.add(tile_kind(TileKind::shear_cross, direction), shears);
  shear.parity = random() & low_mask(kBlockBits);
  shear.odd = kTilePairs * kLanes<T>;
  program.add(tile_kind(TileKind::controlled_flip, static_cast<unsigned>(random() % 6)));
  program.add(tile_kind(TileKind::lane_swap, static_cast<unsigned>(random() % 3))).lane =
      static_cast<std::uint8_t>(random() % kLaneBits<T>);
  program.add(
      TileKind::diagonal_table,
      test::random_phase_blocks<T>(random, program.place().tiles() * kTileRows * kBlock<T>));
}

}  // namespace

TEST_CASE_TEMPLATE("tile_walk: meetings of two states equal the scalar twin's", T, double, float) {
  test::Generator random(71);
  constexpr std::size_t part = kTileRows * kLanes<T>;
  for (unsigned kind = 0; kind < static_cast<unsigned>(TileMeetingKind::count); ++kind) {
    for (int trial = 0; trial < 4; ++trial) {
      CAPTURE(kind);
      const auto place = test::random_place(random, kBlockBits, static_cast<unsigned>(trial) + 1);
      test::Program<T> program(place);
      TileWalkCall<T> call;
      call.free = program.call.free;
      call.offset = program.call.offset;
      std::vector<std::uint8_t> classes(place.tiles());
      for (auto& c : classes) c = static_cast<std::uint8_t>(random() % 3);
      test::Numbers<T> coef(2 * part);
      for (std::size_t k = 0; k < coef.size(); ++k) {
        coef[k] = static_cast<T>(test::random_numbers(random, 1)[0]);
      }
      for (unsigned s = 0; s < 3; ++s) {
        if (s != static_cast<unsigned>(trial) % 3) add_steps(program, random);
        // The second stop has two meetings, the last none.
        for (unsigned m = 0; m < (s == 2 ? 0 : s + 1); ++m) {
          TileMeeting<T> meeting;
          meeting.kind = static_cast<TileMeetingKind>(kind);
          meeting.place = static_cast<std::uint32_t>(call.meetings.size() * 3 * part);
          if (random() % 2 == 0) meeting.classes = classes.data();
          meeting.coef = coef.data();
          meeting.parity = random() & low_mask(kBlockBits);
          meeting.odd = part;
          call.meetings.push_back(meeting);
        }
        call.stops.push_back({static_cast<std::uint32_t>(program.call.steps.size()),
                              static_cast<std::uint32_t>(call.meetings.size())});
      }
      call.steps = program.call.steps;
      std::shuffle(call.place.begin(), call.place.end(), random);

      const unsigned bits = kBlockBits + kLaneBits<T>;
      const auto bra = test::random_state<T>(random, bits);
      const auto ket = test::random_state<T>(random, bits);
      auto bra_after = bra;
      auto ket_after = ket;
      // The twin takes amplitudes from the base on.
      const std::size_t skip = place.base * kLanes<T>;
      std::vector<double> expected(call.meetings.size() * 3 * part, 0.5);
      reference::tile_walk<T>(std::span(bra_after).subspan(skip),
                              std::span(ket_after).subspan(skip), place.base, call,
                              program.scratch(), expected);
      for (const auto* table : kernel_tables<T>()) {
        CAPTURE(table->name);
        auto first = test::to_blocks<T>(bra);
        auto second = test::to_blocks<T>(ket);
        test::Numbers<T> sums(expected.size());
        for (std::size_t k = 0; k < sums.size(); ++k) sums[k] = T{0.5};
        test::Numbers<T> kept(call.rows_kept());
        const std::size_t at = place.base * kBlock<T>;
        table->tile_walk(first.data() + at, second.data() + at, place.base, call, program.scratch(),
                         sums.data(), kept.data());
        const double allowed = 64 * std::numeric_limits<T>::epsilon();
        double worst = 0.0;
        for (std::size_t i = 0; i < bra.size(); ++i) {
          worst = std::max<double>(worst, std::abs(get_amplitude(first.data(), i) - bra_after[i]));
          worst = std::max<double>(worst, std::abs(get_amplitude(second.data(), i) - ket_after[i]));
        }
        for (std::size_t k = 0; k < expected.size(); ++k) {
          worst = std::max<double>(worst, std::abs(static_cast<double>(sums[k]) - expected[k]));
        }
        REQUIRE(worst <= allowed);
      }
    }
  }
}
