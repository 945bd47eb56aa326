// SPDX-License-Identifier: Apache-2.0
// StateInfo: what a state file says about the state in it. Plain values; filled in by the caller of
// write_state as far as only the caller knows, completed by the writer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "qsim/plan/layout.hpp"

namespace qross::qsim {

/// The version of the state format that this code writes; it reads this one and all before it.
inline constexpr std::uint32_t kStateFormatVersion = 1;

struct StateInfo {
  // From the caller.
  std::string program;                ///< name and version of the program, "Qross 0.1.0"
  std::optional<std::uint64_t> seed;  ///< of the run
  std::string circuit;                ///< text of the circuit, empty if there is none
  // From the writer; ignored on input.
  unsigned qubits = 0;
  Precision precision = Precision::double_precision;
  double norm = 0.0;  ///< sum of |amplitude|^2, on the fixed tree of index bits
  std::uint32_t format_version = kStateFormatVersion;
  std::uint64_t circuit_hash = 0;  ///< XXH3-64 of the circuit's text, 0 without one
  std::string bit_order;           ///< a sentence: which bit of the index is which qubit
};

}  // namespace qross::qsim
