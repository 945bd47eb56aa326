// SPDX-License-Identifier: Apache-2.0
// HostProfile: what the planner needs to know of the machine. A plain value with defaults that
// are right to a factor of two on servers of today; engine/calibrate measures the real ones.
#pragma once

#include <string>

namespace qross::qsim {

struct HostProfile {
  unsigned low_bytes_log2 = 13;  ///< a pass keeps contiguous rows of 2^13 bytes (9 qubits, double)
  unsigned high_qubits = 6;      ///< and this many qubits above them
  unsigned sub_block_log2 = 19;  ///< and cuts them into sub-blocks of 2^19 bytes: here, none
  double memory_rate = 20e9;     ///< bytes/s, read plus write, in-place update from memory
  double cache_rate = 100e9;     ///< the same from the L2 cache
  double flop_rate = 50e9;       ///< double-precision FLOP/s of the kernels, all threads
  double exchange_rate = 5e9;    ///< bytes/s sent by one rank
  double exchange_latency = 5e-6;  ///< seconds a message
  unsigned threads = 1;            ///< threads of each rank the rates were measured with
  unsigned ranks = 1;              ///< ranks on the host that measured at the same time
  bool exchange_measured = false;  ///< false: exchange rate and latency are the defaults
  bool measured = false;           ///< false: these are the defaults
  std::string host;                ///< name of the machine measured
};

}  // namespace qross::qsim
