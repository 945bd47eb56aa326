// SPDX-License-Identifier: Apache-2.0
// Sums of phases as sums over parities. X on a wire changes the sign of the terms that contain it,
// CX turns Z of its target into Z of control and target.
#include "qsim/engine/phases.hpp"

#include <bit>
#include <complex>
#include <vector>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

/// Vectorised sines and cosines are good for small angles only; whole turns may be left out.
double within_turns(double angle) {
  constexpr double kMost = 64.0;
  return std::abs(angle) <= kMost ? angle : std::arg(std::polar(1.0, angle));
}

}  // namespace

void PhaseSum::add(std::uint64_t mask, double angle) {
  if (angle == 0.0) return;
  double& sum = terms_[mask];
  sum = within_turns(sum + within_turns(angle));
  if (sum == 0.0) terms_.erase(mask);
}

void PhaseSum::add_gate(std::span<const unsigned> wires, std::span<const double> angles) {
  std::vector<double> f(angles.begin(), angles.end());
  walsh_hadamard(f);
  for (std::size_t m = 0; m < f.size(); ++m) {
    std::uint64_t mask = 0;
    for (std::size_t j = 0; j < wires.size(); ++j) {
      if (((m >> j) & 1U) != 0) mask |= bit(wires[j]);
    }
    add(mask, f[m] / static_cast<double>(f.size()));
  }
}

void PhaseSum::pass_flip(unsigned target, std::uint64_t controls, std::uint64_t values) {
  if (std::popcount(controls) > 1) {
    throw Error(ErrorCode::bug, "phases cannot pass a flip with several controls");
  }
  Terms moved = take([&](std::uint64_t mask) { return (mask & bit(target)) != 0; });
  // The flip happens where the control's bit equals its value: x_target changes by 1 without a
  // control, by the control's bit c for value 1, by 1 + c for value 0.
  const bool sign = values != controls || controls == 0;
  for (const auto& [mask, angle] : moved) add(mask ^ controls, sign ? -angle : angle);
}

void walsh_hadamard(std::span<double> f) {
  for (std::size_t half = 1; half < f.size(); half *= 2) {
    for (std::size_t i = 0; i < f.size(); i += 2 * half) {
      for (std::size_t k = i; k < i + half; ++k) {
        const double a = f[k];
        const double b = f[k + half];
        f[k] = a + b;
        f[k + half] = a - b;
      }
    }
  }
}

}  // namespace qross::qsim
