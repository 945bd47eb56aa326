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
namespace {

/// The distinct names, each in quotes, the first few of them.
std::string quoted(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 10;
  std::string text;
  for (std::size_t k = 0; k < std::min(names.size(), kMost); ++k) {
    text += fmt::format("{}\"{}\"", k == 0 ? "" : ", ", names[k].substr(0, 40));
  }
  if (names.size() > kMost) text += fmt::format(" and {} more", names.size() - kMost);
  return text;
}

/// The class with this label, by its text or, if both are numbers, by its value.
std::optional<std::uint32_t> find_class(const TrainedModel& model, const std::string& label) {
  const auto& names = model.class_names;
  if (const auto same = std::find(names.begin(), names.end(), label); same != names.end()) {
    return static_cast<std::uint32_t>(same - names.begin());
  }
  const std::optional<double> value = label_number(label);
  if (!value) return std::nullopt;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (label_number(names[k]) == value) return static_cast<std::uint32_t>(k);
  }
  return std::nullopt;
}

using Labels = std::vector<std::optional<std::uint32_t>>;

/// The class of each row, nothing for an empty label; nothing at all without the label column.
std::optional<Labels> read_labels(const TrainedModel& model, const CsvTable& table) {
  const auto found = std::find(table.columns.begin(), table.columns.end(), model.label_name);
  if (found == table.columns.end()) return std::nullopt;
  const auto column = static_cast<std::size_t>(found - table.columns.begin());
  Labels labels;
  std::vector<std::string> unknown;
  for (const std::vector<std::string>& row : table.rows) {
    const std::string& text = row[column];
    labels.push_back(text.empty() ? std::nullopt : find_class(model, text));
    const bool stranger = !text.empty() && !labels.back();
    if (stranger && std::find(unknown.begin(), unknown.end(), text) == unknown.end()) {
      unknown.push_back(text);
    }
  }
  if (!unknown.empty()) {
    throw Error(
        ErrorCode::bad_input,
        fmt::format("{}: the column \"{}\" has labels that are no classes of the model: {}; "
                    "the classes are {}",
                    table.source, model.label_name, quoted(unknown), quoted(model.class_names)),
        "use the labels that the model was trained with; leave a cell empty where the class "
        "is not known, or remove the column to predict without a score");
  }
  return labels;
}

}  // namespace

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
  for (std::size_t i = 0; i < values.size() / features; ++i) {
    const auto row = values.subspan(i * features, features);
    const auto feature = model.scaler.find_outside(row);
    if (!feature) continue;
    if (result.outside_rows++ == 0) result.first_outside = OutsideValue{i, *feature, row[*feature]};
  }
  return result;
}

Predictions predict(const TrainedModel& model, const CsvTable& table, qsim::Communicator& comm,
                    int threads) {
  // The labels are read first: a table that cannot be scored is refused before the work.
  const auto labels = read_labels(model, table);
  std::vector<std::size_t> columns;
  for (const std::string& name : model.feature_names) columns.push_back(table.column(name));
  std::vector<double> values;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    for (const std::size_t c : columns) values.push_back(table.number(r, c));
  }
  Predictions result = predict(model, values, comm, threads);
  result.has_label_column = labels.has_value();
  if (!labels) return result;
  double hits = 0.0;
  for (std::size_t r = 0; r < labels->size(); ++r) {
    const std::optional<std::uint32_t>& label = (*labels)[r];
    if (!label) continue;
    ++result.labelled;
    if (*label == result.classes[r]) hits += 1.0;
  }
  if (result.labelled > 0) result.accuracy = hits / static_cast<double>(result.labelled);
  return result;
}

}  // namespace qross::qml
