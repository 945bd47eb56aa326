// SPDX-License-Identifier: Apache-2.0
// qross convert: states and counts between our files and those of other programs, by the names'
// extensions. One rank; memory does not grow with the state.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace qross::qsim {

/// Whose JSON to write.
enum class CountsFormat { qiskit, braket };

struct ConvertOptions {
  std::optional<CountsFormat> format;  ///< needed for .json, refused for everything else
  std::string program;                 ///< name and version, for state files made from .npy
};

/// Converts `in` to `out`, which appears only when complete:
///   state .h5 -> .npy (complex64/complex128) or .csv (index, bit string, re, im, probability);
///   .npy -> state .h5 (the norm must be 1, see norm_tolerance());
///   result .h5 or .json (qross.result/1) -> .csv of counts, .json of Qiskit or Braket.
/// Throws Error(usage) for other pairs, naming those that work, and for a format that is missing or
/// not applicable; Error(missing_input), Error(bad_input), Error(corrupt) for the input;
/// Error(output), Error(io) for the output; Error(unavailable) for .h5 without HDF5.
void convert(const std::filesystem::path& in, const std::filesystem::path& out,
             const ConvertOptions& options);

}  // namespace qross::qsim
