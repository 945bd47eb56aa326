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
namespace {

/// A sum has at most 2^4 classes, of 512 bytes each.
constexpr unsigned kClassBits = 4;

}  // namespace

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

TileString tile_string(const Bracket& bracket, const Frame& frame, const Layout& layout) {
  const Frame::Parts signs = frame.parts(layout.positions(bracket.z));
  TileString string;
  string.direction = frame.parts(layout.positions(bracket.x)).rows;
  string.rows = signs.rows;
  string.lanes = signs.lanes;
  string.rest = signs.rest;
  string.weight = bracket.weight;
  string.op = bracket.op;
  if (string.direction != 0) {
    // i^ys of P: real part for odd ys, and a sign for ys = 2 and 3.
    const int ys = std::popcount(bracket.x & bracket.z) % 4;
    if (ys >= 2) string.weight = -string.weight;
    const auto first =
        static_cast<unsigned>(ys % 2 != 0 ? TileMeetingKind::straight : TileMeetingKind::cross);
    string.kind = static_cast<TileMeetingKind>(first + string.direction - 1);
  }
  return string;
}

template <class T>
BracketSums<T>::BracketSums(std::span<const Bracket> brackets, const Frame& frame,
                            const Layout& layout, double scale) {
  for (const Bracket& bracket : brackets) {
    Part part;
    part.string = tile_string(bracket, frame, layout);
    part.string.weight *= scale;
    part.outer = part.string.rest & ~frame.loop;
    const std::uint64_t mask = part.string.rest & frame.loop;
    const auto takes = [&](Item& item) {
      const auto classes =
          item.kind == part.string.kind ? item.parities.add(mask) : std::optional<unsigned>();
      part.classes = classes.value_or(0);
      return classes.has_value();
    };
    while (part.item < items_.size() && !takes(items_[part.item])) ++part.item;
    if (part.item == items_.size()) {
      items_.push_back({part.string.kind, Parities(kClassBits), 0, {}});
      (void)takes(items_.back());
    }
    parts_.push_back(part);
  }
  for (Item& item : items_) {
    item.place = numbers_;
    numbers_ += (kTileRows * kLanes<T>) << item.parities.masks().size();
    if (item.parities.masks().empty()) continue;
    std::uint64_t i = 0;
    do {
      item.classes.push_back(static_cast<std::uint8_t>(item.parities.value(i)));
      i = next_subset(i, frame.loop);
    } while (i != 0);
  }
}

template <class T>
std::vector<std::uint32_t> BracketSums<T>::ops() const {
  std::vector<std::uint32_t> result;
  for (const Part& part : parts_) result.push_back(part.string.op);
  return result;
}

template <class T>
void BracketSums<T>::append(std::size_t place, std::vector<TileMeeting<T>>& meetings) const {
  for (const Item& item : items_) {
    TileMeeting<T> meeting;
    meeting.kind = item.kind;
    meeting.place = static_cast<std::uint32_t>(place + item.place);
    if (!item.classes.empty()) meeting.classes = item.classes.data();
    meetings.push_back(meeting);
  }
}

template <class T>
void BracketSums<T>::add(const T* sums, std::uint64_t index, std::span<const std::uint32_t> slot,
                         std::span<double> derivatives) const {
  for (const Part& part : parts_) {
    const Item& item = items_[part.item];
    const unsigned direction = part.string.direction;
    const unsigned rows = direction == 0 ? kTileRows : kTilePairs;
    const T* sum = sums + item.place;
    double total = 0.0;
    for (std::uint64_t c = 0; c < bit(static_cast<unsigned>(item.parities.masks().size())); ++c) {
      double of_class = 0.0;
      for (unsigned k = 0; k < rows; ++k) {
        // A string acts on row A with the sign of the row it comes from, B.
        const unsigned r = direction == 0 ? k : pair_row(direction, k) ^ direction;
        double row = 0.0;
        for (unsigned l = 0; l < kLanes<T>; ++l) {
          const auto value = static_cast<double>(sum[k * kLanes<T> + l]);
          row += parity(l & part.string.lanes) != 0 ? -value : value;
        }
        of_class += parity(r & part.string.rows) != 0 ? -row : row;
      }
      total += parity(c & part.classes) != 0 ? -of_class : of_class;
      sum += kTileRows * kLanes<T>;
    }
    if (parity(index & part.outer) != 0) total = -total;
    derivatives[slot[part.string.op]] += part.string.weight * total;
  }
}

template <class T>
BracketAdditions<T>::BracketAdditions(std::span<const Bracket> brackets, const Frame& frame,
                                      const Layout& layout) {
  constexpr std::size_t size = kTileRows * kLanes<T>;
  for (const Bracket& bracket : brackets) {
    const TileString string = tile_string(bracket, frame, layout);
    const auto kind = static_cast<TileMeetingKind>(
        static_cast<unsigned>(string.kind) + static_cast<unsigned>(TileMeetingKind::add_diagonal));
    auto found = std::find_if(items_.begin(), items_.end(), [&](const Item& item) {
      return item.kind == kind && item.rest == string.rest;
    });
    if (found == items_.end()) {
      items_.push_back({kind, string.rest, Coefficients<T>(2 * size)});
      found = items_.end() - 1;
    }
    T* const even = found->coef.data();
    for (unsigned r = 0; r < kTileRows; ++r) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const unsigned from = r ^ string.direction;
        const bool odd = parity(from & string.rows) != parity(l & string.lanes);
        const auto value = static_cast<T>(odd ? -string.weight / 2 : string.weight / 2);
        even[r * kLanes<T> + l] += value;
        even[size + r * kLanes<T> + l] -= value;
      }
    }
  }
}

template <class T>
void BracketAdditions<T>::append(std::vector<TileMeeting<T>>& meetings) const {
  for (const Item& item : items_) {
    TileMeeting<T> meeting;
    meeting.kind = item.kind;
    meeting.coef = item.coef.data();
    meeting.parity = item.rest >> kLaneBits<T>;
    meeting.odd = kTileRows * kLanes<T>;
    meetings.push_back(meeting);
  }
}

template class BracketSums<double>;
template class BracketSums<float>;
template class BracketAdditions<double>;
template class BracketAdditions<float>;

}  // namespace qross::qsim
