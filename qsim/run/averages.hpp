// SPDX-License-Identifier: Apache-2.0
// Averages over shots that are spread over ranks: the same bits whoever ran which shot, in memory
// that does not grow with the shots. Called by run_shots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qsim/dist/communicator.hpp"

namespace qross::qsim {

/// A sum of numbers from -1 to 1, each rounded to a multiple of 2^-52. It is exact, so the order of
/// the numbers makes no difference; up to 2^53 of them.
class FixedPointSum {
 public:
  /// |x| may exceed 1 by rounding.
  void add(double x) noexcept;
  void add(const FixedPointSum& other) noexcept { carry(other.low_, other.high_); }
  [[nodiscard]] double value() const noexcept {
    return static_cast<double>(high_) + static_cast<double>(low_) * 0x1p-52;
  }

  /// Both parts are whole numbers that a double holds exactly.
  [[nodiscard]] double high() const noexcept { return static_cast<double>(high_); }
  [[nodiscard]] double low() const noexcept { return static_cast<double>(low_); }
  [[nodiscard]] static FixedPointSum of_parts(double high, double low) noexcept;

 private:
  void carry(std::int64_t low, std::int64_t high) noexcept;

  std::int64_t high_ = 0;
  std::int64_t low_ = 0;  ///< from 0 to 2^52 - 1, in units of 2^-52
};

/// A mean over shots, and its standard error: the root of (sum of squared deviations) / (n (n -
/// 1)).
struct ShotMean {
  double value = 0.0;
  double standard_error = 0.0;  ///< not a number for one shot, which says nothing of its own error
};

/// Sums of several quantities over shots.
class ShotAverages {
 public:
  /// Quantity k never exceeds scales[k] > 0 in size; its mean is good to 2^-52 of that.
  explicit ShotAverages(std::vector<double> scales)
      : scales_(std::move(scales)), sums_(scales_.size()), squares_(scales_.size()) {}

  /// The value of quantity k in one more shot.
  void add(std::size_t k, double value) noexcept;
  /// Collective. Adds up what all ranks have added. Cost: an all-gather of four numbers a quantity.
  void gather(Communicator& comm);
  /// The mean of quantity k over `shots` shots. Deviations below 2^-24 of the scale count as none.
  [[nodiscard]] ShotMean mean(std::size_t k, std::uint64_t shots) const;

 private:
  std::vector<double> scales_;
  std::vector<FixedPointSum> sums_;
  std::vector<FixedPointSum> squares_;
};

}  // namespace qross::qsim
