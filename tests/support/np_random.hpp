// SPDX-License-Identifier: Apache-2.0
// NumPy's legacy random numbers (numpy.random.seed, rand, uniform, randn), so that published runs
// that start from them can be repeated. Tests only.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace qross::test {

class NumpyRandom {
 public:
  explicit NumpyRandom(std::uint32_t seed) : generator_(seed) {}

  /// One number of rand(): 53 bits of two draws.
  double uniform() {
    const auto high = static_cast<double>(generator_() >> 5);
    const auto low = static_cast<double>(generator_() >> 6);
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// One number of randn(): Marsaglia's polar method, whose second value is kept for the next call.
  double normal() {
    if (has_kept_) {
      has_kept_ = false;
      return kept_;
    }
    double x = 0;
    double y = 0;
    double r = 0;
    do {
      x = 2.0 * uniform() - 1.0;
      y = 2.0 * uniform() - 1.0;
      r = x * x + y * y;
    } while (r >= 1.0 || r == 0.0);
    const double factor = std::sqrt(-2.0 * std::log(r) / r);
    kept_ = factor * x;
    has_kept_ = true;
    return factor * y;
  }

  std::vector<double> rand(std::size_t count) {
    std::vector<double> values(count);
    for (double& value : values) value = uniform();
    return values;
  }
  std::vector<double> randn(std::size_t count) {
    std::vector<double> values(count);
    for (double& value : values) value = normal();
    return values;
  }

 private:
  std::mt19937 generator_;
  bool has_kept_ = false;
  double kept_ = 0;
};

}  // namespace qross::test
