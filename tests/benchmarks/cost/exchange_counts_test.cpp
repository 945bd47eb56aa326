// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/cost/exchange_counts.hpp"

#include <doctest/doctest.h>

#include "tests/benchmarks/cost/sample.hpp"

using namespace qross;
using namespace qross::cost;

namespace {

/// A Hadamard gate on each qubit, so that any cut has to exchange.
qsim::Circuit hadamards(qsim::Qubit qubits) {
  qsim::Circuit circuit(qubits);
  for (qsim::Qubit q = 0; q < qubits; ++q) circuit.h(q);
  return circuit;
}

}  // namespace

TEST_CASE("states that any device holds are not spread") {
  CHECK(count_exchanges(hadamards(26)).empty());
}

TEST_CASE("gates on every qubit take one exchange of all that is cut off") {
  // Each cut of k qubits is brought in by one exchange of k pairs: all but 2^-k of a part is sent.
  const std::vector<double> counts = count_exchanges(hadamards(30));
  REQUIRE(counts.size() == 4);
  for (const double count : counts) CHECK(count == doctest::Approx(1.0));
}

TEST_CASE("diagonal gates take no exchange") {
  qsim::Circuit circuit(29);
  for (qsim::Qubit q = 0; q < 29; ++q) circuit.rz(q, 0.1);
  CHECK(count_exchanges(circuit) == std::vector<double>{0, 0, 0});
}

TEST_CASE("deeper circuits exchange part of the state more often") {
  qsim::Circuit circuit = hadamards(34);
  for (int layer = 0; layer < 4; ++layer) {
    for (qsim::Qubit q = 0; q < 34; ++q) circuit.cx(q, (q + 1) % 34).rx(q, 0.3);
  }
  const std::vector<double> counts = count_exchanges(circuit);
  REQUIRE(counts.size() == 8);
  for (const double count : counts) CHECK(count > 1.0);
}
