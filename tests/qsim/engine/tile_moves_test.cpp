// SPDX-License-Identifier: Apache-2.0
// Moves that end a program: stored rows are those that the moves would have left, exactly.
#include "qsim/engine/tile_moves.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/kernels/tiles.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kMoves =
    static_cast<unsigned>(TileKind::diagonal) - static_cast<unsigned>(TileKind::flip);

}  // namespace

TEST_CASE_TEMPLATE("places of rows are what the last moves do", T, double, float) {
  test::Generator random(491);
  for (unsigned trial = 0; trial < 200; ++trial) {
    CAPTURE(trial);
    const test::Place place = test::random_place(random, 5, 1);
    test::Program<T> program(place);
    program.add(TileKind::scale, std::vector<double>(kLanes<T>, 0.5));
    const unsigned moves = trial % 7;
    for (unsigned k = 0; k < moves; ++k) {
      program.add(tile_kind(TileKind::flip, static_cast<unsigned>(random() % kMoves)));
    }
    std::vector<std::complex<T>> state(bit(5 + kLaneBits<T>));
    const auto parts = test::random_numbers(random, state.size());
    for (std::size_t i = 0; i < state.size(); ++i) state[i] = {static_cast<T>(parts[i]), T(i)};
    auto expected = state;
    const auto run = [&](std::vector<std::complex<T>>& on) {
      reference::tile<T>(std::span(on).subspan(place.base * kLanes<T>), place.base, program.call,
                         program.scratch());
    };
    run(expected);
    program.call.place = take_last_moves(program.call.steps, 1);
    CHECK(program.call.steps.size() == 1);
    run(state);
    REQUIRE(state == expected);
  }
}

TEST_CASE("a factor of all rows lets moves pass") {
  std::vector<TileStep<double>> steps(4);
  steps[0].kind = TileKind::lane_swap;
  steps[1].kind = tile_kind(TileKind::flip, 0);
  steps[2].kind = tile_kind(TileKind::controlled_flip, 0);  // bit 0 flips bit 1
  steps[3].kind = TileKind::scale;
  CHECK(take_last_moves(steps, 1) == TilePlaces{3, 0, 1, 2, 7, 4, 5, 6});
  REQUIRE(steps.size() == 2);
  CHECK(steps[1].kind == TileKind::scale);
}

TEST_CASE("moves before other steps, on some tiles only, or within what is kept stay") {
  std::vector<TileStep<double>> steps(3);
  steps[0].kind = tile_kind(TileKind::flip, 1);
  steps[1].kind = TileKind::lane_swap;
  steps[2].kind = tile_kind(TileKind::swap, 0);
  steps[2].mask = steps[2].value = 4;
  CHECK(take_last_moves(steps, 0) == kSamePlaces);
  CHECK(steps.size() == 3);
  steps[2].mask = steps[2].value = 0;
  CHECK(take_last_moves(steps, 3) == kSamePlaces);
  CHECK(take_last_moves(steps, 0) == TilePlaces{0, 2, 1, 3, 4, 6, 5, 7});
  CHECK(steps.size() == 2);
}
