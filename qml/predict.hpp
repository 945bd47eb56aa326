// SPDX-License-Identifier: Apache-2.0
// Prediction with a trained model. Called by qross predict and by programs that embed a model.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qml/dataset.hpp"
#include "qml/trained_model.hpp"

namespace qross::qml {

struct Predictions {
  std::vector<std::uint32_t> classes;  ///< index into the model's class_names
  std::vector<double> probabilities;   ///< row-major, one row of class probabilities a sample
  /// Share of right answers, if the table has the model's label column.
  std::optional<double> accuracy;
};

/// Predicts rows of unscaled features (row-major, in the order of model.feature_names).
/// Collective: every rank gets all results. Throws Error(bad_input) for numbers that do not make
/// whole rows or are not finite.
[[nodiscard]] Predictions predict(const TrainedModel& model, std::span<const double> values,
                                  qsim::Communicator& comm, int threads = 1);

/// Predicts the rows of a table whose columns include the model's features by name; other columns
/// are ignored, except that the label column, where there is one, gives the accuracy.
/// Throws Error(bad_input) for a missing column or a cell that is no number, with file:line.
[[nodiscard]] Predictions predict(const TrainedModel& model, const CsvTable& table,
                                  qsim::Communicator& comm, int threads = 1);

}  // namespace qross::qml
