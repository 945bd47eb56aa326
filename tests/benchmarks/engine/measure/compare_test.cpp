// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/measure/compare.hpp"

#include <doctest/doctest.h>

#include "tests/benchmarks/engine/measure/sample.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::bench;

TEST_CASE("a report is as fast as itself") {
  const Comparison same = compare(sample_report(), sample_report());
  CHECK(same.rows.size() == 3);
  CHECK(geometric_mean(same.rows) == doctest::Approx(1.0));
  CHECK(same.slower(1.1).empty());
  CHECK(comparison_text(same, 1.1).find("no median is slower") != std::string::npos);
}

TEST_CASE("a slowdown is found") {
  Report after = sample_report();
  for (double& s : after.results[0].seconds) s *= 1.2;
  for (double& s : after.results[1].seconds) s /= 1.2;
  const Comparison comparison = compare(sample_report(), after);
  const auto slower = comparison.slower(1.1);
  REQUIRE(slower.size() == 1);
  CHECK(slower[0].name == "qft_26");
  CHECK(slower[0].ratio == doctest::Approx(1.2));
  CHECK(geometric_mean(comparison.rows) == doctest::Approx(1.0));
  CHECK(comparison.slower(1.3).empty());
  const std::string text = comparison_text(comparison, 1.1);
  CHECK(text.find("1.200  slower") != std::string::npos);
  CHECK(text.find("1 of 3 medians") != std::string::npos);
}

TEST_CASE("batches are compared by the time of one set") {
  Report after = sample_report();
  after.results[2].sets *= 2;
  for (double& s : after.results[2].seconds) s *= 2;
  CHECK(compare(sample_report(), after).slower(1.01).empty());
}

TEST_CASE("what cannot be compared is said") {
  Report after = sample_report();
  after.host.cpu = "Another processor";
  after.setup.threads = 7;
  after.results.erase(after.results.begin());
  const Comparison comparison = compare(sample_report(), after);
  CHECK(comparison.rows.size() == 2);
  const std::string text = comparison_text(comparison, 1.1);
  for (const char* part : {"Another processor", "2 ranks x 7 threads",
                           "measured in one report only: qft_26 double\n"}) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, part);
  }
  after.results.clear();
  CHECK(test::refuses(ErrorCode::bad_input, "in common",
                      [&] { (void)compare(sample_report(), after); }));
}
