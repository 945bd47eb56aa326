// SPDX-License-Identifier: Apache-2.0
// HostRates: the host profile that plans are made with, and what forecasts need beyond it: the
// rates of what a command does beside its gates, and what machine they belong to. A plain value
// with defaults; calibration measures the real ones.
#pragma once

#include <string>

#include "qsim/plan/host_profile.hpp"

namespace qross::qsim {

/// What a command takes beside its gates. Rates in bytes of state are those of one rank with all
/// its threads; the rate of a file is that of the whole file.
struct CommandRates {
  double start_seconds = 0.03;     ///< from the start of the process until the ranks have met
  double base_bytes = 24e6;        ///< memory of a rank before it has read a circuit
  double fill_rate = 4e9;          ///< bytes/s of state, taken from the system and set to |0..0>
  double free_rate = 40e9;         ///< bytes/s of state, given back
  double norm_rate = 15e9;         ///< bytes/s of state, the sum of all probabilities
  double expect_rate = 15e9;       ///< bytes/s of state, strings of Z that are summed together
  double expect_flip_rate = 10e9;  ///< bytes/s of state, strings that flip the same qubits
  double sample_rate = 10e9;       ///< bytes/s of state, the sums that shots are drawn from
  double shot_seconds = 0.6e-6;    ///< one shot of one thread: drawn, found, counted
  double write_rate = 0.5e9;       ///< bytes/s of a state file, until they are on the disk
  double write_seconds = 0.02;     ///< one file, however small
};

struct HostRates : HostProfile {
  CommandRates command;
  double thread_memory_rate = 10e9;  ///< memory_rate of one thread while the others rest
  bool scaled = false;               ///< by rates_with: measured with other numbers
  std::string processor;  ///< the model measured (core/machine_load.hpp); empty: defaults
  std::string isa;        ///< instruction set of the kernels measured
};

/// The rates with `threads` threads on each of `ranks` ranks of a machine, from those that were
/// measured with other numbers: what threads compute grows with their number; memory and files are
/// shared by all threads and ranks, but no thread takes more than thread_memory_rate. The result
/// has these numbers of threads and ranks. Both at least 1.
[[nodiscard]] HostRates rates_with(const HostRates& profile, unsigned threads, unsigned ranks);

}  // namespace qross::qsim
