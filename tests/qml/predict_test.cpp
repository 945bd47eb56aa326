// SPDX-License-Identifier: Apache-2.0
#include "qml/predict.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "qml/loss.hpp"
#include "tests/qml/toy_data.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("predictions are the classifier's scores on scaled features") {
  const auto comm = qsim::serial_communicator();
  TrainedModel model = test::some_model();
  const std::vector<double> values = {0.5, 1.0, -3.0, 2.0, 0.1, 0.2};
  const Predictions one = predict(model, values, *comm, 1);
  REQUIRE(one.classes.size() == 3);
  REQUIRE(one.probabilities.size() == 9);
  CHECK(!one.accuracy);
  const QuantumClassifier classifier(model.spec);
  const auto crew = classifier.make_crew(*comm, 1);
  std::vector<double> scaled(2);
  std::vector<double> scores(3);
  for (std::size_t i = 0; i < 3; ++i) {
    model.scaler.apply(std::span(values).subspan(2 * i, 2), scaled);
    crew->scores(scaled, model.weights, scores);
    CHECK(one.classes[i] == argmax(scores));
    softmax(scores, scores);
    for (std::size_t k = 0; k < 3; ++k) CHECK(one.probabilities[3 * i + k] == scores[k]);
  }
  CHECK(predict(model, values, *comm, 2).probabilities == one.probabilities);
  CHECK(predict(model, std::span<const double>(), *comm).classes.empty());
}

TEST_CASE("columns are found by name, and a label column gives the accuracy") {
  const auto comm = qsim::serial_communicator();
  const TrainedModel model = test::some_model();
  const auto plain = predict(model, std::vector<double>{0.5, 1.0, -3.0, 2.0}, *comm);
  const std::string right = model.class_names[plain.classes[0]];
  const std::string other = model.class_names[(plain.classes[1] + 1) % 3];
  const CsvTable table = parse_csv(
      "Breite,note,kind,length in cm\n1,x," + right + ",0.5\n2,y," + other + ",-3\n", "t.csv");
  const Predictions found = predict(model, table, *comm);
  CHECK(found.probabilities == plain.probabilities);
  REQUIRE(found.accuracy);
  CHECK(*found.accuracy == 0.5);
  CHECK(found.labelled == 2);
  CHECK(!predict(model, parse_csv("Breite,length in cm\n1,2\n", "t.csv"), *comm).accuracy);
}

TEST_CASE("tables and numbers that do not fit are refused") {
  const auto comm = qsim::serial_communicator();
  const TrainedModel model = test::some_model();
  using test::refuses;
  CHECK(refuses(ErrorCode::bad_input, "no column \"length in cm\"",
                [&] { (void)predict(model, parse_csv("Breite\n1\n", "t.csv"), *comm); }));
  CHECK(refuses(ErrorCode::bad_input, "t.csv:2: column \"Breite\" holds \"w\"", [&] {
    (void)predict(model, parse_csv("Breite,length in cm\nw,1\n", "t.csv"), *comm);
  }));
  CHECK(refuses(ErrorCode::bad_input, "3 numbers are no whole rows", [&] {
    (void)predict(model, std::vector<double>{1, 2, 3}, *comm);
  }));
  CHECK(refuses(ErrorCode::bad_input, "feature \"Breite\" of sample 0 is not finite", [&] {
    (void)predict(model, std::vector<double>{1, NAN}, *comm);
  }));
}

TEST_CASE("fault_B4 labels that are no classes are refused, empty ones left out of the score") {
  const auto comm = qsim::serial_communicator();
  TrainedModel model = test::some_model();
  model.class_names = {"0", "1", "2"};
  const auto scored = [&](const std::string& first, const std::string& second) {
    return predict(
        model,
        parse_csv("Breite,kind,length in cm\n1," + first + ",0.5\n2," + second + ",-3\n", "t.csv"),
        *comm);
  };
  for (const std::string label : {"yes", "?", "3", "-1", "nan"}) {
    CAPTURE(label);
    CHECK(test::refuses(ErrorCode::bad_input, "\"" + label + "\"", [&] { scored("1", label); }));
    CHECK(test::refuses(ErrorCode::bad_input, "\"0\", \"1\", \"2\"", [&] { scored(label, "1"); }));
  }
  const Predictions plain = scored("", "");
  CHECK(!plain.accuracy);
  CHECK(plain.has_label_column);
  CHECK(plain.classes.size() == 2);
  const std::string right = std::to_string(plain.classes[0]);
  // Numbers compare as numbers, the row without a label does not count.
  for (const std::string& label : {right, right + ".0", "+" + right, right + "e0"}) {
    CAPTURE(label);
    const Predictions half = scored(label, "");
    REQUIRE(half.accuracy);
    CHECK(*half.accuracy == 1.0);
    CHECK(half.labelled == 1);
  }
}
