// SPDX-License-Identifier: Apache-2.0
// The loops of one pass, shared by running forward and by the adjoint sweep: which blocks there
// are.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/dist/state_vector.hpp"
#include "qsim/engine/conditioned.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

/// The blocks of a pass on this rank: for each shard, each value of the inactive local positions.
/// Blocks and shards with a 1 at a position of `zero` are left out, and so are those outside
/// `changed`. The bits at `chunks`, inactive local positions that are not in `zero`, number chunks;
/// the blocks of a chunk follow each other, and a chunk outside `changed` has none.
class Sweep {
 public:
  Sweep(const Shape& shape, std::uint64_t active, std::uint64_t zero, std::uint64_t first_shard,
        std::uint64_t shards, std::uint64_t chunks = 0, const Conditioned& changed = {})
      : outer_(low_mask(shape.local_bits()) & ~active & ~zero & ~chunks & ~changed.mask),
        fixed_(low_mask(shape.local_bits()) & ~chunks & changed.value),
        per_shard_(bit(static_cast<unsigned>(std::popcount(outer_)))) {
    if (changed.nowhere() || (changed.value & zero) != 0) return;
    const Conditioned of_shards{changed.mask & ~low_mask(shape.local_bits()),
                                changed.value & ~low_mask(shape.local_bits())};
    for (std::uint64_t k = 0; k < shards; ++k) {
      const std::uint64_t index = (first_shard + k) << shape.local_bits();
      if ((index & zero) == 0 && of_shards.holds(index)) shards_.push_back(k);
    }
    const Conditioned of_chunks{changed.mask & chunks, changed.value & chunks};
    std::uint64_t start = 0;
    std::uint64_t number = 0;
    do {
      if (of_chunks.holds(start)) chunks_.push_back({number, start});
      start = next_subset(start, chunks);
      ++number;
    } while (start != 0);
  }

  [[nodiscard]] std::int64_t blocks() const noexcept {
    return chunk_blocks() * static_cast<std::int64_t>(chunks_.size());
  }
  /// Blocks of one chunk that has any.
  [[nodiscard]] std::int64_t chunk_blocks() const noexcept {
    return static_cast<std::int64_t>(shards_.size() * per_shard_);
  }
  /// Blocks of the chunks before the one of that number.
  [[nodiscard]] std::int64_t blocks_before(std::uint64_t chunk) const noexcept {
    const auto at = std::lower_bound(chunks_.begin(), chunks_.end(), chunk,
                                     [](const Chunk& c, std::uint64_t n) { return c.number < n; });
    return chunk_blocks() * (at - chunks_.begin());
  }
  /// Shard (counted on this rank) and local index of the first amplitude of block b.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> block(std::int64_t b) const noexcept {
    const auto index = static_cast<std::uint64_t>(b % chunk_blocks());
    const auto chunk = static_cast<std::size_t>(b / chunk_blocks());
    return {shards_[index / per_shard_],
            spread(index % per_shard_, outer_) | chunks_[chunk].start | fixed_};
  }

 private:
  struct Chunk {
    std::uint64_t number;
    std::uint64_t start;  ///< the bits of its number at their positions
  };
  std::uint64_t outer_;
  std::uint64_t fixed_;
  std::uint64_t per_shard_;
  std::vector<std::uint64_t> shards_;
  std::vector<Chunk> chunks_;  ///< those with blocks
};

/// Roughly what one thread takes for a pass on a block, to choose the number of threads: a trip
/// through the caches, and some arithmetic for each operation. `states`: 2 where they go together.
[[nodiscard]] inline double block_nanoseconds(const Plan& plan, const Pass& pass, int states = 1) {
  constexpr double kTrip = 0.4;  // for each amplitude
  constexpr double kOperation = 0.1;
  std::uint64_t operations = 0;
  for (std::uint32_t s = pass.first_sub; s < pass.first_sub + pass.sub_count; ++s) {
    operations += plan.subs[s].op_count;
  }
  const double amplitudes = std::ldexp(states, std::popcount(pass.active));
  return amplitudes * (kTrip + kOperation * static_cast<double>(operations));
}

/// The state is cut as the plan has it, in its precision, and every parameter has a value.
/// Throws Error(bug) and Error(bad_input).
template <class T>
void check_plan(const Plan& plan, std::span<const double> values, const StateVector<T>& state) {
  if (plan.precision != StateVector<T>::kPrecision || plan.shape.qubits != state.shape().qubits ||
      plan.shape.rank_bits != state.shape().rank_bits) {
    throw Error(
        ErrorCode::bug,
        fmt::format("a plan for {} qubits in {} shards was given a state of {} qubits in {} "
                    "shards{}",
                    plan.shape.qubits, plan.shape.shards(), state.shape().qubits,
                    state.shape().shards(),
                    plan.precision == StateVector<T>::kPrecision ? "" : " and another precision"),
        "make the state with Engine::make_state(plan), or the plan with make_plan(circuit, "
        "state.continued())");
  }
  if (values.size() != plan.circuit.slots) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the circuit has {} parameters, {} values were given",
                            plan.circuit.slots, values.size()),
                "pass one number for each parameter, in the order of parameter_names()");
  }
}

}  // namespace qross::qsim
