// SPDX-License-Identifier: Apache-2.0
// Model files: a trained model in HDF5 behind the seal of qsim/io/seal.hpp, complete enough to
// predict with: the circuit's options as attributes, weights (bit exact), scaler, names and history
// as lists. Called by qross train and predict.
#pragma once

#include <cstdint>
#include <string>

#include "qml/trained_model.hpp"

namespace qross::qml {

inline constexpr std::uint32_t kModelVersion = 1;

/// Whether this build reads and writes model files.
[[nodiscard]] bool has_model_files() noexcept;

/// Writes the model; the path never holds half a file. On several ranks, rank 0 alone calls this.
/// Throws Error(bad_input) for an inconsistent model, Error(output) if the file cannot be created,
/// Error(io) if writing fails, Error(unavailable) in a build without HDF5.
void save_model(const std::string& path, const TrainedModel& model);

/// Reads and checks everything: the seal before HDF5 sees a byte, sizes before they are allocated.
/// Throws Error(missing_input) if the file cannot be opened, Error(bad_input) if it is no model
/// file, Error(corrupt) if it is damaged or of a later version, Error(unavailable) in a build
/// without HDF5.
[[nodiscard]] TrainedModel load_model(const std::string& path);

}  // namespace qross::qml
