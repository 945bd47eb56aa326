// SPDX-License-Identifier: Apache-2.0
// The communicator of one rank, and the factory of builds or programs without MPI.
#include "qsim/dist/communicator.hpp"

#include <array>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("one rank talks to itself") {
  const auto comm = serial_communicator();
  CHECK(comm->rank() == 0);
  CHECK(comm->size() == 1);
  comm->barrier();
  const std::array numbers{1.0, -2.5};
  CHECK(comm->all_gather(numbers) == std::vector<double>{1.0, -2.5});
  CHECK(comm->all_gather({}).empty());
  std::array data{std::byte{1}, std::byte{2}};
  comm->broadcast(data);
  CHECK(data[1] == std::byte{2});
  CHECK(comm->all_max(-3.5) == -3.5);
  CHECK(comm->ranks_on_node() == 1);
  comm->exchange({});
  const auto nothing = comm->start({});
  CHECK(nothing->test());
  nothing->finish();
  const std::array<Transfer, 1> one{};
  CHECK_THROWS_AS(comm->exchange(one), Error);
}

TEST_CASE("MPI is refused where it is absent or not started") {
  try {
    (void)mpi_communicator();
    FAIL("a communicator without MPI");
  } catch (const Error& error) {
#ifdef QROSS_HAVE_MPI
    CHECK(error.code() == ErrorCode::usage);
    CHECK(error.message() == "MPI is not initialised");
#else
    CHECK(error.code() == ErrorCode::unavailable);
    CHECK(error.message() == "this build of Qross has no MPI");
#endif
    CHECK_FALSE(error.hint().empty());
  }
}

TEST_CASE("fault_F6 a temporary owner cannot be dereferenced") {
  // What refers to a communicator would outlive it: Engine(*serial_communicator()).
  constexpr auto dereferences = []<class Owner>(Owner&& owner) {
    return requires { *std::forward<Owner>(owner); };
  };
  CommunicatorOwner owner = serial_communicator();
  const CommunicatorOwner& constant = owner;
  CHECK(dereferences(owner));
  CHECK(dereferences(constant));
  CHECK(!dereferences(serial_communicator()));
  CHECK(!dereferences(std::move(owner)));
}
