// SPDX-License-Identifier: Apache-2.0
// What the tests of tile programs share: places of tiles among the blocks of a state, and calls
// with their numbers.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <deque>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "qsim/kernels/reference_tile.hpp"
#include "tests/qsim/kernels/calls.hpp"

namespace qross::test {

/// Three carriers and the loop among the block bits; the other block bits are those of `base`.
struct Place {
  std::array<unsigned, qsim::kTileBits> carrier{};  ///< ascending
  std::uint64_t free = 0;
  std::uint64_t base = 0;

  [[nodiscard]] std::size_t tiles() const { return std::size_t{1} << std::popcount(free); }
};

inline Place random_place(Generator& random, unsigned block_bits, unsigned loops) {
  Place place;
  const auto order = random_bits(random, block_bits, block_bits);
  std::copy_n(order.begin(), qsim::kTileBits, place.carrier.begin());
  std::sort(place.carrier.begin(), place.carrier.end());
  for (unsigned k = qsim::kTileBits; k < block_bits; ++k) {
    if (k < qsim::kTileBits + loops) {
      place.free |= qsim::bit(order[k]);
    } else if (random() % 2 == 0) {
      place.base |= qsim::bit(order[k]);
    }
  }
  return place;
}

/// A call and what its steps point to.
template <class T>
class Program {
 public:
  qsim::TileCall<T> call;

  explicit Program(const Place& place) : place_(place), scratch_(4096) {
    call.free = place.free;
    for (unsigned r = 0; r < qsim::kTileRows; ++r) {
      for (unsigned j = 0; j < qsim::kTileBits; ++j) {
        if (((r >> j) & 1U) != 0) call.offset[r] |= qsim::bit(place.carrier[j]);
      }
    }
  }

  /// Appends a step with these numbers, if any.
  qsim::TileStep<T>& add(qsim::TileKind kind, std::span<const double> numbers = {}) {
    qsim::TileStep<T> step;
    step.kind = kind;
    if (!numbers.empty()) step.coef = keep(numbers);
    return call.steps.emplace_back(step);
  }

  /// Appends the step diagonal_product with these numbers in the scratch.
  qsim::TileStep<T>& add_product(std::span<const double> numbers) {
    qsim::TileStep<T>& step = add(qsim::TileKind::diagonal_product);
    step.scratch = static_cast<std::uint32_t>(used_);
    if (used_ + numbers.size() > scratch_.size()) throw std::length_error("scratch is full");
    for (const double number : numbers) scratch_[used_++] = static_cast<T>(number);
    used_ = (used_ + qsim::kBlock<T> - 1) / qsim::kBlock<T> * qsim::kBlock<T>;
    return step;
  }

  [[nodiscard]] const Place& place() const { return place_; }
  [[nodiscard]] const T* scratch() const { return scratch_.data(); }

 private:
  const T* keep(std::span<const double> numbers) {
    Numbers<T>& kept = numbers_.emplace_back(numbers.size());
    for (std::size_t k = 0; k < numbers.size(); ++k) kept[k] = static_cast<T>(numbers[k]);
    return kept.data();
  }

  Place place_;
  std::deque<Numbers<T>> numbers_;
  Numbers<T> scratch_;
  std::size_t used_ = 0;
};

/// `count` numbers, uniform in [-size, size].
inline std::vector<double> random_numbers(Generator& random, std::size_t count, double size = 1.0) {
  std::vector<double> numbers(count);
  for (double& x : numbers) x = std::uniform_real_distribution(-size, size)(random);
  return numbers;
}

/// `count` numbers as they lie in blocks, so that each complex number has absolute value 1.
template <class T>
std::vector<double> random_phase_blocks(Generator& random, std::size_t count) {
  std::vector<double> numbers(count);
  for (std::size_t k = 0; k < count; ++k) {
    if ((k & qsim::kLanes<T>) != 0) continue;
    const double angle = std::uniform_real_distribution(-4.0, 4.0)(random);
    numbers[k] = std::cos(angle);
    numbers[k + qsim::kLanes<T>] = std::sin(angle);
  }
  return numbers;
}

/// The same numbers for every pair and lane: one vector for each of `values`.
template <class T>
std::vector<double> same_for_pairs(std::span<const double> values) {
  std::vector<double> numbers;
  for (unsigned pair = 0; pair < qsim::kTilePairs; ++pair) {
    for (const double value : values) numbers.insert(numbers.end(), qsim::kLanes<T>, value);
  }
  return numbers;
}

}  // namespace qross::test
