// SPDX-License-Identifier: Apache-2.0
#include "qsim/observe/amplitudes.hpp"

#include <array>

#include <doctest/doctest.h>

#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("amplitudes are found by logical index, whatever the layout") {
  const auto comm = serial_communicator();
  const Engine engine(*comm);
  Circuit circuit(5);
  circuit.x(0).ry(3, 1.0).swap(0, 4);  // the SWAP only relabels
  const Plan plan = make_plan(circuit, {});
  auto state = engine.make_state<double>(plan);
  engine.run(plan, {}, state);
  const auto found = amplitudes<double>(state, std::array<std::uint64_t, 3>{16, 24, 1});
  CHECK(found[0].real() == doctest::Approx(std::cos(0.5)));
  CHECK(found[1].real() == doctest::Approx(std::sin(0.5)));
  CHECK(found[2] == Complex(0.0));
  CHECK_THROWS_WITH_AS((void)amplitudes<double>(state, std::array<std::uint64_t, 1>{32}),
                       doctest::Contains("indices 0 to 31"), Error);
}
