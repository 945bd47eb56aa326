// SPDX-License-Identifier: Apache-2.0
// Corners of the surface-code model. Every figure enters the time with one sign only (more error,
// slower gates, longer synthesis: more time), so two corners bound it; the number of factories can
// fall as time grows, so ranges are taken over all three runs, whichever is least.
#include "benchmarks/cost/fault_tolerant.hpp"

#include <algorithm>
#include <array>

#include "benchmarks/cost/surface_code.hpp"

namespace qross::cost {
namespace {

constexpr std::array<std::string_view, 8> kFigures{
    "error_physical", "time_2q",         "time_measure",     "code_threshold",
    "code_prefactor", "synthesis_slope", "synthesis_offset", "error_budget"};

/// `good` is the bound of a figure that makes things easy when small, `bad` the other one.
SurfaceRun at_corner(const Machine& profile, const LogicalCounts& counts, double Estimate::*good,
                     double Estimate::*bad) {
  SurfaceCode code;
  code.error = profile.at("error_physical").*good;
  code.time_2q = profile.at("time_2q").*good;
  code.time_measure = profile.at("time_measure").*good;
  code.prefactor = profile.at("code_prefactor").*good;
  code.threshold = profile.at("code_threshold").*bad;  // a high threshold helps
  const Synthesis synthesis{profile.at("synthesis_slope").*good,
                            profile.at("synthesis_offset").*good};
  return run_surface_code(counts, code, synthesis, profile.at("error_budget").*bad);
}

Estimate spread(double value, double one, double two, std::string unit, const std::string& source) {
  return modelled(value, std::min({value, one, two}), std::max({value, one, two}), std::move(unit),
                  source);
}

}  // namespace

RunCost run_fault_tolerant(const Machine& profile, const CircuitCounts& circuit,
                           const HardwareCounts& hardware) {
  if (profile.kind != MachineKind::fault_tolerant) {
    return RunCost::refused(profile.name + " is not a fault-tolerant profile");
  }
  if (const auto found = profile.cannot.find("run"); found != profile.cannot.end()) {
    return RunCost::refused(found->second);
  }
  std::string source;
  for (const std::string_view key : kFigures) {
    source = join_sources(source, profile.at(key).source);
  }
  LogicalCounts counts{circuit.qubits,         circuit.measurements, circuit.rotations,
                       circuit.rotation_depth, circuit.t_gates,      circuit.toffolis};
  if (counts.rotations > 0) counts.rotation_depth = std::max(counts.rotation_depth, 1.0);
  const SurfaceRun run = at_corner(profile, counts, &Estimate::value, &Estimate::value);
  const SurfaceRun best = at_corner(profile, counts, &Estimate::low, &Estimate::high);
  const SurfaceRun worst = at_corner(profile, counts, &Estimate::high, &Estimate::low);
  for (const SurfaceRun* each : {&run, &best, &worst}) {
    if (!each->problem.empty()) return RunCost::refused(std::string(each->problem));
  }
  if (run.factory != nullptr) source = join_sources(source, "Litinski 2019, arXiv:1905.06903");
  const double shots = hardware.circuits * hardware.shots;
  const Estimate physical =
      spread(run.physical_qubits, best.physical_qubits, worst.physical_qubits, "1", source);
  RunCost cost;
  cost.time = Answer::of(
      spread(shots * run.seconds, shots * best.seconds, shots * worst.seconds, "s", source));
  cost.details = {
      {"physical qubits", physical},
      {"code distance", spread(run.distance, best.distance, worst.distance, "1", source)},
      {"T factories", spread(run.factories, best.factories, worst.factories, "1", source)},
      {"power", multiply(physical, profile.at("power_per_qubit"), "W")}};
  cost.notes.emplace_back("decoding and reaction time are taken as fast enough");
  return cost;
}

}  // namespace qross::cost
