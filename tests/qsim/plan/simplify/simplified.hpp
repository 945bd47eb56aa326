// SPDX-License-Identifier: Apache-2.0
// What the tests of simplified circuits share.
#pragma once

#include <array>
#include <cmath>

#include "qsim/plan/simplify/simplify.hpp"
#include "tests/qsim/engine/families.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/random_circuits.hpp"

namespace qross::test {

/// The largest difference of amplitudes, phase of the state included.
inline double difference(const qsim::Circuit& a, const qsim::Circuit& b,
                         std::span<const double> values = {}) {
  return (run(a, values) - run(b, values)).cwiseAbs().maxCoeff();
}

inline unsigned count(const qsim::Circuit& circuit, qsim::Gate gate) {
  unsigned found = 0;
  for (const qsim::Operation& op : circuit.operations()) found += op.gate == gate ? 1 : 0;
  return found;
}

/// `simplify` keeps what circuits of every family, and of all gates, do.
template <class Simplify>
void check_same(unsigned seed, const Simplify& simplify) {
  for (unsigned family = 0; family < kFamilies; ++family) {
    Generator random(seed + family);
    for (unsigned trial = 0; trial < 40; ++trial) {
      const qsim::Circuit circuit =
          family_circuit(static_cast<FamilyOf>(family), random, 5 + trial % 4, 10 + 2 * trial);
      REQUIRE(difference(simplify(circuit), circuit) < 1e-13);
    }
  }
  Generator random(seed);
  for (unsigned trial = 0; trial < 100; ++trial) {
    const qsim::Circuit circuit = random_circuit(random, 2 + trial % 5, 60);
    REQUIRE(difference(simplify(circuit), circuit) < 1e-13);
  }
}

}  // namespace qross::test
