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
#include "qsim/engine/lane_signs.hpp"
#include "qsim/engine/tile_program.hpp"

namespace qross::qsim {

/// A diagonal step chooses among 2^3 tables.
inline constexpr unsigned kMostParities = 3;
/// States of at most this many qubits run a step faster than a diagonal one is made; without
/// vectors those of two qubits less.
inline constexpr unsigned kQuickQubits = 12;

template <class T>
void TileCompiler<T>::apply_scale() {
  if (scale_ == 1.0) return;
  T* const number = room(1);
  *number = static_cast<T>(scale_);
  step_with(TileKind::scale, number);
  scale_ = 1.0;
}

template <class T>
void TileCompiler<T>::apply_table(const PhaseSum::Terms& terms) {
  before_phases(terms);
  step_with(TileKind::diagonal_table, phase_table<T>(*kernels_, terms, frame_, true, scale_));
  scale_ = 1.0;
}

template <class T>
T* TileCompiler<T>::apply_by_parities(const PhaseSum::Terms& terms, const Parities& outside) {
  before_phases(terms);
  const std::uint64_t held = frame_.held();
  const std::size_t size = kTileRows * kBlock<T>;
  const auto& masks = outside.masks();
  T* const coef = room(size << masks.size());
  for (unsigned v = 0; v < (1U << masks.size()); ++v) {
    PhaseSum::Terms seen;  // by tiles whose parities are v
    for (const auto& [mask, angle] : terms) {
      seen[mask & held] += parity(*outside.find(mask & ~held) & v) != 0 ? -angle : angle;
    }
    const Coefficients<T> table = phase_table<T>(*kernels_, seen, frame_, false, scale_);
    std::copy_n(table.data(), size, coef + v * size);
  }
  TileStep<T>& next = step_with(TileKind::diagonal, coef);
  next.odd = static_cast<std::uint32_t>(size);
  if (!masks.empty()) next.parity = masks[0] >> kLaneBits<T>;
  for (std::size_t k = 1; k < masks.size(); ++k) next.further[k - 1] = masks[k] >> kLaneBits<T>;
  scale_ = 1.0;
  return coef;
}

template <class T>
void TileCompiler<T>::settle() {
  if (stretch_ == 0.0) return;
  const std::uint64_t held = frame_.held();
  T* number =
      apply_by_parities(take([&](std::uint64_t mask) { return (mask & ~held) == 0; }), Parities(0));
  const Frame::Parts signs = frame_.parts(positions(stretched_));
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
  // exp(i a Z_m) = cos a (1 + i tan a Z_m); the half turns in a stay, so |tan a| <= 1. They change
  // signs only, while a quarter turn left here would turn the axes of rotations.
  const double halves = std::round(angle / (2 * kQuarterTurn)) * 2 * kQuarterTurn;
  phases_.leave(wires, halves);
  const double tangent = std::tan(angle - halves);
  const Frame::Parts signs = frame_.parts(positions(wires));
  const std::size_t size = kTileRows * kLanes<T>;
  const std::uint64_t outside = signs.rest >> kLaneBits<T>;
  T* const coef = room((outside != 0 ? 2 : 1) * size);
  T* out = coef;
  for (const unsigned odd : {0U, 1U}) {
    if (odd != 0 && outside == 0) break;
    for (unsigned r = 0; r < kTileRows; ++r, out += kLanes<T>) {
      const bool minus = (odd ^ parity(r & signs.rows)) != 0;
      fill_lanes(out, static_cast<T>(minus ? -tangent : tangent), signs.lanes);
    }
  }
  TileStep<T>& next = step_with(TileKind::phase, coef);
  next.parity = outside;
  next.odd = static_cast<std::uint32_t>(size);
  multiply_scale(std::cos(angle - halves));
}

template <class T>
bool TileCompiler<T>::one_by_one(std::size_t count) const {
  // Nanoseconds: a diagonal step takes about a microsecond to make, and a table one for every
  // 500 amplitudes.
  constexpr std::size_t kMost = 8;
  const unsigned bits = layout_->qubits();
  const unsigned quick = kernels_->name == "scalar" ? kQuickQubits - 2 : kQuickQubits;
  return bits <= quick && count <= std::max<std::size_t>(1, kMost >> (bits > kQuickQubits - 2));
}

template <class T>
bool TileCompiler<T>::apply_few(bool before_rotation) {
  const std::uint64_t held = frame_.held();
  Parities outside(kMostParities);
  std::size_t taken = 0;
  for (const auto& [wires, angle] : met_) {
    if (!outside.add(positions(wires) & ~held)) return false;
    ++taken;
  }
  if (before_rotation) {
    auto met = met_.begin();
    for (const auto& [wires, angle] : phases_.terms()) {
      if (met != met_.end() && met->first == wires) {
        ++met;
        continue;
      }
      const std::uint64_t mask = positions(wires);
      if ((mask & active_) != 0 && outside.add(mask & ~held)) ++taken;
    }
  }
  if (taken == 1 && before_rotation) {
    apply_single(met_[0].first, met_[0].second);
  } else {
    // Quarter turns come along for nothing, and turn no axis any more.
    phases_.unfold(~std::uint64_t{0});
    apply_by_parities(
        take([&](std::uint64_t mask) { return outside.find(mask & ~held).has_value(); }), outside);
    phases_.fold();
  }
  return true;
}

template <class T>
void TileCompiler<T>::turn_met() {
  const auto each = [&](std::span<const PhaseTerms::Term> terms) {
    for (const auto& [wires, angle] : terms) apply_single(wires, angle);
  };
  if (one_by_one(met_.size())) return each(met_);
  if (apply_few(true)) return;
  // Terms inside the sub-block, terms with one position inside, others.
  std::vector<PhaseTerms::Term> inside;
  std::vector<PhaseTerms::Term> across;
  std::vector<PhaseTerms::Term> apart;
  for (const PhaseTerms::Term& term : met_) {
    const std::uint64_t mask = positions(term.first);
    const bool several = std::popcount(mask & frame_.inner) > 1;
    ((mask & ~frame_.inner) == 0 ? inside : several ? apart : across).push_back(term);
  }
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
void TileCompiler<T>::apply_on(std::uint64_t wires) {
  phases_.unfold(wires);
  if (meet([wires](std::uint64_t mask) { return (mask & wires) != 0; })) apply_met();
}

template <class T>
void TileCompiler<T>::apply_met() {
  if (apply_few(false)) return;
  const std::uint64_t held = frame_.held();
  bool here = false;
  bool inside = false;
  bool across = false;
  std::vector<std::uint64_t> apart;  // outer parts
  for (const auto& [wires, angle] : met_) {
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
  apply_on(layout_->qubits_at(mixed));
}

template <class T>
void TileCompiler<T>::release_all() {
  settle();
  phases_.unfold(~std::uint64_t{0});
  if (meet([](std::uint64_t) { return true; })) apply_met();
  apply_scale();
}

}  // namespace qross::qsim
