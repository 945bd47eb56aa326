// SPDX-License-Identifier: Apache-2.0
#include "qml/scaler.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

namespace {

const std::vector<double> kRows = {1, 10, 7, 3, 20, 7, 5, 60, 7};  // 3 rows of 3 features

std::vector<double> apply(const Scaler& scaler, const std::vector<double>& row) {
  std::vector<double> scaled(row.size());
  scaler.apply(row, scaled);
  return scaled;
}

}  // namespace

TEST_CASE("min_max maps the training range onto the given one") {
  const Scaler scaler = fit_scaler(kRows, 3, {Scaling::min_max, -1.0, 3.0});
  CHECK(apply(scaler, {1, 10, 7}) == std::vector<double>{-1, -1, 1});
  CHECK(apply(scaler, {5, 60, 7}) == std::vector<double>{3, 3, 1});
  CHECK(apply(scaler, {3, 35, 0}) == std::vector<double>{1, 1, 1});  // constant: the middle
  CHECK(apply(scaler, {7, 10, 7})[0] == 5);                          // outside stays outside
}

TEST_CASE("standardise makes mean 0 and deviation 1") {
  const Scaler scaler = fit_scaler(kRows, 3, {Scaling::standardise});
  const double deviation = std::sqrt(8.0 / 3.0);
  CHECK(apply(scaler, {1, 30, 7})[0] == doctest::Approx(-2 / deviation).epsilon(1e-15));
  CHECK(apply(scaler, {1, 30, 7})[1] == 0.0);
  CHECK(apply(scaler, {1, 30, 9})[2] == 0.0);
}

TEST_CASE("a feature far outside its training range is found, whatever the scaling") {
  for (const Scaling kind : {Scaling::min_max, Scaling::standardise}) {
    const Scaler scaler = fit_scaler(kRows, 3, {kind});
    const auto find = [&](const std::vector<double>& row) { return scaler.find_outside(row); };
    CHECK(!find({-3, 110, 7}));  // a width outside, no more
    CHECK(find({-3.5, 10, 7}) == 0);
    CHECK(find({1, 111, 7}) == 1);
    CHECK(!find({1, 10, -1e300}));  // a constant in training counts for nothing
  }
}

TEST_CASE("values that doubles cannot scale are refused, not taken for constants") {
  using test::refuses;
  for (const Scaling kind : {Scaling::min_max, Scaling::standardise}) {
    CHECK(refuses(ErrorCode::bad_input, "feature 2 lies between 0 and 1e-320, too near", [&] {
      (void)fit_scaler(std::vector<double>{1, 0, 2, 1e-320}, 2, {kind});
    }));
    CHECK(refuses(ErrorCode::bad_input, "too far apart", [&] {
      (void)fit_scaler(std::vector<double>{-1e308, 1e308}, 1, {kind});
    }));
  }
  CHECK(apply(fit_scaler(std::vector<double>{1e308, 1.5e308}, 1, {}), {1.5e308})[0] ==
        doctest::Approx(ScalerOptions().high));
}

TEST_CASE("wrong shapes and ranges are refused") {
  using test::refuses;
  CHECK(refuses(ErrorCode::bad_input, "complete sample", [] { (void)fit_scaler(kRows, 2, {}); }));
  CHECK(refuses(ErrorCode::bad_input, "complete sample", [] { (void)fit_scaler({}, 2, {}); }));
  CHECK(refuses(ErrorCode::bad_input, "is empty", [] {
    (void)fit_scaler(kRows, 3, {Scaling::min_max, 1.0, 1.0});
  }));
  const Scaler scaler = fit_scaler(kRows, 3, {});
  CHECK(refuses(ErrorCode::bad_input, "2 features, the scaler 3", [&] { apply(scaler, {1, 2}); }));
  CHECK(parse_scaling(name(Scaling::standardise)) == Scaling::standardise);
  CHECK(refuses(ErrorCode::bad_input, "min_max", [] { (void)parse_scaling("robust"); }));
}
