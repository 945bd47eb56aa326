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
  double bytes_moved = 0;      ///< read and written by passes
  double bytes_exchanged = 0;  ///< sent
  double flop = 0;
  double exchange_seconds = 0;  ///< at the profile's rates; those of passes: engine/work.hpp
};

/// Cost: O(operations * stages).
[[nodiscard]] Forecast forecast(const Plan& plan);

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
