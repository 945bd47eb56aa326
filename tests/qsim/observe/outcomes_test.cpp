// SPDX-License-Identifier: Apache-2.0
#include "qsim/observe/outcomes.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace qross::qsim;
using List = std::vector<Outcome>;

TEST_CASE("repeated indices are counted, also across calls") {
  List list;
  count_outcomes(std::array<std::uint64_t, 6>{1, 1, 4, 7, 7, 7}, list);
  CHECK(list == List{{1, 2}, {4, 1}, {7, 3}});
  count_outcomes(std::array<std::uint64_t, 2>{7, 9}, list);
  count_outcomes({}, list);
  CHECK(list == List{{1, 2}, {4, 1}, {7, 4}, {9, 1}});
}

TEST_CASE("merging keeps the order and adds up what is in both") {
  const List a{{1, 2}, {4, 1}, {9, 5}};
  const List b{{0, 1}, {4, 2}, {12, 7}};
  const List both{{0, 1}, {1, 2}, {4, 3}, {9, 5}, {12, 7}};
  CHECK(merge_outcomes(a, b) == both);
  CHECK(merge_outcomes(b, a) == both);
  CHECK(merge_outcomes(a, {}) == a);
  CHECK(merge_outcomes({}, a) == a);
}

TEST_CASE("one rank has all there is") {
  const auto comm = serial_communicator();
  const List list{{3, 1}, {5, 2}};
  const std::array<std::uint64_t, 1> shard_at{0};
  CHECK(gather_outcomes(*comm, Shape{3, 0, 1}, shard_at, list, Receiver::first_rank) == list);
}
