// SPDX-License-Identifier: Apache-2.0
// States as NumPy files: a one-dimensional array of complex64 or complex128, index in logical qubit
// order. Format: numpy.lib.format, written in version 1.0, read in 1.0 to 3.0.
#pragma once

#include <cstdint>
#include <string>

#include "qsim/io/file.hpp"
#include "qsim/plan/layout.hpp"

namespace qross::qsim {

/// What stands before the numbers in a .npy file of 2^qubits amplitudes; a multiple of 64 bytes.
[[nodiscard]] std::string npy_header(unsigned qubits, Precision precision);

struct NpyState {
  unsigned qubits = 0;
  Precision precision = Precision::double_precision;
  std::uint64_t offset = 0;  ///< of the first amplitude in the file
};

/// Reads and checks the header. Throws Error(bad_input) if the file is not a state: another format,
/// another type or byte order, more than one dimension, a length that is no power of two, or a size
/// that does not go with it.
[[nodiscard]] NpyState read_npy_header(const File& file);

}  // namespace qross::qsim
