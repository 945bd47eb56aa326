// SPDX-License-Identifier: Apache-2.0
// Gates of two qubits in tile programs: those that keep their parity turn the two states of each
// parity, all others are dense matrices.
// Included by tile_program.cpp alone, which instantiates the whole class once.
#pragma once

#include <array>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"
#include "qsim/engine/tile_moves.hpp"
#include "qsim/engine/tile_program.hpp"

namespace qross::qsim {

template <class T>
typename TileCompiler<T>::Swing TileCompiler<T>::swing_of(Complex u00, Complex u01, Complex u10,
                                                          Complex u11) {
  Swing swing;
  const double cosine = std::abs(u00);
  const double sine = std::abs(u10);
  const double norm = std::hypot(cosine, sine);
  swing.cosine = cosine / norm;
  if (cosine > sine) {
    swing.common = (std::arg(u00) + std::arg(u11)) / 2.0;
    swing.apart = (std::arg(u00) - std::arg(u11)) / 2.0;
  } else {
    swing.common = (std::arg(u10) + std::arg(-u01)) / 2.0;
    swing.apart = cosine != 0.0 ? std::arg(u00) - swing.common : 0.0;
  }
  swing.mix = std::conj(u10 * std::polar(1.0 / norm, swing.apart - swing.common));
  return swing;
}

template <class T>
void TileCompiler<T>::add_pair(const Lowered& op, std::span<const Complex> m) {
  const std::uint64_t first = bit(op.target[0]);
  const std::uint64_t second = bit(op.target[1]);
  const Swing even = swing_of(m[0], m[3], m[12], m[15]);  // |00>, |11>
  const Swing odd = swing_of(m[5], m[6], m[9], m[10]);    // |first>, |second>
  if (even.mix != 0.0 || odd.mix != 0.0) {
    settle();
    before_mixing(first | second);
    // Phases of one of the two wires alone turn the axes; phases with further wires are applied.
    phases_.unfold(first | second);
    const bool met = meet([&](std::uint64_t mask) {
      return parity(mask & (first | second)) != 0 && (mask & ~(first | second)) != 0;
    });
    if (met) apply_met();
    const auto angle = [&](std::uint64_t wire) {
      const double* const found = phases_.terms().find(wire);
      return found == nullptr ? 0.0 : *found;
    };
    const double sum = angle(first) + angle(second);
    const double difference = angle(first) - angle(second);
    phases_.fold();
    add_swings(first, second, even.cosine, even.mix * std::polar(1.0, -2.0 * sum), odd.cosine,
               odd.mix * std::polar(1.0, 2.0 * difference));
  }
  phases_.add(0, (even.common + odd.common) / 2.0);
  phases_.add(first | second, (even.common - odd.common) / 2.0);
  phases_.add(first, (even.apart - odd.apart) / 2.0);
  phases_.add(second, (even.apart + odd.apart) / 2.0);
}

template <class T>
void TileCompiler<T>::add_swings(std::uint64_t first, std::uint64_t second, double even_cosine,
                                 Complex even_mix, double odd_cosine, Complex odd_mix) {
  const unsigned d = frame_.parts(positions(first | second)).rows;
  const unsigned first_row = frame_.parts(positions(first)).rows;
  const auto tiny = [](double value) { return std::abs(value) < 1e-15; };
  const bool straight = tiny(even_mix.imag()) && tiny(odd_mix.imag());
  const bool cross = !straight && tiny(even_mix.real()) && tiny(odd_mix.real());
  const bool turned = !straight && !cross;
  // Where both parities turn, their cosines are left out: their mean joins the scale, their ratio
  // is the stretch. Brackets would see it, so none may wait.
  constexpr double kFlattest = 0.7;
  const bool shear = even_mix != 0.0 && odd_mix != 0.0 && even_cosine > kFlattest &&
                     odd_cosine > kFlattest && waiting_.empty();
  const unsigned mixes = (straight || turned ? 1U : 0U) + (cross || turned ? 1U : 0U);
  T* const coef = room(std::size_t{shear ? 2U : mixes + 1U} * kTilePairs * kLanes<T>);
  T* out = coef;
  const auto put = [&](double value) {
    for (unsigned l = 0; l < kLanes<T>; ++l) *out++ = static_cast<T>(value);
  };
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const unsigned a = pair_row(d, k) & d;
    const bool is_odd = a != 0;
    // The mix is that of the first of a pair: |00>, or |first>, which may be row A or B.
    Complex mix = is_odd ? odd_mix : even_mix;
    if (is_odd && (a & first_row) == 0) mix = -std::conj(mix);
    const double cosine = is_odd ? odd_cosine : even_cosine;
    if (shear) {
      put(mix.real() / cosine);
      put(mix.imag() / cosine);
    } else {
      put(cosine);
      if (straight || turned) put(mix.real());
      if (cross || turned) put(mix.imag());
    }
  }
  if (shear) {
    step_with(tile_kind(TileKind::turned, d - 1), coef);
    multiply_scale(std::sqrt(even_cosine * odd_cosine));
    stretch_ = std::log(even_cosine / odd_cosine) / 2.0;
    stretched_ = first | second;
    return;
  }
  const TileKind family = straight ? TileKind::rotate
                          : cross  ? TileKind::rotate_cross
                                   : TileKind::rotate_turned;
  TileStep<T>& next = step_with(tile_kind(family, d - 1), coef);
  next.pairs = 0;
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const bool turns = (pair_row(d, k) & d) != 0 ? odd_mix != 0.0 : even_mix != 0.0;
    if (turns) next.pairs = static_cast<std::uint8_t>(next.pairs | (1U << k));
  }
}

template <class T>
void TileCompiler<T>::add_dense(const Lowered& op, std::span<const Complex> m) {
  const std::uint64_t both = bit(op.target[0]) | bit(op.target[1]);
  settle();
  before_mixing(both);
  apply_on(both);
  const unsigned rows = frame_.parts(positions(both)).rows;
  const unsigned first = frame_.parts(positions(bit(op.target[0]))).rows;
  // Bit 0 of the step's matrix index is the lower row bit.
  const bool turned = first != (rows & (~rows + 1));
  const auto index = [&](unsigned k) { return turned ? ((k & 1U) << 1) | (k >> 1) : k; };
  T* const coef = room(32);
  T* out = coef;
  for (unsigned r = 0; r < 4; ++r) {
    for (unsigned c = 0; c < 4; ++c) {
      const Complex value = m[index(r) * 4 + index(c)];
      *out++ = static_cast<T>(value.real());
      *out++ = static_cast<T>(value.imag());
    }
  }
  step_with(tile_kind(TileKind::dense, row_pair(rows)), coef);
}

}  // namespace qross::qsim
