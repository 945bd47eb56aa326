// SPDX-License-Identifier: Apache-2.0
// The report of the main job: one self-contained HTML page with training curves, accuracies, cost
// charts and tables, and every source. The program fills ReportData and writes the string.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "benchmarks/cost/advantage.hpp"
#include "benchmarks/cost/compare.hpp"
#include "benchmarks/cost/machine.hpp"

namespace qross::cost {

/// How one model learned. Curves may be empty or of different length.
struct TrainingHistory {
  std::string name;
  bool quantum = false;
  std::vector<double> loss;                 ///< per epoch, training data
  std::vector<double> accuracy;             ///< per epoch, training data, 0..1
  std::vector<double> validation_accuracy;  ///< per epoch, validation data, 0..1
};

/// How good a trained model is. Accuracies are shares of samples, 0..1.
struct ModelResult {
  std::string name;
  bool quantum = false;
  double parameters = 0;
  double train_accuracy = 0;
  double test_accuracy = 0;
  double seconds = 0;  ///< of training, measured here
};

struct ReportData {
  std::string title;
  std::string summary;                                     ///< one or two sentences under the title
  std::vector<std::pair<std::string, std::string>> facts;  ///< host, version, data: name and value
  std::vector<TrainingHistory> histories;
  std::vector<ModelResult> models;
  std::vector<CostRow> rows;
  std::vector<Crossover> crossovers;  ///< see hoefler_crossovers(); may be empty
  std::vector<Machine> machines;      ///< whose figures and sources the page lists
  Site site;
  std::vector<std::string> notes;  ///< limits and remarks, whole sentences
};

/// The page. Needs no script and nothing from the network; all text is escaped. A section without
/// data is left out.
[[nodiscard]] std::string html_report(const ReportData& data);

}  // namespace qross::cost
