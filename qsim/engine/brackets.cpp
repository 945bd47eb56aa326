// SPDX-License-Identifier: Apache-2.0
// Brackets of Pauli strings from sums over tiles: strings with the same x part and the same
// positions outside the tile share one sum; rows and lanes give their signs afterwards.
#include "qsim/engine/brackets.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {
std::vector<Bracket> generator(const Lowered& op, std::uint32_t index) {
  const bool projector = op.gate == Gate::p || op.gate == Gate::global_phase;
  std::uint64_t mask = op.control_mask;
  std::uint64_t value = op.control_value;
  if (op.gate == Gate::p) {
    mask |= bit(op.target[0]);
    value |= bit(op.target[0]);
  }
  const double share = std::ldexp(projector ? -2.0 : 1.0, -std::popcount(mask));
  std::vector<Bracket> result;
  std::uint64_t s = 0;
  do {
    // Im <bra|ket> is 0: expectation values are real.
    if (!projector || s != 0) {
      result.push_back(
          {op.pauli_x, op.pauli_z ^ s, parity(s & value) != 0 ? -share : share, index});
    }
    s = next_subset(s, mask);
  } while (s != 0);
  return result;
}

template <class T>
BracketTrip<T>::BracketTrip(const std::vector<Bracket>& brackets, const Frame& frame,
                            const Layout& layout, const TileCall<T>& call, double scale) {
  call_.free = call.free;
  call_.offset = call.offset;
  for (const Bracket& bracket : brackets) {
    const Frame::Parts signs = frame.parts(layout.positions(bracket.z));
    Part part;
    part.rows = signs.rows;
    part.lanes = signs.lanes;
    part.weight = bracket.weight * scale;
    part.op = bracket.op;
    part.direction = frame.parts(layout.positions(bracket.x)).rows;
    TileBracketKind kind = TileBracketKind::diagonal;
    if (part.direction != 0) {
      // i^ys of P: real part for odd ys, and a sign for ys = 2 and 3.
      const int ys = std::popcount(bracket.x & bracket.z) % 4;
      if (ys >= 2) part.weight = -part.weight;
      const auto first =
          static_cast<unsigned>(ys % 2 != 0 ? TileBracketKind::straight : TileBracketKind::cross);
      kind = static_cast<TileBracketKind>(first + part.direction - 1);
    }
    part.item = item(kind, signs.rest >> kLaneBits<T>);
    parts_.push_back(part);
  }
}

template <class T>
std::uint32_t BracketTrip<T>::item(TileBracketKind kind, std::uint64_t parity) {
  for (std::uint32_t k = 0; k < call_.items.size(); ++k) {
    if (call_.items[k].kind == kind && call_.items[k].parity == parity) return k;
  }
  call_.items.push_back({kind, parity});
  return static_cast<std::uint32_t>(call_.items.size() - 1);
}

template <class T>
std::vector<std::uint32_t> BracketTrip<T>::ops() const {
  std::vector<std::uint32_t> result;
  for (const Part& part : parts_) result.push_back(part.op);
  return result;
}

template <class T>
void BracketTrip<T>::run(const KernelTable<T>& kernels, const T* bra, const T* ket,
                         std::uint64_t index, const std::vector<std::uint32_t>& slot,
                         std::span<double> derivatives, Scratch<T>& scratch) const {
  constexpr std::size_t size = kTileRows * kLanes<T>;
  T* const sums = scratch.at_least(this->scratch());
  std::fill_n(sums, this->scratch(), T{0});
  kernels.tile_bracket(bra, ket, index >> kLaneBits<T>, call_, sums);
  for (const Part& part : parts_) {
    const T* const even = sums + part.item * 2 * size;
    const T* const odd = even + size;
    double total = 0.0;
    const unsigned rows = part.direction == 0 ? kTileRows : kTilePairs;
    for (unsigned k = 0; k < rows; ++k) {
      // A string acts on row A with the sign of the row it comes from, B.
      const unsigned r = part.direction == 0 ? k : pair_row(part.direction, k) ^ part.direction;
      double row = 0.0;
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const double value = static_cast<double>(even[k * kLanes<T> + l]) -
                             static_cast<double>(odd[k * kLanes<T> + l]);
        row += parity(l & part.lanes) != 0 ? -value : value;
      }
      total += parity(r & part.rows) != 0 ? -row : row;
    }
    derivatives[slot[part.op]] += part.weight * total;
  }
}

template class BracketTrip<double>;
template class BracketTrip<float>;

}  // namespace qross::qsim
