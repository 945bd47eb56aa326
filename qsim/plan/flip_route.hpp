// SPDX-License-Identifier: Apache-2.0
// How an observable meets qubits that lie on other ranks. The strings that flip the same positions
// are one flip. A flip that leads to other ranks takes a whole shard from there; but once its rank
// qubits have changed places with local ones, it and all flips like it take nothing. A route says
// which flips are served after which exchange. Each exchange is undone, so layouts stay.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "qsim/circuit/pauli_sum.hpp"
#include "qsim/plan/layout.hpp"

namespace qross::qsim {

/// Sums of this many blocks (as a power of two) are made by one thread; no exchange of a route
/// touches the positions inside, so that every sum is made of the same parts in any layout.
inline constexpr unsigned kPieceBits = 8;

using PositionPairs = std::vector<std::pair<std::uint8_t, std::uint8_t>>;

/// What is done with the flips.
enum class FlipUse : std::uint8_t {
  expectation,  ///< sums over one state, which goes and comes back
  product,      ///< sums over two states, which both go and come back
  bra,          ///< sums, and a second state is made of the first: only the first goes
  apply,        ///< added to a second state, which goes and comes back with the first
};

/// How often a state is exchanged for a step: out and back, of each state that goes.
[[nodiscard]] constexpr unsigned exchanges_of(FlipUse use) noexcept {
  if (use == FlipUse::expectation) return 2;
  return use == FlipUse::bra ? 3 : 4;
}

struct FlipStep {
  PositionPairs pairs;               ///< (local, rank) exchanged for this step, undone after it
  std::vector<std::uint32_t> flips;  ///< indices, ascending
};

/// The positions that the strings flip, each set once, in descending order.
[[nodiscard]] std::vector<std::uint64_t> flips_of(const PauliSum& observable, const Layout& layout);

/// A set of positions after the exchange of pairs.
[[nodiscard]] std::uint64_t exchanged(std::uint64_t positions, const PositionPairs& pairs) noexcept;

/// The steps that serve all flips, the last without an exchange. An exchange is made only if it
/// saves bytes over taking whole shards, counted over all ranks. Where a second state is added to
/// (bra, apply), the steps keep the order of the flips. The same on every rank.
/// Cost: O(steps * flips * rank bits^2 * local bits).
[[nodiscard]] std::vector<FlipStep> route_flips(const Shape& shape, Precision precision,
                                                std::span<const std::uint64_t> flips, FlipUse use);

/// While pairs are exchanged, the sum over a shard stays cut into 2^result parts: each is whole
/// before the lowest exchanged position joins it to amplitudes of another shard.
[[nodiscard]] unsigned sum_bits(const Shape& shape, const PositionPairs& pairs) noexcept;

}  // namespace qross::qsim
