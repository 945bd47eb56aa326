// SPDX-License-Identifier: Apache-2.0
// Where a quantum speedup of degree k overtakes a classical machine: the rate model of Hoefler,
// Haener and Troyer 2023 (doi 10.1145/3571725, "HHT23") and that of Babbush et al. 2021
// (arXiv:2011.04149). Both count only arithmetic, in favour of the quantum computer.
#pragma once

#include <string>
#include <vector>

#include "benchmarks/cost/estimate.hpp"

namespace qross::cost {

/// HHT23's future quantum computer: error-corrected qubits, all usable at once.
struct LogicalComputer {
  double qubits = 10000;
  double gate_seconds = 10e-6;
  double factory_patches = 77;  ///< a CCZ factory in logical-qubit equivalents
  double cycles_per_ccz = 5.5;  ///< so as many factories serve one multiplier at full speed
};

/// Multipliers of `bits`-bit numbers that fit: floor(qubits / (5 bits + 5.5 x 77)).
[[nodiscard]] double multiplier_units(const LogicalComputer& computer, double bits);

/// Multiplications per second: units / (2 bits^2 gate_seconds).
[[nodiscard]] double multiplication_rate(const LogicalComputer& computer, double bits);

/// Bits per second that can be read in or out at all: qubits / gate_seconds.
[[nodiscard]] double io_rate(const LogicalComputer& computer);

/// Operations per second of an ASIC of `transistors`, half of it control, 10 transistors per gate,
/// one operation per unit of `gates` gates and `cycle` seconds.
[[nodiscard]] double asic_rate(double transistors, double gates, double cycle);

/// Most operations M one oracle call may have if a speedup of degree k (classical N^k calls against
/// N) is to pay off within `seconds`: M = seconds x quantum_rate / R^(1/(k-1)), with R the ratio of
/// classical to quantum operations per second; N = R^(1/(k-1)) calls are made.
/// @throws qross::Error (bad_input) unless k > 1 and rates and time are positive.
[[nodiscard]] double most_operations_per_call(double seconds, double quantum_rate,
                                              double classical_rate, double degree);

/// Break-even of Babbush et al. 2021: calls M* = (S t_q / t_c)^(1/(k-1)), seconds t_q M*, with S
/// the number of classical processors.
struct BreakEven {
  double calls = 0;
  double seconds = 0;
};
[[nodiscard]] BreakEven break_even(double quantum_seconds, double classical_seconds, double degree,
                                   double processors = 1);

/// One kind of arithmetic in HHT23's table of crossovers.
struct Crossover {
  std::string arithmetic;
  Estimate quadratic, cubic, quartic;  ///< operations per oracle call
};

/// The crossovers within two weeks (1e6 s) for fp16 and int32 multiplications: value against an
/// ASIC of the area of one A100 (as the paper), high against the A100 itself.
[[nodiscard]] std::vector<Crossover> hoefler_crossovers();

}  // namespace qross::cost
