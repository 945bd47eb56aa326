// SPDX-License-Identifier: Apache-2.0
// Circuits dominated by one family of gates on plans of every size, against the oracle; and the
// oracle's quick way of applying a gate against its matrices.
#include "tests/qsim/engine/families.hpp"

#include <doctest/doctest.h>

#include "tests/qsim/engine/states.hpp"
#include "tests/support/oracle.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("the oracle's quick way of applying a gate equals its matrices") {
  test::Generator random(461);
  const Circuit circuit = test::random_circuit(random, 5, 200);
  Eigen::VectorXcd state = test::random_vector(random, 5);
  for (const Operation& op : circuit.operations()) {
    const Eigen::VectorXcd expected = test::full_matrix(circuit, op, {}) * state;
    state = test::apply(circuit, op, {}, state);
    REQUIRE((state - expected).cwiseAbs().maxCoeff() < 1e-14);
  }
}

TEST_CASE_TEMPLATE("circuits of every family equal the oracle", T, double, float) {
  const auto comm = serial_communicator();
  const auto sets = kernel_tables<T>();
  for (unsigned family = 0; family < test::kFamilies; ++family) {
    CAPTURE(family);
    test::Generator random(462 + family);
    for (unsigned trial = 0; trial < 50; ++trial) {
      CAPTURE(trial);
      const unsigned n = 6 + trial % 5;
      const Circuit circuit =
          test::family_circuit(static_cast<test::FamilyOf>(family), random, n, 20 + 2 * trial);
      PlanOptions options;
      if (trial % 6 != 0) options.profile = test::random_profile(random);
      const Engine engine(*comm, {trial % 5 == 1 ? 2 : 1, sets[trial % sets.size()]->name});
      const Eigen::VectorXcd got = test::simulate<T>(engine, circuit, options);
      REQUIRE((got - test::run(circuit)).cwiseAbs().maxCoeff() <=
              16 * std::numeric_limits<T>::epsilon() *
                  std::sqrt(static_cast<double>(circuit.size())));
    }
  }
}

TEST_CASE_TEMPLATE("fault_A1 small states equal the oracle on every instruction set", T, double,
                   float) {
  const auto comm = serial_communicator();
  for (const auto* table : kernel_tables<T>()) {
    CAPTURE(table->name);
    const Engine engine(*comm, {1, table->name});
    test::Generator random(470);
    for (unsigned n = 1; n <= 8; ++n) {
      CAPTURE(n);
      for (int trial = 0; trial < 4; ++trial) {
        const Circuit circuit = test::random_circuit(random, n, 40);
        const Eigen::VectorXcd got = test::simulate<T>(engine, circuit, PlanOptions{});
        REQUIRE((got - test::run(circuit)).cwiseAbs().maxCoeff() <=
                16 * std::numeric_limits<T>::epsilon() * std::sqrt(40.0));
      }
    }
  }
}
