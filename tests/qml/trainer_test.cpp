// SPDX-License-Identifier: Apache-2.0
#include "qml/trainer.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "qml/classifier.hpp"
#include "qml/rivals.hpp"
#include "tests/qml/toy_data.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

Samples samples(std::size_t count, std::size_t classes, std::size_t features) {
  const Dataset data = test::clouds(count, classes, features);
  return {features, data.values, data.labels};
}

}  // namespace

TEST_CASE("one full-batch step of gradient descent by hand") {
  const auto comm = qsim::serial_communicator();
  Samples two{1, {1.0, 3.0}, {0, 1}};
  TrainOptions options;
  options.optimizer = GradientDescent{0.5};
  options.epochs = 1;
  const FitResult result = fit(LogisticRegression(1, 2), two, {}, options, *comm);
  // From zero weights both probabilities are 1/2: d/dw0 = (-1 + 3)/2/2, d/db = 0.
  CHECK(result.weights[0] == doctest::Approx(-0.25));
  CHECK(result.weights[1] == doctest::Approx(0.25));
  CHECK(result.weights[2] == 0.0);
  REQUIRE(result.history.size() == 1);
  CHECK(result.history[0].train_loss == doctest::Approx(std::log(2.0)));
  CHECK(result.history[0].train_accuracy == 0.5);
  CHECK(std::isnan(result.history[0].validation_loss));
  CHECK(result.steps == 1);
}

TEST_CASE("training lowers the loss, counts its work and reports every epoch") {
  const auto comm = qsim::serial_communicator();
  const LogisticRegression model(2, 3);
  const Samples train = samples(20, 3, 2);
  const Samples held = samples(5, 3, 2);
  TrainOptions options;
  options.optimizer = Adam{0.1};
  options.epochs = 60;
  options.batch = 16;
  std::vector<unsigned> seen;
  const FitResult result = fit(model, train, held, options, *comm, 1,
                               [&](const EpochRecord& record) { seen.push_back(record.epoch); });
  REQUIRE(result.history.size() == 60);
  CHECK(seen.size() == 60);
  CHECK(seen.back() == 60);
  CHECK(result.history.back().train_loss < 0.5 * result.history.front().train_loss);
  CHECK(result.history.back().validation_accuracy > 0.9);
  CHECK(result.steps == 60 * 4);  // 60 samples: batches of 16, 16, 16, 12
  CHECK(result.work.flop == 60 * (60 * model.gradient_work().flop + 15 * model.scores_work().flop));
  CHECK(result.best_epoch == 60);

  Work work;
  const Evaluation final = evaluate(model, result.weights, held, *comm, 1, work);
  CHECK(final.samples == 15);
  CHECK(final.loss == result.history.back().validation_loss);
  CHECK(final.accuracy == result.history.back().validation_accuracy);
  CHECK(work.flop == 15 * model.scores_work().flop);
}

TEST_CASE("any number of threads gives the same weights bit for bit") {
  const auto comm = qsim::serial_communicator();
  ClassifierSpec spec;
  spec.circuit = {2, 2, {}, Ansatz::strongly_entangling, Entangler::cx_ring, 1, false};
  const Samples train = samples(6, 2, 2);
  TrainOptions options;
  options.epochs = 3;
  options.batch = 5;
  std::vector<double> first_weights;
  for (const qsim::Qubit batch_qubits : {15U, 0U}) {
    const QuantumClassifier model(spec, batch_qubits);
    options.seed = 1;
    const auto one = fit(model, train, train, options, *comm, 1);
    for (const int threads : {2, 3}) {
      const auto more = fit(model, train, train, options, *comm, threads);
      CHECK(more.weights == one.weights);
      CHECK(more.history.back().validation_loss == one.history.back().validation_loss);
    }
    CHECK(one.work.circuits == 3 * (12 * 3 + 12));
    // In batches or one by one, the weights are the same but for rounding, which Adam enlarges
    // where a derivative is 0.
    if (first_weights.empty()) first_weights = one.weights;
    for (std::size_t w = 0; w < one.weights.size(); ++w) {
      CHECK(std::abs(one.weights[w] - first_weights[w]) < 1e-7);
    }
    options.seed = 2;
    CHECK(fit(model, train, train, options, *comm, 1).weights != one.weights);
  }
}

TEST_CASE("early stopping returns the weights of the best epoch") {
  const auto comm = qsim::serial_communicator();
  const LogisticRegression model(1, 2);
  // The validation labels are turned round, so that validation loss rises from the first step on.
  const Samples train{1, {-1.0, 1.0, -2.0, 2.0}, {0, 1, 0, 1}};
  const Samples turned{1, {-1.0, 1.0}, {1, 0}};
  TrainOptions options;
  options.optimizer = GradientDescent{0.1};
  options.epochs = 50;
  options.patience = 3;
  const FitResult result = fit(model, train, turned, options, *comm);
  CHECK(result.stopped_early);
  CHECK(result.best_epoch == 1);
  CHECK(result.history.size() == 4);
  options.patience = 0;
  options.epochs = 1;
  CHECK(fit(model, train, turned, options, *comm).weights == result.weights);

  options.patience = 3;
  options.epochs = 20;
  const FitResult good = fit(model, train, train, options, *comm);
  CHECK(!good.stopped_early);
  CHECK(good.best_epoch == 20);
}

TEST_CASE("training that diverges is an error that says where") {
  const auto comm = qsim::serial_communicator();
  const LogisticRegression model(1, 2);
  TrainOptions options;
  options.optimizer = GradientDescent{std::numeric_limits<double>::max()};
  const Samples train{1, {-1e10, 1.0}, {0, 1}};
  CHECK(test::refuses(ErrorCode::bad_input, "no longer finite in epoch 1, batch 1",
                      [&] { (void)fit(model, train, {}, options, *comm); }));
  const Samples far{1, {INFINITY, 1.0}, {0, 1}};
  options.optimizer = GradientDescent{0.1};
  CHECK(test::refuses(ErrorCode::bad_input, "no longer finite in epoch 1, batch 1", [&] {
    (void)fit(model, {1, {-1.0, 1.0}, {0, 1}}, far, options, *comm);
  }));
  const Samples nan{1, {NAN, 1.0}, {0, 1}};
  options.optimizer = GradientDescent{0.1};
  CHECK(test::refuses(ErrorCode::bad_input, "epoch 1",
                      [&] { (void)fit(model, nan, {}, options, *comm); }));
}

TEST_CASE("samples and options that cannot be trained with are refused") {
  const auto comm = qsim::serial_communicator();
  const LogisticRegression model(2, 2);
  const Samples good = samples(3, 2, 2);
  const auto refused = [&](const Samples& train, const TrainOptions& options, int threads,
                           ErrorCode code, std::string_view text) {
    return test::refuses(code, text, [&] { (void)fit(model, train, {}, options, *comm, threads); });
  };
  TrainOptions options;
  CHECK(refused({}, options, 1, ErrorCode::bad_input, "needs samples"));
  CHECK(refused(samples(3, 2, 3), options, 1, ErrorCode::bad_input, "3 features"));
  CHECK(refused(samples(3, 3, 2), options, 1, ErrorCode::bad_input, "class number 2"));
  CHECK(refused(good, options, 0, ErrorCode::usage, "one thread"));
  options.patience = 1;
  CHECK(refused(good, options, 1, ErrorCode::bad_input, "validation samples"));
  options.patience = 0;
  options.epochs = 0;
  CHECK(refused(good, options, 1, ErrorCode::bad_input, "epochs"));
  Work work;
  CHECK(test::refuses(ErrorCode::bad_input, "1 weights were given", [&] {
    (void)evaluate(model, std::vector<double>{1.0}, good, *comm, 1, work);
  }));
}
