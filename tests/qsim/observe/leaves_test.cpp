// SPDX-License-Identifier: Apache-2.0
// Leaves of states in any order are those of the state in logical order, to the last bit.
#include "qsim/observe/leaves.hpp"

#include <set>

#include <doctest/doctest.h>

#include "tests/qsim/engine/states.hpp"

using namespace qross::qsim;
namespace test = qross::test;

namespace {

/// Pairwise sums of |a|^2 in logical order, level by level; the last has one number.
template <class T>
std::vector<std::vector<double>> levels(const StateVector<T>& state, unsigned n) {
  std::vector<std::vector<double>> result(1);
  for (std::uint64_t i = 0; i < bit(n); ++i) {
    const std::complex<T> a = get_amplitude(state.shard(0), state.layout().positions(i));
    const double re = a.real();
    const double im = a.imag();
    result[0].push_back(re * re + im * im);
  }
  while (result.back().size() > 1) {
    std::vector<double> next;
    for (std::size_t k = 0; k < result.back().size(); k += 2) {
      next.push_back(result.back()[k] + result.back()[k + 1]);
    }
    result.push_back(next);
  }
  return result;
}

template <class T>
void check_leaves(const StateVector<T>& state, unsigned n) {
  const auto expected = levels(state, n);
  const Leaves<T> leaves(state, Shape{n, 0, 1});
  const unsigned bits = std::min(leaves.bits(), n);
  REQUIRE(leaves.per_shard() == bit(n - bits));
  typename Leaves<T>::Group group(leaves);
  std::set<std::uint64_t> seen;
  for (std::uint64_t g = 0; g < leaves.groups(); ++g) {
    group.load(0, g);
    for (std::uint64_t l = 0; l < leaves.group_size(); ++l) {
      const std::uint64_t leaf = leaves.leaf(g, l);
      seen.insert(leaf);
      REQUIRE(group.sum(l) == expected[bits][leaf]);
      // The point where the second half of the leaf begins, and the very first one.
      const double half = bits > 0 ? expected[bits - 1][2 * leaf] : 0.0;
      REQUIRE(group.descend(l, half) == (bits > 0 ? bit(bits - 1) : 0));
      REQUIRE(group.descend(l, 0.0) == 0);
    }
  }
  REQUIRE(seen.size() == leaves.per_shard());
  REQUIRE(*seen.rbegin() == leaves.per_shard() - 1);
}

}  // namespace

TEST_CASE("a tree of sums finds the leaf of a point and never an empty one") {
  SumTree tree(4);
  tree.leaves()[0] = 0.25;
  tree.leaves()[2] = 0.5;
  tree.add_up();
  CHECK(tree.total() == 0.75);
  const auto find = [&](double u) { return tree.descend(u); };
  CHECK(find(0.0) == 0);
  CHECK(find(0.2) == 0);
  CHECK(find(0.25) == 2);
  CHECK(find(0.75) == 2);
  double u = 0.5;
  CHECK(tree.descend(u) == 2);
  CHECK(u == 0.25);
}

TEST_CASE_TEMPLATE("leaves of any layout", T, double, float) {
  const auto comm = serial_communicator();
  test::Generator random(51);
  for (const unsigned n : {1U, 2U, 3U, 5U, 8U, 10U, 12U, 15U, 19U}) {
    CAPTURE(n);
    StateVector<T> state(*comm, Shape{n, 0, 1});
    const Eigen::VectorXcd v = test::random_vector(random, n);
    test::fill(state, Layout(n), v);
    check_leaves(state, n);
    for (int trial = 0; trial < (n < 15 ? 5 : 2); ++trial) {
      test::fill(state, test::random_layout(random, n), v);
      check_leaves(state, n);
    }
    Layout reversed(n);
    for (unsigned p = 0; p < n / 2; ++p) reversed.swap_positions(p, n - 1 - p);
    test::fill(state, reversed, v);
    check_leaves(state, n);
  }
}
