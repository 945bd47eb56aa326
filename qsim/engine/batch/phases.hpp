// SPDX-License-Identifier: Apache-2.0
// Diagonal gates of a batch that have been met but not yet applied, with angles that are forms in
// the parameters: exp(i sum_m form_m (-1)^parity(m & x)), and the exact signs of Z and CZ. Masks
// are of wires. See phases.hpp for the same with numbers.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "qsim/engine/batch/phasors.hpp"

namespace qross::qsim {

/// (-1)^(sum over q of x_q x_(partners) / 2 + x_linear): Z on the wires of `linear`, CZ on each
/// wire and its partners. Both directions of a pair are set.
struct BatchSigns {
  std::uint64_t linear = 0;
  std::array<std::uint64_t, 64> partners{};

  [[nodiscard]] bool empty() const noexcept;
  /// Adds Z, or takes it away.
  void toggle(unsigned wire) noexcept { linear ^= std::uint64_t{1} << wire; }
  void toggle(unsigned a, unsigned b) noexcept;
  /// The signs after X on `target` where `control` is 1, which stood after them.
  void pass_flip(unsigned target, std::optional<unsigned> control) noexcept;
  /// All wires they depend on.
  [[nodiscard]] std::uint64_t wires() const noexcept;
  /// Removes and returns what depends on the wires of `touched`.
  [[nodiscard]] BatchSigns take(std::uint64_t touched) noexcept;
};

class BatchPhases {
 public:
  using Terms = std::map<std::uint64_t, AngleForm>;

  [[nodiscard]] const Terms& terms() const noexcept { return terms_; }
  [[nodiscard]] const BatchSigns& signs() const noexcept { return signs_; }

  /// Adds the term exp(i factor * form (-1)^parity(mask & x)). The empty mask is a global phase,
  /// which is left out.
  void add(std::uint64_t mask, const AngleForm& form, double factor);
  [[nodiscard]] BatchSigns& signs() noexcept { return signs_; }

  /// Takes phases and signs past X on `target`, where `control` is 1 if there is one.
  void pass_flip(unsigned target, std::optional<unsigned> control);

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
  BatchSigns signs_;
};

}  // namespace qross::qsim
