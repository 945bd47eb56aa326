// SPDX-License-Identifier: Apache-2.0
// The steps of tile programs as tile.hpp words them: pairs of rows, rows, or bits of the row
// number. A tile is eight rows of kLanes complex numbers.
#include "qsim/kernels/reference_tile.hpp"

#include <utility>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim::reference {
namespace {

using Number = std::complex<double>;
constexpr Number kI(0, 1);

template <class T>
using Rows = std::array<std::array<Number, kLanes<T>>, kTileRows>;

/// The member of `family` that `kind` is, if it is one of the family's `members`.
bool is_member(TileKind kind, TileKind family, unsigned members, unsigned& member) {
  const auto number = static_cast<unsigned>(kind);
  const auto first = static_cast<unsigned>(family);
  if (number < first || number >= first + members) return false;
  member = number - first;
  return true;
}

/// Lane l of the complex block k of `coef`.
template <class T>
Number block_number(const T* coef, std::size_t k, unsigned l) {
  return {coef[k * kBlock<T> + l], coef[k * kBlock<T> + kLanes<T> + l]};
}

/// The pair's numbers are vectors of kLanes: (v)(0) is the first of them on this lane.
template <class T>
bool mix_pair(TileKind family, const T* numbers, unsigned l, Number& a, Number& b) {
  const auto v = [&](unsigned k) -> double { return numbers[k * kLanes<T> + l]; };
  const Number a0 = a;
  const Number b0 = b;
  switch (family) {
    case TileKind::shear:
      a = a0 - v(0) * b0;
      b = b0 + v(0) * a0;
      return true;
    case TileKind::shear_cross:
      a = a0 - kI * v(0) * b0;
      b = b0 - kI * v(0) * a0;
      return true;
    case TileKind::coshear:
      a = v(0) * a0 - b0;
      b = a0 + v(0) * b0;
      return true;
    case TileKind::coshear_cross:
      a = v(0) * a0 - kI * b0;
      b = v(0) * b0 - kI * a0;
      return true;
    case TileKind::rotate:
      a = v(0) * a0 - v(1) * b0;
      b = v(1) * a0 + v(0) * b0;
      return true;
    case TileKind::rotate_cross:
      a = v(0) * a0 - kI * v(1) * b0;
      b = v(0) * b0 - kI * v(1) * a0;
      return true;
    case TileKind::exchange:
      if (v(0) != 0.0) std::swap(a, b);
      return true;
    case TileKind::turned:
      a = a0 - Number(v(0), v(1)) * b0;
      b = b0 + Number(v(0), -v(1)) * a0;
      return true;
    case TileKind::rotate_turned:
      a = v(0) * a0 - Number(v(1), v(2)) * b0;
      b = v(0) * b0 + Number(v(1), -v(2)) * a0;
      return true;
    default:
      return false;
  }
}

struct PairFamily {
  TileKind first;
  unsigned numbers;  ///< vectors of numbers for each pair
  bool chosen;       ///< obeys `pairs`
};
constexpr std::array<PairFamily, 9> kPairFamilies = {{{TileKind::shear, 1, false},
                                                      {TileKind::shear_cross, 1, false},
                                                      {TileKind::coshear, 1, false},
                                                      {TileKind::coshear_cross, 1, false},
                                                      {TileKind::rotate, 2, true},
                                                      {TileKind::rotate_cross, 2, true},
                                                      {TileKind::exchange, 1, false},
                                                      {TileKind::turned, 2, false},
                                                      {TileKind::rotate_turned, 3, true}}};

/// Steps that pair the rows r and r ^ direction.
template <class T>
bool pair_step(const TileStep<T>& step, const T* coef, Rows<T>& rows) {
  for (const PairFamily& family : kPairFamilies) {
    unsigned member = 0;
    if (!is_member(step.kind, family.first, kTileRows - 1, member)) continue;
    const unsigned direction = member + 1;
    const unsigned lowest = direction & (~direction + 1);
    unsigned pair = 0;
    for (unsigned a = 0; a < kTileRows; ++a) {
      if ((a & lowest) != 0) continue;
      const T* const numbers = coef + std::size_t{pair} * family.numbers * kLanes<T>;
      if (!family.chosen || ((step.pairs >> pair) & 1U) != 0) {
        for (unsigned l = 0; l < kLanes<T>; ++l) {
          mix_pair(family.first, numbers, l, rows[a][l], rows[a ^ direction][l]);
        }
      }
      ++pair;
    }
    return true;
  }
  return false;
}

/// Steps that move rows, or lanes of rows, without arithmetic.
template <class T>
bool move_step(const TileStep<T>& step, Rows<T>& rows) {
  const auto has = [](unsigned r, unsigned k) { return ((r >> k) & 1U) != 0; };
  const Rows<T> old = rows;
  unsigned member = 0;
  if (is_member(step.kind, TileKind::flip, kTileBits, member)) {
    for (unsigned r = 0; r < kTileRows; ++r) rows[r] = old[r ^ (1U << member)];
    return true;
  }
  if (is_member(step.kind, TileKind::controlled_flip, kTileControlled.size(), member)) {
    const auto [k, j] = kTileControlled[member];
    for (unsigned r = 0; r < kTileRows; ++r) {
      if (has(r, k)) rows[r] = old[r ^ (1U << j)];
    }
    return true;
  }
  if (is_member(step.kind, TileKind::swap, kTileBitPairs.size(), member)) {
    const auto [j, k] = kTileBitPairs[member];
    for (unsigned r = 0; r < kTileRows; ++r) {
      if (has(r, j) != has(r, k)) rows[r] = old[r ^ (1U << j) ^ (1U << k)];
    }
    return true;
  }
  if (is_member(step.kind, TileKind::lane_swap, kTileBits, member)) {
    for (unsigned r = 0; r < kTileRows; ++r) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        if (has(r, member) != has(l, step.lane)) {
          rows[r][l] = old[r ^ (1U << member)][l ^ (1U << step.lane)];
        }
      }
    }
    return true;
  }
  return false;
}

/// Steps that multiply rows by numbers. `t` is the number of the tile.
template <class T>
bool multiply_step(const TileStep<T>& step, const T* coef, const T* scratch, std::size_t t,
                   Rows<T>& rows) {
  for (unsigned r = 0; r < kTileRows; ++r) {
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      Number& a = rows[r][l];
      switch (step.kind) {
        case TileKind::diagonal:
          a *= block_number(coef, r, l);
          break;
        case TileKind::diagonal_table:
          a *= block_number(coef, kTileRows * t + r, l);
          break;
        case TileKind::diagonal_product: {
          const T* const blocks = scratch + step.scratch;
          const T* const factor = blocks + kTileRows * kBlock<T> + 2 * t;
          a *= Number(factor[0], factor[1]) * block_number(blocks, r, l);
          break;
        }
        case TileKind::scale:
          a *= static_cast<double>(coef[0]);
          break;
        case TileKind::phase:
          a *= Number(1.0, coef[r * kLanes<T> + l]);
          break;
        default:
          return false;
      }
    }
  }
  return true;
}

template <class T>
bool dense_step(const TileStep<T>& step, const T* coef, Rows<T>& rows) {
  unsigned member = 0;
  if (!is_member(step.kind, TileKind::dense, kTileBitPairs.size(), member)) return false;
  const auto [j, k] = kTileBitPairs[member];
  const Rows<T> old = rows;
  for (unsigned r = 0; r < kTileRows; ++r) {
    const unsigned row = ((r >> j) & 1U) | (((r >> k) & 1U) << 1);
    const unsigned others = r & ~(1U << j) & ~(1U << k);
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      Number sum = 0.0;
      for (unsigned column = 0; column < 4; ++column) {
        const T* const entry = coef + std::size_t{2} * (4 * row + column);
        sum += Number(entry[0], entry[1]) *
               old[others | ((column & 1U) << j) | ((column >> 1) << k)][l];
      }
      rows[r][l] = sum;
    }
  }
  return true;
}

/// One meeting in one tile; place(r, l) is where the amplitude of row r and lane l lies.
template <class T, class Place>
void meet(Amplitudes<T> first, Amplitudes<T> second, const TileMeeting<T>& meeting,
          std::uint64_t at, std::size_t t, const Place& place, std::span<double> sums) {
  const auto kind = static_cast<unsigned>(meeting.kind);
  if (kind >= static_cast<unsigned>(TileMeetingKind::count)) {
    throw Error(ErrorCode::bug, "two states meet in an unknown way");
  }
  constexpr auto additions = static_cast<unsigned>(TileMeetingKind::add_diagonal);
  const bool adds = kind >= additions;
  const unsigned family = adds ? kind - additions : kind;  // 0, straight + d - 1, cross + d - 1
  const bool cross = family == 0 || family >= static_cast<unsigned>(TileMeetingKind::cross);
  const unsigned direction = family == 0 ? 0 : (family - 1) % 7 + 1;
  const T* const coef = meeting.coef + (parity(at & meeting.parity) != 0 ? meeting.odd : 0);
  const std::size_t of_class = meeting.classes != nullptr ? meeting.classes[t] : 0;
  for (unsigned l = 0; l < kLanes<T>; ++l) {
    const auto b = [&](unsigned r) { return Number(first[place(r, l)]); };
    const auto k = [&](unsigned r) { return Number(second[place(r, l)]); };
    if (adds) {
      for (unsigned r = 0; r < kTileRows; ++r) {
        const Number factor = cross ? Number(0.0, -1.0) : Number(1.0);
        const double c = coef[r * kLanes<T> + l];
        second[place(r, l)] = std::complex<T>(k(r) + factor * c * b(r ^ direction));
      }
      continue;
    }
    const std::size_t to = meeting.place + of_class * kTileRows * kLanes<T> + l;
    for (unsigned n = 0; n < (direction == 0 ? kTileRows : kTilePairs); ++n) {
      const unsigned r = direction == 0 ? n : pair_row(direction, n);
      const Number ab = std::conj(b(r)) * k(r ^ direction);
      const Number ba = std::conj(b(r ^ direction)) * k(r);
      sums[to + n * kLanes<T>] += direction == 0 ? ab.imag()
                                  : cross        ? ab.imag() + ba.imag()
                                                 : ab.real() - ba.real();
    }
  }
}

}  // namespace

template <class T>
void tile(Amplitudes<T> state, std::uint64_t index, const TileCall<T>& call, const T* scratch) {
  std::uint64_t i = 0;
  std::size_t t = 0;
  do {
    Rows<T> rows{};
    const auto amplitude = [&](unsigned r, unsigned l) -> std::complex<T>& {
      return state[(i + call.offset[r]) * kLanes<T> + l];
    };
    for (unsigned r = 0; r < kTileRows; ++r) {
      if (((call.loaded >> r) & 1U) == 0) continue;
      for (unsigned l = 0; l < kLanes<T>; ++l) rows[r][l] = Number(amplitude(r, l));
    }
    for (const TileStep<T>& step : call.steps) {
      const std::uint64_t at = index + i;
      if ((at & step.mask) != step.value) continue;
      const unsigned chosen = parity(at & step.parity) + 2 * parity(at & step.further[0]) +
                              4 * parity(at & step.further[1]);
      const T* const coef = step.coef + std::size_t{chosen} * step.odd;
      if (!pair_step(step, coef, rows) && !move_step(step, rows) &&
          !multiply_step(step, coef, scratch, t, rows) && !dense_step(step, coef, rows)) {
        throw Error(ErrorCode::bug, "a tile program has a step of unknown kind");
      }
    }
    for (unsigned r = 0; r < kTileRows; ++r) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        amplitude(call.place[r], l) = std::complex<T>(rows[r][l]);
      }
    }
    i = next_subset(i, call.free);
    ++t;
  } while (i != 0);
}

template <class T>
void tile_walk(Amplitudes<T> first, Amplitudes<T> second, std::uint64_t index,
               const TileWalkCall<T>& call, const T* scratch, std::span<double> sums) {
  TileCall<T> segment;
  segment.free = call.free;
  segment.offset = call.offset;
  std::size_t step = 0;
  std::size_t meeting = 0;
  for (const auto& stop : call.stops) {
    segment.steps.assign(call.steps.begin() + static_cast<std::ptrdiff_t>(step),
                         call.steps.begin() + stop.step);
    if (&stop == &call.stops.back()) segment.place = call.place;
    tile<T>(first, index, segment, scratch);
    tile<T>(second, index, segment, scratch);
    step = stop.step;
    for (; meeting < stop.meeting; ++meeting) {
      std::uint64_t i = 0;
      std::size_t t = 0;
      do {
        const auto amplitude = [&](unsigned r, unsigned l) {
          return (i + call.offset[segment.place[r]]) * kLanes<T> + l;
        };
        meet<T>(first, second, call.meetings[meeting], index + i, t, amplitude, sums);
        i = next_subset(i, call.free);
        ++t;
      } while (i != 0);
    }
  }
}

template void tile_walk<double>(Amplitudes<double>, Amplitudes<double>, std::uint64_t,
                                const TileWalkCall<double>&, const double*, std::span<double>);
template void tile_walk<float>(Amplitudes<float>, Amplitudes<float>, std::uint64_t,
                               const TileWalkCall<float>&, const float*, std::span<double>);
template void tile<double>(Amplitudes<double>, std::uint64_t, const TileCall<double>&,
                           const double*);
template void tile<float>(Amplitudes<float>, std::uint64_t, const TileCall<float>&, const float*);

}  // namespace qross::qsim::reference
