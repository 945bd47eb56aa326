// SPDX-License-Identifier: Apache-2.0
// The comparison: which rows there are, what follows from what, and what is measured.
#include "benchmarks/cost/compare.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

namespace {

std::vector<CostRow> all_rows(const Counts& counts) {
  return compare(counts, load_catalogue(catalogue_folder()), site());
}

const CostRow& row_of(const std::vector<CostRow>& rows, Task task, const std::string& id) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const CostRow& row) {
    return row.task == task && row.machine == id;
  });
  REQUIRE(found != rows.end());
  return *found;
}

std::size_t count(const std::vector<CostRow>& rows, Task task) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [&](const CostRow& r) { return r.task == task; }));
}

}  // namespace

TEST_CASE("what no accelerator can simulate has rows that say why") {
  Counts counts = small_workload();
  counts.simulation = {};
  counts.simulation.why_not = "the circuit has 59 qubits";
  const std::vector<CostRow> rows = all_rows(counts);
  CHECK(count(rows, Task::simulation) == 7);
  const CostRow& row = row_of(rows, Task::simulation, "a100");
  CHECK_FALSE(row.time.estimate);
  CHECK(row.money.why_not == "the circuit has 59 qubits");
}

TEST_CASE("one row for each task and machine that belong together") {
  const std::vector<CostRow> rows = all_rows(small_workload());
  CHECK(count(rows, Task::simulation_here) == 1);
  CHECK(count(rows, Task::rival_here) == 1);
  CHECK(count(rows, Task::simulation) == 7);
  CHECK(count(rows, Task::training) == 7);
  CHECK(count(rows, Task::quantum_run) == 4);
  for (const CostRow& row : rows) {
    CAPTURE(row.machine);
    for (const Answer* answer : {&row.time, &row.money, &row.energy, &row.carbon}) {
      CHECK(answer->estimate.has_value() == answer->why_not.empty());
    }
    CHECK_FALSE(heading(row).empty());
    CHECK_FALSE(label(row).empty());
  }
}

TEST_CASE("only the seconds taken here are measured") {
  for (const CostRow& row : all_rows(small_workload())) {
    const bool here = row.task == Task::simulation_here || row.task == Task::rival_here;
    if (row.time.estimate) CHECK((row.time.estimate->basis == Basis::measured) == here);
    for (const Answer* answer : {&row.money, &row.energy, &row.carbon}) {
      if (answer->estimate) CHECK(answer->estimate->basis == Basis::modelled);
    }
  }
}

TEST_CASE("energy, carbon and rent follow from time by the site's figures") {
  const std::vector<CostRow> rows = all_rows(small_workload());
  const CostRow& row = row_of(rows, Task::simulation, "a100");
  const double seconds = row.time.estimate->value;
  CHECK(row.energy.estimate->value == doctest::Approx(seconds * 400 * 1.1 * 1.1 / 3.6e6));
  CHECK(row.carbon.estimate->value == doctest::Approx(row.energy.estimate->value * 0.429));
  CHECK(row.money.estimate->value == doctest::Approx(seconds / 3600 * 4.0));
  CHECK(contains(row.carbon.estimate->source, "Patterson"));
  const CostRow& here = row_of(rows, Task::simulation_here, "here");
  CHECK(here.energy.estimate->value == doctest::Approx(1.5 * 2 * 10 * 1.1 / 3.6e6));
}

TEST_CASE("a machine that cannot do the task says why in every column") {
  const std::vector<CostRow> rows = all_rows(small_workload());
  const CostRow& row = row_of(rows, Task::simulation, "br100");
  CHECK_FALSE(row.time.estimate.has_value());
  CHECK(row.money.why_not == row.time.why_not);
  CHECK(row.carbon.why_not == row.time.why_not);
  // It can train, but nobody sells it.
  const CostRow& training = row_of(rows, Task::training, "br100");
  CHECK(training.time.estimate.has_value());
  CHECK(contains(training.money.why_not, "never sold"));
  CHECK(training.energy.estimate.has_value());
  CHECK(contains(row_of(rows, Task::quantum_run, "surface_code_ns_e3").money.why_not,
                 "for sale or rent"));
}

TEST_CASE("without a rent the wear of the purchase and the electricity are the money") {
  std::vector<Machine> machines{machine("a100")};
  machines[0].figures.erase("price_hour");
  machines[0].cannot["price_hour"] = "own machine";
  const std::vector<CostRow> rows = compare(small_workload(), machines, site());
  const CostRow& row = row_of(rows, Task::simulation, "a100");
  const double years = row.time.estimate->value / (8760 * 3600.0);
  CHECK(row.money.estimate->value ==
        doctest::Approx(years * 17349 * 0.3224 * 1.23 + row.energy.estimate->value * 0.1));
}

TEST_CASE("what the counts do not have gives no row") {
  Counts counts = small_workload();
  counts.simulation = {};
  counts.hardware = {};
  counts.rivals[0].seconds = 0;
  const std::vector<CostRow> rows = all_rows(counts);
  CHECK(count(rows, Task::training) == rows.size());
  counts.rivals.clear();
  CHECK(all_rows(counts).empty());
  counts.circuit.depth = -1;
  CHECK(error_of([&] { (void)all_rows(counts); })->code() == qross::ErrorCode::bad_input);
}

TEST_CASE("a task outside the enumeration is an error") {
  CostRow row;
  row.task = static_cast<Task>(77);
  CHECK(error_of([&] { (void)name(row.task); })->code() == qross::ErrorCode::bug);
  CHECK(error_of([&] { (void)heading(row); }).has_value());
}
