// SPDX-License-Identifier: Apache-2.0
// Tree sums: exact on the tree, and the same however an aligned split divides the work.
#include "qsim/core/tree_sum.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <doctest/doctest.h>

using namespace qross::qsim;

namespace {

double by_definition(std::span<const double> leaves) {
  if (leaves.size() == 1) return leaves[0];
  const std::size_t half = leaves.size() / 2;
  return by_definition(leaves.first(half)) + by_definition(leaves.subspan(half));
}

std::vector<double> leaves(std::size_t count) {
  std::mt19937_64 random(count);
  std::normal_distribution<double> normal;
  std::vector<double> result(count);
  for (double& leaf : result) leaf = normal(random) * std::exp(5 * normal(random));
  return result;
}

}  // namespace

TEST_CASE("2^k leaves are summed on the full binary tree") {
  for (unsigned k = 0; k <= 12; ++k) {
    const auto x = leaves(std::size_t{1} << k);
    CHECK(tree_sum(x) == by_definition(x));
  }
}

TEST_CASE("aligned parts summed elsewhere give the same bits") {
  const auto x = leaves(1024);
  const double whole = tree_sum(x);
  for (std::size_t part = 1; part <= 1024; part *= 2) {
    std::vector<double> sums;
    for (std::size_t at = 0; at < x.size(); at += part) {
      sums.push_back(tree_sum(std::span(x).subspan(at, part)));
    }
    CHECK(tree_sum(sums) == whole);
  }
  // A plain loop rounds differently: the tree is not an accident.
  double loop = 0.0;
  for (const double leaf : x) loop += leaf;
  CHECK(loop != whole);
  CHECK(loop == doctest::Approx(whole));
}

TEST_CASE("other counts are sums too, and no leaves are 0") {
  CHECK(tree_sum({}) == 0.0);
  for (std::size_t count = 1; count <= 40; ++count) {
    std::vector<double> x(count, 1.0);
    CHECK(tree_sum(x) == static_cast<double>(count));
  }
  const std::vector<double> three{1.0, 2.0, 4.5};
  CHECK(tree_sum(three) == 7.5);
}
