// SPDX-License-Identifier: Apache-2.0
// Programs give the same counts on any number of ranks, by shots or by amplitudes.
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "qsim/dist/threads.hpp"
#include "qsim/qasm/qasm.hpp"
#include "qsim/run/run.hpp"
#include "qsim/run/straight.hpp"
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

TEST_CASE("shots too large for a rank are shared by all ranks") {
  const auto world = mpi_communicator();
  const auto alone = serial_communicator();
  constexpr Qubit n = kWholeShotQubits + 1;
  const Program program = qasm::load(
      "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[" + std::to_string(n) +
          "]; creg c[2]; creg d[2]; h q[0]; cx q[0], q[20]; ry(0.8) q[19]; measure q[20] -> c[0];"
          "measure q[19] -> c[1]; if (c == 1) x q[0]; reset q[19]; h q[20];"
          "measure q[0] -> d[0]; measure q[20] -> d[1];",
      "test.qasm");
  RunOptions options;
  options.shots = 6;
  options.threads = 1;
  const RunResult one = run_program(program, options, *alone);
  const RunResult many = run_program(program, options, *world);
  CHECK(many.shot_by_shot);
  CHECK(many.shape.ranks == world->size());
  CHECK(many.forecast.bytes_per_rank < one.forecast.bytes_per_rank / world->size() * 2);
  CHECK(many.counts == one.counts);
  CHECK(many.counts.size() > 1);
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
