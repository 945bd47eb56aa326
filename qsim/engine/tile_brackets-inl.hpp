// SPDX-License-Identifier: Apache-2.0
// Compiling tiles backwards, with derivatives. Brackets are kept as strings in the frame of the
// states as stored, pending phases left out, so only steps that are really made concern them: a
// string waits until a step does not commute with it.
// Included by tile_program.cpp alone, which instantiates the whole class once.
#pragma once

#include <algorithm>
#include <bit>

#include "qsim/core/bits.hpp"
#include "qsim/engine/tile_program.hpp"

namespace qross::qsim {

template <class T>
void TileCompiler<T>::want(const Lowered& op, std::uint32_t index, double weight) {
  settle();
  // Diagonal generators commute with all pending phases. Others pass the phases as their rotations
  // do; the z parts of controls stay apart.
  std::uint64_t z = op.pauli_z;
  bool negative = false;
  if (op.pauli_x != 0) {
    if (meet([&](std::uint64_t mask) { return parity(mask & op.pauli_x) != 0; })) turn_met();
    negative = phases_.quarter_turns().pass_rotation(op.pauli_x, z);
  }
  for (Bracket bracket : generator(op, index)) {
    bracket.z ^= op.pauli_z ^ z;
    bracket.weight *= negative ? -weight : weight;
    waiting_.push_back(bracket);
  }
}

template <class T>
void TileCompiler<T>::apply_before(std::span<const std::uint64_t> flips) {
  settle();
  const bool met = meet([&](std::uint64_t mask) {
    return std::any_of(flips.begin(), flips.end(),
                       [mask](std::uint64_t x) { return parity(mask & x) != 0; });
  });
  if (met) turn_met();
}

template <class T>
void TileCompiler<T>::cut(const std::function<bool(const Bracket&)>& chosen) {
  std::vector<Bracket> now;
  std::erase_if(waiting_, [&](const Bracket& bracket) {
    const bool taken = bracket.x != 0 || chosen(bracket);
    if (taken) now.push_back(bracket);
    return taken;
  });
  TileProgram<T> rest;
  rest.call.free = program_.call.free;
  rest.call.offset = program_.call.offset;
  TileSegment<T> segment;
  segment.brackets = std::move(now);
  segment.scale = bracket_scale();
  segment.program = std::exchange(program_, std::move(rest));
  segments_.push_back(std::move(segment));
}

template <class T>
void TileCompiler<T>::before_rotation(std::uint64_t x, std::uint64_t z, std::uint64_t controls) {
  const auto against = [&](const Bracket& b) {
    return parity(x & b.z) != parity(z & b.x) || (b.x & controls) != 0;
  };
  if (std::none_of(waiting_.begin(), waiting_.end(), against)) return;
  // Others that this tile will meet soon come along.
  cut([&](const Bracket& b) { return against(b) || (positions(b.z) & active_) != 0; });
}

template <class T>
void TileCompiler<T>::before_phases(const PhaseSum::Terms& terms) {
  const auto against = [&](const Bracket& b) {
    const std::uint64_t x = positions(b.x);
    return std::any_of(terms.begin(), terms.end(),
                       [x](const auto& term) { return parity(term.first & x) != 0; });
  };
  if (std::none_of(waiting_.begin(), waiting_.end(), against)) return;
  cut([&](const Bracket& b) { return (positions(b.z) & active_) != 0; });
}

template <class T>
void TileCompiler<T>::before_mixing(std::uint64_t wires, std::uint64_t controls) {
  const auto meets = [&](const Bracket& b) {
    return ((b.x | b.z) & wires) != 0 || (b.x & controls) != 0;
  };
  if (std::any_of(waiting_.begin(), waiting_.end(), meets)) cut(meets);
}

template <class T>
void TileCompiler<T>::before_flip(std::uint64_t target, Controls controls) {
  const bool passes = std::popcount(controls.mask) <= 1;
  const auto stops = [&](const Bracket& b) {
    if (b.x != 0) return ((b.x | b.z) & (target | controls.mask)) != 0;
    return !passes && (b.z & target) != 0;
  };
  if (std::any_of(waiting_.begin(), waiting_.end(), stops)) {
    cut([&](const Bracket& b) { return stops(b) || (positions(b.z) & active_) != 0; });
  }
  if (!passes) return;
  const bool sign = controls.mask == 0 || controls.value != controls.mask;
  for (Bracket& b : waiting_) {
    if (b.x != 0 || (b.z & target) == 0) continue;
    b.z ^= controls.mask;
    if (sign) b.weight = -b.weight;
  }
}

template <class T>
void TileCompiler<T>::release_brackets(std::uint64_t mixed) {
  settle();
  const auto meets = [&](const Bracket& b) { return (positions(b.x | b.z) & mixed) != 0; };
  if (std::any_of(waiting_.begin(), waiting_.end(), meets)) cut(meets);
}

template <class T>
void TileCompiler<T>::sum_all() {
  settle();
  if (!waiting_.empty()) cut([](const Bracket&) { return true; });
}

template <class T>
std::vector<TileSegment<T>> TileCompiler<T>::finish_segments() {
  settle();
  // Strings with an x part need this tile's rows.
  const auto flips = [](const Bracket& b) { return b.x != 0; };
  if (std::any_of(waiting_.begin(), waiting_.end(), flips)) {
    cut([&](const Bracket& b) { return (positions(b.z) & active_) != 0; });
  }
  TileSegment<T> last;
  last.program = finish();
  segments_.push_back(std::move(last));
  return std::exchange(segments_, {});
}

}  // namespace qross::qsim
