// SPDX-License-Identifier: Apache-2.0
// Rotations about Pauli strings in tile programs. Phases that are multiples of a quarter turn are
// not applied before a rotation: they turn its axis into another string. Without controls a
// rotation is a shear, and its common factor joins the scale.
// Included by tile_program.cpp alone, which instantiates the whole class once.
#pragma once

#include <bit>
#include <cmath>
#include <utility>

#include "qsim/core/bits.hpp"
#include "qsim/engine/lane_signs.hpp"
#include "qsim/engine/tile_program.hpp"

namespace qross::qsim {

template <class T>
void TileCompiler<T>::rotate(double cosine, double sine, std::uint64_t x, std::uint64_t z,
                             Controls controls, double axis) {
  if (sine == 0.0 && cosine == 1.0) return;
  settle();
  if (meet([x](std::uint64_t mask) { return parity(mask & x) != 0; })) turn_met();
  if (phases_.quarter_turns().pass_rotation(x, z)) sine = -sine;
  if (axis == 0.0) {
    before_rotation(x, z, controls.mask);
  } else {
    before_mixing(x);
  }
  const unsigned d = frame_.parts(positions(x)).rows;
  const Frame::Parts signs = frame_.parts(positions(z));
  TileStep<T> turn;
  Frame::Parts value;
  const Frame::Parts mask = condition(turn, controls, value);
  turn.parity = signs.rest >> kLaneBits<T>;
  // out_A = cos a_A - i i^ys sign(B) sin a_B, with ys letters Y and sign(B) = (-1)^parity(z & B).
  const int ys = std::popcount(x & z);
  const bool straight = ys % 2 != 0;
  // straight: out_A = c A - S B; cross: out_A = c A - i S B, with S = factor * sign(B).
  const double factor = straight ? (ys % 4 == 1 ? -sine : sine) : (ys % 4 == 0 ? sine : -sine);
  // Without controls the factor cos, or S, is left to the scale. S has the sign of a string of Z,
  // the same for A and B, which joins the phases.
  const bool flat = std::abs(sine) <= std::abs(cosine);
  const std::uint64_t low =
      bit(layout_->qubit(frame_.row[static_cast<unsigned>(std::countr_zero(d))]));
  const std::uint64_t string = straight ? z ^ low : z;
  const bool shear = controls.mask == 0;
  if (axis != 0.0) {
    // A' = c A - w B with w = S e^{2 i axis}, i S e^{2 i axis}.
    const Complex turned =
        std::polar(1.0, 2.0 * axis) * (straight ? Complex(1.0) : Complex(0.0, 1.0));
    return add_turned(turn, d, signs, factor / cosine * turned, cosine);
  }

  const std::size_t size = (shear ? 1 : 2) * std::size_t{kTilePairs} * kLanes<T>;
  T* const coef = room((turn.parity != 0 ? 2 : 1) * size);
  T* out = coef;
  const double number = shear ? (flat ? factor / cosine : cosine / factor) : factor;
  for (const unsigned outside : {0U, 1U}) {
    if (outside != 0 && turn.parity == 0) break;
    for (unsigned k = 0; k < kTilePairs; ++k) {
      const unsigned b = pair_row(d, k) ^ d;
      const bool minus = (outside ^ parity(b & signs.rows)) != 0;
      if (!shear) {
        const bool rows_hold = (b & mask.rows) == value.rows;
        T* const cosines = std::exchange(out, out + kLanes<T>);
        fill_lanes(out, static_cast<T>(minus ? -number : number), signs.lanes);
        for (unsigned l = 0; l < kLanes<T>; ++l) {
          const bool holds = rows_hold && (l & mask.lanes) == value.lanes;
          cosines[l] = static_cast<T>(holds ? cosine : 1.0);
          if (!holds) out[l] = T{0};
        }
      } else {
        fill_lanes(out, static_cast<T>(minus ? -number : number), signs.lanes);
      }
      out += kLanes<T>;
    }
  }
  const TileKind family = shear ? (flat ? (straight ? TileKind::shear : TileKind::shear_cross)
                                        : (straight ? TileKind::coshear : TileKind::coshear_cross))
                                : (straight ? TileKind::rotate : TileKind::rotate_cross);
  turn.kind = tile_kind(family, d - 1);
  turn.odd = static_cast<std::uint32_t>(size);
  turn.pairs = 0;
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const bool rows_hold = (pair_row(d, k) & mask.rows) == value.rows;
    if (rows_hold) turn.pairs = static_cast<std::uint8_t>(turn.pairs | (1U << k));
  }
  turn.coef = coef;
  program_.call.steps.push_back(turn);
  if (!shear) return;
  if (!flat && string != 0) {  // Z_m = -i exp(i pi/2 Z_m)
    // The step is the rotation and Z_m: it turns the brackets that do not commute with Z_m.
    for (Bracket& b : waiting_) {
      if (parity(b.x & string) != 0) b.weight = -b.weight;
    }
    phases_.add(string, 2 * kQuarterTurn);
    phases_.add(0, -2 * kQuarterTurn);
  }
  multiply_scale(flat ? cosine : (straight ? -factor : factor));
}

template <class T>
void TileCompiler<T>::add_turned(TileStep<T> turn, unsigned d, const Frame::Parts& signs, Complex w,
                                 double cosine) {
  const std::size_t size = std::size_t{2} * kTilePairs * kLanes<T>;
  T* const coef = room((turn.parity != 0 ? 2 : 1) * size);
  T* out = coef;
  for (const unsigned outside : {0U, 1U}) {
    if (outside != 0 && turn.parity == 0) break;
    for (unsigned k = 0; k < kTilePairs; ++k) {
      const unsigned b = pair_row(d, k) ^ d;
      const bool minus = (outside ^ parity(b & signs.rows)) != 0;
      for (const double part : {w.real(), w.imag()}) {
        fill_lanes(out, static_cast<T>(minus ? -part : part), signs.lanes);
        out += kLanes<T>;
      }
    }
  }
  turn.kind = tile_kind(TileKind::turned, d - 1);
  turn.odd = static_cast<std::uint32_t>(size);
  turn.coef = coef;
  program_.call.steps.push_back(turn);
  multiply_scale(cosine);
}

template <class T>
void TileCompiler<T>::multiply_scale(double factor) {
  scale_ *= factor;
  constexpr double smallest = sizeof(T) == 8 ? 0x1p-200 : 0x1p-30;
  if (std::abs(scale_) < smallest) apply_scale();
}

}  // namespace qross::qsim
