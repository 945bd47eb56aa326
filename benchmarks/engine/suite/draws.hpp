// SPDX-License-Identifier: Apache-2.0
// Draws: one stream of random numbers of the project's Philox, for circuits that every machine and
// every run makes the same. Called by the circuit generators and for parameter values.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>

#include "qsim/core/random.hpp"

namespace qross::bench {

class Draws {
 public:
  explicit Draws(std::uint64_t seed, std::uint32_t stream = 0) : seed_(seed), stream_(stream) {}

  /// Uniform on [0, 1).
  double uniform() noexcept { return qsim::uniform(seed_, qsim::Purpose::data, next_++, stream_); }
  /// Uniform on [-pi, pi).
  double angle() noexcept { return (2.0 * uniform() - 1.0) * std::numbers::pi; }
  /// Uniform on 0 .. n-1, for n up to 2^32.
  std::uint64_t below(std::uint64_t n) noexcept {
    return static_cast<std::uint64_t>(uniform() * static_cast<double>(n));
  }
  /// Standard normal (Box and Muller).
  double gaussian() noexcept {
    const double radius = std::sqrt(-2.0 * std::log1p(-uniform()));
    return radius * std::cos(angle());
  }
  /// A uniformly random order (Fisher and Yates).
  template <class T>
  void shuffle(std::span<T> items) noexcept {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t seed_;
  std::uint32_t stream_;
  std::uint64_t next_ = 0;
};

}  // namespace qross::bench
