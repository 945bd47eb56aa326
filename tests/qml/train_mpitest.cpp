// SPDX-License-Identifier: Apache-2.0
// Training on ranks: the weights are those of one rank, bit for bit.
#include <doctest/doctest.h>

#include "qml/classifier.hpp"
#include "qml/predict.hpp"
#include "qml/train.hpp"
#include "tests/qml/toy_data.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("training gives the same weights on any number of ranks and threads") {
  const auto world = qsim::mpi_communicator();
  const auto alone = qsim::serial_communicator();
  TrainingSetup setup = test::small_setup();
  setup.train.epochs = 2;
  setup.train.patience = 1;
  const PreparedData data = prepare(test::clouds(7, 2, 2), setup);
  const TrainResult expected = train(setup, data, *alone);
  for (const int threads : {1, 2}) {
    const TrainResult result = train(setup, data, *world, threads);
    CHECK(result.model.weights == expected.model.weights);
    CHECK(result.scores.test.loss == expected.scores.test.loss);
    CHECK(result.work.circuits == expected.work.circuits);
    REQUIRE(result.fit.history.size() == expected.fit.history.size());
    CHECK(result.fit.history.back().validation_loss == expected.fit.history.back().validation_loss);
  }
  const RivalSetup rival{RivalSetup::Kind::mlp, 3, setup.train};
  CHECK(train_rival(rival, data, *world).fit.weights ==
        train_rival(rival, data, *alone).fit.weights);
  CHECK(predict(expected.model, data.data.values, *world).probabilities ==
        predict(expected.model, data.data.values, *alone).probabilities);
}

TEST_CASE("samples one by one give the same weights on any number of ranks too") {
  const auto world = qsim::mpi_communicator();
  const auto alone = qsim::serial_communicator();
  TrainingSetup setup = test::small_setup();
  setup.train.epochs = 2;
  const PreparedData data = prepare(test::clouds(7, 2, 2), setup);
  const QuantumClassifier model(classifier_spec(setup, data.data), 0);
  const FitResult expected = fit(model, data.train, data.validation, setup.train, *alone);
  for (const int threads : {1, 2}) {
    CHECK(fit(model, data.train, data.validation, setup.train, *world, threads).weights ==
          expected.weights);
  }
}

TEST_CASE("a sample that fails on one rank is an error on all") {
  const auto world = qsim::mpi_communicator();
  TrainingSetup setup = test::small_setup();
  PreparedData data = prepare(test::clouds(7, 2, 2), setup);
  data.train.values.back() = INFINITY;
  CHECK(test::thrown_by([&] { (void)train(setup, data, *world); }).has_value());
}

TEST_CASE("a model that does not fit is the same error on all ranks") {
  const auto world = qsim::mpi_communicator();
  ClassifierSpec spec;
  spec.circuit.features = 2;
  spec.circuit.qubits = 30;
  const QuantumClassifier model(spec);
  CHECK(test::refuses(ErrorCode::resources, "fewer ranks on one machine",
                      [&] { model.require_memory(*world, 1U << 20U); }));
}
