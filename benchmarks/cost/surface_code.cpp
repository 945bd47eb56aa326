// SPDX-License-Identifier: Apache-2.0
// The formulas of surface_code.hpp and the table of T factories.
#include "benchmarks/cost/surface_code.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace qross::cost {
namespace {

constexpr int kMaxDistance = 50;

constexpr std::array kFactories{
    TFactory{"(15-1)7,3,3", 1e-4, 4.4e-8, 810, 18.1, 1},
    TFactory{"(15-1)9,3,3", 1e-4, 9.3e-10, 1150, 18.1, 1},
    TFactory{"(15-1)11,5,5", 1e-4, 1.9e-11, 2070, 30.0, 1},
    TFactory{"(15-1)9,3,3 x4 -> (20-4)15,7,9", 1e-4, 2.4e-15, 16400, 90.3, 4},
    TFactory{"(15-1)9,3,3 x4 -> (15-1)25,9,9", 1e-4, 6.3e-25, 18600, 67.8, 1},
    TFactory{"(15-1)17,7,7", 1e-3, 4.5e-8, 4620, 42.6, 1},
    TFactory{"(15-1)13,5,5 x6 -> (20-4)23,11,13", 1e-3, 1.4e-10, 43300, 130, 4},
    TFactory{"(15-1)13,5,5 x4 -> (20-4)27,13,15", 1e-3, 2.6e-11, 46800, 157, 4},
    TFactory{"(15-1)11,5,5 x6 -> (15-1)25,11,11", 1e-3, 2.7e-12, 30700, 82.5, 1},
    TFactory{"(15-1)13,5,5 x6 -> (15-1)29,11,13", 1e-3, 3.3e-14, 39100, 97.5, 1},
    TFactory{"(15-1)17,7,7 x6 -> (15-1)41,17,17", 1e-3, 4.5e-20, 73400, 128, 1},
};

double qubit_rounds(const TFactory& factory) {
  return factory.qubits * factory.rounds / factory.states;
}

SurfaceRun failed(std::string_view problem) {
  SurfaceRun run;
  run.problem = problem;
  return run;
}

}  // namespace

Layout lay_out(const LogicalCounts& counts, const Synthesis& synthesis, double budget_synthesis) {
  Layout layout;
  layout.qubits = 2.0 * counts.qubits + std::ceil(std::sqrt(8.0 * counts.qubits)) + 1.0;
  if (counts.rotations > 0) {
    layout.t_per_rotation = std::ceil(
        synthesis.slope * std::log2(counts.rotations / budget_synthesis) + synthesis.offset);
  }
  layout.depth = counts.measurements + counts.rotations + counts.t_gates + 3.0 * counts.toffolis +
                 counts.rotation_depth * layout.t_per_rotation;
  layout.t_states =
      counts.t_gates + 4.0 * counts.toffolis + counts.rotations * layout.t_per_rotation;
  return layout;
}

std::optional<int> code_distance(const SurfaceCode& code, double required) {
  if (code.error >= code.threshold || !(required > 0.0)) return std::nullopt;
  const double exact =
      2.0 * std::log(code.prefactor / required) / std::log(code.threshold / code.error) - 1.0;
  const double rounded = std::ceil(std::max(exact, 1.0));
  if (rounded > kMaxDistance) return std::nullopt;
  const int distance = static_cast<int>(rounded) | 1;
  return distance > kMaxDistance ? std::nullopt : std::optional<int>(distance);
}

double logical_cycle(const SurfaceCode& code, int distance) {
  return (4.0 * code.time_2q + 2.0 * code.time_measure) * distance;
}

double physical_per_logical(int distance) { return 2.0 * distance * distance; }

std::span<const TFactory> t_factories() { return kFactories; }

const TFactory* choose_factory(double error, double required) {
  double column = 0.0;
  for (const TFactory& factory : kFactories) {
    const bool fits = factory.error_physical >= error * (1.0 - 1e-9);
    if (fits && (column == 0.0 || factory.error_physical < column)) column = factory.error_physical;
  }
  const TFactory* best = nullptr;
  for (const TFactory& factory : kFactories) {
    if (factory.error_physical != column || factory.error_out > required) continue;
    if (best == nullptr || qubit_rounds(factory) < qubit_rounds(*best)) best = &factory;
  }
  return best;
}

SurfaceRun run_surface_code(const LogicalCounts& counts, const SurfaceCode& code,
                            const Synthesis& synthesis, double budget) {
  const double share = budget / (counts.rotations > 0 ? 3.0 : 2.0);
  SurfaceRun run;
  run.layout = lay_out(counts, synthesis, share);
  if (!(run.layout.depth > 0.0)) return failed("the circuit has nothing that takes logical time");
  const std::optional<int> distance =
      code_distance(code, share / (run.layout.qubits * run.layout.depth));
  if (!distance) return failed("no code distance up to 50 reaches the error budget");
  run.distance = *distance;
  run.seconds = run.layout.depth * logical_cycle(code, run.distance);
  run.physical_qubits = run.layout.qubits * physical_per_logical(run.distance);
  if (run.layout.t_states > 0.0) {
    run.factory = choose_factory(code.error, share / run.layout.t_states);
    if (run.factory == nullptr) return failed("no tabulated T factory reaches the error budget");
    const double duration = logical_cycle(code, 1) * run.factory->rounds;
    run.seconds = std::max(run.seconds, duration);
    const double runs_each = std::floor(run.seconds / duration * (1.0 + 1e-12));
    run.factories = std::ceil(run.layout.t_states / (run.factory->states * runs_each));
    run.physical_qubits += run.factories * run.factory->qubits;
  }
  return run;
}

}  // namespace qross::cost
