// SPDX-License-Identifier: Apache-2.0
// Programs give the same counts on any number of ranks, by shots or by amplitudes.
#include <doctest/doctest.h>
#include <unistd.h>

#include "qsim/dist/threads.hpp"
#include "qsim/qasm/qasm.hpp"
#include "qsim/run/run.hpp"
#include "tests/support/source_root.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("counts and means do not depend on the ranks") {
  const auto world = mpi_communicator();
  const auto alone = serial_communicator();
  for (const char* file : {"circuits/bell.qasm", "circuits/random_12.qasm", "circuits/qft_12.qasm",
                           "circuits/teleport_if.qasm", "circuits/order.qasm"}) {
    CAPTURE(file);
    const Program program = qasm::load_file(test::source_root() + "/" + file);
    for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
      RunOptions options;
      options.shots = 300;
      options.seed = 7;
      options.precision = precision;
      options.observables.emplace_back("Z0", PauliSum::parse("Z0"));
      const RunResult one = run_program(program, options, *alone);
      const RunResult many = run_program(program, options, *world);
      CHECK(many.counts == one.counts);
      CHECK(many.expectations.at(0).value ==
            doctest::Approx(one.expectations.at(0).value).epsilon(1e-5));
    }
  }
}

TEST_CASE("ranks that share processors count each other") {
  const auto comm = mpi_communicator();
  const Neighbours ranks = neighbours(*comm);
  CHECK(ranks.here == comm->ranks_on_node());
  CHECK(ranks.sharing >= 1);
  CHECK(ranks.sharing <= ranks.here);
  // On a machine of fewer processors than ranks somebody shares.
  const auto processors = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
  const double most = comm->all_max(ranks.sharing);
  if (ranks.here > processors) CHECK(most > 1);
  const double busy = busy_processors(*comm, 1);
  CHECK(busy > 0.0);
  CHECK(busy <= comm->size());
}
