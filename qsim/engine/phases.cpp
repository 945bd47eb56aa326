// SPDX-License-Identifier: Apache-2.0
// Sums of phases as sums over parities. X on a wire changes the sign of the terms that contain it,
// CX turns Z of its target into Z of control and target.
#include "qsim/engine/phases.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <complex>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

/// Angles of a gate on more wires than this come from the heap.
constexpr std::size_t kFewAngles = 16;

/// Vectorised sines and cosines, and the search for quarter turns, are good for small angles only.
constexpr double kMostAngle = 64.0;

/// Whole turns may be left out.
double within_turns(double angle) {
  return std::abs(angle) <= kMostAngle ? angle : std::arg(std::polar(1.0, angle));
}

/// The nearest multiple of a quarter turn. Angles are at most kMostAngle; 1.5 * 2^52 rounds to
/// whole numbers.
int nearest_quarters(double angle) {
  constexpr double kRound = 0x1.8p52;
  return static_cast<int>((angle * (1.0 / kQuarterTurn) + kRound) - kRound);
}

}  // namespace

bool is_quarter_turn(double angle) {
  // The products are exact: the parts of a quarter turn have 24 and 29 bits.
  constexpr double kHigh = static_cast<double>(static_cast<float>(kQuarterTurn));
  constexpr double kLow = kQuarterTurn - kHigh;
  if (!(std::abs(angle) <= kMostAngle)) return false;
  const int turns = nearest_quarters(angle);
  return std::abs((angle - turns * kHigh) - turns * kLow) < 1e-15;
}

PhaseSum::Terms PhaseSum::all_terms() const {
  PhaseSum copy = *this;
  copy.unfold(quarters_.wires());
  return copy.terms_;
}

void PhaseSum::add_quarters(std::uint64_t mask, double angle) {
  quarters_.add(mask, nearest_quarters(angle));
}

void PhaseSum::add(std::uint64_t mask, double angle) {
  if (angle == 0.0) return;
  angle = within_turns(angle);
  if (is_quarter_turn(angle)) return add_quarters(mask, angle);
  double& sum = terms_[mask];
  sum = within_turns(sum + angle);
  if (sum == 0.0) {
    terms_.erase(mask);
  } else if (mask != 0 && is_quarter_turn(sum)) {
    add_quarters(mask, sum);
    terms_.erase(mask);
  }
}

void PhaseSum::add_gate(std::span<const unsigned> wires, std::span<const double> angles) {
  std::array<double, kFewAngles> few;
  std::vector<double> many;
  std::span<double> f = std::span(few).first(std::min(angles.size(), kFewAngles));
  if (angles.size() > kFewAngles) {
    many.resize(angles.size());
    f = many;
  }
  // Of whole turns nothing is seen, and a sum of such angles may have no value.
  std::transform(angles.begin(), angles.end(), f.begin(), within_turns);
  walsh_hadamard(f);
  const double share = 1.0 / static_cast<double>(f.size());
  for (std::size_t m = 0; m < f.size(); ++m) {
    std::uint64_t mask = 0;
    for (std::size_t j = 0; j < wires.size(); ++j) {
      if (((m >> j) & 1U) != 0) mask |= bit(wires[j]);
    }
    add(mask, f[m] * share);
  }
}

void PhaseSum::pass_flip(unsigned target, std::uint64_t controls, std::uint64_t values) {
  if (std::popcount(controls) > 1) {
    throw Error(ErrorCode::bug, "phases cannot pass a flip with several controls");
  }
  // The flip happens where the control's bit equals its value: x_target changes by 1 without a
  // control, by the control's bit c for value 1, by 1 + c for value 0.
  const bool sign = values != controls || controls == 0;
  quarters_.pass_flip(target, controls, sign);
  moved_.clear();
  terms_.erase_if([&](const PhaseTerms::Term& term) {
    const bool moves = (term.first & bit(target)) != 0;
    if (moves) moved_.push_back(term);
    return moves;
  });
  for (const auto& [mask, angle] : moved_) add(mask ^ controls, sign ? -angle : angle);
}

void PhaseSum::leave(std::uint64_t mask, double angle) {
  terms_.erase(mask);
  add_quarters(mask, angle);
}

void PhaseSum::fold() {
  terms_.erase_if([this](const PhaseTerms::Term& term) {
    const bool quarters = is_quarter_turn(term.second);
    if (quarters) add_quarters(term.first, term.second);
    return quarters;
  });
}

void PhaseSum::unfold(std::uint64_t wires) {
  const auto move = [&](std::uint64_t mask, int turns) {
    double& sum = terms_[mask];
    sum = within_turns(sum + turns * kQuarterTurn);
  };
  for (std::uint64_t m = wires & quarters_.wires(); m != 0; m &= m - 1) {
    quarters_.remove(static_cast<unsigned>(std::countr_zero(m)), move);
  }
  if (const int turns = quarters_.take_common(); turns != 0) move(0, turns);
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
