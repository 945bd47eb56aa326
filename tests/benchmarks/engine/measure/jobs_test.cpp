// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/measure/jobs.hpp"

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::bench;

namespace {

/// Writes its name down each time, and may fail.
class FakeJob : public Job {
 public:
  FakeJob(std::string name, std::string& log, std::optional<Error> error = std::nullopt)
      : log_(log), error_(std::move(error)) {
    result.name = std::move(name);
  }
  double repeat() override {
    log_ += result.name;
    if (error_) throw *error_;
    return 1.0;
  }

 private:
  std::string& log_;
  std::optional<Error> error_;
};

void ignore(std::string_view) {}

}  // namespace

TEST_CASE("every task of the suite is timed at both precisions") {
  const auto comm = qsim::serial_communicator();
  const Context context{comm.get(), 2, {}};
  const auto entries = select(suite(Scale::small), "ghz,gradient_8,batch_4,batch_gradient_4");
  REQUIRE(entries.size() == 4);
  std::vector<std::unique_ptr<Job>> jobs;
  for (const SuiteEntry& entry : entries) {
    jobs.push_back(make_job(context, entry, qsim::Precision::double_precision));
    jobs.push_back(make_job(context, entry, qsim::Precision::single_precision));
  }
  const auto results = measure(jobs, 2, ignore);
  REQUIRE(results.size() == 8);
  for (const Result& r : results) {
    CAPTURE(r.name);
    CHECK(r.skipped.empty());
    CHECK(r.seconds.size() == 2);
    CHECK(r.min() > 0.0);
    CHECK(r.gates > 0);
    CHECK(r.plan.has_value() == (r.family == "ghz"));
  }
  CHECK(results[0].precision == "double");
  CHECK(results[1].precision == "single");
  CHECK(results[0].plan->bytes_moved >= 2 * 16 * 16384.0);
  CHECK(results[2].parameters == 160);
  CHECK(results[4].sets == 100);
}

TEST_CASE("jobs take turns") {
  std::string log;
  std::vector<std::unique_ptr<Job>> jobs;
  jobs.push_back(std::make_unique<FakeJob>("a", log));
  jobs.push_back(std::make_unique<FakeJob>("b", log));
  int rounds = 0;
  const auto results = measure(jobs, 3, [&](std::string_view) { ++rounds; });
  CHECK(log == "ababab");
  CHECK(rounds == 3);
  CHECK(results[1].seconds == std::vector<double>(3, 1.0));
}

TEST_CASE("what does not fit is skipped, what is wrong is not") {
  std::string log;
  std::vector<std::unique_ptr<Job>> jobs;
  jobs.push_back(
      std::make_unique<FakeJob>("a", log, Error(ErrorCode::resources, "too large", "less")));
  jobs.push_back(std::make_unique<FakeJob>("b", log));
  const auto results = measure(jobs, 2, ignore);
  CHECK(log == "abb");
  CHECK(results[0].skipped == "too large");
  jobs.push_back(std::make_unique<FakeJob>("c", log, Error(ErrorCode::bug, "wrong norm")));
  CHECK(test::refuses(ErrorCode::bug, "norm", [&] { (void)measure(jobs, 1, ignore); }));
}
