// SPDX-License-Identifier: Apache-2.0
// The formulas of advantage.hpp. The binary row of HHT23 is not offered: its Table 1 rate and its
// Table 2 disagree by a factor of ten, which the tests show.
#include "benchmarks/cost/advantage.hpp"

#include <cmath>

#include "qsim/core/error.hpp"

namespace qross::cost {
namespace {

constexpr double kTwoWeeks = 1e6;
constexpr double kTransistorsA100 = 54.2e9;
constexpr double kCycleA100 = 0.7e-9;

void need_positive(double number, const char* what) {
  if (std::isfinite(number) && number > 0.0) return;
  throw Error(ErrorCode::bad_input, std::string(what) + " is " + std::to_string(number),
              "it must be positive");
}

double exponent(double degree) {
  need_positive(degree - 1.0, "the degree of the speedup less one");
  return 1.0 / (degree - 1.0);
}

}  // namespace

double multiplier_units(const LogicalComputer& computer, double bits) {
  return std::floor(computer.qubits /
                    (5.0 * bits + computer.cycles_per_ccz * computer.factory_patches));
}

double multiplication_rate(const LogicalComputer& computer, double bits) {
  return multiplier_units(computer, bits) / (2.0 * bits * bits * computer.gate_seconds);
}

double io_rate(const LogicalComputer& computer) { return computer.qubits / computer.gate_seconds; }

double asic_rate(double transistors, double gates, double cycle) {
  constexpr double kTransistorsPerGate = 10.0;
  constexpr double kControl = 2.0;
  return transistors / (gates * kTransistorsPerGate * kControl) / cycle;
}

double most_operations_per_call(double seconds, double quantum_rate, double classical_rate,
                                double degree) {
  need_positive(seconds, "the time allowed");
  need_positive(quantum_rate, "the quantum rate");
  need_positive(classical_rate, "the classical rate");
  return seconds * quantum_rate / std::pow(classical_rate / quantum_rate, exponent(degree));
}

BreakEven break_even(double quantum_seconds, double classical_seconds, double degree,
                     double processors) {
  need_positive(quantum_seconds, "the quantum time per call");
  need_positive(classical_seconds, "the classical time per call");
  need_positive(processors, "the number of processors");
  const double calls = std::pow(processors * quantum_seconds / classical_seconds, exponent(degree));
  return {calls, quantum_seconds * calls};
}

std::vector<Crossover> hoefler_crossovers() {
  struct Kind {
    const char* arithmetic;
    double bits;   // of one factor; fp16 has a 10-bit mantissa
    double gates;  // of one classical unit
    double gpu;    // operations per second of an A100
  };
  constexpr Kind kKinds[] = {{"fp16 multiplication", 10, 7000, 195e12},
                             {"int32 multiplication", 32, 18000, 9.75e12}};
  std::vector<Crossover> rows;
  for (const Kind& kind : kKinds) {
    const double quantum = multiplication_rate({}, kind.bits);
    const double asic = asic_rate(kTransistorsA100, kind.gates, kCycleA100);
    const auto at = [&](double degree) {
      const double against_asic = most_operations_per_call(kTwoWeeks, quantum, asic, degree);
      const double against_gpu = most_operations_per_call(kTwoWeeks, quantum, kind.gpu, degree);
      return modelled(against_asic, against_asic, against_gpu, "operations",
                      "Hoefler, Haener, Troyer 2023, doi 10.1145/3571725");
    };
    rows.push_back({kind.arithmetic, at(2), at(3), at(4)});
  }
  return rows;
}

}  // namespace qross::cost
