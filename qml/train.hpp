// SPDX-License-Identifier: Apache-2.0
// One call from a setup to a trained model, and to a trained classical rival on the same split.
// Called by qross train, qross bench and programs that embed the library.
#pragma once

#include <memory>
#include <string>

#include "qml/dataset.hpp"
#include "qml/setup.hpp"
#include "qml/split.hpp"
#include "qml/trained_model.hpp"

namespace qross::qml {

/// A data set, split and scaled for training. The scaler knows the training part alone.
struct PreparedData {
  Dataset data;
  Split split;
  Scaler scaler;
  Samples train;
  Samples validation;
  Samples test;
};

/// Splits and scales. Throws Error(bad_input) like stratified_split() and fit_scaler().
[[nodiscard]] PreparedData prepare(Dataset data, const TrainingSetup& setup);

/// Reads setup.data.file and prepares it. Collective: a rank that fails makes all fail.
[[nodiscard]] PreparedData load_data(const TrainingSetup& setup, qsim::Communicator& comm);

/// How the final weights do on each part.
struct PartScores {
  Evaluation train;
  Evaluation validation;
  Evaluation test;
};

struct TrainResult {
  TrainedModel model;
  PartScores scores;
  FitResult fit;
  Work work;           ///< of training and of the final scores
  double seconds = 0;  ///< wall time of the same on this rank
};

struct RivalResult {
  std::string name;
  RivalSetup setup;
  PartScores scores;
  FitResult fit;
  Work work;
  double seconds = 0;
};

/// The model that a setup describes for this data.
/// Throws Error(bad_input) if it has fewer qubits than features or classes.
[[nodiscard]] ClassifierSpec classifier_spec(const TrainingSetup& setup, const Dataset& data);

/// Trains the quantum classifier. Collective; the result is the same on every rank and for any
/// number of ranks and threads, but for the seconds. Throws like load_data() and fit().
[[nodiscard]] TrainResult train(const TrainingSetup& setup, const PreparedData& data,
                                qsim::Communicator& comm, int threads = 1,
                                const Progress& progress = {});
[[nodiscard]] TrainResult train(const TrainingSetup& setup, qsim::Communicator& comm,
                                int threads = 1, const Progress& progress = {});

/// The classical model of a rival for this data. Throws Error(bad_input) for empty layers.
[[nodiscard]] std::unique_ptr<Model> make_rival(const RivalSetup& rival, const PreparedData& data);

/// What train() or train_rival() of this model do if all epochs run: gradients of the training part
/// and scores of the validation part in each epoch, then scores of all parts. Runs nothing.
[[nodiscard]] Work planned_work(const Model& model, const TrainOptions& options,
                                const PreparedData& data);

/// Trains a classical rival on the same split. Collective.
[[nodiscard]] RivalResult train_rival(const RivalSetup& rival, const PreparedData& data,
                                      qsim::Communicator& comm, int threads = 1,
                                      const Progress& progress = {});

}  // namespace qross::qml
