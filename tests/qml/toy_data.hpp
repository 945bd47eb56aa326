// SPDX-License-Identifier: Apache-2.0
// Small made-up data for the tests of training: two or three clouds of points on a line of angles.
#pragma once

#include "qml/dataset.hpp"
#include "qml/setup.hpp"
#include "qml/trained_model.hpp"
#include "qsim/core/random.hpp"

namespace qross::test {

/// `count` samples of each class, `features` columns; class c lies around c + 0.5, width 0.8.
inline qml::Dataset clouds(std::size_t count, std::size_t classes, std::size_t features) {
  qml::Dataset data;
  data.source = "clouds";
  data.label_name = "cloud";
  for (std::size_t f = 0; f < features; ++f) data.feature_names.push_back("f" + std::to_string(f));
  for (std::size_t c = 0; c < classes; ++c) data.class_names.push_back("c" + std::to_string(c));
  for (std::size_t i = 0; i < count * classes; ++i) {
    const std::size_t c = i % classes;
    data.labels.push_back(static_cast<std::uint32_t>(c));
    for (std::size_t f = 0; f < features; ++f) {
      const double noise =
          qsim::uniform(1, qsim::Purpose::data, i, static_cast<std::uint32_t>(f)) - 0.5;
      data.values.push_back(static_cast<double>(c) + 0.5 + 0.8 * noise);
    }
  }
  return data;
}

inline qml::TrainingSetup small_setup() {
  qml::TrainingSetup setup;
  setup.name = "clouds";
  setup.model.layers = 1;
  setup.train.optimizer = qml::Adam{0.1};
  setup.train.epochs = 4;
  setup.train.batch = 5;
  return setup;
}

/// A consistent model with odd numbers in every place, not a trained one.
inline qml::TrainedModel some_model() {
  qml::TrainedModel model;
  model.spec.circuit = {
      2, 3,   {qml::Axis::x, 0.75}, qml::Ansatz::hardware_efficient, qml::Entangler::cz_line,
      2, true};
  model.spec.classes = 3;
  model.scaler = {{0.1, -2.0 / 3.0}, {1e-300, 3.0}, 1.0 / 3.0, {-7.0, 0.1}, {1e300, 0.7}};
  model.label_name = "kind";
  model.feature_names = {"length in cm", "Breite"};
  model.class_names = {"a", "bb", "c\xC3\xA9"};
  for (int i = 0; i < 12 + 4; ++i) model.weights.push_back(1.0 / (i + 3) - 0.2);
  model.weights[3] = -0.0;
  model.weights[4] = 5e-324;
  model.history = {{1, 0.9, 0.5, 1.0 / 7.0, 0.25, 96}, {2, 0.8, 0.625, 1.0 / 9.0, 0.75, 192}};
  model.seed = 0xFFFFFFFFFFFFFFFFULL;
  model.test_accuracy = 14.0 / 15.0;
  return model;
}

}  // namespace qross::test
