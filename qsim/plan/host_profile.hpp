// SPDX-License-Identifier: Apache-2.0
// HostProfile: what the planner needs to know of the machine. A plain value with defaults that
// are right to a factor of two on servers of today; engine/calibrate measures the real ones.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace qross::qsim {

/// What a trip of amplitudes through the registers does there (qsim/kernels/tile.hpp has the
/// steps).
enum class StepForm : std::uint8_t {
  trip,           ///< load and store, nothing in between
  shear,          ///< a rotation about a Pauli string but for its common factor
  rotate,         ///< the same with its factor, or controlled
  turned,         ///< a rotation about an axis between X and Y
  rotate_turned,  ///< rotations of the two parities of a pair
  move,           ///< flips, exchanges of rows
  lane_swap,      ///< a qubit inside the registers changes places with one outside
  diagonal,       ///< phases of rows and lanes
  table,          ///< phases from a table of the sub-block
  product,        ///< phases that depend on positions outside it
  phase,          ///< one phase
  scale,
  dense,  ///< a dense matrix of two qubits
  count
};
inline constexpr std::size_t kStepForms = static_cast<std::size_t>(StepForm::count);
inline constexpr std::array<std::string_view, kStepForms> kStepNames = {
    "trip",     "shear", "rotate",  "turned", "rotate_turned", "move", "lane_swap",
    "diagonal", "table", "product", "phase",  "scale",         "dense"};
/// Vector instructions of a form for one block (two vectors), loads and stores of a trip aside.
inline constexpr std::array<double, kStepForms> kStepInstructions = {0, 2, 4, 4, 6, 0, 3,
                                                                     4, 4, 8, 2, 2, 16};

/// Seconds that a step takes one thread for one block of 128 bytes in the cache, all threads busy.
struct StepSeconds {
  std::array<double, kStepForms> of{1.5e-9, 0.6e-9, 1.1e-9, 1.1e-9, 1.7e-9, 0.2e-9, 0.9e-9,
                                    1.2e-9, 1.3e-9, 2.2e-9, 0.6e-9, 0.6e-9, 4.6e-9};
  /// Of the steps of a trip, the share that its loads and stores do not hide: a trip with steps
  /// takes trip + exposed * steps, or the steps alone if that is longer.
  double exposed = 0.6;
};

struct HostProfile {
  unsigned low_bytes_log2 = 13;  ///< a pass keeps contiguous rows of 2^13 bytes (9 qubits, double)
  unsigned high_qubits = 6;      ///< and this many qubits above them
  unsigned sub_block_log2 = 19;  ///< and cuts them into sub-blocks of 2^19 bytes: here, none
  /// What a pass fills is stored past the caches from 2^26 bytes on: none of it would still be
  /// there.
  unsigned stream_log2 = 26;
  double memory_rate = 20e9;  ///< bytes/s, read plus write, in-place update from memory
  double pass_rate = 20e9;    ///< the same in the order of a pass: short rows far apart
  double cache_rate = 100e9;  ///< the same from the L2 cache
  double flop_rate = 50e9;    ///< double-precision FLOP/s of the kernels, all threads
  StepSeconds double_steps;
  StepSeconds single_steps;
  double fork_seconds = 2e-6;      ///< until all threads have begun and ended a pass
  double exchange_rate = 5e9;      ///< bytes/s sent by one rank
  double exchange_latency = 5e-6;  ///< seconds a message
  unsigned threads = 1;            ///< threads of each rank the rates were measured with
  unsigned ranks = 1;              ///< ranks on the host that measured at the same time
  bool exchange_measured = false;  ///< false: exchange rate and latency are the defaults
  bool measured = false;           ///< false: these are the defaults
  std::string host;                ///< name of the machine measured
};

}  // namespace qross::qsim
