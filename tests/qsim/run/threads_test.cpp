// SPDX-License-Identifier: Apache-2.0
#include "qsim/run/threads.hpp"

#include <cstdlib>

#include <doctest/doctest.h>

using namespace qross::qsim;

TEST_CASE("a request wins, then OMP_NUM_THREADS, then the processors here") {
  const char* const before = std::getenv("OMP_NUM_THREADS");
  const std::string kept = before != nullptr ? before : "";
  setenv("OMP_NUM_THREADS", "3", 1);
  CHECK(choose_threads(5, 1).threads == 5);
  CHECK(choose_threads(0, 1).threads == 3);
  setenv("OMP_NUM_THREADS", "4,2", 1);
  CHECK(choose_threads(0, 1).threads == 4);
  for (const char* wrong : {"0", "abc", "-1", "100000", "4x"}) {
    setenv("OMP_NUM_THREADS", wrong, 1);
    const ThreadChoice choice = choose_threads(0, 1);
    CHECK(choice.threads == usable_processors());
    CHECK(choice.warning.find(wrong) != std::string::npos);
  }
  unsetenv("OMP_NUM_THREADS");
  CHECK(choose_threads(0, 1).threads == usable_processors());
  CHECK(choose_threads(0, 4 * usable_processors()).threads == 1);
  if (!kept.empty()) setenv("OMP_NUM_THREADS", kept.c_str(), 1);
}

TEST_CASE("one rank shares its processors with nobody") {
  const auto comm = serial_communicator();
  CHECK(ranks_sharing(*comm) == 1);
}
