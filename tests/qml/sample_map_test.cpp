// SPDX-License-Identifier: Apache-2.0
#include "qml/sample_map.hpp"

#include <atomic>

#include <doctest/doctest.h>

#include "qsim/core/tree_sum.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("every sample is worked on once, on a thread that has a number") {
  for (const int threads : {1, 2, 3, 7}) {
    for (const std::size_t count : {0, 1, 2, 5, 23}) {
      std::vector<std::atomic<int>> visits(count);
      std::vector<int> on(count, -1);
      on_threads(threads, count, [&](int thread, std::size_t i) {
        ++visits[i];
        on[i] = thread;
      });
      for (std::size_t i = 0; i < count; ++i) {
        CHECK(visits[i] == 1);
        CHECK(on[i] >= 0);
        CHECK(on[i] < threads);
      }
    }
  }
}

TEST_CASE("a rank works on its stretch at once") {
  const auto comm = qsim::serial_communicator();
  int calls = 0;
  const auto rows =
      map_stretches(*comm, 5, 2, [&](std::size_t first, std::size_t count, std::span<double> out) {
        ++calls;
        CHECK(first == 0);
        CHECK(count == 5);
        REQUIRE(out.size() == 10);
        for (double& number : out) number += 4.5;
      });
  CHECK(calls == 1);
  REQUIRE(rows.size() == 10);
  CHECK(rows[9] == 4.5);
  const auto none =
      map_stretches(*comm, 0, 2, [&](std::size_t, std::size_t, std::span<double>) { ++calls; });
  CHECK(none.empty());
  CHECK(calls == 1);
  CHECK(test::refuses(ErrorCode::bad_input, "no sample", [&] {
    (void)map_stretches(*comm, 1, 1, [](std::size_t, std::size_t, std::span<double>) {
      throw Error(ErrorCode::bad_input, "no sample");
    });
  }));
}

TEST_CASE("what the lowest sample throws comes out, from any thread") {
  CHECK(test::refuses(ErrorCode::bad_input, "sample 4", [&] {
    on_threads(3, 10, [](int, std::size_t i) {
      if (i >= 4) throw Error(ErrorCode::bad_input, "sample " + std::to_string(i));
    });
  }));
}

TEST_CASE("columns are summed on the tree") {
  const std::vector<double> rows = {1, 0.1, 1e16, 0.2, -1e16, 0.3, 1, 0.4, 5, 0.5};
  const auto sums = sum_columns(rows, 2);
  CHECK(sums[0] == qsim::tree_sum(std::vector<double>{1, 1e16, -1e16, 1, 5}));
  CHECK(sums[1] == qsim::tree_sum(std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5}));
  CHECK(sum_columns({}, 3) == std::vector<double>(3, 0.0));
}
