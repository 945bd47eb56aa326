// SPDX-License-Identifier: Apache-2.0
// The CCZ factory against Gidney and Fowler 2019 and Qualtran's tests.
#include "benchmarks/cost/ccz_factory.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/published.hpp"

using namespace qross::cost;

TEST_CASE("Q9: the factory with distances 15 and 31 has 147,904 qubits") {
  CHECK(factory_qubits({15, 31}) == 147904);
  // As logical-qubit equivalents of distance 31, rounded up as Hoefler et al. do.
  CHECK(std::ceil(factory_qubits({15, 31}) / (2.0 * 31 * 31)) == 77);
}

TEST_CASE("Q10: a million-fold algorithm as Qualtran computes it") {
  const auto resources = ccz_resources({15, 31}, 100, 1e8, 1e8, 1e-3, 0.01, 1e-6, 0.5);
  REQUIRE(resources.has_value());
  CHECK(agrees(resources->failure, "0.0084", 0.001));
  CHECK(agrees(resources->physical_qubits, "4.00e5", 0.001));
  CHECK(agrees(resources->seconds / 3600, "7.53", 0.001));
  CHECK(resources->data_distance == 29);
}

TEST_CASE("a factory that eats the budget alone is no answer") {
  CHECK_FALSE(ccz_resources({15, 31}, 100, 1e10, 1e10, 1e-3, 0.01, 1e-6, 0.5).has_value());
  CHECK(ccz_resources({15, 31}, 100, 1e6, 1e6, 1e-3, 0.01, 1e-6, 0.5).has_value());
}

TEST_CASE("cycles follow the slower of the two levels") {
  CHECK(factory_cycles({15, 31}, 0, 10) == 5.5 * 10 * 31);
  CHECK(factory_cycles({19, 31}, 0, 10) == 5.5 * 10 * 39);
  CHECK(factory_cycles({15, 31}, 3, 0) == (5.5 * 2 + 2) * 31);
  CHECK(gidney_fowler_error(1e-3, 29) == doctest::Approx(1e-16));
}
