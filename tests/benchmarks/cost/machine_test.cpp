// SPDX-License-Identifier: Apache-2.0
// Figures are found, denied or missing, and the tables of keys are sound.
#include "benchmarks/cost/machine.hpp"

#include <set>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

TEST_CASE("an answer is the figure, or the reason why there is none") {
  FigureTable table;
  table.file = "x.toml";
  table.figures["power"] = {modelled(400, 220, 450, "W", "A"), 2024, "S", ""};
  table.cannot["peak_fp64"] = "no FP64 units";
  REQUIRE(table.answer("power").estimate.has_value());
  CHECK(table.answer("power").estimate->value == 400);
  CHECK_FALSE(table.answer("peak_fp64").estimate.has_value());
  CHECK(table.answer("peak_fp64").why_not == "no FP64 units");
  CHECK(table.answer("qubits").why_not == "x.toml has no figure 'qubits'");
  CHECK(table.at("power").high == 450);
  const auto error = error_of([&] { (void)table.at("peak_fp64"); });
  REQUIRE(error.has_value());
  CHECK(error->code() == qross::ErrorCode::config);
  CHECK(contains(error->message(), "x.toml: figure.peak_fp64: no FP64 units"));
}

TEST_CASE("rules: unique keys, a unit, a meaning and a range each") {
  for (const MachineKind kind :
       {MachineKind::accelerator, MachineKind::quantum, MachineKind::fault_tolerant}) {
    CHECK_FALSE(name(kind).empty());
    CHECK_FALSE(capabilities(kind).empty());
    std::set<std::string_view> keys;
    for (const FigureRule& rule : figure_rules(kind)) {
      CAPTURE(rule.key);
      CHECK(keys.insert(rule.key).second);
      CHECK_FALSE(rule.unit.empty());
      CHECK_FALSE(rule.meaning.empty());
      CHECK(rule.least < rule.most);
    }
  }
  CHECK(site_rules().size() >= 5);
}

TEST_CASE("a kind outside the enumeration is an error, not a default") {
  const auto wrong = static_cast<MachineKind>(9);
  CHECK(error_of([&] { (void)name(wrong); })->code() == qross::ErrorCode::bug);
  CHECK(error_of([&] { (void)figure_rules(wrong); }).has_value());
  CHECK(error_of([&] { (void)capabilities(wrong); }).has_value());
}
