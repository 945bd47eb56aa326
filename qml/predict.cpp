// SPDX-License-Identifier: Apache-2.0
// From raw features to classes.
#include "qml/predict.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "qml/loss.hpp"
#include "qml/sample_map.hpp"
#include "qsim/core/error.hpp"

namespace qross::qml {

Predictions predict(const TrainedModel& model, std::span<const double> values,
                    qsim::Communicator& comm, int threads) {
  validate(model);
  const std::size_t features = model.spec.circuit.features;
  if (values.size() % features != 0) {
    throw Error(ErrorCode::bad_input, fmt::format("{} numbers are no whole rows of {} features",
                                                  values.size(), features));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    throw Error(ErrorCode::bad_input, fmt::format("feature \"{}\" of sample {} is not finite",
                                                  model.feature_names[i % features], i / features));
  }
  const QuantumClassifier classifier(model.spec);
  const auto crew = classifier.make_crew(comm, threads);
  const std::size_t classes = model.spec.classes;
  Predictions result;
  result.probabilities =
      map_stretches(comm, values.size() / features, classes,
                    [&](std::size_t first, std::size_t count, std::span<double> rows) {
                      std::vector<double> scaled(count * features);
                      for (std::size_t i = 0; i < count; ++i) {
                        model.scaler.apply(values.subspan((first + i) * features, features),
                                           std::span(scaled).subspan(i * features, features));
                      }
                      crew->scores(scaled, model.weights, rows);
                      for (std::size_t i = 0; i < count; ++i) {
                        const auto row = rows.subspan(i * classes, classes);
                        softmax(row, row);
                      }
                    });
  for (std::size_t i = 0; i < result.probabilities.size(); i += classes) {
    result.classes.push_back(argmax(std::span(result.probabilities).subspan(i, classes)));
  }
  return result;
}

Predictions predict(const TrainedModel& model, const CsvTable& table, qsim::Communicator& comm,
                    int threads) {
  std::vector<std::size_t> columns;
  for (const std::string& name : model.feature_names) columns.push_back(table.column(name));
  std::vector<double> values;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    for (const std::size_t c : columns) values.push_back(table.number(r, c));
  }
  Predictions result = predict(model, values, comm, threads);
  const auto label = std::find(table.columns.begin(), table.columns.end(), model.label_name);
  if (label != table.columns.end() && !table.rows.empty()) {
    const auto at = static_cast<std::size_t>(label - table.columns.begin());
    double hits = 0.0;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      hits += table.rows[r][at] == model.class_names[result.classes[r]] ? 1.0 : 0.0;
    }
    result.accuracy = hits / static_cast<double>(table.rows.size());
  }
  return result;
}

}  // namespace qross::qml
