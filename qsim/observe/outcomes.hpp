// SPDX-License-Identifier: Apache-2.0
// Outcomes of shots as lists in order of index: merging two, and collecting those of all ranks in
// bounded pieces. Called by sampling.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/dist/communicator.hpp"
#include "qsim/plan/layout.hpp"

namespace qross::qsim {

/// How often one basis state was drawn.
struct Outcome {
  std::uint64_t index = 0;  ///< logical basis index
  std::uint64_t count = 0;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Which ranks get a result: a large one takes its memory on each of them.
enum class Receiver { every_rank, first_rank };

/// Adds to `outcomes` those of `indices`: ascending, not below what is there, each repeated as
/// often as it was drawn.
void count_outcomes(std::span<const std::uint64_t> indices, std::vector<Outcome>& outcomes);

/// Both lists as one; equal indices add up. Memory: both lists and the result.
[[nodiscard]] std::vector<Outcome> merge_outcomes(std::vector<Outcome> a, std::vector<Outcome> b);

/// Collective. The outcomes of all ranks in order of index; empty where they are not received.
/// `mine` are those of this rank's shards, in order of index; shard_at[p] is the shard of the basis
/// states whose qubits above `local_bits` read p. Memory beside the result: below 1 MiB.
[[nodiscard]] std::vector<Outcome> gather_outcomes(Communicator& comm, const Shape& shape,
                                                   std::span<const std::uint64_t> shard_at,
                                                   std::vector<Outcome> mine, Receiver receiver);

}  // namespace qross::qsim
