// SPDX-License-Identifier: Apache-2.0
// On one rank, together() throws what the work throws, whatever its kind.
#include "qsim/io/together.hpp"

#include <new>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

TEST_CASE("errors come out with their code and hint") {
  const auto comm = serial_communicator();
  int runs = 0;
  together(*comm, [&] { ++runs; });
  CHECK(runs == 1);
  const auto error = error_of(
      [&] { together(*comm, [] { throw Error(ErrorCode::corrupt, "message", "hint"); }); });
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::corrupt);
  CHECK(error->message() == "message");
  CHECK(error->hint() == "hint");
  expect_error(ErrorCode::resources, "memory",
               [&] { together(*comm, [] { throw std::bad_alloc(); }); });
  expect_error(ErrorCode::bug, "odd",
               [&] { together(*comm, [] { throw std::logic_error("odd"); }); });
}
