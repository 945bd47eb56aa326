// SPDX-License-Identifier: Apache-2.0
// QuarterTurns: the phases that Clifford gates leave (S, Z, CZ and what flips make of them), in a
// form that does not grow with the circuit: at most one number a wire and one bit a pair of wires.
// Masks are of wires. Used by PhaseSum, which keeps all other phases.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace qross::qsim {

/// exp(i pi/4 [c + sum over wires q of k_q Z_q + sum over pairs {q, r} of Z_q Z_r]), k_q = 0..3.
/// Every product of exp(i pi/4 Z..Z) has this form: the parity of several bits is, modulo 4, the
/// sum of the bits less twice the sum of their products in pairs.
class QuarterTurns {
 public:
  [[nodiscard]] bool empty() const noexcept { return wires_ == 0; }
  /// Wires that some phase concerns.
  [[nodiscard]] std::uint64_t wires() const noexcept { return wires_; }
  /// k of a wire.
  [[nodiscard]] unsigned single(unsigned wire) const noexcept { return single_[wire]; }
  /// The partners of a wire.
  [[nodiscard]] std::uint64_t partners(unsigned wire) const noexcept { return pair_[wire]; }

  /// Multiplies by exp(i turns pi/4 Z_mask). Cost: O(k^2) for k wires.
  void add(std::uint64_t mask, int turns) noexcept;
  /// Takes the phases past X on `target` with at most one control: Z of the target becomes Z of
  /// target and control, with a minus if `sign`. Cost: O(partners of the target).
  void pass_flip(unsigned target, std::uint64_t controls, bool sign) noexcept;
  /// Takes a rotation about X^x Z^z past the phases: it becomes one about another string, whose z
  /// part is written to `z`; true if the angle changes its sign.
  [[nodiscard]] bool pass_rotation(std::uint64_t x, std::uint64_t& z) const noexcept;

  /// Removes all phases of one wire and calls each(mask, k) for exp(i k pi/4 Z_mask).
  template <class Each>
  void remove(unsigned wire, const Each& each) {
    const std::uint64_t own = std::uint64_t{1} << wire;
    if ((wires_ & own) == 0) return;
    if (single_[wire] != 0) each(own, static_cast<int>(single_[wire]));
    for (std::uint64_t m = pair_[wire]; m != 0; m &= m - 1) {
      const std::uint64_t other = m & (~m + 1);
      each(own | other, 1);
      drop_pair(static_cast<unsigned>(std::countr_zero(m)), own);
    }
    single_[wire] = 0;
    pair_[wire] = 0;
    wires_ &= ~own;
  }

  /// The multiple of pi/4 common to all amplitudes, from 0 to 7; it is set to 0.
  [[nodiscard]] int take_common() noexcept {
    const int turns = common_;
    common_ = 0;
    return turns;
  }
  [[nodiscard]] bool has_common() const noexcept { return common_ != 0; }

 private:
  void add_common(int turns) noexcept { common_ = (common_ + turns) & 7; }
  void add_single(unsigned wire, int turns) noexcept {
    const int sum = static_cast<int>(single_[wire]) + turns;
    add_common(4 * (sum >> 2));  // exp(i pi Z) = -1
    single_[wire] = static_cast<std::uint8_t>(sum & 3);
    note(wire);
  }
  void add_half_turns(std::uint64_t mask, int halves) noexcept;
  void toggle_pair(unsigned a, unsigned b) noexcept;
  void drop_pair(unsigned wire, std::uint64_t other) noexcept {
    pair_[wire] &= ~other;
    note(wire);
  }
  void note(unsigned wire) noexcept {
    const std::uint64_t own = std::uint64_t{1} << wire;
    wires_ = single_[wire] != 0 || pair_[wire] != 0 ? wires_ | own : wires_ & ~own;
  }

  std::uint64_t wires_ = 0;
  int common_ = 0;
  std::array<std::uint8_t, 64> single_{};
  std::array<std::uint64_t, 64> pair_{};
};

}  // namespace qross::qsim
