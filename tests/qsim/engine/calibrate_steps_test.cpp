// SPDX-License-Identifier: Apache-2.0
// The arithmetic of calibration, on clocks that are known: no test measures this machine.
#include "qsim/engine/calibrate_steps.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "qsim/core/buffer.hpp"

using namespace qross::qsim;

namespace {

double of(const StepSeconds& steps, StepForm form) {
  return steps.of[static_cast<std::size_t>(form)];
}

/// A machine whose trip takes 1 ns and whose steps take `seconds` of their kind, of which loads and
/// stores hide the first 0.4 ns.
template <class T, class Seconds>
StepTimer<T> machine(const Seconds& seconds) {
  return [seconds](const TileCall<T>& call, const T*) {
    double sum = 0.0;
    for (const TileStep<T>& step : call.steps) sum += seconds(step.kind);
    return 1e-9 + std::max(0.0, sum - 0.4e-9);
  };
}

double plain(TileKind kind) {
  switch (kind) {
    case TileKind::dense:
      return 4e-9;
    case TileKind::diagonal:
      return 0.7e-9;
    case TileKind::diagonal_table:
      return 0.9e-9;
    case TileKind::flip:
      return 0.1e-9;
    default:
      return 0.5e-9;
  }
}

}  // namespace

TEST_CASE_TEMPLATE("fault_E3 steps are told apart exactly where the clock is exact", T, double,
                   float) {
  const MeasuredSteps steps = measure_steps<T>(machine<T>(plain), 3);
  CHECK(of(steps.seconds, StepForm::trip) == doctest::Approx(1e-9));
  CHECK(of(steps.seconds, StepForm::shear) == doctest::Approx(0.5e-9));
  CHECK(of(steps.seconds, StepForm::diagonal) == doctest::Approx(0.7e-9));
  CHECK(of(steps.seconds, StepForm::table) == doctest::Approx(0.9e-9));
  CHECK(of(steps.seconds, StepForm::move) == doctest::Approx(0.1e-9));
  CHECK(of(steps.seconds, StepForm::dense) == doctest::Approx(4e-9));
  CHECK(steps.seconds.exposed == doctest::Approx(1.1 / 1.5));
  CHECK(steps.spread == doctest::Approx(0.0));
  CHECK(steps.hidden.empty());
}

TEST_CASE_TEMPLATE("fault_E3 a step that cannot be told from nothing is named, not stored", T,
                   double, float) {
  const auto free_shears = [](TileKind kind) {
    return kind == TileKind::shear ? 0.0 : plain(kind);
  };
  const MeasuredSteps steps = measure_steps<T>(machine<T>(free_shears), 3);
  REQUIRE(steps.hidden.size() == 1);
  CHECK(steps.hidden[0] == "shear");
  const StepSeconds defaults;
  CHECK(of(steps.seconds, StepForm::shear) ==
        doctest::Approx(1e-9 * of(defaults, StepForm::shear) / of(defaults, StepForm::trip)));
  for (const double seconds : steps.seconds.of) CHECK(seconds > kLeastStep);
  CHECK(steps.seconds.exposed >= 0.2);
  CHECK(steps.seconds.exposed <= 1.0);
}

TEST_CASE_TEMPLATE("the timer of this machine runs each program on all threads", T, double, float) {
  const StepTimer<T> timer = step_timer<T>(kernel_table<T>(), 2);
  TileCall<T> call;
  call.free = 0xff8;  // 2^9 tiles
  for (unsigned r = 0; r < kTileRows; ++r) call.offset[r] = r;
  CHECK(timer(call, nullptr) >= 0.0);
}

TEST_CASE("a trip over memory leaves it as it is") {
  const std::size_t bytes = std::size_t{1} << 24;
  const Buffer buffer(bytes);
  auto* const data = reinterpret_cast<double*>(buffer.data());
  std::fill_n(data, bytes / sizeof(double), 0.5);
  CHECK(pass_trip_seconds(kernel_table<double>(), {}, 2, data, bytes) >= 0.0);
  CHECK(std::all_of(data, data + bytes / sizeof(double), [](double x) { return x == 0.5; }));
  CHECK(fork_seconds(2) >= 0.0);
}
