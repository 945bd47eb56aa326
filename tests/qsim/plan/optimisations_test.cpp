// SPDX-License-Identifier: Apache-2.0
// Every optimisation switched off: the same results, by more work.
#include "qsim/plan/optimisations.hpp"

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "qsim/engine/engine.hpp"
#include "tests/qsim/engine/families.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/oracle.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

constexpr unsigned kQubits = 9;

/// Something for each of them to do.
Circuit circuit_of(unsigned trial, test::Generator& random) {
  Circuit circuit = trial % 2 == 0 ? test::family_circuit(
                                         static_cast<test::FamilyOf>(trial / 2 % test::kFamilies),
                                         random, kQubits, 30)
                                   : test::random_circuit(random, kQubits, 40);
  circuit.h(0).h(0).rx(1, 0.2).rx(1, 0.3).swap(2, 7).y(3);
  circuit.unitary(std::array<Qubit, 2>{4, 6}, test::random_unitary(random, 2));
  circuit.h(5).t(5).h(5).rz(8, 0.3).ry(8, 0.4).rz(8, 0.1).cz(8, 0).ry(8, 0.2);
  return circuit;
}

/// What a circuit costs, in an arbitrary unit: on one rank, and the time of exchanges between two.
double cost(const Circuit& circuit, PlanOptions options) {
  const Plan plan = make_plan(circuit, options);
  const Work work = work_of(plan, std::vector<double>{});
  options.ranks = 2;
  const Work ranks = work_of(make_plan(circuit, options), std::vector<double>{});
  double sum = static_cast<double>(plan.circuit.ops.size()) + work.bytes + work.instructions;
  sum += ranks.exchange_seconds;
  for (const PassWork& pass : work.passes) sum += 1000.0 * pass.steps.trips;
  return sum;
}

}  // namespace

TEST_CASE_TEMPLATE("each on against off: equal amplitudes, more work", T, double, float) {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  for (std::size_t k = 0; k < kOptimisations; ++k) {
    CAPTURE(kOptimisationInfos[k].name);
    test::Generator random(931);
    unsigned dearer = 0;
    for (unsigned trial = 0; trial < 24; ++trial) {
      CAPTURE(trial);
      Circuit circuit = circuit_of(trial, random);
      // Gates of small states become matrices in one step, which also takes up what cancels.
      const auto which = static_cast<Optimisation>(k);
      const bool rewrites = which == Optimisation::cancel || which == Optimisation::pairs ||
                            which == Optimisation::singles;
      if (rewrites) circuit.widen(14);
      PlanOptions options;
      options.precision = StateVector<T>::kPrecision;
      if (trial % 3 != 0) options.profile = test::random_profile(random);
      const double with = cost(circuit, options);
      options.optimisations.without(static_cast<Optimisation>(k));
      const double off = cost(circuit, options);
      dearer += off > with ? 1 : 0;
      const Eigen::VectorXcd got = test::simulate<T>(engine, circuit, options);
      REQUIRE((got - test::run(circuit)).cwiseAbs().maxCoeff() <=
              16 * std::numeric_limits<T>::epsilon() *
                  std::sqrt(static_cast<double>(circuit.size())));
    }
    // These circuits are too short to run gate by gate.
    if (static_cast<Optimisation>(k) == Optimisation::direct) {
      CHECK(dearer == 0);
      continue;
    }
    CHECK(dearer > (static_cast<Optimisation>(k) == Optimisation::pairs ? 4 : 6));
  }
}

TEST_CASE("names") {
  CHECK(without("") == Optimisations());
  const Optimisations two = without("tiles,cancel");
  for (std::size_t k = 0; k < kOptimisations; ++k) {
    const auto which = static_cast<Optimisation>(k);
    CHECK(two.has(which) == (which != Optimisation::tiles && which != Optimisation::cancel));
    CHECK_FALSE(without(kOptimisationInfos[k].name).has(which));
  }
  try {
    (void)without("tiles,speed");
    FAIL("an unknown name was taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    CHECK(std::string(error.message()).find("'speed'") != std::string::npos);
    CHECK(std::string(error.hint()).find("gather") != std::string::npos);
  }
}
