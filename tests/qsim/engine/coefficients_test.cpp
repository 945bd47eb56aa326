// SPDX-License-Identifier: Apache-2.0
// Memory of coefficients: aligned, zero where asked, its own while it lives, and reused.
#include "qsim/engine/coefficients.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace qross::qsim;

namespace {

constexpr std::size_t kLarge = 100000;  // numbers: above what malloc keeps by itself

template <class T>
bool aligned(const Coefficients<T>& numbers) {
  return reinterpret_cast<std::uintptr_t>(numbers.data()) % 64 == 0;
}

}  // namespace

TEST_CASE_TEMPLATE("coefficients are aligned and start at 0, in used memory too", T, double,
                   float) {
  CHECK(Coefficients<T>().data() == nullptr);
  for (const std::size_t count : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, kLarge}) {
    for (int round = 0; round < 3; ++round) {
      Coefficients<T> numbers(count);
      REQUIRE(aligned(numbers));
      REQUIRE(std::all_of(numbers.data(), numbers.data() + count, [](T x) { return x == T{0}; }));
      std::fill_n(numbers.data(), count, T{3});
    }
  }
}

TEST_CASE("moved coefficients stay where they are") {
  Coefficients<double> first(kLarge, Unset{});
  double* const data = first.data();
  data[0] = 1.5;
  Coefficients<double> second(std::move(first));
  CHECK(second.data() == data);
  Coefficients<double> third(4);
  third = std::move(second);
  CHECK(third.data() == data);
  CHECK(third.data()[0] == 1.5);
}

TEST_CASE("large pieces are used again, by one owner at a time") {
  const double* before = nullptr;
  {
    const Coefficients<double> numbers(kLarge, Unset{});
    before = numbers.data();
  }
  CHECK(Coefficients<double>(kLarge, Unset{}).data() == before);

  // More than is kept, in any order: nobody's numbers change.
  std::mt19937_64 random(77);
  std::vector<std::pair<Coefficients<double>, double>> live;
  for (int k = 0; k < 600; ++k) {
    if (live.size() > 60 || (!live.empty() && random() % 3 == 0)) {
      std::swap(live[random() % live.size()], live.back());
      REQUIRE(live.back().first.data()[0] == live.back().second);
      REQUIRE(live.back().first.data()[kLarge - 1] == live.back().second);
      live.pop_back();
    } else {
      live.emplace_back(Coefficients<double>(kLarge + 8 * (random() % 3), Unset{}), k);
      REQUIRE(aligned(live.back().first));
      live.back().first.data()[0] = live.back().first.data()[kLarge - 1] = k;
    }
  }
}

TEST_CASE("coefficients may end on another thread than they began") {
  Coefficients<double> numbers(kLarge);
  numbers.data()[5] = 2.0;
  double seen = 0.0;
  std::thread([&seen, mine = std::move(numbers)]() mutable {
    seen = mine.data()[5];
    const Coefficients<double> released = std::move(mine);
  }).join();
  CHECK(seen == 2.0);
  Coefficients<double> back;
  std::thread([&back] { back = Coefficients<double>(kLarge); }).join();
  CHECK(back.data()[kLarge - 1] == 0.0);
}

TEST_CASE("scratch grows and stays") {
  Scratch<double> scratch;
  const double* const small = scratch.at_least(10);
  CHECK(scratch.at_least(5) == small);
  double* const large = scratch.at_least(kLarge);
  large[kLarge - 1] = 1.0;
  CHECK(scratch.at_least(kLarge) == large);
}
