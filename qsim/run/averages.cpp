// SPDX-License-Identifier: Apache-2.0
// Fixed-point sums and the variance they give.
#include "qsim/run/averages.hpp"

#include <cmath>
#include <limits>

namespace qross::qsim {
namespace {

constexpr unsigned kFractionBits = 52;
constexpr std::int64_t kFraction = (std::int64_t{1} << kFractionBits) - 1;
/// Squares are rounded to 2^-52, so that a variance below this may be rounding alone.
constexpr double kLeastVariance = 0x1p-48;
constexpr std::size_t kNumbers = 4;  ///< of each quantity, as they travel

}  // namespace

void FixedPointSum::add(double x) noexcept {
  carry(static_cast<std::int64_t>(std::llround(x * 0x1p52)), 0);
}

void FixedPointSum::carry(std::int64_t low, std::int64_t high) noexcept {
  low_ += low;
  high_ += high + (low_ >> kFractionBits);  // rounds down, for negative sums too
  low_ &= kFraction;
}

FixedPointSum FixedPointSum::of_parts(double high, double low) noexcept {
  FixedPointSum sum;
  sum.high_ = static_cast<std::int64_t>(high);
  sum.low_ = static_cast<std::int64_t>(low);
  return sum;
}

void ShotAverages::add(std::size_t k, double value) noexcept {
  const double x = value / scales_[k];
  sums_[k].add(x);
  squares_[k].add(x * x);
}

void ShotAverages::gather(Communicator& comm) {
  std::vector<double> mine;
  mine.reserve(kNumbers * sums_.size());
  for (std::size_t k = 0; k < sums_.size(); ++k) {
    mine.insert(mine.end(),
                {sums_[k].high(), sums_[k].low(), squares_[k].high(), squares_[k].low()});
  }
  const std::vector<double> all = comm.all_gather(mine);
  for (std::size_t k = 0; k < sums_.size(); ++k) {
    sums_[k] = {};
    squares_[k] = {};
    for (std::size_t at = kNumbers * k; at < all.size(); at += mine.size()) {
      sums_[k].add(FixedPointSum::of_parts(all[at], all[at + 1]));
      squares_[k].add(FixedPointSum::of_parts(all[at + 2], all[at + 3]));
    }
  }
}

ShotMean ShotAverages::mean(std::size_t k, std::uint64_t shots) const {
  const double n = static_cast<double>(shots);
  const double mean = sums_[k].value() / n;
  ShotMean result{scales_[k] * mean, std::numeric_limits<double>::quiet_NaN()};
  if (shots < 2) return result;
  const double variance = (squares_[k].value() / n - mean * mean) * (n / (n - 1.0));
  result.standard_error = variance <= kLeastVariance ? 0.0 : scales_[k] * std::sqrt(variance / n);
  return result;
}

}  // namespace qross::qsim
