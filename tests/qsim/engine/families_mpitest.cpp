// SPDX-License-Identifier: Apache-2.0
// Circuits dominated by one family of gates on ranks: phases that are pending across exchanges,
// controls and signs on rank bits.
#include <doctest/doctest.h>

#include "tests/qsim/engine/families.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/oracle.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE_TEMPLATE("circuits of every family equal the oracle on ranks", T, double, float) {
  const auto comm = mpi_communicator();
  const Engine engine(*comm, {1});
  for (unsigned family = 0; family < test::kFamilies; ++family) {
    CAPTURE(family);
    test::Generator random(471 + family);
    for (unsigned trial = 0; trial < 4; ++trial) {
      CAPTURE(trial);
      const unsigned n = 6 + trial;
      const Circuit circuit =
          test::family_circuit(static_cast<test::FamilyOf>(family), random, n, 30);
      PlanOptions options;
      if (trial != 0) options.profile = test::random_profile(random);
      const Eigen::VectorXcd got = test::simulate<T>(engine, circuit, options);
      REQUIRE((got - test::run(circuit)).cwiseAbs().maxCoeff() <=
              16 * std::numeric_limits<T>::epsilon() *
                  std::sqrt(static_cast<double>(circuit.size())));
    }
  }
}
