// SPDX-License-Identifier: Apache-2.0
// Cosine and sine of one angle together, without a branch that depends on it: plans of short
// circuits would spend half of their time in the library's. Used where lists, fused gates and tiles
// take their numbers from angles.
#pragma once

#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>

namespace qross::qsim {

/// e^(i angle): the real part is the cosine, the imaginary part the sine. Both are within 2e-16
/// of the exact values, and the same bits on every processor; angles beyond a million go to the
/// library.
///
/// The angle is reduced to r = angle - k pi/2 with |r| <= pi/4. Of pi/2 three parts are taken; the
/// first two have so few digits that their products with k are exact. Sine and cosine of r are
/// polynomials of degree 13 and 14 through their Chebyshev points, within 1.5e-17. The quadrant k
/// swaps and negates them.
[[nodiscard]] inline std::complex<double> unit_phase(double angle) noexcept {
  constexpr double kMost = 1e6;
  if (!(std::abs(angle) <= kMost)) return {std::cos(angle), std::sin(angle)};
  constexpr double kTwoOverPi = 0.6366197723675814;
  constexpr double kHigh = 0x1.921fb544p+0;  // 33 bits of pi/2, the next 33, and the rest
  constexpr double kMiddle = 0x1.0b4611a6p-34;
  constexpr double kLow = 0x1.3198a2e037073p-69;
  constexpr double kRounder = 0x1.8p52;  // numbers next to it are whole, in their lowest bits

  const double shifted = angle * kTwoOverPi + kRounder;
  const double k = shifted - kRounder;
  const double r = ((angle - k * kHigh) - k * kMiddle) - k * kLow;
  const double z = r * r;
  // The polynomials of the sine and of the cosine, side by side in one register.
  using Pair = double __attribute__((vector_size(16)));
  const Pair zz{z, z};
  Pair terms = zz * Pair{1.5918115263265974e-10, -1.1382623647474604e-11} +
               Pair{-2.505113165023518e-08, 2.087614614655861e-09};
  terms = terms * zz + Pair{2.7557316101617874e-06, -2.7557317271145144e-07};
  terms = terms * zz + Pair{-1.9841269836756774e-04, 2.480158729876456e-05};
  terms = terms * zz + Pair{8.333333333330948e-03, -1.3888888888887398e-03};
  terms = terms * zz + Pair{-1.0 / 6.0, 1.0 / 24.0};
  const double sine = r + r * z * terms[0];
  const double rest = 1.0 - 0.5 * z;  // its rounding error comes back with the small terms
  const double cosine = rest + (((1.0 - rest) - 0.5 * z) + z * z * terms[1]);

  const auto quadrant = std::bit_cast<std::uint64_t>(shifted);
  const auto real = std::bit_cast<std::uint64_t>(cosine);
  const auto imaginary = std::bit_cast<std::uint64_t>(sine);
  const std::uint64_t swapped = (real ^ imaginary) & (0 - (quadrant & 1));
  return {std::bit_cast<double>(real ^ swapped ^ ((quadrant + 1) & 2) << 62),
          std::bit_cast<double>(imaginary ^ swapped ^ (quadrant & 2) << 62)};
}

}  // namespace qross::qsim
