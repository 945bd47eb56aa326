// SPDX-License-Identifier: Apache-2.0
// The catalysed CCZ -> 2 T factory and the algorithm model around it, after Gidney and Fowler 2019
// (arXiv:1812.01238) in the form Qualtran gives it. A second, independent road to fault-tolerant
// resources beside surface_code.hpp; the Hoefler et al. advantage model takes its size from here.
#pragma once

#include <optional>

namespace qross::cost {

/// Logical error per qubit and cycle, 0.1 (100 p)^((d+1)/2).
[[nodiscard]] double gidney_fowler_error(double physical_error, double distance);

struct CczFactory {
  int level1 = 15;  ///< code distance of the first distillation level
  int level2 = 31;  ///< of the second
};

/// Physical qubits, 6 x 64 d1^2 + 64 d2^2.
[[nodiscard]] double factory_qubits(const CczFactory& factory);

/// Cycles for an algorithm: (5.5 N + catalyses) max(2 d1 + 1, d2), with N = Toffoli + ceil(T/2) and
/// one catalysis for every two T.
[[nodiscard]] double factory_cycles(const CczFactory& factory, double t_gates, double toffolis);

/// Failure probability of all N CCZ states: N (1000 P(d2) + 28 L1^2), where
/// L1 = 1100 P(d1) + 35 L0^3 and L0 = p + 100 P(floor(d1/2)).
[[nodiscard]] double factory_failure(const CczFactory& factory, double physical_error,
                                     double t_gates, double toffolis);

struct CczResources {
  double failure = 0;          ///< of the whole algorithm
  double physical_qubits = 0;  ///< one factory and the data
  double seconds = 0;
  int data_distance = 0;
};

/// An algorithm with one factory; its data take qubits x (1 + routing) patches of 2 d^2 qubits,
/// with the smallest odd d that keeps the failure within `budget`. Nothing if the factory alone
/// exceeds the budget or no d up to 99 is enough.
[[nodiscard]] std::optional<CczResources> ccz_resources(const CczFactory& factory, double qubits,
                                                        double t_gates, double toffolis,
                                                        double physical_error, double budget,
                                                        double cycle_seconds, double routing);

}  // namespace qross::cost
