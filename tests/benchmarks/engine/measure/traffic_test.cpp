// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/engine/measure/traffic.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace qross;
using namespace qross::bench;
using qsim::Circuit;
using qsim::Control;
using qsim::Gate;
using qsim::Qubit;

namespace {

/// On four ranks, eight qubits: 6 and 7 lie on rank bits.
double volume(const Circuit& circuit) { return gate_by_gate_volume(circuit, 4); }

}  // namespace

TEST_CASE("the rule, gate by gate") {
  CHECK(volume(Circuit(8).h(5).cx(7, 0).swap(1, 2)) == 0.0);
  CHECK(volume(Circuit(8).rz(7, 0.1).cz(6, 7).rzz(0, 7, 0.2)) == 0.0);
  CHECK(volume(Circuit(8).h(7)) == 1.0);
  CHECK(volume(Circuit(8).cx(0, 7)) == 0.5);
  CHECK(volume(Circuit(8).cx(6, 7)) == 1.0);
  CHECK(volume(Circuit(8).swap(0, 7)) == 0.5);
  CHECK(volume(Circuit(8).swap(6, 7)) == 1.0);
  CHECK(volume(Circuit(8).rxx(0, 7, 0.3)) == 1.0);
  CHECK(volume(Circuit(8).fsim(6, 7, 0.3, 0.1)) == 2.0);
  const std::array<Qubit, 3> on{0, 6, 7};
  CHECK(volume(Circuit(8).pauli_rotation("XZZ", on, 0.1)) == 0.0);
  CHECK(volume(Circuit(8).pauli_rotation("IZY", on, 0.1)) == 1.0);
}

TEST_CASE("plans send less than gate by gate, as much as they are held to") {
  const auto rows = traffic_suite();
  REQUIRE(rows.size() == 21);
  for (const Traffic& row : rows) {
    CAPTURE(row.name);
    CAPTURE(row.qubits);
    CAPTURE(row.ranks);
    const bool small = row.qubits == 24;
    double least = 0.0;
    if (row.name == "QFT") least = !small ? 6.0 : row.ranks == 2 ? 2.9 : row.ranks == 4 ? 3.9 : 5.0;
    if (row.name == "quantum volume") least = small ? 11.0 : 15.0;
    if (row.name == "CZ grid") least = small ? 13.0 : 30.0;
    CHECK(row.gate_by_gate >= least * row.planned);
    CHECK(row.planned > 0.0);
  }
  CHECK(traffic_text(rows).find("quantum volume") != std::string::npos);
}
