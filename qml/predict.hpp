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

/// A value far from all that the model was trained with.
struct OutsideValue {
  std::size_t row = 0;
  std::size_t feature = 0;
  double value = 0.0;
};

struct Predictions {
  std::vector<std::uint32_t> classes;  ///< index into the model's class_names
  std::vector<double> probabilities;   ///< row-major, one row of class probabilities a sample
  /// Share of right answers among the rows with a label, if there is one.
  std::optional<double> accuracy;
  std::size_t labelled = 0;       ///< rows that the accuracy is taken over
  bool has_label_column = false;  ///< the table has the model's label column
  /// Rows with a feature outside its training range by more than the width of that range, and the
  /// first of them. A class is predicted for them all the same. 0 for models without ranges.
  std::size_t outside_rows = 0;
  std::optional<OutsideValue> first_outside;
};

/// Predicts rows of unscaled features (row-major, in the order of model.feature_names).
/// Collective: every rank gets all results. Throws Error(bad_input) for numbers that do not make
/// whole rows or are not finite.
[[nodiscard]] Predictions predict(const TrainedModel& model, std::span<const double> values,
                                  qsim::Communicator& comm, int threads = 1);

/// Predicts the rows of a table whose columns include the model's features by name; other columns
/// are ignored, except that the label column, where there is one, gives the accuracy. A row whose
/// label is empty is predicted and left out of the accuracy; labels that are numbers compare as
/// numbers, so "1" and "1.0" are the same class.
/// Throws Error(bad_input) for a missing column, a cell that is no number, with file:line, or a
/// label that is none of the model's classes, with the labels of both sides.
[[nodiscard]] Predictions predict(const TrainedModel& model, const CsvTable& table,
                                  qsim::Communicator& comm, int threads = 1);

}  // namespace qross::qml
