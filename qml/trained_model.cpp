// SPDX-License-Identifier: Apache-2.0
// The consistency of a trained model.
#include "qml/trained_model.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qml {

void validate(const TrainedModel& model) {
  validate(model.spec);
  const auto fits = [](std::string_view what, std::size_t is, std::size_t should) {
    if (is == should) return;
    throw Error(ErrorCode::bad_input,
                fmt::format("the model has {} {}, its circuit needs {}", is, what, should));
  };
  const std::size_t features = model.spec.circuit.features;
  fits("weights", model.weights.size(),
       weight_count(model.spec.circuit) + head_weights(model.spec.classes));
  fits("feature names", model.feature_names.size(), features);
  fits("class names", model.class_names.size(), model.spec.classes);
  fits("scaler centres", model.scaler.centre.size(), features);
  fits("scaler factors", model.scaler.factor.size(), features);
  if (!model.scaler.least.empty() || !model.scaler.most.empty()) {
    fits("least values of features", model.scaler.least.size(), features);
    fits("largest values of features", model.scaler.most.size(), features);
    for (std::size_t f = 0; f < features; ++f) {
      if (!(model.scaler.least[f] > model.scaler.most[f])) continue;
      throw Error(ErrorCode::bad_input, "the training range of a feature ends before it begins");
    }
  }
  const auto finite = [](const std::vector<double>& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
  };
  if (!finite(model.weights) || !finite(model.scaler.centre) || !finite(model.scaler.factor) ||
      !finite(model.scaler.least) || !finite(model.scaler.most) ||
      !std::isfinite(model.scaler.offset)) {
    throw Error(ErrorCode::bad_input, "a weight or a number of the scaler is not finite");
  }
}

}  // namespace qross::qml
