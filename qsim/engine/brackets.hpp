// SPDX-License-Identifier: Apache-2.0
// Brackets that wait: derivatives Im <bra| P |ket> of Pauli strings P that the backward sweep has
// met but not yet summed. A string may wait while gates that commute with it are undone, so one
// trip over both states serves many of them. Masks are of wires.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/engine/coefficients.hpp"
#include "qsim/engine/frame.hpp"
#include "qsim/engine/parities.hpp"
#include "qsim/kernels/kernels.hpp"
#include "qsim/plan/layout.hpp"
#include "qsim/plan/lower.hpp"

namespace qross::qsim {

/// weight * Im <bra| P |ket> with P = i^|x & z| X^x Z^z belongs to the derivative of operation
/// `op`.
struct Bracket {
  std::uint64_t x = 0;
  std::uint64_t z = 0;
  double weight = 1.0;
  std::uint32_t op = 0;
};

/// The generator of an operation with a derivative as Pauli strings: P for exp(-i angle/2 P), with
/// each control a sum of 1 and Z; a projector for a phase gate likewise.
[[nodiscard]] std::vector<Bracket> generator(const Lowered& op, std::uint32_t index);

/// A string as the tiles of a frame see it: the sign of row r (of a pair: of row B), lane l, tile
/// index and block is the parity of each on its mask. The x part lies on the rows.
struct TileString {
  TileMeetingKind kind = TileMeetingKind::diagonal;
  unsigned direction = 0;  ///< x part; 0: diagonal
  unsigned rows = 0;
  unsigned lanes = 0;
  std::uint64_t rest = 0;  ///< positions
  double weight = 1.0;     ///< with the sign of i^(number of Y)
  std::uint32_t op = 0;
};
[[nodiscard]] TileString tile_string(const Bracket& bracket, const Frame& frame,
                                     const Layout& layout);

/// The brackets that are summed at one stop of a walk over tiles, and where the sums go. Diagonal
/// strings, and those of one direction, share a sum; tiles that any of them tells apart are summed
/// apart (classes).
template <class T>
class BracketSums {
 public:
  /// `scale` is common to all.
  BracketSums(std::span<const Bracket> brackets, const Frame& frame, const Layout& layout,
              double scale);

  /// The operations it adds to.
  [[nodiscard]] std::vector<std::uint32_t> ops() const;
  /// Numbers of its sums.
  [[nodiscard]] std::size_t numbers() const noexcept { return numbers_; }
  /// Appends what the kernel is to sum, from `place` on. Points into this object's memory, which
  /// moves with it.
  void append(std::size_t place, std::vector<TileMeeting<T>>& meetings) const;
  /// Adds weight * sums to derivatives[slot[op]]; `index` is that of the block's first amplitude.
  void add(const T* sums, std::uint64_t index, std::span<const std::uint32_t> slot,
           std::span<double> derivatives) const;

 private:
  struct Item {
    TileMeetingKind kind = TileMeetingKind::diagonal;
    Parities parities;  ///< of a tile: the number of its class
    std::size_t place = 0;
    std::vector<std::uint8_t> classes;  ///< of each tile
  };
  struct Part {
    TileString string;
    std::uint32_t item = 0;
    unsigned classes = 0;     ///< the string's mask on class numbers
    std::uint64_t outer = 0;  ///< and on the positions outside the sub-block
  };
  std::vector<Item> items_;
  std::vector<Part> parts_;
  std::size_t numbers_ = 0;
};

/// Numbers for adding -i/2 weight P of the first state to the second, for all brackets of a stop.
template <class T>
class BracketAdditions {
 public:
  BracketAdditions(std::span<const Bracket> brackets, const Frame& frame, const Layout& layout);
  void append(std::vector<TileMeeting<T>>& meetings) const;

 private:
  struct Item {
    TileMeetingKind kind = TileMeetingKind::add_diagonal;
    std::uint64_t rest = 0;
    Coefficients<T> coef;
  };
  std::vector<Item> items_;
};

}  // namespace qross::qsim
