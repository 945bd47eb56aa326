// SPDX-License-Identifier: Apache-2.0
// When and how a tile program applies the phases that were gathered: one alone for two
// instructions, those that few parities outside the tile tell apart for four, others as a table
// over the sub-block, or as a product where they depend on positions outside it.
// Included by tile_program.cpp alone, which instantiates the whole class once.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"
#include "qsim/engine/tile_program.hpp"

namespace qross::qsim {

/// A diagonal step chooses among 2^3 tables.
inline constexpr unsigned kMostParities = 3;

template <class T>
void TileCompiler<T>::apply_scale() {
  if (scale_ == 1.0) return;
  Coefficients<T> coef(1);
  coef.data()[0] = static_cast<T>(scale_);
  step_with(TileKind::scale, std::move(coef));
  scale_ = 1.0;
}

template <class T>
void TileCompiler<T>::apply_table(const PhaseSum::Terms& terms) {
  before_phases(terms);
  step_with(TileKind::diagonal_table, phase_table<T>(*kernels_, terms, frame_, true, scale_));
  scale_ = 1.0;
}

template <class T>
void TileCompiler<T>::apply_by_parities(const PhaseSum::Terms& terms, const Parities& outside) {
  before_phases(terms);
  const std::uint64_t held = frame_.held();
  const std::size_t size = kTileRows * kBlock<T>;
  const auto& masks = outside.masks();
  Coefficients<T> coef(size << masks.size());
  for (unsigned v = 0; v < (1U << masks.size()); ++v) {
    PhaseSum::Terms seen;  // by tiles whose parities are v
    for (const auto& [mask, angle] : terms) {
      seen[mask & held] += parity(*outside.find(mask & ~held) & v) != 0 ? -angle : angle;
    }
    const Coefficients<T> table = phase_table<T>(*kernels_, seen, frame_, false, scale_);
    std::copy_n(table.data(), size, coef.data() + v * size);
  }
  TileStep<T>& next = step_with(TileKind::diagonal, std::move(coef));
  next.odd = static_cast<std::uint32_t>(size);
  if (!masks.empty()) next.parity = masks[0] >> kLaneBits<T>;
  for (std::size_t k = 1; k < masks.size(); ++k) next.further[k - 1] = masks[k] >> kLaneBits<T>;
  scale_ = 1.0;
}

template <class T>
void TileCompiler<T>::settle() {
  if (stretch_ == 0.0) return;
  const std::uint64_t held = frame_.held();
  apply_by_parities(take([&](std::uint64_t mask) { return (mask & ~held) == 0; }), Parities(0));
  const Frame::Parts signs = frame_.parts(positions(stretched_));
  T* number = program_.numbers.back().data();
  for (unsigned r = 0; r < kTileRows; ++r) {
    for (unsigned k = 0; k < kBlock<T>; ++k, ++number) {
      const unsigned odd = parity(r & signs.rows) ^ parity(k & (kLanes<T> - 1) & signs.lanes);
      *number = static_cast<T>(*number * std::exp(odd != 0 ? -stretch_ : stretch_));
    }
  }
  stretch_ = 0.0;
}

template <class T>
void TileCompiler<T>::apply_signed(const PhaseSum::Terms& terms) {
  before_phases(terms);
  // All terms have the same outer part: its parity chooses the table or its conjugate.
  const std::uint64_t outer = terms.begin()->first & ~frame_.inner;
  PhaseSum::Terms inner;
  for (const auto& [mask, angle] : terms) inner[mask & frame_.inner] = angle;
  Coefficients<T> even = phase_table<T>(*kernels_, inner, frame_, true, 1.0);
  const auto loop_bits = static_cast<unsigned>(std::popcount(frame_.loop));
  const std::size_t size = kTileRows * kBlock<T> << loop_bits;
  Coefficients<T> both(2 * size);
  for (std::size_t k = 0; k < size; ++k) {
    const T value = even.data()[k];
    const bool imaginary = (k & kLanes<T>) != 0;
    both.data()[k] = value;
    both.data()[size + k] = imaginary ? -value : value;
  }
  TileStep<T>& next = step_with(TileKind::diagonal_table, std::move(both));
  next.parity = outer >> kLaneBits<T>;
  next.odd = static_cast<std::uint32_t>(size);
}

template <class T>
void TileCompiler<T>::apply_product(const PhaseSum::Terms& terms) {
  before_phases(terms);
  OuterPhases phases(terms, frame_);
  const auto place = static_cast<std::uint32_t>(program_.scratch);
  program_.scratch += (phases.template scratch<T>() + kBlock<T> - 1) / kBlock<T> * kBlock<T>;
  program_.outer.emplace_back(std::move(phases), place);
  step(TileKind::diagonal_product).scratch = place;
}

template <class T>
void TileCompiler<T>::apply_single(std::uint64_t wires, double angle) {
  before_phases({{positions(wires), angle}});
  // exp(i a Z_m) = cos a (1 + i tan a Z_m); the half turns in a may stay, so |tan a| <= 1.
  const double quarters = std::round(angle / (2 * kQuarterTurn)) * 2 * kQuarterTurn;
  phases_.add(wires, quarters - angle);
  const double tangent = std::tan(angle - quarters);
  const Frame::Parts signs = frame_.parts(positions(wires));
  const std::size_t size = kTileRows * kLanes<T>;
  Coefficients<T> coef(2 * size);
  T* out = coef.data();
  for (const unsigned outside : {0U, 1U}) {
    for (unsigned r = 0; r < kTileRows; ++r) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const unsigned odd = outside ^ parity(r & signs.rows) ^ parity(l & signs.lanes);
        *out++ = static_cast<T>(odd != 0 ? -tangent : tangent);
      }
    }
  }
  TileStep<T>& next = step_with(TileKind::phase, std::move(coef));
  next.parity = signs.rest >> kLaneBits<T>;
  next.odd = static_cast<std::uint32_t>(size);
  multiply_scale(std::cos(angle - quarters));
}

template <class T>
bool TileCompiler<T>::apply_few(const Choice& met, const Choice& welcome,
                                bool may_leave_half_turns) {
  const std::uint64_t held = frame_.held();
  Parities outside(kMostParities);
  std::uint64_t last = 0;
  int taken = 0;
  const auto add = [&](std::uint64_t wires) {
    if (!outside.add(positions(wires) & ~held)) return false;
    last = wires;
    ++taken;
    return true;
  };
  for (const auto& [wires, angle] : phases_.terms()) {
    if (met(wires) && !add(wires)) return false;
  }
  if (taken == 0) return true;
  for (const auto& [wires, angle] : phases_.terms()) {
    if (welcome(wires) && !met(wires)) (void)add(wires);
  }
  if (taken == 1 && may_leave_half_turns) {
    apply_single(last, phases_.terms().at(last));
  } else {
    apply_by_parities(
        take([&](std::uint64_t mask) { return outside.find(mask & ~held).has_value(); }), outside);
  }
  return true;
}

template <class T>
void TileCompiler<T>::apply_turning(const Choice& touching) {
  const auto turns = [&](std::uint64_t wires) {
    return !is_quarter_turn(phases_.terms().at(wires));
  };
  const auto met = [&](std::uint64_t wires) { return touching(wires) && turns(wires); };
  const auto soon = [&](std::uint64_t wires) {
    return (positions(wires) & active_) != 0 && turns(wires);
  };
  if (apply_few(met, soon, true)) return;
  // Terms inside the sub-block, terms with one position inside, others.
  PhaseSum::Terms inside;
  PhaseSum::Terms across;
  PhaseSum::Terms apart;
  for (const auto& [wires, angle] : phases_.terms()) {
    if (!met(wires)) continue;
    const std::uint64_t mask = positions(wires);
    const bool several = std::popcount(mask & frame_.inner) > 1;
    ((mask & ~frame_.inner) == 0 ? inside : several ? apart : across)[wires] = angle;
  }
  const auto each = [&](const PhaseSum::Terms& terms) {
    for (const auto& [wires, angle] : terms) apply_single(wires, angle);
  };
  // A single phase costs half a table and a quarter of a product.
  if (inside.size() <= 2) {
    each(inside);
  } else {
    apply_table(take([&](std::uint64_t mask) { return (mask & ~frame_.inner) == 0; }));
  }
  if (across.size() <= 4) {
    each(across);
  } else {
    apply_product(take([&](std::uint64_t mask) {
      return (mask & ~frame_.inner) != 0 && std::popcount(mask & frame_.inner) <= 1;
    }));
  }
  each(apart);
}

template <class T>
PhaseSum::Terms TileCompiler<T>::take(const Choice& chosen) {
  PhaseSum::Terms result;
  for (const auto& [wires, angle] :
       phases_.take([&](std::uint64_t wires) { return chosen(positions(wires)); })) {
    result[positions(wires)] = angle;
  }
  return result;
}

template <class T>
void TileCompiler<T>::apply_phases(const Choice& touching) {
  const Choice nothing = [](std::uint64_t) { return false; };
  if (apply_few(touching, nothing, false)) return;
  const std::uint64_t held = frame_.held();
  bool here = false;
  bool inside = false;
  bool across = false;
  std::vector<std::uint64_t> apart;  // outer parts
  for (const auto& [wires, angle] : phases_.terms()) {
    if (!touching(wires)) continue;
    const std::uint64_t mask = positions(wires);
    const std::uint64_t outer = mask & ~frame_.inner;
    if (outer == 0) {
      ((mask & ~held) == 0 ? here : inside) = true;
    } else if (std::popcount(mask & frame_.inner) <= 1) {
      across = true;
    } else if (std::find(apart.begin(), apart.end(), outer) == apart.end()) {
      apart.push_back(outer);
    }
  }
  if (inside) {
    apply_table(take([&](std::uint64_t mask) { return (mask & ~frame_.inner) == 0; }));
  } else if (here) {
    apply_by_parities(take([&](std::uint64_t mask) { return (mask & ~held) == 0; }), Parities(0));
  }
  if (across) {
    apply_product(take([&](std::uint64_t mask) {
      return (mask & ~frame_.inner) != 0 && std::popcount(mask & frame_.inner) <= 1;
    }));
  }
  for (const std::uint64_t outer : apart) {
    apply_signed(take([&](std::uint64_t mask) {
      return (mask & ~frame_.inner) == outer && std::popcount(mask & frame_.inner) > 1;
    }));
  }
}

template <class T>
void TileCompiler<T>::release(std::uint64_t mixed) {
  settle();
  apply_phases([&](std::uint64_t wires) { return (positions(wires) & mixed) != 0; });
}

template <class T>
void TileCompiler<T>::release_all() {
  settle();
  apply_phases([](std::uint64_t) { return true; });
  apply_scale();
}

}  // namespace qross::qsim
