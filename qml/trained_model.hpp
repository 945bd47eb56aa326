// SPDX-License-Identifier: Apache-2.0
// TrainedModel: all that a model file holds and a prediction needs. A plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "qml/classifier.hpp"
#include "qml/scaler.hpp"
#include "qml/trainer.hpp"

namespace qross::qml {

struct TrainedModel {
  ClassifierSpec spec;
  Scaler scaler;
  std::string label_name;
  std::vector<std::string> feature_names;
  std::vector<std::string> class_names;
  std::vector<double> weights;
  std::vector<EpochRecord> history;
  std::uint64_t seed = 0;
  double test_accuracy = 0;  ///< NaN if nothing was held back
};

/// Checks that all parts fit each other and every weight is finite.
/// Throws Error(bad_input) naming the part.
void validate(const TrainedModel& model);

}  // namespace qross::qml
