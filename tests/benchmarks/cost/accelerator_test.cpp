// SPDX-License-Identifier: Apache-2.0
// Time on accelerators against published training runs and simulator timings, and refusals.
#include "benchmarks/cost/accelerator.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/published.hpp"
#include "tests/benchmarks/cost/sample.hpp"

using namespace qross::cost;

namespace {

RivalCounts large_model() {
  RivalCounts rival;
  rival.name = "large";
  rival.flop = transformer_flop(65.2e9, 1.4e12);
  rival.steps = 350000;
  rival.kernels_per_step = 9600;
  rival.memory_bytes = 16 * 65.2e9;
  rival.devices = 2048;
  rival.precision = Precision::tensor;
  return rival;
}

}  // namespace

TEST_CASE("F1: FLOP of GPT-3") {
  CHECK(agrees(transformer_flop(174.6e9, 300e9), "3.14e23", 0.003));
}

TEST_CASE("F2, F3: days of training of Narayanan et al.") {
  const double gpt3 = megatron_seconds(300e9, 175e9, 1024, 140e12) / 86400;
  CHECK(std::abs(gpt3 - 34) <= 0.5);
  const double trillion = megatron_seconds(450e9, 1.008e12, 3072, 163e12) / 86400;
  CHECK(std::abs(trillion - 84) <= 0.5);
}

TEST_CASE("F4: parameters of the models of Narayanan et al. Table 1") {
  struct Row {
    double hidden, layers;
    const char* billions;
  };
  for (const Row& row : {Row{2304, 24, "1.7"}, Row{3072, 30, "3.6"}, Row{4096, 36, "7.5"},
                         Row{6144, 40, "18.4"}, Row{10240, 60, "76.1"}, Row{12288, 80, "145.6"},
                         Row{16384, 96, "310.1"}, Row{25600, 128, "1008.0"}}) {
    CAPTURE(row.billions);
    CHECK(agrees(megatron_parameters(row.layers, row.hidden, 51200, 2048) / 1e9, row.billions, 0));
  }
}

TEST_CASE("S5: how many qubits fit") {
  CHECK(devices_for(state_bytes(30, Precision::fp32), 16e9) == 1);
  CHECK(devices_for(state_bytes(31, Precision::fp32), 16e9) == 2);
  CHECK(devices_for(state_bytes(32, Precision::fp32), 40e9) == 1);
  CHECK(devices_for(state_bytes(33, Precision::fp32), 80e9) == 1);
  CHECK(devices_for(state_bytes(36, Precision::fp32), 80e9) == 8);
  CHECK(state_bytes(45, Precision::fp64) == std::exp2(49));
  CHECK(error_of([] { (void)state_bytes(4, Precision::tensor); }).has_value());
}

TEST_CASE("S1: qsim's timings on an A100 with 40 GB from one fitted constant") {
  // 1555 GB/s at 75 %; 106 sweeps of 2 x 8 x 2^n bytes fitted at 30 qubits.
  Machine a100 = machine("a100");
  for (const auto& [key, value] :
       {std::pair{"memory_bandwidth", 1.555e12}, std::pair{"start_overhead", 0.007}}) {
    Estimate& figure = a100.figures.find(key)->second.estimate;
    figure.value = figure.low = figure.high = value;
  }
  for (const auto& row : {std::pair{28.0, 0.384}, std::pair{30.0, 1.561}, std::pair{32.0, 7.415}}) {
    const double qubits = row.first;
    const double seconds = row.second;
    CAPTURE(qubits);
    SimulationCounts counts;
    counts.circuits = 1;
    counts.precision = Precision::fp32;
    counts.bytes_moved = 106 * 2 * state_bytes(qubits, Precision::fp32);
    counts.flop = counts.bytes_moved;
    counts.launches = 106;
    counts.memory_bytes = state_bytes(qubits, Precision::fp32);
    const RunCost run = simulate_on(a100, counts);
    REQUIRE(run.time.estimate.has_value());
    CHECK(std::abs(run.time.estimate->value / seconds - 1) < 0.25);
  }
}

TEST_CASE("F7: whole training runs within the range of utilisation") {
  // LLaMA-65B: 1,022,362 A100-hours.
  const RunCost run = train_on(machine("a100"), large_model());
  REQUIRE(run.time.estimate.has_value());
  const Estimate& time = *run.time.estimate;
  const double hours = 1022362.0 / 2048;
  CHECK(time.low / 3600 < hours);
  CHECK(time.high / 3600 > hours);
  CHECK(time.value / 3600 / hours < 2);
  CHECK(hours / (time.value / 3600) < 2);
  CHECK(time.basis == Basis::modelled);
}

TEST_CASE("the roofline takes the slower of memory and arithmetic") {
  const Machine a100 = machine("a100");
  SimulationCounts counts = small_workload().simulation;
  counts.launches = 0;
  counts.bytes_moved = 1e15;
  counts.flop = 1;
  const double overhead = a100.at("start_overhead").value;
  CHECK(simulate_on(a100, counts).time.estimate->value ==
        doctest::Approx(1e15 / (2.039e12 * 0.75) + overhead));
  counts.bytes_moved = 1;
  counts.flop = 1e17;
  CHECK(simulate_on(a100, counts).time.estimate->value ==
        doctest::Approx(1e17 / (9.7e12 * 0.5) + overhead));
}

TEST_CASE("small work is bound by launches, and batching lowers only the low bound") {
  const Machine a100 = machine("a100");
  SimulationCounts counts = small_workload().simulation;
  const Estimate batched = *simulate_on(a100, counts).time.estimate;
  counts.batch = 1;
  const Estimate single = *simulate_on(a100, counts).time.estimate;
  CHECK(batched.value == single.value);
  CHECK(batched.low < single.low);
  const RunCost tiny = train_on(a100, small_workload().rivals[0]);
  REQUIRE(tiny.notes.size() == 1);
  CHECK(contains(tiny.notes[0], "kernel launches"));
}

TEST_CASE("a state too large for one device is spread, and exchange costs time") {
  const Machine a100 = machine("a100");
  SimulationCounts counts;
  counts.circuits = 1;
  counts.memory_bytes = state_bytes(36, Precision::fp64);
  counts.bytes_moved = 100 * counts.memory_bytes;
  const RunCost still = simulate_on(a100, counts);
  CHECK(still.devices == 16);
  counts.exchanges = 10;
  const RunCost moving = simulate_on(a100, counts);
  // 10 exchanges of 15/16 of 68.7 GB through 300 GB/s one way.
  CHECK(moving.time.estimate->value - still.time.estimate->value ==
        doctest::Approx(10 * 15.0 / 16 * std::exp2(36) / 300e9));
  REQUIRE(moving.notes.size() == 1);
  CHECK(contains(moving.notes[0], "needs 16 devices; exchanges of all of it between them: 10"));
  REQUIRE(moving.details.size() == 4);
  CHECK(moving.details[3].second.value == doctest::Approx(10 * 15.0 / 16 * std::exp2(36) / 300e9));
}

TEST_CASE("exchanges known by the number of devices are those of the devices needed") {
  const Machine a100 = machine("a100");
  SimulationCounts counts;
  counts.circuits = 1;
  counts.memory_bytes = state_bytes(36, Precision::fp64);
  const double still = simulate_on(a100, counts).time.estimate->value;
  counts.exchanges_on = {1, 2, 3, 4, 5};
  const RunCost run = simulate_on(a100, counts);
  CHECK(run.time.estimate->value - still == doctest::Approx(4 * 15.0 / 16 * std::exp2(36) / 300e9));
  CHECK(contains(run.notes[0], "them: 4 (from a plan for as many ranks)"));
  counts.exchanges_on = {1, 2, 3};
  CHECK(contains(simulate_on(a100, counts).time.why_not,
                 "needs 16 devices, the circuit can be spread over at most 8"));
  counts.memory_bytes = state_bytes(30, Precision::fp64);
  CHECK(simulate_on(a100, counts).notes.empty());
}

TEST_CASE("what a machine cannot do is refused with its reason") {
  SimulationCounts counts = small_workload().simulation;
  const auto reason = [&](const char* id) { return simulate_on(machine(id), counts).time.why_not; };
  CHECK(contains(reason("br100"), "no FP64 units"));
  CHECK(contains(reason("br100"), "single precision would run"));
  CHECK(contains(reason("mlu270"), "integer units only"));
  CHECK(contains(reason("iqm_garnet"), "not an accelerator"));
  counts.precision = Precision::fp32;
  CHECK(simulate_on(machine("br100"), counts).time.estimate.has_value());
  CHECK(contains(reason("zhikai100"), "publishes no FP32"));
  const RivalCounts rival = small_workload().rivals[0];
  CHECK(contains(train_on(machine("mlu270"), rival).time.why_not, "cannot train"));
  CHECK(contains(train_on(machine("zhikai100"), rival).time.why_not, "inference card"));
  RivalCounts large = large_model();
  large.devices = 1;
  CHECK(contains(train_on(machine("a100"), large).time.why_not, "needs 16 devices"));
}
