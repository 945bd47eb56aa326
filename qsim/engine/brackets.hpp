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

/// One trip over the tiles of two states, and where its sums go.
template <class T>
class BracketTrip {
 public:
  BracketTrip() = default;
  /// The strings' x parts lie on the rows of the frame. `call` gives the tiles.
  BracketTrip(const std::vector<Bracket>& brackets, const Frame& frame, const Layout& layout,
              const TileCall<T>& call, double scale);

  [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }
  /// The operations it adds to.
  [[nodiscard]] std::vector<std::uint32_t> ops() const;
  /// Numbers of scratch it needs.
  [[nodiscard]] std::size_t scratch() const noexcept {
    return call_.items.size() * 2 * kTileRows * kLanes<T>;
  }
  /// Adds weight * sums to derivatives[slot[op]].
  void run(const KernelTable<T>& kernels, const T* bra, const T* ket, std::uint64_t index,
           const std::vector<std::uint32_t>& slot, std::span<double> derivatives,
           Scratch<T>& scratch) const;

 private:
  struct Part {
    std::uint32_t item = 0;
    unsigned rows = 0;   ///< sign: parity of row, or of row B of a pair, on this mask
    unsigned lanes = 0;  ///< and of the lane on this one
    unsigned direction = 0;
    double weight = 1.0;
    std::uint32_t op = 0;
  };
  std::uint32_t item(TileBracketKind kind, std::uint64_t parity);

  TileBracketCall call_;
  std::vector<Part> parts_;
};

/// The generator of an operation with a derivative as Pauli strings: P for exp(-i angle/2 P), with
/// each control a sum of 1 and Z; a projector for a phase gate likewise.
[[nodiscard]] std::vector<Bracket> generator(const Lowered& op, std::uint32_t index);

}  // namespace qross::qsim
