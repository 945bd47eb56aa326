// SPDX-License-Identifier: Apache-2.0
// The arithmetic of quarter turns: exp(i pi/2 Z_m) is i Z_m, and two equal pairs are that.
#include "qsim/engine/quarter_turns.hpp"

namespace qross::qsim {
namespace {

int count(std::uint64_t mask) noexcept { return std::popcount(mask); }

unsigned lowest(std::uint64_t mask) noexcept {
  return static_cast<unsigned>(std::countr_zero(mask));
}

}  // namespace

void QuarterTurns::add_half_turns(std::uint64_t mask, int halves) noexcept {
  // (i Z_m)^h, and Z_m is the product of -i exp(i pi/2 Z_q).
  add_common(2 * halves);
  if ((halves & 1) == 0) return;
  add_common(-2 * count(mask));
  for (; mask != 0; mask &= mask - 1) add_single(lowest(mask), 2);
}

void QuarterTurns::toggle_pair(unsigned a, unsigned b) noexcept {
  const std::uint64_t with_a = std::uint64_t{1} << a;
  const std::uint64_t with_b = std::uint64_t{1} << b;
  const bool twice = (pair_[a] & with_b) != 0;
  pair_[a] ^= with_b;
  pair_[b] ^= with_a;
  note(a);
  note(b);
  if (twice) add_half_turns(with_a | with_b, 1);
}

void QuarterTurns::add(std::uint64_t mask, int turns) noexcept {
  const int wires = count(mask);
  if (wires == 0) {
    add_common(turns);
    return;
  }
  if (wires == 1) return add_single(lowest(mask), turns);
  if ((turns >> 1) != 0) add_half_turns(mask, turns >> 1);
  if ((turns & 1) == 0) return;
  if (wires == 2) {
    return toggle_pair(lowest(mask), lowest(mask & (mask - 1)));
  }
  // exp(i pi/4 Z_m) = e^{i pi/4} product of e^{-i pi/4} exp(i pi/4 Z_q) over wires and of
  // e^{i pi/4} exp(i pi/4 (Z_q Z_r - Z_q - Z_r)) over pairs.
  add_common(1 - wires + wires * (wires - 1) / 2);
  for (std::uint64_t m = mask; m != 0; m &= m - 1) {
    add_single(lowest(m), 2 - wires);
    for (std::uint64_t k = m & (m - 1); k != 0; k &= k - 1) toggle_pair(lowest(m), lowest(k));
  }
}

void QuarterTurns::pass_flip(unsigned target, std::uint64_t controls, bool sign) noexcept {
  const std::uint64_t own = std::uint64_t{1} << target;
  if ((wires_ & own) == 0) return;
  const int turns = static_cast<int>(single_[target]);
  const std::uint64_t partners = pair_[target];
  for (std::uint64_t m = partners; m != 0; m &= m - 1) drop_pair(lowest(m), own);
  single_[target] = 0;
  pair_[target] = 0;
  wires_ &= ~own;
  const int one = sign ? -1 : 1;
  if (turns != 0) add(own | controls, one * turns);
  for (std::uint64_t m = partners; m != 0; m &= m - 1) {
    add((own | controls) ^ (m & (~m + 1)), one);
  }
}

bool QuarterTurns::pass_rotation(std::uint64_t x, std::uint64_t& z) const noexcept {
  // exp(i k pi/4 Z_m) taken past a rotation about P = i^ys X^x Z^z that anticommutes with Z_m makes
  // it one about i^k P Z_m^k; ys is the number of letters Y before and after.
  int sign = 0;  // power of i
  for (std::uint64_t left = x & wires_; left != 0; left &= left - 1) {
    const unsigned q = lowest(left);
    const std::uint64_t own = left & (~left + 1);
    const int turns = static_cast<int>(single_[q]);
    sign += turns;
    // A wire of x that enters z makes a Y: -1; one that leaves it: +1.
    if ((turns & 1) != 0) {
      sign += (z & own) != 0 ? 1 : -1;
      z ^= own;
    }
    // Pairs within x commute with the string. Of others the first, third, ... change z at q.
    const std::uint64_t partners = pair_[q] & ~x;
    const int pairs = count(partners);
    if (pairs == 0) continue;
    const int even = pairs & ~1;
    sign += even;
    if ((pairs & 1) != 0) {
      sign += 1 + ((z & own) != 0 ? 1 : -1);
      z ^= own;
    }
    z ^= partners;
  }
  return (sign & 2) != 0;
}

}  // namespace qross::qsim
