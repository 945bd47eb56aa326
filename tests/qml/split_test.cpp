// SPDX-License-Identifier: Apache-2.0
#include "qml/split.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "tests/support/errors.hpp"

using namespace qross;
using namespace qross::qml;

TEST_CASE("shuffles are permutations that depend on seed, purpose and stream") {
  const auto order = shuffled(100, 3, qsim::Purpose::shuffle, 1);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::size_t> all(100);
  std::iota(all.begin(), all.end(), std::size_t{0});
  CHECK(sorted == all);
  CHECK(order != all);
  CHECK(order == shuffled(100, 3, qsim::Purpose::shuffle, 1));
  CHECK(order != shuffled(100, 4, qsim::Purpose::shuffle, 1));
  CHECK(order != shuffled(100, 3, qsim::Purpose::split, 1));
  CHECK(order != shuffled(100, 3, qsim::Purpose::shuffle, 2));
  CHECK(shuffled(0, 1, qsim::Purpose::shuffle, 0).empty());
}

TEST_CASE("every place is reached about equally often") {
  std::array<int, 4> first{};
  for (std::uint64_t stream = 0; stream < 4000; ++stream) {
    ++first[shuffled(4, 9, qsim::Purpose::shuffle, stream)[0]];
  }
  for (const int count : first) CHECK(std::abs(count - 1000) < 150);  // 5.5 standard deviations
}

TEST_CASE("a split is stratified, complete and seeded") {
  std::vector<std::uint32_t> labels;
  for (unsigned i = 0; i < 70; ++i) labels.push_back(i < 40 ? 0 : 1);
  const Split split = stratified_split(labels, 0.25, 0.1, 5);
  const auto of_class = [&](const std::vector<std::size_t>& part, std::uint32_t label) {
    return std::count_if(part.begin(), part.end(),
                         [&](std::size_t i) { return labels[i] == label; });
  };
  CHECK(of_class(split.test, 0) == 10);
  CHECK(of_class(split.test, 1) == 8);  // 7.5 rounds up
  CHECK(of_class(split.validation, 0) == 4);
  CHECK(of_class(split.validation, 1) == 3);
  std::vector<std::size_t> all = split.train;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  all.insert(all.end(), split.test.begin(), split.test.end());
  std::sort(all.begin(), all.end());
  REQUIRE(all.size() == 70);
  for (std::size_t i = 0; i < 70; ++i) CHECK(all[i] == i);
  CHECK(stratified_split(labels, 0.25, 0.1, 5).test == split.test);
  CHECK(stratified_split(labels, 0.25, 0.1, 6).test != split.test);
}

TEST_CASE("a split that leaves nothing to train on is refused") {
  const std::vector<std::uint32_t> labels = {0, 0, 0, 0, 1, 1};
  CHECK(test::refuses(ErrorCode::bad_input, "class number 1 has 2 samples",
                      [&] { (void)stratified_split(labels, 0.3, 0.3, 1); }));
  CHECK(test::refuses(ErrorCode::bad_input, "[0, 1), not 1",
                      [&] { (void)stratified_split(labels, 1.0, 0.0, 1); }));
  CHECK(test::refuses(ErrorCode::bad_input, "not nan",
                      [&] { (void)stratified_split(labels, 0.1, NAN, 1); }));
}
