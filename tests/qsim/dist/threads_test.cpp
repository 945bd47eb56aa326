// SPDX-License-Identifier: Apache-2.0
#include "qsim/dist/threads.hpp"

#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("a request wins, then OMP_NUM_THREADS, then the processors here") {
  const char* const before = std::getenv("OMP_NUM_THREADS");
  const std::string kept = before != nullptr ? before : "";
  setenv("OMP_NUM_THREADS", "3", 1);
  CHECK(choose_threads(5).threads == 5);
  CHECK(choose_threads(0).threads == 3);
  setenv("OMP_NUM_THREADS", "4,2", 1);
  CHECK(choose_threads(0).threads == 4);
  for (const char* wrong : {"0", "abc", "-1", "100000", "4x"}) {
    setenv("OMP_NUM_THREADS", wrong, 1);
    const ThreadChoice choice = choose_threads(0);
    CHECK(choice.threads == usable_processors());
    CHECK(choice.warning.find(wrong) != std::string::npos);
  }
  unsetenv("OMP_NUM_THREADS");
  CHECK(choose_threads(0).threads == usable_processors());
  CHECK(choose_threads(0, {4 * usable_processors(), 4 * usable_processors()}).threads == 1);
  if (!kept.empty()) setenv("OMP_NUM_THREADS", kept.c_str(), 1);
}

TEST_CASE("fault_D5 lists, limits and wrong values of OpenMP's variables") {
  const auto kept = [](const char* name) {
    const char* const text = std::getenv(name);
    return std::string(text != nullptr ? text : "");
  };
  const std::string threads = kept("OMP_NUM_THREADS");
  const std::string limit = kept("OMP_THREAD_LIMIT");
  setenv("OMP_NUM_THREADS", " 4 , 2", 1);
  CHECK(choose_threads(0).threads == 4);
  setenv("OMP_THREAD_LIMIT", "3", 1);
  CHECK(choose_threads(0).threads == 3);
  CHECK(choose_threads(0).reason == "OMP_THREAD_LIMIT");
  CHECK(choose_threads(8).threads == 3);
  CHECK(choose_threads(8).warning.find("OMP_THREAD_LIMIT allows 3") == 0);
  CHECK(choose_threads(2).threads == 2);
  setenv("OMP_NUM_THREADS", "2", 1);
  CHECK(choose_threads(0).reason == "OMP_NUM_THREADS");
  for (const char* wrong : {"0", "none", "-5", ""}) {
    setenv("OMP_THREAD_LIMIT", wrong, 1);
    CHECK(choose_threads(8).threads == 8);
  }
  unsetenv("OMP_THREAD_LIMIT");
  unsetenv("OMP_NUM_THREADS");
  if (!threads.empty()) setenv("OMP_NUM_THREADS", threads.c_str(), 1);
  if (!limit.empty()) setenv("OMP_THREAD_LIMIT", limit.c_str(), 1);
}

TEST_CASE("one rank shares its processors with nobody") {
  const auto comm = serial_communicator();
  CHECK(neighbours(*comm).sharing == 1);
  CHECK(neighbours(*comm).here == 1);
  CHECK(busy_processors(*comm, 1) == 1.0);
  CHECK(busy_processors(*comm, 1000) == usable_processors());
}

TEST_CASE("ranks share where machine and a processor are the same") {
  // Machine, processors 0 to 31, processors 32 to 63.
  const std::vector<double> ranks = {
      7.0, 3.0, 0.0,           // 0: machine 7, processors 0 and 1
      7.0, 2.0, 1.0,           // 1: 1 and 32
      7.0, 0.0, 4294967295.0,  // 2: 32 to 63
      8.0, 3.0, 0.0,           // 3: another machine
      7.0, 0.0, 0.0,           // 4: could not be read
  };
  CHECK(count_sharing(ranks, 3, 0) == 2);
  CHECK(count_sharing(ranks, 3, 1) == 3);
  CHECK(count_sharing(ranks, 3, 2) == 2);
  CHECK(count_sharing(ranks, 3, 3) == 1);
  CHECK(count_sharing(ranks, 3, 4) == 1);
}
