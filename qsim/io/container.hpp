// SPDX-License-Identifier: Apache-2.0
// The HDF5 side of state and result files: everything but the amplitudes themselves, in memory. One
// rank only calls these. Without HDF5 (QROSS_HDF5=OFF) all throw Error(unavailable).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "qsim/io/result_file.hpp"
#include "qsim/io/seal.hpp"
#include "qsim/io/state_info.hpp"

namespace qross::qsim {

/// What a state file says, sound and checked against its size.
struct StateContainer {
  StateInfo info;
  Extent payload;
  std::vector<std::uint64_t> checksums;  ///< of the pieces
};

/// A state file without its amplitudes, which are a hole in the image.
struct StateDraft {
  FileImage image;
  Extent payload;
};

/// Lays out a state file: all datasets with their space, the attributes, no amplitudes yet. Uses
/// the caller's part of `info`, the qubits and precision; messages call the file `shown`.
/// Throws Error(io).
[[nodiscard]] StateDraft create_state_container(const std::filesystem::path& shown,
                                                const StateInfo& info);

/// Adds what is known only after the amplitudes: checksums and norm. Throws Error(io).
void finish_state_container(FileImage& image, const std::filesystem::path& shown, double norm,
                            std::span<const std::uint64_t> checksums);

/// Checks a state file up to its amplitudes and reads its header. Nothing is allocated by sizes
/// that the file claims before they are checked against the file.
/// Throws Error(missing_input), Error(bad_input), Error(corrupt), Error(io).
[[nodiscard]] StateContainer read_state_container(const std::filesystem::path& file);

/// A result without a seal; messages call it `shown`. Throws Error(io).
[[nodiscard]] FileImage make_result_container(const std::filesystem::path& shown,
                                              const ResultRecord& result);

/// Checks and reads a result file. Throws like read_state_container().
[[nodiscard]] ResultRecord read_result_container(const std::filesystem::path& file);

}  // namespace qross::qsim
