// SPDX-License-Identifier: Apache-2.0
// From logical gates to physical qubits and seconds under the surface code, after Beverland et al.
// 2022 (arXiv:2211.07629, "BEV22") and the Azure resource estimator. Plain numbers: ranges are made
// in fault_tolerant.cpp by running this at the corners.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace qross::cost {

/// One shot of an algorithm in logical operations.
struct LogicalCounts {
  double qubits = 0;
  double measurements = 0;
  double rotations = 0;
  double rotation_depth = 0;
  double t_gates = 0;
  double toffolis = 0;
};

/// Physical qubits and the code that protects them.
struct SurfaceCode {
  double error = 1e-3;           ///< p of a physical operation
  double threshold = 0.01;       ///< p*
  double prefactor = 0.03;       ///< a
  double time_2q = 50e-9;        ///< s
  double time_measure = 100e-9;  ///< s
};

/// T gates of a rotation to precision eps: slope log2(1/eps) + offset, rounded up.
/// slope 0.53 and offset 4.86 (Kliuchnikov et al. 2022 as coded in the Azure estimator) or 5.3
/// (text of BEV22).
struct Synthesis {
  double slope = 0.53;
  double offset = 4.86;
};

/// The algorithm laid out on a grid of logical qubits, BEV22 appendix D.
struct Layout {
  double qubits = 0;          ///< 2 Q + ceil(sqrt(8 Q)) + 1
  double t_per_rotation = 0;  ///< ceil(slope log2(M_R / eps_syn) + offset)
  double depth = 0;           ///< M_meas + M_R + M_T + 3 M_Tof + D_R T_rot, in logical cycles
  double t_states = 0;        ///< M_T + 4 M_Tof + M_R T_rot
};

/// `budget_synthesis` is the failure probability left for all rotations together.
[[nodiscard]] Layout lay_out(const LogicalCounts& counts, const Synthesis& synthesis,
                             double budget_synthesis);

/// Smallest odd distance d with a (p/p*)^((d+1)/2) <= required, per logical qubit and cycle;
/// nothing if p >= p* or d would exceed 50 (the limit of the Azure estimator).
[[nodiscard]] std::optional<int> code_distance(const SurfaceCode& code, double required);

/// Seconds of one logical cycle, (4 t_2q + 2 t_meas) d.
[[nodiscard]] double logical_cycle(const SurfaceCode& code, int distance);

/// Physical qubits of one logical qubit, 2 d^2.
[[nodiscard]] double physical_per_logical(int distance);

/// A T-state factory of Litinski 2019 (arXiv:1905.06903, Table 1).
struct TFactory {
  std::string_view protocol;
  double error_physical;  ///< the p it was computed for
  double error_out;       ///< of one T state
  double qubits;          ///< physical
  double rounds;          ///< syndrome-measurement rounds per run
  double states;          ///< T states per run
};

[[nodiscard]] std::span<const TFactory> t_factories();

/// The factory of least qubit-rounds per state whose output error is at most `required`, among
/// those computed for the smallest tabulated p that is not below `error`; null if there is none.
[[nodiscard]] const TFactory* choose_factory(double error, double required);

/// What one shot needs. `problem` is set, and the numbers are zero, where the code cannot do it.
struct SurfaceRun {
  std::string_view problem;
  Layout layout;
  int distance = 0;
  double seconds = 0;
  const TFactory* factory = nullptr;  ///< null if no T state is needed
  double factories = 0;
  double physical_qubits = 0;
};

/// One shot within a failure `budget`, split in thirds over logical errors, T states and synthesis
/// (in halves when there are no rotations), BEV22 section III. The shot lasts at least as long as
/// one factory run; factories are as many as deliver all T states in that time.
[[nodiscard]] SurfaceRun run_surface_code(const LogicalCounts& counts, const SurfaceCode& code,
                                          const Synthesis& synthesis, double budget);

}  // namespace qross::cost
