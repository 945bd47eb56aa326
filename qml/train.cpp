// SPDX-License-Identifier: Apache-2.0
// Tying data, model and trainer together.
#include "qml/train.hpp"

#include <chrono>
#include <memory>

#include "qml/rivals.hpp"
#include "qsim/core/error.hpp"
#include "qsim/io/together.hpp"

namespace qross::qml {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

Samples part(const Dataset& data, const std::vector<std::size_t>& members, const Scaler& scaler) {
  Samples samples;
  samples.features = data.features();
  samples.values.resize(members.size() * samples.features);
  for (std::size_t i = 0; i < members.size(); ++i) {
    scaler.apply(data.row(members[i]),
                 std::span(samples.values).subspan(i * samples.features, samples.features));
    samples.labels.push_back(data.labels[members[i]]);
  }
  return samples;
}

PartScores score(const Model& model, Crew& crew, const std::vector<double>& weights,
                 const PreparedData& data, qsim::Communicator& comm, Work& work) {
  return {evaluate(model, crew, weights, data.train, comm, work),
          evaluate(model, crew, weights, data.validation, comm, work),
          evaluate(model, crew, weights, data.test, comm, work)};
}

}  // namespace

PreparedData prepare(Dataset data, const TrainingSetup& setup) {
  PreparedData result;
  result.split = stratified_split(data.labels, setup.data.test_fraction,
                                  setup.data.validation_fraction, setup.data.seed);
  std::vector<double> training;
  for (const std::size_t i : result.split.train) {
    const auto row = data.row(i);
    training.insert(training.end(), row.begin(), row.end());
  }
  result.scaler = fit_scaler(training, data.features(), setup.model.scaling);
  result.train = part(data, result.split.train, result.scaler);
  result.validation = part(data, result.split.validation, result.scaler);
  result.test = part(data, result.split.test, result.scaler);
  result.data = std::move(data);
  return result;
}

PreparedData load_data(const TrainingSetup& setup, qsim::Communicator& comm) {
  PreparedData result;
  qsim::together(comm, [&] {
    result = prepare(make_dataset(read_csv(setup.data.file), setup.data.label), setup);
  });
  return result;
}

ClassifierSpec classifier_spec(const TrainingSetup& setup, const Dataset& data) {
  ClassifierSpec spec;
  spec.classes = data.class_names.size();
  CircuitSpec& circuit = spec.circuit;
  circuit.features = data.features();
  circuit.qubits =
      setup.model.qubits == 0 ? static_cast<qsim::Qubit>(circuit.features) : setup.model.qubits;
  circuit.encoder = setup.model.encoder;
  circuit.ansatz = setup.model.ansatz;
  circuit.entangler = setup.model.entangler;
  circuit.layers = setup.model.layers;
  circuit.reuploading = setup.model.reuploading;
  validate(spec);
  return spec;
}

TrainResult train(const TrainingSetup& setup, const PreparedData& data, qsim::Communicator& comm,
                  int threads, const Progress& progress) {
  const auto start = Clock::now();
  const QuantumClassifier classifier(classifier_spec(setup, data.data));
  const auto crew = classifier.make_crew(comm, threads);
  TrainResult result;
  result.fit = fit(classifier, *crew, data.train, data.validation, setup.train, comm, progress);
  result.work = result.fit.work;
  result.scores = score(classifier, *crew, result.fit.weights, data, comm, result.work);
  result.seconds = seconds_since(start);
  result.model = {classifier.spec(),       data.scaler,           data.data.label_name,
                  data.data.feature_names, data.data.class_names, result.fit.weights,
                  result.fit.history,      setup.train.seed,      result.scores.test.accuracy};
  return result;
}

TrainResult train(const TrainingSetup& setup, qsim::Communicator& comm, int threads,
                  const Progress& progress) {
  return train(setup, load_data(setup, comm), comm, threads, progress);
}

std::unique_ptr<Model> make_rival(const RivalSetup& rival, const PreparedData& data) {
  const std::size_t features = data.data.features();
  const std::size_t classes = data.data.class_names.size();
  switch (rival.kind) {
    case RivalSetup::Kind::logistic:
      return std::make_unique<LogisticRegression>(features, classes);
    case RivalSetup::Kind::mlp:
      return std::make_unique<Perceptron>(features, rival.hidden, classes);
  }
  throw Error(ErrorCode::bug, "unknown kind of classical rival");
}

Work planned_work(const Model& model, const TrainOptions& options, const PreparedData& data) {
  const double epochs = options.epochs;
  const auto train = static_cast<double>(data.train.size());
  const auto validation = static_cast<double>(data.validation.size());
  const auto test = static_cast<double>(data.test.size());
  Work work = epochs * train * model.gradient_work();
  work += ((epochs + 1.0) * validation + train + test) * model.scores_work();
  return work;
}

RivalResult train_rival(const RivalSetup& rival, const PreparedData& data, qsim::Communicator& comm,
                        int threads, const Progress& progress) {
  const auto start = Clock::now();
  const std::unique_ptr<Model> model = make_rival(rival, data);
  const auto crew = model->make_crew(comm, threads);
  RivalResult result;
  result.name = name(rival.kind);
  result.setup = rival;
  result.fit = fit(*model, *crew, data.train, data.validation, rival.train, comm, progress);
  result.work = result.fit.work;
  result.scores = score(*model, *crew, result.fit.weights, data, comm, result.work);
  result.seconds = seconds_since(start);
  return result;
}

}  // namespace qross::qml
