// SPDX-License-Identifier: Apache-2.0
// Gates as steps: which kind, with which rows and conditions. What they do is tested with whole
// batches.
#include "qsim/engine/batch/builder.hpp"

#include <numbers>

#include <doctest/doctest.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

/// A builder on wires 0, 1, 3 of five, and what it writes.
struct Written {
  BatchCode code;
  std::vector<BatchTrip> trips;
  std::vector<BatchTrace> traces;
  BatchBuilder builder{code, batch_range(true)};

  Written() {
    code.wires = 5;
    code.phasors = BatchPhasors(4);
    builder.write_to(trips, traces);
    builder.begin(0b01011);
  }
  [[nodiscard]] const BatchStep& last() const { return code.steps.back(); }
};

const AngleForm kVaries{0.0, {{1.0, 0}}};

BatchKind member(BatchKind family, unsigned direction) { return batch_kind(family, direction - 1); }

}  // namespace

TEST_CASE("rotations: shears where nothing controls them, with signs where the string has Z") {
  Written to;
  to.builder.rotation({0b00001, 0, false}, {}, kVaries);
  CHECK(to.last().kind == member(BatchKind::shear_cross, 1));
  to.builder.rotation({0b01000, 0b01000, false}, {}, kVaries);
  CHECK(to.last().kind == member(BatchKind::shear, 4));
  CHECK(to.last().numbers % 2 == 0);
  const auto positive = to.last().numbers;
  to.builder.rotation({0b01000, 0b01000, true}, {}, kVaries);
  CHECK(to.last().numbers == positive + 1);  // the line of -t
  to.builder.rotation({0b00001, 0b00010, false}, {}, kVaries);
  CHECK(to.last().kind == member(BatchKind::signed_shear_cross, 1));
  CHECK(!to.last().depends);
  to.builder.rotation({0b00001, 0b00100, false}, {}, kVaries);
  CHECK(to.last().parity == 0b00100);
  CHECK(to.last().depends);
  to.builder.rotation({0b00001, 0, false}, {0b00110, 0b00010}, kVaries);
  CHECK(to.last().kind == member(BatchKind::rotate_cross, 1));
  CHECK(to.last().mask == 0b00100);
  CHECK(to.last().value == 0);
  CHECK(to.last().pairs == 0b1010);
  CHECK(to.last().numbers % 4 == 0);
  // A constant half turn has no cosine to leave out.
  to.builder.rotation({0b00001, 0, false}, {}, {std::numbers::pi / 2, {}});
  CHECK(to.last().kind == member(BatchKind::rotate_cross, 1));
  const auto steps = to.code.steps.size();
  to.builder.rotation({0b00001, 0, false}, {}, {});
  CHECK(to.code.steps.size() == steps);
  CHECK_THROWS_AS(to.builder.rotation({0b00100, 0, false}, {}, kVaries), Error);
}

TEST_CASE("after flips, rotations act on other rows, and rows are stored elsewhere") {
  Written to;
  to.builder.frame().flip(1, 0U);
  to.builder.rotation({0b00010, 0, false}, {}, kVaries);
  CHECK(to.last().kind == member(BatchKind::shear_cross, 2));
  to.builder.rotation({0b00001, 0, false}, {}, kVaries);
  CHECK(to.last().kind == member(BatchKind::shear_cross, 3));
  to.builder.finish();
  REQUIRE(to.code.programs.size() == 1);
  CHECK(to.code.programs[0].load.offset != to.code.programs[0].store.offset);
  to.builder.begin(0b00111);
  to.builder.finish();  // nothing to do
  CHECK(to.code.programs.size() == 1);
}

TEST_CASE("checks: between shears never more than the range allows") {
  for (const bool is_double : {true, false}) {
    Written to;
    const BatchRange range = batch_range(is_double);
    BatchBuilder builder(to.code, range);
    builder.write_to(to.trips, to.traces);
    for (unsigned k = 0; k < 40; ++k) {
      builder.begin(0b00111);
      for (unsigned j = 0; j <= k % 5; ++j) {
        builder.rotation({bit(j % 3), 0, false}, {}, {0.0, {{1.0 + k, j % 4}}});
      }
      builder.finish();
    }
    builder.close(to.trips);
    unsigned shears = 0;
    unsigned most = 0;
    for (const BatchRecipe& recipe : to.code.forward) {
      if (recipe.kind == BatchRecipe::Kind::check) shears = 0;
      if (recipe.kind == BatchRecipe::Kind::shear || recipe.kind == BatchRecipe::Kind::cosine) {
        most = std::max(most, ++shears);
      }
    }
    CHECK(most > 0);
    CHECK(most <= range.most_shears);
    CHECK(shears == 0);
    for (std::size_t t = 0; t < to.traces.size(); ++t) {
      CHECK(to.traces[t].notes.size() == to.code.programs[to.traces[t].program].step_count);
    }
  }
}

TEST_CASE("phases: alone, in a table of eight, in a table that depends on other wires") {
  Written to;
  to.builder.phases({{0b00001, kVaries}});
  CHECK(to.last().kind == member(BatchKind::phase_odd, 1));
  to.builder.phases({{0b00100, kVaries}});  // no wire of the tile
  CHECK(to.last().kind == BatchKind::phase_rows);
  CHECK(to.last().rows == 0);
  CHECK(to.last().pairs == 0xff);
  CHECK(to.last().parity == 0b00100);
  const auto other = [](std::uint32_t slot) { return AngleForm{0.0, {{1.0, slot}}}; };
  to.builder.phases({{0b00001, other(0)}, {0b00010, other(1)}, {0b01001, other(2)}});
  CHECK(to.last().kind == BatchKind::phase_first);
  CHECK(to.code.forward.back().kind == BatchRecipe::Kind::table);
  CHECK(to.code.forward.back().bits == 3);
  CHECK(to.code.forward.back().count == 3);
  BatchPhases::Terms many;
  for (std::uint64_t m = 1; m < 32; ++m) many[m] = other(m % 4);
  to.builder.phases(many);
  CHECK(to.last().kind == BatchKind::phase_table);
  CHECK((to.last().variant[0] | to.last().variant[1]) == 0b10100);
  to.builder.finish();
  CHECK(to.traces[0].notes.size() == to.code.programs[0].step_count);
}

TEST_CASE("signs, projectors, exchanges and matrices") {
  Written to;
  BatchSigns signs;
  signs.toggle(0);
  signs.toggle(1, 2);
  to.builder.signs(signs);
  CHECK(to.last().kind == BatchKind::negate);
  CHECK(to.last().rows == 0b10101010);
  CHECK(to.last().variant[1] == 0b00100);
  BatchSigns outside;
  outside.toggle(2);
  CHECK_THROWS_AS(to.builder.signs(outside), Error);

  Written controlled;
  controlled.builder.projector({0b00111, 0b00111}, 0, kVaries);
  CHECK(controlled.last().kind == BatchKind::phase_rows);
  CHECK(controlled.last().rows == 0b10001000);
  CHECK(controlled.last().mask == 0b00100);
  controlled.builder.exchange(0, 1, {});
  CHECK(controlled.last().kind == member(BatchKind::exchange, 3));
  controlled.builder.exchange(0, std::nullopt, {0b00010, 0b00010});
  CHECK(controlled.last().kind == member(BatchKind::exchange, 1));
  CHECK(controlled.last().pairs == 0b1010);
  test::Generator random(360);
  controlled.builder.dense(3, 0, test::random_unitary(random, 2));
  CHECK(controlled.last().kind == batch_kind(BatchKind::dense, 1));
  CHECK(controlled.code.fixed.size() == 1);
  // Controls that flips have changed: a program ends first.
  CHECK(controlled.code.programs.empty());
  controlled.builder.frame().flip(0, 1U);
  controlled.builder.projector({0b00111, 0b00111}, 0, kVaries);
  CHECK(controlled.code.programs.size() == 1);
}
