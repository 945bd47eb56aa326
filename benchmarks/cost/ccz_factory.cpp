// SPDX-License-Identifier: Apache-2.0
// The formulas of ccz_factory.hpp.
#include "benchmarks/cost/ccz_factory.hpp"

#include <algorithm>
#include <cmath>

namespace qross::cost {
namespace {

double ccz_states(double t_gates, double toffolis) { return toffolis + std::ceil(t_gates / 2.0); }

}  // namespace

double gidney_fowler_error(double physical_error, double distance) {
  return 0.1 * std::pow(100.0 * physical_error, (distance + 1.0) / 2.0);
}

double factory_qubits(const CczFactory& factory) {
  return 6.0 * 64.0 * factory.level1 * factory.level1 + 64.0 * factory.level2 * factory.level2;
}

double factory_cycles(const CczFactory& factory, double t_gates, double toffolis) {
  const double catalyses = std::ceil(t_gates / 2.0);
  return (5.5 * ccz_states(t_gates, toffolis) + catalyses) *
         std::max(2 * factory.level1 + 1, factory.level2);
}

double factory_failure(const CczFactory& factory, double physical_error, double t_gates,
                       double toffolis) {
  const double level0 =
      physical_error + 100.0 * gidney_fowler_error(physical_error, factory.level1 / 2);
  const double level1 = 1100.0 * gidney_fowler_error(physical_error, factory.level1) +
                        35.0 * level0 * level0 * level0;
  const double level2 =
      1000.0 * gidney_fowler_error(physical_error, factory.level2) + 28.0 * level1 * level1;
  return level2 * ccz_states(t_gates, toffolis);
}

std::optional<CczResources> ccz_resources(const CczFactory& factory, double qubits, double t_gates,
                                          double toffolis, double physical_error, double budget,
                                          double cycle_seconds, double routing) {
  const double cycles = factory_cycles(factory, t_gates, toffolis);
  const double distillation = factory_failure(factory, physical_error, t_gates, toffolis);
  const double patches = std::ceil(qubits * (1.0 + routing));
  for (int distance = 3; distance <= 99; distance += 2) {
    const double data = patches * cycles * gidney_fowler_error(physical_error, distance);
    if (distillation + data > budget) continue;
    return CczResources{distillation + data,
                        factory_qubits(factory) + patches * 2.0 * distance * distance,
                        cycles * cycle_seconds, distance};
  }
  return std::nullopt;
}

}  // namespace qross::cost
