// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/measure/report.hpp"

#include <array>

#include <doctest/doctest.h>

#include "tests/benchmarks/engine/measure/sample.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::bench;

TEST_CASE("the median is in the middle") {
  CHECK(median(std::array{3.0, 1.0, 2.0}) == 2.0);
  CHECK(median(std::array{4.0, 1.0, 2.0, 3.0}) == 2.5);
  CHECK(test::refuses(ErrorCode::bad_input, "median", [] { (void)median({}); }));
}

TEST_CASE("figures follow from the plan and the seconds") {
  const Result r = sample_result("qft", 2.0);
  CHECK(r.median() == 2.0);
  CHECK(r.min() == 1.0);
  CHECK(r.rate().value() == doctest::Approx(2.0));
  Setup setup = sample_report().setup;
  CHECK(fraction_of_limit(setup, r).value() == 0.25);
  setup.comparable = false;
  CHECK_FALSE(fraction_of_limit(setup, r).has_value());
}

TEST_CASE("a report comes back from its JSON as it was") {
  Report report = sample_report();
  CHECK(report_json(report).find("qross.engine_bench/1") != std::string::npos);
  CHECK(report_json(report).find("\"git\"") == std::string::npos);
  CHECK(report_json(report).find("\"circuits_per_s\": 25.0") != std::string::npos);
  CHECK(parse_report(report_json(report), "here") == report);
  report.build.git = "0123abcd";
  CHECK(parse_report(report_json(report), "here") == report);
}

TEST_CASE("other files are refused") {
  const auto complaint = [](const std::string& text, const std::string& part) {
    return test::refuses(ErrorCode::bad_input, part, [&] { (void)parse_report(text, "f.json"); });
  };
  CHECK(complaint("{", "f.json"));
  CHECK(complaint("[1]", "f.json"));
  CHECK(complaint(R"({"schema": "qross.result/1"})", "qross.result/1"));
  CHECK(complaint(R"({"schema": "qross.engine_bench/1"})", "date"));
  CHECK(test::refuses(ErrorCode::missing_input, "no_such", [] { (void)load_report("no_such"); }));
}

TEST_CASE("the table names every circuit") {
  const std::string text = report_text(sample_report());
  for (const char* part : {"qft_26", "0.25", "125 ms", "25 circuits/s", "skipped: does not fit",
                           "2 ranks x 1 thread,"}) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, part);
  }
}

TEST_CASE("passes are listed with what they reached") {
  const std::string text = passes_text(sample_report());
  CHECK(text.find("qft_26 double") != std::string::npos);
  CHECK(text.find("memory") != std::string::npos);
  CHECK(text.find("0.50") != std::string::npos);
  CHECK(text.find("batch_26") == std::string::npos);  // no single run, no passes
}
