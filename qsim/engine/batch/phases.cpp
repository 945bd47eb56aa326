// SPDX-License-Identifier: Apache-2.0
// Signs are a quadratic form over bits: x_t becomes x_t + x_c, and x_c x_c = x_c.
#include "qsim/engine/batch/phases.hpp"

#include <bit>

#include "qsim/core/bits.hpp"

namespace qross::qsim {

bool BatchSigns::empty() const noexcept { return wires() == 0; }

void BatchSigns::toggle(unsigned a, unsigned b) noexcept {
  partners[a] ^= bit(b);
  partners[b] ^= bit(a);
}

void BatchSigns::pass_flip(unsigned target, std::optional<unsigned> control) noexcept {
  const std::uint64_t of_target = partners[target];
  if (!control) {
    linear ^= of_target;  // (x + 1) y = x y + y; Z changes by a global sign
    return;
  }
  const unsigned c = *control;
  for (std::uint64_t m = of_target; m != 0; m &= m - 1) {
    const auto p = static_cast<unsigned>(std::countr_zero(m));
    if (p == c) {
      toggle(c);
    } else {
      toggle(c, p);
    }
  }
  if ((linear & bit(target)) != 0) toggle(c);
}

std::uint64_t BatchSigns::wires() const noexcept {
  std::uint64_t mask = linear;
  for (const std::uint64_t p : partners) mask |= p;
  return mask;
}

BatchSigns BatchSigns::take(std::uint64_t touched) noexcept {
  BatchSigns taken;
  taken.linear = linear & touched;
  linear &= ~touched;
  for (unsigned q = 0; q < partners.size(); ++q) {
    const bool all = (touched & bit(q)) != 0;
    taken.partners[q] = all ? partners[q] : partners[q] & touched;
    partners[q] &= ~taken.partners[q];
  }
  return taken;
}

void BatchPhases::add(std::uint64_t mask, const AngleForm& form, double factor) {
  if (mask == 0) return;
  const auto at = terms_.try_emplace(mask).first;
  at->second.add(form, factor);
  if (at->second.is_zero()) terms_.erase(at);
}

void BatchPhases::pass_flip(unsigned target, std::optional<unsigned> control) {
  signs_.pass_flip(target, control);
  const Terms moved = take([&](std::uint64_t mask) { return (mask & bit(target)) != 0; });
  for (const auto& [mask, form] : moved) {
    if (control) {
      add(mask ^ bit(*control), form, 1.0);
    } else {
      add(mask, form, -1.0);
    }
  }
}

}  // namespace qross::qsim
