// SPDX-License-Identifier: Apache-2.0
// Counts are checked before a model sees them, and files with counts are read strictly.
#include "benchmarks/cost/counts.hpp"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"
#include "tests/support/source_root.hpp"

using namespace qross::cost;

namespace {

std::optional<qross::Error> error_reading(const std::string& text) {
  const std::string path = temporary_path("qross_counts_test.toml");
  std::ofstream(path) << text;
  const auto error = error_of([&] { (void)load_counts(path); });
  std::remove(path.c_str());
  return error;
}

}  // namespace

TEST_CASE("parameter shift takes two circuits for each parameter and one for the value") {
  CHECK(parameter_shift_circuits(1, 1, 0) == 1);
  CHECK(parameter_shift_circuits(100, 105, 24) == 100 * 105 * 49);
}

TEST_CASE("impossible counts are refused by name") {
  CHECK_FALSE(error_of([] { validate(small_workload()); }).has_value());
  const auto complaint = [](auto change) {
    Counts counts = small_workload();
    change(counts);
    const auto error = error_of([&] { validate(counts); });
    REQUIRE(error.has_value());
    CHECK(error->code() == qross::ErrorCode::bad_input);
    return error->message();
  };
  CHECK(contains(complaint([](Counts& c) { c.simulation.flop = -1; }), "simulation.flop"));
  CHECK(contains(complaint([](Counts& c) { c.circuit.depth = std::nan(""); }), "circuit.depth"));
  CHECK(contains(complaint([](Counts& c) { c.simulation.batch = 0; }), "simulation.batch"));
  CHECK(contains(complaint([](Counts& c) {
                   c.simulation.exchanges_on = {1, -1};
                 }),
                 "simulation.exchanges_on"));
  CHECK(contains(complaint([](Counts& c) { c.circuit.qubits = 0; }), "circuit.qubits"));
  CHECK(contains(complaint([](Counts& c) { c.hardware.shots = 0; }), "hardware.shots"));
  CHECK(contains(complaint([](Counts& c) { c.rivals[0].devices = 0; }), "devices"));
  CHECK(contains(complaint([](Counts& c) { c.simulation.precision = Precision::tensor; }),
                 "'tensor'"));
}

TEST_CASE("the file in the tree states GPT-3 as counts") {
  const Counts counts =
      load_counts(qross::test::source_root() + "/benchmarks/workloads/gpt3_training.toml");
  REQUIRE(counts.rivals.size() == 1);
  CHECK(counts.rivals[0].flop == 3.143e23);
  CHECK(counts.rivals[0].precision == Precision::tensor);
  CHECK(counts.simulation.circuits == 0);
}

TEST_CASE("unknown keys and values in a file are refused") {
  CHECK(contains(error_reading("name = \"x\"\n[counts.circuit]\nqbits = 4\n")->message(),
                 ":3: counts.circuit.qbits: unknown key"));
  CHECK(contains(
      error_reading("name = \"x\"\n[counts.simulation]\nprecision = \"half\"\n")->message(),
      "'half' is not a precision"));
  CHECK(contains(error_reading("name = \"x\"\n[counts.simulation]\nseconds = 1\n")->message(),
                 "unknown key"));
  CHECK(contains(error_reading("name = \"x\"\n")->message(), "'counts' is missing"));
  CHECK(contains(error_reading("name = \"x\"\n[counts]\nrival = 3\n")->message(),
                 "[[counts.rival]]"));
  const std::string good = "name = \"x\"\n[counts.circuit]\nqubits = 4\n";
  CHECK_FALSE(error_reading(good).has_value());
  CHECK(contains(error_reading(good + "[hardware]\nshots_per_circuit = \"x\"\n")->message(),
                 ":4: hardware: unknown key"));
  const auto misspelt = error_reading(good + "[counst.circuit]\nqubits = 5\n");
  CHECK(misspelt->code() == qross::ErrorCode::config);
  CHECK(contains(misspelt->message(), ":4: counst: unknown key"));
  CHECK(contains(misspelt->hint(), "counts"));
  for (const char* const wrong : {"circuit]\nqubits = -4", "circuit]\ndepth = nan",
                                  "simulation]\nbatch = 0", "hardware]\nshots = inf"}) {
    CAPTURE(wrong);
    const auto error = error_reading(std::string("name = \"x\"\n[counts.") + wrong + "\n");
    REQUIRE(error.has_value());
    CHECK(error->code() == qross::ErrorCode::config);
    CHECK(contains(error->message(), "_test.toml:3: "));
  }
  const auto together = error_reading("name = \"x\"\n[counts.hardware]\ncircuits = 1\n");
  REQUIRE(together.has_value());
  CHECK(together->code() == qross::ErrorCode::config);
  CHECK(contains(together->message(), ":2: counts.hardware: "));
  CHECK(contains(together->message(), "'circuit.qubits' is 0"));
  const auto shots = error_reading(good + "[counts.hardware]\ncircuits = 5\n");
  REQUIRE(shots.has_value());
  CHECK(contains(shots->message(), ":4: counts.hardware: "));
  CHECK(contains(shots->message(), "'hardware.shots' is 0"));
  const auto tensor = error_reading(good + "[counts.simulation]\nprecision = \"tensor\"\n");
  REQUIRE(tensor.has_value());
  CHECK(contains(tensor->message(), ":4: counts.simulation: "));
}
