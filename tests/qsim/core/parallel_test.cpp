// SPDX-License-Identifier: Apache-2.0
#include "qsim/core/parallel.hpp"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qsim/core/error.hpp"
#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("every index runs once, whatever the number of threads") {
  for (const int threads : {1, 2, 3, 8}) {
    for (const std::int64_t count : {0, 1, 2, 7, 64, 1000, 12345}) {
      CAPTURE(threads);
      CAPTURE(count);
      std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
      parallel_for(threads, 5, 5 + count,
                   [&](std::int64_t i) { ++visits[static_cast<std::size_t>(i - 5)]; });
      std::atomic<std::int64_t> in_ranges{0};
      parallel_ranges(threads, 0, count, [&](std::int64_t first, std::int64_t last) {
        CHECK(first < last);
        in_ranges += last - first;
      });
      bool once = true;
      for (const auto& visited : visits) once = once && visited == 1;
      CHECK(once);
      CHECK(in_ranges == count);
    }
  }
}

TEST_CASE("what a thread works with is its own, and numbered") {
  for (int round = 0; round < 50; ++round) {
    std::vector<std::atomic<int>> made(3);
    std::atomic<bool> shared{false};
    struct Local {
      int member;
      std::unique_ptr<std::atomic<int>> users;
    };
    parallel_for(
        3, 0, 300,
        [&](int member) {
          ++made[static_cast<std::size_t>(member)];
          return Local{member, std::make_unique<std::atomic<int>>(0)};
        },
        [&](Local& local, std::int64_t) {
          if (++*local.users != 1) shared = true;
          --*local.users;
        });
    CHECK(!shared);
    for (const auto& times : made) CHECK(times <= 1);
  }
}

TEST_CASE("fault_D2 what is thrown in a parallel loop reaches the caller, the lowest index first") {
  for (const int threads : {1, 2, 4}) {
    for (int round = 0; round < 20; ++round) {
      std::vector<std::atomic<int>> ran(1000);
      CHECK(test::refuses(ErrorCode::bad_input, "index 300", [&] {
        parallel_for(threads, 0, 1000, [&](std::int64_t i) {
          if (i >= 300) throw Error(ErrorCode::bad_input, "index " + std::to_string(i));
          ++ran[static_cast<std::size_t>(i)];
        });
      }));
      bool below = true;
      for (std::size_t i = 0; i < 300; ++i) below = below && ran[i] == 1;
      CHECK(below);
    }
    // Other exceptions, and those of what a thread makes for itself.
    CHECK_THROWS_AS(parallel_for(threads, 0, 10, [](std::int64_t) { throw std::bad_alloc(); }),
                    std::bad_alloc);
    CHECK_THROWS_AS(parallel_for(
                        threads, 0, 10, [](int) -> int { throw std::length_error("too long"); },
                        [](int, std::int64_t) {}),
                    std::length_error);
    CHECK_THROWS_AS(parallel_for(threads, 0, 10, [](std::int64_t) { throw 5; }), int);
    // The next loop is as good as new.
    std::atomic<int> count{0};
    parallel_for(threads, 0, 100, [&](std::int64_t) { ++count; });
    CHECK(count == 100);
  }
}

TEST_CASE("a loop inside a loop runs where it is called") {
  std::atomic<int> count{0};
  std::atomic<bool> moved{false};
  parallel_for(4, 0, 20, [&](std::int64_t) {
    const auto here = std::this_thread::get_id();
    parallel_for(4, 0, 20, [&](std::int64_t) {
      ++count;
      if (std::this_thread::get_id() != here) moved = true;
    });
  });
  CHECK(count == 400);
  CHECK(!moved);
}

TEST_CASE("threads that call at once do not disturb each other") {
  std::vector<std::thread> callers;
  std::vector<std::int64_t> sums(4, 0);
  for (std::size_t c = 0; c < sums.size(); ++c) {
    callers.emplace_back([&, c] {
      for (int round = 0; round < 200; ++round) {
        std::atomic<std::int64_t> sum{0};
        parallel_for(2, 0, 100, [&](std::int64_t i) { sum += i; });
        sums[c] += sum;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::int64_t sum : sums) CHECK(sum == 200 * 4950);
}

// ThreadSanitizer ends children of programs with threads.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define QROSS_TEST_NO_FORK
#endif
#endif
#ifndef QROSS_TEST_NO_FORK
TEST_CASE("a child of fork has no helpers, and works without them") {
  std::atomic<int> count{0};
  const auto work = [&] { parallel_for(3, 0, 100, [&](std::int64_t) { ++count; }); };
  work();
  const pid_t child = fork();
  if (child == 0) {
    count = 0;
    work();
    work();
    _exit(count == 200 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  work();
  CHECK(count == 200);
}

#endif

TEST_CASE("fault_D4 the number of threads follows the work at hand") {
  CHECK(threads_for(8, 0.0) == 1);
  CHECK(threads_for(8, 5'000.0) == 1);
  CHECK(threads_for(8, 10'000.0) == 2);
  CHECK(threads_for(8, 20'000.0) == 4);
  CHECK(threads_for(8, 1e6) == 8);
  CHECK(threads_for(8, 1e300) == 8);
  CHECK(threads_for(1, 1e300) == 1);
  CHECK(threads_for(0, 1e300) == 1);
  CHECK(threads_for(-3, 1e300) == 1);
  CHECK(threads_for(8, -1.0) == 1);
  CHECK(threads_for(8, 0.0 / 0.0) == 1);
}
