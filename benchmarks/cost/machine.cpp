// SPDX-License-Identifier: Apache-2.0
// What the catalogue's keys mean, unit by unit, and how figures are looked up. Adding a key here
// makes every machine of the kind state it or say why it cannot.
#include "benchmarks/cost/machine.hpp"

#include <array>

#include "qsim/core/error.hpp"

namespace qross::cost {
namespace {

constexpr double kTiny = 1e-15;
constexpr double kHuge = 1e24;

constexpr std::array kAccelerator{
    FigureRule{"peak_fp64", "FLOP/s", 1.0, kHuge, "dense double-precision peak, vector units"},
    FigureRule{"peak_fp32", "FLOP/s", 1.0, kHuge, "dense single-precision peak, vector units"},
    FigureRule{"peak_tensor", "FLOP/s", 1.0, kHuge, "dense FP16/BF16 peak of the matrix units"},
    FigureRule{"memory_capacity", "B", 1.0, kHuge, "memory of one device, decimal bytes"},
    FigureRule{"memory_bandwidth", "B/s", 1.0, kHuge, "peak bandwidth of that memory"},
    FigureRule{"link_bandwidth", "B/s", 1.0, kHuge, "to other devices, both directions together"},
    FigureRule{"power", "W", kTiny, kHuge,
               "board power: rated value, range from light to peak load"},
    FigureRule{"efficiency_bandwidth", "1", kTiny, 2.0,
               "share of bandwidth that gate sweeps reach"},
    FigureRule{"efficiency_compute", "1", kTiny, 2.0,
               "share of vector peak that gate sweeps reach"},
    FigureRule{"utilisation_training", "1", kTiny, 2.0, "share of peak that training reaches"},
    FigureRule{"launch_latency", "s", kTiny, kHuge, "time one kernel launch costs"},
    FigureRule{"start_overhead", "s", kTiny, kHuge, "fixed time per run: start, copies, sampling"},
    FigureRule{"price_hour", "USD/h", 0.0, kHuge, "rent of one device"},
    FigureRule{"price_purchase", "USD", 0.0, kHuge, "price of one device"},
};

constexpr std::array kQuantum{
    FigureRule{"qubits", "1", 1.0, kHuge, "physical qubits a circuit can use"},
    FigureRule{"error_1q", "1", 0.0, 0.999, "error probability of a one-qubit gate"},
    FigureRule{"error_2q", "1", 0.0, 0.999, "error probability of a two-qubit gate"},
    FigureRule{"error_readout", "1", 0.0, 0.999, "error probability of reading one qubit"},
    FigureRule{"time_1q", "s", kTiny, kHuge, "one-qubit gate"},
    FigureRule{"time_2q", "s", kTiny, kHuge, "two-qubit gate"},
    FigureRule{"time_readout", "s", kTiny, kHuge, "readout of all qubits"},
    FigureRule{"time_shot_overhead", "s", kTiny, kHuge, "reset, cooling and control between shots"},
    FigureRule{"parallel_gates", "1", 1.0, kHuge, "gates that run at the same time"},
    FigureRule{"routing_factor", "1", 1.0, kHuge, "two-qubit gates after routing per gate written"},
    FigureRule{"price_task", "USD", 0.0, kHuge, "fee for each circuit submitted"},
    FigureRule{"price_shot", "USD", 0.0, kHuge, "fee for each shot"},
    FigureRule{"price_hour", "USD/h", 0.0, kHuge, "reservation of the whole machine"},
    FigureRule{"power", "W", kTiny, kHuge, "whole system with cooling and control"},
};

constexpr std::array kFaultTolerant{
    FigureRule{"error_physical", "1", kTiny, 0.5, "error probability of a physical operation"},
    FigureRule{"time_2q", "s", kTiny, kHuge, "physical two-qubit gate"},
    FigureRule{"time_measure", "s", kTiny, kHuge, "physical measurement"},
    FigureRule{"code_threshold", "1", kTiny, 0.5, "threshold p* of the code"},
    FigureRule{"code_prefactor", "1", kTiny, 1.0, "prefactor a of the logical error rate"},
    FigureRule{"synthesis_slope", "1", kTiny, 10.0, "T gates per log2(1/eps) of a rotation"},
    FigureRule{"synthesis_offset", "1", 0.0, 100.0, "T gates of a rotation beyond the slope"},
    FigureRule{"error_budget", "1", kTiny, 0.999, "failure probability allowed for one shot"},
    FigureRule{"power_per_qubit", "W", kTiny, kHuge, "power per physical qubit with electronics"},
    FigureRule{"price_hour", "USD/h", 0.0, kHuge, "rent of the whole machine"},
};

constexpr std::array kSite{
    FigureRule{"pue", "1", 1.0, 10.0, "energy of the building / energy of the machines"},
    FigureRule{"carbon_intensity", "kg/kWh", 0.0, 10.0, "CO2e per energy drawn from the grid"},
    FigureRule{"electricity_price", "USD/kWh", 0.0, 100.0, "price of electricity"},
    FigureRule{"system_power_ratio", "1", 0.1, 10.0, "power of the server share / device power"},
    FigureRule{"amortisation_rate", "1/y", kTiny, 10.0, "share of its price a device loses a year"},
    FigureRule{"network_share", "1", 0.0, 10.0, "cluster network / price of the devices"},
    FigureRule{"host_core_power", "W", kTiny, kHuge,
               "power of one busy core of an ordinary server"},
    FigureRule{"host_core_price", "USD/h", 0.0, kHuge, "rent of one core of an ordinary server"},
};

constexpr std::array<std::string_view, 2> kAcceleratorTasks{"simulate", "train"};
constexpr std::array<std::string_view, 1> kQuantumTasks{"run"};

}  // namespace

Answer FigureTable::answer(std::string_view key) const {
  if (const auto found = figures.find(key); found != figures.end()) {
    return Answer::of(found->second.estimate);
  }
  if (const auto reason = cannot.find(key); reason != cannot.end()) {
    return Answer::none(reason->second);
  }
  return Answer::none(file + " has no figure '" + std::string(key) + "'");
}

const Estimate& FigureTable::at(std::string_view key) const {
  const auto found = figures.find(key);
  if (found == figures.end()) {
    throw Error(ErrorCode::config,
                file + ": figure." + std::string(key) + ": " + answer(key).why_not,
                "a model needs this figure; add it with its source, or choose another machine");
  }
  return found->second.estimate;
}

std::string_view name(MachineKind kind) {
  switch (kind) {
    case MachineKind::accelerator:
      return "accelerator";
    case MachineKind::quantum:
      return "quantum";
    case MachineKind::fault_tolerant:
      return "fault_tolerant";
  }
  throw Error(ErrorCode::bug, "unknown kind of machine");
}

std::span<const FigureRule> figure_rules(MachineKind kind) {
  switch (kind) {
    case MachineKind::accelerator:
      return kAccelerator;
    case MachineKind::quantum:
      return kQuantum;
    case MachineKind::fault_tolerant:
      return kFaultTolerant;
  }
  throw Error(ErrorCode::bug, "unknown kind of machine");
}

std::span<const FigureRule> site_rules() { return kSite; }

std::span<const std::string_view> capabilities(MachineKind kind) {
  switch (kind) {
    case MachineKind::accelerator:
      return kAcceleratorTasks;
    case MachineKind::quantum:
    case MachineKind::fault_tolerant:
      return kQuantumTasks;
  }
  throw Error(ErrorCode::bug, "unknown kind of machine");
}

}  // namespace qross::cost
