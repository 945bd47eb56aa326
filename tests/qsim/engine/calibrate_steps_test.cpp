// SPDX-License-Identifier: Apache-2.0
#include "qsim/engine/calibrate_steps.hpp"

#include <doctest/doctest.h>

#include "qsim/core/buffer.hpp"

using namespace qross::qsim;

TEST_CASE_TEMPLATE("every form takes time, dense gates more than shears", T, double, float) {
  const StepSeconds steps = measure_steps<T>(1);
  for (std::size_t k = 0; k < kStepForms; ++k) {
    CAPTURE(kStepNames[k]);
    CHECK(steps.of[k] > 0.0);
    CHECK(steps.of[k] < 1e-6);
  }
  CHECK(steps.exposed > 0.0);
  CHECK(steps.exposed <= 1.0);
  CHECK(steps.of[static_cast<std::size_t>(StepForm::dense)] >
        steps.of[static_cast<std::size_t>(StepForm::shear)]);
}

TEST_CASE("passes read memory, parallel loops begin and end") {
  const std::size_t bytes = std::size_t{1} << 24;
  const Buffer buffer(bytes);
  CHECK(measure_pass_rate({}, 2, reinterpret_cast<double*>(buffer.data()), bytes) > 1e7);
  CHECK(measure_fork(2) > 0.0);
}
