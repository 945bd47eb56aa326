// SPDX-License-Identifier: Apache-2.0
#include "qsim/plan/lowered_numbers.hpp"

#include <Eigen/Dense>
#include <array>
#include <limits>

#include <doctest/doctest.h>

#include "qsim/core/error.hpp"
#include "tests/support/random_circuits.hpp"

using namespace qross;
using namespace qross::qsim;

TEST_CASE("inverse numbers invert") {
  test::Generator random(21);
  for (int trial = 0; trial < 60; ++trial) {
    const LoweredCircuit low = lower(test::random_circuit(random, 4, 12));
    for (const Lowered& op : low.ops) {
      const std::size_t dim = std::size_t{1} << op.targets;
      if (op.kind == Lowered::Kind::permutation) {
        const auto there = permutation_table(low, op, false);
        const auto back = permutation_table(low, op, true);
        for (std::uint32_t k = 0; k < dim; ++k) CHECK(back[there[k]] == k);
        CHECK_THROWS_AS((void)numbers(low, op, {}, false), Error);
        continue;
      }
      const auto there = numbers(low, op, {}, false);
      const auto back = numbers(low, op, {}, true);
      REQUIRE(there.size() == back.size());
      if (op.kind == Lowered::Kind::pauli) {
        CHECK(back[0] == -there[0]);
      } else if (op.kind == Lowered::Kind::diagonal) {
        REQUIRE(there.size() == dim);
        for (std::size_t k = 0; k < dim; ++k) CHECK(std::abs(there[k] * back[k] - 1.0) < 1e-14);
      } else {
        REQUIRE(there.size() == dim * dim);
        using RowMajor = Eigen::Matrix<Complex, -1, -1, Eigen::RowMajor>;
        const auto d = static_cast<Eigen::Index>(dim);
        const RowMajor product = Eigen::Map<const RowMajor>(back.data(), d, d) *
                                 Eigen::Map<const RowMajor>(there.data(), d, d);
        CHECK((product - RowMajor::Identity(d, d)).norm() < 1e-13);
      }
    }
  }
}

TEST_CASE("numbers follow the parameters; a missing or NaN value is refused") {
  Circuit circuit(1);
  circuit.p(0, 2.0 * circuit.parameter("a"));
  const LoweredCircuit low = lower(circuit);
  CHECK(low.slots == 1);
  CHECK(std::abs(numbers(low, low.ops[0], std::array{0.25}, false)[1] - std::polar(1.0, 0.5)) <
        1e-15);
  CHECK_THROWS_AS((void)numbers(low, low.ops[0], {}, false), Error);
  const std::array nan{std::numeric_limits<double>::quiet_NaN()};
  CHECK_THROWS_AS((void)numbers(low, low.ops[0], nan, false), Error);
}
