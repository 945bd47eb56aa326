// SPDX-License-Identifier: Apache-2.0
// Forecast: what running a plan takes, in bytes and operations, from the plan alone.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "qsim/plan/flip_route.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

/// Byte counts are those of the busiest rank; FLOP count multiplications and additions of real
/// numbers, over all ranks.
struct Forecast {
  std::uint64_t stages = 0;
  std::uint64_t passes = 0;
  double bytes_per_rank = 0;   ///< state and staging
  double bytes_moved = 0;      ///< by passes, all that they touch read and written
  double bytes_exchanged = 0;  ///< sent
  double flop = 0;
  /// At the profile's rates, as if nothing went on meanwhile; passes and overlap: engine/work.hpp.
  double exchange_seconds = 0;
};

/// Seconds of one exchange on the busiest rank, at the profile's rates.
struct ExchangeSeconds {
  double travel = 0;  ///< bytes / rate + messages * latency; the first pass can go on meanwhile
  double copy = 0;    ///< packing and unpacking: the rank's state through memory twice
};

/// Cost: O(operations * stages).
[[nodiscard]] Forecast forecast(const Plan& plan);

[[nodiscard]] ExchangeSeconds exchange_seconds(const Plan& plan, const Stage& stage);

/// The local positions whose bits number the parts of a stage's exchange that its first pass can
/// start on, each as soon as it has come: those that the pass leaves alone (inactive, not known to
/// be 0) and that are not exchanged. 0 if the exchange and the pass do not overlap: nothing is
/// sent, there is no such position, or Optimisation::overlap is off. The same on every rank.
[[nodiscard]] std::uint64_t overlap_positions(const Plan& plan, const Stage& stage);

/// The bytes that rank `rank` sends in one exchange of pairs (local position, rank position): of
/// each of its shards the parts whose partner shard another rank holds. Cost: its shards * 2^pairs.
[[nodiscard]] std::uint64_t exchange_bytes(
    const Shape& shape, Precision precision,
    std::span<const std::pair<std::uint8_t, std::uint8_t>> pairs, int rank);

/// The bytes that rank `rank` sends for observables of a state in a layout: of each step of their
/// route the exchanges there and back, whole shards for flips that still lead to other ranks, and,
/// for each flip of a step with an exchange, its sums on their way home. The one number a shard
/// that all ranks gather of each flip is not counted. Strings of Z alone send nothing. Cost: that
/// of route_flips, and the rank's shards * flips.
[[nodiscard]] std::uint64_t observable_bytes(const Shape& shape, Precision precision,
                                             const Layout& layout,
                                             std::span<const PauliSum> observables, FlipUse use,
                                             int rank);

/// FLOP of one operation on a state of n qubits: 8 * 2^k - 2 an amplitude for dense k targets, 6
/// for a diagonal, 8 for a Pauli rotation, 0 for a permutation; half for each control.
[[nodiscard]] double operation_flop(const Lowered& op, unsigned qubits);

}  // namespace qross::qsim
