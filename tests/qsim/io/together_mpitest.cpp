// SPDX-License-Identifier: Apache-2.0
// On many ranks, all throw the error of the lowest rank that has one.
#include <cerrno>
#include <new>
#include <string>
#include <system_error>

#include <doctest/doctest.h>

#include "qsim/io/together.hpp"
#include "tests/qsim/io/temporary_folder.hpp"

using namespace qross;
using namespace qross::qsim;
using namespace qross::test;

TEST_CASE("one rank's error is everybody's") {
  const auto comm = mpi_communicator();
  CHECK_NOTHROW(together(*comm, [] {}));
  for (int failing = 0; failing < comm->size(); ++failing) {
    const auto error = error_of([&] {
      together(*comm, [&] {
        if (comm->rank() < failing) return;
        throw Error(ErrorCode::io, "disk " + std::to_string(comm->rank()) + " f\xc3\xbcll",
                    "free it");
      });
    });
    REQUIRE(error.has_value());
    CHECK(error->code() == ErrorCode::io);
    CHECK(error->hint() == "free it");
    const std::string disk = "disk " + std::to_string(failing) + " f\xc3\xbcll";
    CHECK(error->message() ==
          (failing == 0 ? disk : "rank " + std::to_string(failing) + ": " + disk));
  }
}

TEST_CASE("case_F6 anything is thrown on one rank only: the same error with a code on all ranks") {
  const auto comm = mpi_communicator();
  for (int failing = 0; failing < comm->size(); ++failing) {
    const auto throwing = [&](const auto& what) {
      return error_of([&] {
        together(*comm, [&] {
          if (comm->rank() == failing) throw what;
        });
      });
    };
    const auto memory = throwing(std::bad_alloc());
    REQUIRE(memory.has_value());
    CHECK(memory->code() == ErrorCode::resources);
    const auto number = throwing(17);
    REQUIRE(number.has_value());
    CHECK(number->code() == ErrorCode::bug);
    const auto system = throwing(std::system_error(ENOSPC, std::generic_category()));
    REQUIRE(system.has_value());
    CHECK(system->code() == ErrorCode::io);
  }
}

TEST_CASE("case_M4 a rank fails within a call to the others: its own error, and no call more") {
  const auto comm = mpi_communicator();
  if (comm->size() == 1) return;
  // Were they asked, all would get the error of rank 0.
  const std::string mine = "rank " + std::to_string(comm->rank());
  const auto error = error_of([&] {
    together(*comm, [&] {
      comm->lose_step();
      throw Error(ErrorCode::resources, mine);
    });
  });
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::resources);
  CHECK(error->message() == mine);
}
