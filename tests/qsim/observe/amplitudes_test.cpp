// SPDX-License-Identifier: Apache-2.0
#include "qsim/observe/amplitudes.hpp"

#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("amplitudes are found by logical index, whatever the layout") {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
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

TEST_CASE_TEMPLATE("fault_F6 a state is set from all its amplitudes, in any layout", T, float,
                   double) {
  const auto comm = serial_communicator();
  const Engine engine(*comm, {1});
  for (const unsigned n : {1U, 2U, 4U, 5U}) {
    CAPTURE(n);
    std::vector<Complex> wanted(bit(n));
    double sum = 0.0;
    for (std::uint64_t i = 0; i < wanted.size(); ++i) {
      wanted[i] = {1.0 + static_cast<double>(i), 0.5 - static_cast<double>(i % 3)};
      sum += std::norm(wanted[i]);
    }
    for (Complex& a : wanted) a /= std::sqrt(sum);
    Circuit circuit(n);
    circuit.x(0);
    if (n > 1) circuit.swap(0, n - 1);  // the SWAP only relabels
    PlanOptions options;
    options.precision = StateVector<T>::kPrecision;
    const Plan plan = make_plan(circuit, options);
    auto state = engine.make_state<T>(plan);
    engine.run(plan, {}, state);
    set_amplitudes<T>(state, wanted);
    CHECK(!state.is_zero_state());
    std::vector<std::uint64_t> all(wanted.size());
    for (std::uint64_t i = 0; i < all.size(); ++i) all[i] = i;
    const std::vector<Complex> found = amplitudes(state, all);
    for (std::uint64_t i = 0; i < all.size(); ++i) {
      CHECK(std::abs(found[i] - wanted[i]) < (sizeof(T) == 8 ? 1e-15 : 1e-6));
    }
    wanted.back() *= 2.0;
    CHECK_THROWS_WITH_AS(set_amplitudes<T>(state, wanted), doctest::Contains("add up to"), Error);
    wanted.pop_back();
    CHECK_THROWS_WITH_AS(set_amplitudes<T>(state, wanted), doctest::Contains("qubits"), Error);
  }
}
