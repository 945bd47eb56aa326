// SPDX-License-Identifier: Apache-2.0
#include "qml/sample_map.hpp"

#include <atomic>

#include <doctest/doctest.h>

#include "qsim/core/tree_sum.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("every sample is worked on once, and rows come in sample order") {
  const auto comm = qsim::serial_communicator();
  for (const int threads : {1, 2, 3, 7}) {
    for (const std::size_t count : {0, 1, 2, 5, 23}) {
      std::vector<std::atomic<int>> visits(count);
      const auto rows = map_samples(*comm, threads, count, 2,
                                    [&](int thread, std::size_t i, std::span<double> row) {
                                      CHECK(thread >= 0);
                                      CHECK(thread < threads);
                                      ++visits[i];
                                      row[0] = static_cast<double>(i);
                                      row[1] += 1.0;
                                    });
      REQUIRE(rows.size() == 2 * count);
      for (std::size_t i = 0; i < count; ++i) {
        CHECK(visits[i] == 1);
        CHECK(rows[2 * i] == static_cast<double>(i));
        CHECK(rows[2 * i + 1] == 1.0);
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
}

TEST_CASE("what the lowest sample throws comes out, from any thread") {
  const auto comm = qsim::serial_communicator();
  CHECK(test::refuses(ErrorCode::bad_input, "sample 4", [&] {
    (void)map_samples(*comm, 3, 10, 1, [](int, std::size_t i, std::span<double>) {
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
