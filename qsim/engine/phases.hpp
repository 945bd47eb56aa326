// SPDX-License-Identifier: Apache-2.0
// PhaseSum: diagonal gates that have been met but not yet applied. All of them together are one
// phase per amplitude, exp(i sum_m angle_m (-1)^parity(m & x)), so any number of RZ, CZ, CP, T, ...
// costs one complex multiplication where the sum is at last applied. Masks are of wires.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "qsim/engine/quarter_turns.hpp"

namespace qross::qsim {

/// exp(i angle Z..Z) is a Clifford gate for multiples of this angle.
inline constexpr double kQuarterTurn = std::numbers::pi / 4;

/// To rounding; false for angles beyond +-64.
[[nodiscard]] bool is_quarter_turn(double angle);

/// Angles by mask, in the order of the masks, so that sums are the same on every rank.
class PhaseTerms {
 public:
  using Term = std::pair<std::uint64_t, double>;

  PhaseTerms() = default;
  PhaseTerms(std::initializer_list<Term> terms) {
    for (const Term& term : terms) (*this)[term.first] = term.second;
  }
  [[nodiscard]] auto begin() const noexcept { return terms_.begin(); }
  [[nodiscard]] auto end() const noexcept { return terms_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return terms_.size(); }
  [[nodiscard]] bool empty() const noexcept { return terms_.empty(); }
  void clear() noexcept { terms_.clear(); }

  /// The angle of a mask; a new one is 0. Cost: O(log n) to find, O(n) to insert.
  [[nodiscard]] double& operator[](std::uint64_t mask) {
    // Most masks come in ascending order.
    if (terms_.empty() || terms_.back().first < mask) {
      return terms_.emplace_back(mask, 0.0).second;
    }
    const auto at = lower(mask);
    return at->first == mask ? at->second : terms_.insert(at, {mask, 0.0})->second;
  }
  [[nodiscard]] const double* find(std::uint64_t mask) const noexcept {
    const auto at = std::lower_bound(terms_.begin(), terms_.end(), mask, before);
    return at != terms_.end() && at->first == mask ? &at->second : nullptr;
  }
  void erase(std::uint64_t mask) {
    const auto at = lower(mask);
    if (at != terms_.end() && at->first == mask) terms_.erase(at);
  }
  template <class Chosen>
  void erase_if(Chosen chosen) {
    std::erase_if(terms_, chosen);
  }
  friend bool operator==(const PhaseTerms&, const PhaseTerms&) = default;

 private:
  static bool before(const Term& term, std::uint64_t mask) noexcept { return term.first < mask; }
  [[nodiscard]] std::vector<Term>::iterator lower(std::uint64_t mask) {
    return std::lower_bound(terms_.begin(), terms_.end(), mask, before);
  }
  std::vector<Term> terms_;
};

class PhaseSum {
 public:
  using Terms = PhaseTerms;

  /// Those that are no multiples of a quarter turn; mask 0 is a phase of all amplitudes.
  [[nodiscard]] const Terms& terms() const noexcept { return terms_; }
  /// The others.
  [[nodiscard]] const QuarterTurns& quarter_turns() const noexcept { return quarters_; }
  /// All of them.
  [[nodiscard]] Terms all_terms() const;
  [[nodiscard]] bool empty() const noexcept {
    return terms_.empty() && quarters_.empty() && !quarters_.has_common();
  }

  /// Whole turns are left out of angles above 64.
  void add(std::uint64_t mask, double angle);

  /// The diagonal gate with phase exp(i angles[k]) on value k of `wires` (bit j of k: wires[j]),
  /// 2^j angles for j wires, controls among the wires. Cost: O(2^j j).
  void add_gate(std::span<const unsigned> wires, std::span<const double> angles);

  /// Takes the sum past X on `target` with `controls` (subset `values` of them must be 1), at most
  /// one control: afterwards the sum describes the phases after that gate.
  void pass_flip(unsigned target, std::uint64_t controls, std::uint64_t values);

  /// Puts the quarter turns of these wires among terms(), to be taken from there.
  void unfold(std::uint64_t wires);
  /// Takes quarter turns among terms() away from there again.
  void fold();
  /// Replaces the term of a mask by this multiple of a quarter turn.
  void leave(std::uint64_t mask, double angle);

  /// Removes and returns the terms for which `chosen(mask)` holds. Quarter turns stay.
  template <class Chosen>
  [[nodiscard]] Terms take(Chosen chosen) {
    Terms taken;
    terms_.erase_if([&](const PhaseTerms::Term& term) {
      const bool out = chosen(term.first);
      if (out) taken[term.first] = term.second;
      return out;
    });
    return taken;
  }

 private:
  void add_quarters(std::uint64_t mask, double angle);

  Terms terms_;
  QuarterTurns quarters_;
  std::vector<PhaseTerms::Term> moved_;
};

/// In place: f[x] = sum over m of f[m] (-1)^parity(m & x). The size is a power of two.
/// Cost: n log2 n additions.
void walsh_hadamard(std::span<double> f);

}  // namespace qross::qsim
