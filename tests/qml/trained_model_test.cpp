// SPDX-License-Identifier: Apache-2.0
#include "qml/trained_model.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/qml/toy_data.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("the parts of a model must fit each other") {
  CHECK_NOTHROW(validate(test::some_model()));
  const auto refused = [](auto change, std::string_view text) {
    TrainedModel model = test::some_model();
    change(model);
    return test::refuses(ErrorCode::bad_input, text, [&] { validate(model); });
  };
  CHECK(refused([](auto& m) { m.weights.pop_back(); }, "15 weights, its circuit needs 16"));
  CHECK(refused([](auto& m) { m.feature_names.clear(); }, "0 feature names"));
  CHECK(refused([](auto& m) { m.class_names.pop_back(); }, "2 class names"));
  CHECK(refused([](auto& m) { m.scaler.centre.pop_back(); }, "scaler centres"));
  CHECK(refused([](auto& m) { m.scaler.factor.push_back(1); }, "scaler factors"));
  CHECK(refused([](auto& m) { m.weights[0] = NAN; }, "not finite"));
  CHECK(refused([](auto& m) { m.scaler.most.pop_back(); }, "largest values"));
  CHECK(refused([](auto& m) { m.scaler.least[0] = NAN; }, "not finite"));
  CHECK(refused([](auto& m) { m.scaler.least[1] = 0.8; }, "ends before it begins"));
  CHECK(refused([](auto& m) { m.scaler.least.clear(); }, "least values"));
  CHECK(refused([](auto& m) { m.scaler.offset = INFINITY; }, "not finite"));
  CHECK(refused([](auto& m) { m.spec.classes = 4; }, "4 classes need as many qubits"));
}
