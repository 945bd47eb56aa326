// SPDX-License-Identifier: Apache-2.0
// What a workload took: the plain numbers every cost model starts from. Filled by the program that
// ran the workload (measured seconds) or planned it (seconds left at zero), or read from a file.
// Assumes counts are exact; they are doubles because FLOP exceed 64-bit integers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qross::cost {

/// `tensor`: FP16/BF16 products with FP32 sums on matrix units, as large models are trained.
enum class Precision { fp64, fp32, tensor };

/// The word of TOML and JSON. @throws qross::Error (bug).
[[nodiscard]] std::string_view name(Precision precision);

/// One circuit as it would be sent to a quantum computer (the average one if they differ).
struct CircuitCounts {
  double qubits = 0;  ///< that gates touch or that are measured
  double gates_1q = 0;
  double gates_2q = 0;
  double depth = 0;           ///< layers of any gates
  double depth_2q = 0;        ///< layers that hold a two-qubit gate
  double measurements = 0;    ///< readouts per shot
  double parameters = 0;      ///< trainable ones
  double rotations = 0;       ///< rotations by angles that are no multiple of pi/4
  double rotation_depth = 0;  ///< layers that hold such a rotation
  double t_gates = 0;
  double toffolis = 0;
};

/// The whole quantum workload as state-vector simulation. All counts are totals of the run.
struct SimulationCounts {
  double circuits = 0;      ///< circuit executions, forward or backward
  double flop = 0;          ///< floating-point operations of the gates
  double bytes_moved = 0;   ///< to and from memory
  double launches = 0;      ///< passes or gates that a GPU would start as one kernel each
  double batch = 1;         ///< circuits that one launch could serve together
  double memory_bytes = 0;  ///< largest footprint at one time
  double exchanges = 0;     ///< of the whole state if it is spread over devices
  /// The same by the number of devices: 2, 4, 8 and so on. Empty where `exchanges` is all there is.
  std::vector<double> exchanges_on = {};
  Precision precision = Precision::fp64;
  double seconds = 0;  ///< measured here; 0 if it was not run
  double cores = 0;    ///< cores it kept busy here
  /// What keeps the workload from being simulated; empty where it is, or where nobody asked for it.
  std::string why_not = {};
};

/// The same workload on a quantum computer.
struct HardwareCounts {
  double circuits = 0;  ///< submissions, see parameter_shift_circuits()
  double shots = 0;     ///< per submission
};

/// A classical model trained on the same data.
struct RivalCounts {
  std::string name;
  double flop = 0;
  double steps = 0;             ///< optimiser steps
  double kernels_per_step = 0;  ///< GPU kernels one step launches
  double memory_bytes = 0;      ///< weights, gradients, optimiser state, activations
  double devices = 1;           ///< accelerators it would be spread over
  Precision precision = Precision::fp32;
  double seconds = 0;  ///< measured here; 0 if it was not run
  double cores = 0;
};

struct Counts {
  std::string name;
  CircuitCounts circuit;
  SimulationCounts simulation;
  HardwareCounts hardware;
  std::vector<RivalCounts> rivals;
};

/// Submissions for training by parameter shift: steps x samples per step x (2 P + 1), two shifted
/// circuits for each of P parameters and one for the value.
/// Source: Schuld et al. 2019, Phys. Rev. A 99, 032331.
[[nodiscard]] double parameter_shift_circuits(double steps, double samples_per_step,
                                              double parameters);

/// Checks that every count is finite and not negative, that batches and devices are at least one
/// and that what is to be simulated or submitted has qubits.
/// @throws qross::Error (bad_input) naming the count.
void validate(const Counts& counts);

/// Reads the tables [counts.circuit], [counts.simulation], [counts.hardware] and the list
/// [[counts.rival]] of a workload file, with the member names above as keys. Beside them stands
/// `name`; other keys and tables are refused, as are `seconds` and `cores`: nothing read is taken
/// as measured.
/// @throws qross::Error missing_input or config (file, line, key), or as validate().
[[nodiscard]] Counts load_counts(const std::string& path);

}  // namespace qross::cost
