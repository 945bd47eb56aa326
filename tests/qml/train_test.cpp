// SPDX-License-Identifier: Apache-2.0
#include "qml/train.hpp"

#include <doctest/doctest.h>

#include "qml/classifier.hpp"
#include "qml/predict.hpp"
#include "tests/qml/toy_data.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/source_root.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("data are split, and scaled by the training part alone") {
  TrainingSetup setup = test::small_setup();
  setup.model.scaling = {Scaling::min_max, -1.0, 1.0};
  const PreparedData data = prepare(test::clouds(20, 2, 3), setup);
  CHECK(data.test.size() == 10);
  CHECK(data.validation.size() == 6);
  CHECK(data.train.size() == 24);
  double low = 9.0;
  double high = -9.0;
  for (const double value : data.train.values) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  CHECK(low == doctest::Approx(-1.0).epsilon(1e-14));
  CHECK(high == doctest::Approx(1.0).epsilon(1e-14));
  std::vector<double> scaled(3);
  data.scaler.apply(data.data.row(data.split.test[4]), scaled);
  CHECK(scaled[1] == data.test.row(4)[1]);
  CHECK(data.test.labels[4] == data.data.labels[data.split.test[4]]);
}

TEST_CASE("two classes are learnt, the same with two threads, and the model predicts") {
  const auto comm = qsim::serial_communicator();
  TrainingSetup setup = test::small_setup();
  setup.train.epochs = 15;
  const PreparedData data = prepare(test::clouds(20, 2, 2), setup);
  const TrainResult one = train(setup, data, *comm, 1);
  const TrainResult two = train(setup, data, *comm, 2);
  CHECK(one.model.weights == two.model.weights);
  CHECK(one.scores.test.accuracy >= 0.9);
  CHECK(one.scores.test.samples == 10);
  CHECK(one.model.test_accuracy == one.scores.test.accuracy);
  CHECK(one.model.history.size() == 15);
  CHECK(one.work.circuits == one.fit.work.circuits + 40);

  std::vector<double> raw;
  double hits = 0.0;
  for (const std::size_t i : data.split.test) {
    const auto row = data.data.row(i);
    raw.insert(raw.end(), row.begin(), row.end());
  }
  const Predictions found = predict(one.model, raw, *comm);
  for (std::size_t i = 0; i < found.classes.size(); ++i) {
    hits += found.classes[i] == data.test.labels[i] ? 1.0 : 0.0;
  }
  CHECK(hits / 10.0 == one.scores.test.accuracy);
}

TEST_CASE("three classes and classical rivals on the same split") {
  const auto comm = qsim::serial_communicator();
  TrainingSetup setup = test::small_setup();
  const PreparedData data = prepare(test::clouds(12, 3, 3), setup);
  const TrainResult quantum = train(setup, data, *comm);
  CHECK(quantum.model.spec.classes == 3);
  CHECK(quantum.model.weights.size() == 9 + 4);
  for (const auto kind : {RivalSetup::Kind::logistic, RivalSetup::Kind::mlp}) {
    RivalSetup rival{kind, 6, setup.train};
    rival.train.epochs = 80;
    const RivalResult result = train_rival(rival, data, *comm);
    CHECK(result.name == name(kind));
    CHECK(result.scores.test.samples == quantum.scores.test.samples);
    CHECK(result.scores.test.accuracy >= 0.8);
    CHECK(result.work.circuits == 0);
    CHECK(result.work.flop > result.fit.work.flop);
  }
}

TEST_CASE("a setup that cannot be trained is refused") {
  const auto comm = qsim::serial_communicator();
  TrainingSetup setup = test::small_setup();
  setup.model.qubits = 2;
  const PreparedData data = prepare(test::clouds(12, 3, 2), setup);
  CHECK(test::refuses(ErrorCode::bad_input, "3 classes need as many qubits",
                      [&] { (void)train(setup, data, *comm); }));
  setup.model.qubits = 1;
  CHECK(test::refuses(ErrorCode::bad_input, "2 features needs as many qubits",
                      [&] { (void)train(setup, data, *comm); }));
  setup.data.file = "no_such.csv";
  CHECK(test::refuses(ErrorCode::missing_input, "no_such.csv", [&] { (void)train(setup, *comm); }));
}

TEST_CASE("the main job's Iris classifier reaches 93 % on the test part") {
  const auto comm = qsim::serial_communicator();
  const TrainingSetup setup = load_setup(test::source_root() + "/benchmarks/workloads/iris.toml");
  const TrainResult result = train(setup, *comm, 2);
  CHECK(result.scores.test.accuracy >= 0.93);
}

TEST_CASE("planned work is the work of a training whose epochs all run") {
  const auto comm = qsim::serial_communicator();
  const TrainingSetup setup = test::small_setup();
  const PreparedData data = prepare(test::clouds(20, 3, 3), setup);
  REQUIRE(data.validation.size() > 0);
  const auto agree = [](const Work& planned, const Work& done) {
    CHECK(planned.circuits == doctest::Approx(done.circuits));
    CHECK(planned.gates == doctest::Approx(done.gates));
    CHECK(planned.flop == doctest::Approx(done.flop));
    CHECK(planned.bytes_moved == doctest::Approx(done.bytes_moved));
    CHECK(planned.passes == doctest::Approx(done.passes));
  };
  const QuantumClassifier classifier(classifier_spec(setup, data.data));
  agree(planned_work(classifier, setup.train, data), train(setup, data, *comm).work);
  for (const auto kind : {RivalSetup::Kind::logistic, RivalSetup::Kind::mlp}) {
    const RivalSetup rival{kind, 3, setup.train};
    agree(planned_work(*make_rival(rival, data), rival.train, data),
          train_rival(rival, data, *comm).work);
  }
}
