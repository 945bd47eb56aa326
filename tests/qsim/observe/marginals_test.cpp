// SPDX-License-Identifier: Apache-2.0
// Marginal probabilities against the oracle's amplitudes: any qubits in any order, any layout and
// cut; equal bits on any number of threads and shards.
#include "qsim/observe/marginals.hpp"

#include <doctest/doctest.h>

#include "qsim/dist/state_access-inl.hpp"
#include "tests/qsim/engine/states.hpp"
#include "tests/support/simulate.hpp"

using namespace qross;
using namespace qross::qsim;

namespace {

std::vector<double> expected(const Eigen::VectorXcd& v, std::span<const Qubit> qubits) {
  std::vector<double> p(bit(static_cast<unsigned>(qubits.size())));
  for (Eigen::Index i = 0; i < v.size(); ++i) {
    std::size_t outcome = 0;
    for (std::size_t t = 0; t < qubits.size(); ++t) {
      outcome |= (static_cast<std::size_t>(i) >> qubits[t] & 1U) << t;
    }
    p[outcome] += std::norm(v(i));
  }
  return p;
}

}  // namespace

TEST_CASE_TEMPLATE("marginals equal the oracle's, and their bits depend on the layout alone", T,
                   double, float) {
  const auto comm = serial_communicator();
  test::Generator random(901);
  const double tolerance = sizeof(T) == 8 ? 1e-14 : 1e-6;
  for (int trial = 0; trial < 60; ++trial) {
    const unsigned n = 1 + static_cast<unsigned>(trial) % 13;
    const auto k = static_cast<unsigned>(random() % (std::min(n, kMaxMarginalQubits) + 1));
    const std::vector<Qubit> qubits = test::random_qubits(random, n, k);
    const Layout layout = test::random_layout(random, n);
    const Eigen::VectorXcd v = test::random_vector(random, n);
    CAPTURE(n);
    CAPTURE(k);
    std::vector<double> first;
    for (const unsigned rank_bits : {0U, 1U, 3U}) {
      if (rank_bits > 0 && n < rank_bits + kLaneBits<T>) continue;
      for (const int threads : {1, 3}) {
        StateVector<T> state(*comm, Shape{n, rank_bits, 1}, threads);
        test::fill(state, layout, v);
        const std::vector<double> found = marginal_probabilities(state, qubits);
        const std::vector<double> wanted = expected(v, qubits);
        REQUIRE(found.size() == wanted.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
          CHECK(std::abs(found[i] - wanted[i]) <= tolerance);
        }
        if (first.empty()) first = found;
        CHECK(found == first);
      }
    }
  }
}

TEST_CASE("qubits that make no sense are named") {
  const auto comm = serial_communicator();
  StateVector<double> state(*comm, Shape{14, 0, 1});
  state.set_zero_state(Layout(14));
  const auto message = [&](const std::vector<Qubit>& qubits) -> std::string {
    try {
      (void)marginal_probabilities(state, qubits);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::bad_input);
      return error.message();
    }
    return "no error";
  };
  CHECK(message({3, 14}) == "qubit 14 does not exist: the state has 14 qubits");
  CHECK(message({3, 1, 3}) == "qubit 3 is named twice");
  CHECK(message({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}).find("at most 12 qubits") !=
        std::string::npos);
  CHECK(message({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) == "no error");
  CHECK(marginal_probabilities(state, {}) == std::vector<double>{1.0});
  CHECK(state.is_zero_state());
}
