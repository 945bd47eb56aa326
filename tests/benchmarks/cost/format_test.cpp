// SPDX-License-Identifier: Apache-2.0
// Text: scales a person uses, marks that tell modelled from measured, nothing cut off.
#include "benchmarks/cost/format.hpp"

#include <cmath>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

TEST_CASE("numbers in the scale a person would say") {
  CHECK(percent(0.97777) == "97.8 %");
  CHECK(percent(std::nan("")) == "no data");
  CHECK(humanize(0.0125, "s") == "12.5 ms");
  CHECK(humanize(90, "s") == "1.5 min");
  CHECK(humanize(86400 * 34, "s") == "34 d");
  CHECK(humanize(3.15e7, "s") == "365 d");
  CHECK(humanize(0, "s") == "0 ns");
  CHECK(humanize(1287000, "kWh") == "1.29 GWh");
  CHECK(humanize(0.002, "kWh") == "2 Wh");
  CHECK(humanize(552100, "kg") == "552 t");
  CHECK(humanize(30.30, "USD") == "30.3 USD");
  CHECK(humanize(0.00145, "USD") == "0.00145 USD");
  CHECK(humanize(4.6e6, "USD") == "4.6 MUSD");
  CHECK(humanize(45751, "operations") == "45800 operations");
  CHECK(humanize(17, "1") == "17");
  CHECK(humanize(354000, "W") == "354 kW");
  CHECK(humanize(999.9, "kWh") == "1 MWh");
}

TEST_CASE("a modelled number never looks measured") {
  CHECK(to_text(measured(1.9, "s", "run")) == "1.9 s");
  CHECK(to_text(modelled(1.9, 1, 3, "s", "A")) == "~1.9 s (1 .. 3 s)");
  CHECK(to_text(modelled(1.9, 0.1, 300, "s", "A")) == "~1.9 s (100 ms .. 5 min)");
  CHECK(to_text(modelled(30, 30, 30, "USD", "A")) == "~30 USD (no range)");
  CHECK(to_text(modelled(5.91, 1, 5.91, "kg", "A")) == "~5.91 kg (1 .. 5.91 kg)");
  CHECK(to_text(Answer::none("no FP64")) == "cannot: no FP64");
  CHECK(to_text(Answer::of(measured(2, "s", "run"))) == "2 s");
}

TEST_CASE("the table has every machine, reason and caveat, and keeps to its width") {
  const std::vector<Machine> machines = load_catalogue(catalogue_folder());
  const std::string table = to_table(compare(small_workload(), machines, site()), 110);
  for (const Machine& each : machines) CHECK(contains(table, each.name));
  CHECK(contains(table, "Run on this host"));
  CHECK(contains(table, "measured"));
  CHECK(contains(table, "the BR100 has no FP64 units"));
  CHECK(contains(table, "physical qubits ~"));
  CHECK(contains(table, "fidelity ~"));
  CHECK(contains(table, "~ is modelled"));
  CHECK(contains(table, "never shipped at these clocks"));
  CHECK(table.back() == '\n');
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 125);
    CHECK((line.empty() || line.back() != ' '));
  }
}

TEST_CASE("sentences wrap at the width asked for") {
  CostRow row;
  row.task = Task::simulation;
  row.machine_name = "M";
  row.time = row.money = row.energy = row.carbon =
      Answer::none(std::string(30, 'x') + " " + std::string(30, 'y'));
  const std::vector<CostRow> rows{row};
  CHECK(contains(to_table(rows, 60), std::string(30, 'x') + "\n"));
  CHECK(contains(to_table(rows, 110), std::string(30, 'x') + " " + std::string(30, 'y')));
}

TEST_CASE("a machine is described with source, year and confidence of each figure") {
  const std::string text = describe(machine("a100"));
  CHECK(contains(text, "[Epoch AI 2024, 2024, S]"));
  CHECK(contains(text, "400 W (220 .. 450)"));
  CHECK(contains(text, "arXiv:2405.21015"));
  CHECK(contains(describe(machine("br100")), "cannot: the BR100 has no FP64 units"));
}
