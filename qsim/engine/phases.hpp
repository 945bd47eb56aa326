// SPDX-License-Identifier: Apache-2.0
// PhaseSum: diagonal gates that have been met but not yet applied. All of them together are one
// phase per amplitude, exp(i sum_m angle_m (-1)^parity(m & x)), so any number of RZ, CZ, CP, T, ...
// costs one complex multiplication where the sum is at last applied. Masks are of wires.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <span>

namespace qross::qsim {

/// exp(i angle Z..Z) is a Clifford gate for multiples of this angle.
inline constexpr double kQuarterTurn = std::numbers::pi / 4;

[[nodiscard]] inline bool is_quarter_turn(double angle) {
  return std::abs(std::remainder(angle, kQuarterTurn)) < 1e-15;
}

/// exp(i angle Z..Z) is a multiple of Z..Z for multiples of two quarter turns, or of 1.
[[nodiscard]] inline bool is_half_turn(double angle) {
  return std::abs(std::remainder(angle, 2 * kQuarterTurn)) < 1e-15;
}

class PhaseSum {
 public:
  using Terms = std::map<std::uint64_t, double>;  // ordered: sums are the same on every rank

  [[nodiscard]] const Terms& terms() const noexcept { return terms_; }
  [[nodiscard]] bool empty() const noexcept { return terms_.empty(); }

  /// Whole turns are left out of angles above 64.
  void add(std::uint64_t mask, double angle);

  /// The diagonal gate with phase exp(i angles[k]) on value k of `wires` (bit j of k: wires[j]),
  /// 2^j angles for j wires, controls among the wires. Cost: O(2^j j).
  void add_gate(std::span<const unsigned> wires, std::span<const double> angles);

  /// Takes the sum past X on `target` with `controls` (subset `values` of them must be 1), at most
  /// one control: afterwards the sum describes the phases after that gate.
  void pass_flip(unsigned target, std::uint64_t controls, std::uint64_t values);

  /// Removes and returns the terms for which `chosen(mask)` holds.
  template <class Chosen>
  [[nodiscard]] Terms take(Chosen chosen) {
    Terms taken;
    for (auto it = terms_.begin(); it != terms_.end();) {
      if (chosen(it->first)) {
        taken.insert(*it);
        it = terms_.erase(it);
      } else {
        ++it;
      }
    }
    return taken;
  }

 private:
  Terms terms_;
};

/// In place: f[x] = sum over m of f[m] (-1)^parity(m & x). The size is a power of two.
/// Cost: n log2 n additions.
void walsh_hadamard(std::span<double> f);

}  // namespace qross::qsim
