// SPDX-License-Identifier: Apache-2.0
// JSON of a comparison: parses, keeps every number, and marks its basis.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "benchmarks/cost/format.hpp"
#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

TEST_CASE("rows come back from JSON with value, range, unit, basis and source") {
  const std::vector<CostRow> rows =
      compare(small_workload(), load_catalogue(catalogue_folder()), site());
  const auto list = nlohmann::json::parse(to_json(rows));
  REQUIRE(list.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(list[i]["machine"] == rows[i].machine);
    CHECK(list[i]["task"] == std::string(name(rows[i].task)));
    const auto& time = list[i]["time"];
    if (rows[i].time.estimate) {
      const Estimate& e = *rows[i].time.estimate;
      CHECK(time["value"] == e.value);
      CHECK(time["low"] == e.low);
      CHECK(time["high"] == e.high);
      CHECK(time["unit"] == "s");
      CHECK(time["basis"] == std::string(name(e.basis)));
      CHECK(time["source"] == e.source);
    } else {
      CHECK(time["why_not"] == rows[i].time.why_not);
      CHECK_FALSE(time.contains("value"));
    }
  }
  CHECK(list[0]["time"]["basis"] == "measured");
}

TEST_CASE("text that is not UTF-8 does not break the document; pretty is indented") {
  CostRow row;
  row.machine_name = "bad \xFF name";
  row.time = row.money = row.energy = row.carbon = Answer::none("x");
  const std::vector<CostRow> rows{row};
  CHECK(nlohmann::json::parse(to_json(rows)).size() == 1);
  CHECK(contains(to_json(rows, true), "\n  "));
  CHECK_FALSE(contains(to_json(rows), "\n"));
}
