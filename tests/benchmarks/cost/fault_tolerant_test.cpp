// SPDX-License-Identifier: Apache-2.0
// The fault-tolerant profile: its corners enclose its value, and its refusals have a reason.
#include "benchmarks/cost/fault_tolerant.hpp"

#include <doctest/doctest.h>

#include "benchmarks/cost/surface_code.hpp"
#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

namespace {

Estimate detail(const RunCost& run, const std::string& label) {
  for (const auto& [name, estimate] : run.details) {
    if (name == label) return estimate;
  }
  FAIL("no detail " << label);
  return {};
}

}  // namespace

TEST_CASE("nominal figures give the surface-code model's own numbers") {
  const Machine profile = machine("surface_code_ns_e3");
  const Counts counts = small_workload();
  const RunCost run = run_fault_tolerant(profile, counts.circuit, {10, 100});
  REQUIRE(run.time.estimate.has_value());
  const SurfaceRun shot = run_surface_code({4, 4, 28, 7, 0, 0}, {}, {}, 1e-3);
  CHECK(run.time.estimate->value == doctest::Approx(1000 * shot.seconds));
  CHECK(detail(run, "physical qubits").value == doctest::Approx(shot.physical_qubits));
  CHECK(detail(run, "code distance").value == shot.distance);
  CHECK(detail(run, "power").value == doctest::Approx(6 * shot.physical_qubits));
}

TEST_CASE("better qubits make it faster and smaller, and the range shows it") {
  const Machine profile = machine("surface_code_ns_e3");
  const RunCost run = run_fault_tolerant(profile, small_workload().circuit, {1, 1});
  CHECK(run.time.estimate->low < run.time.estimate->value);
  CHECK(detail(run, "physical qubits").low < detail(run, "physical qubits").value);
  CHECK(contains(run.time.estimate->source, "Litinski"));
}

TEST_CASE("errors above the threshold are refused, also at the worst corner alone") {
  Machine profile = machine("surface_code_ns_e3");
  profile.figures.find("error_physical")->second.estimate.high = 0.02;
  const RunCost run = run_fault_tolerant(profile, small_workload().circuit, {1, 1});
  CHECK(contains(run.time.why_not, "no code distance"));
  CHECK(contains(run_fault_tolerant(machine("a100"), small_workload().circuit, {1, 1}).time.why_not,
                 "not a fault-tolerant profile"));
}
