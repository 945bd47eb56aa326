// SPDX-License-Identifier: Apache-2.0
// The loops of one pass, shared by running forward and by the adjoint sweep: which blocks there
// are.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/dist/state_vector.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

/// The blocks of a pass on this rank: for each shard, each value of the inactive local positions.
class Sweep {
 public:
  Sweep(const Shape& shape, std::uint64_t active, std::uint64_t shards)
      : outer_(low_mask(shape.local_bits()) & ~active),
        per_shard_(bit(static_cast<unsigned>(std::popcount(outer_)))),
        blocks_(static_cast<std::int64_t>(shards * per_shard_)) {}

  [[nodiscard]] std::int64_t blocks() const noexcept { return blocks_; }
  /// Shard (counted on this rank) and local index of the first amplitude of block b.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> block(std::int64_t b) const noexcept {
    const auto index = static_cast<std::uint64_t>(b);
    return {index / per_shard_, spread(index % per_shard_, outer_)};
  }

 private:
  std::uint64_t outer_;
  std::uint64_t per_shard_;
  std::int64_t blocks_;
};

/// Throws Error(bug) if the state does not fit the plan, Error(bad_input) if values are missing.
template <class T>
void check_plan(const Plan& plan, std::span<const double> values, const StateVector<T>& state) {
  if (plan.precision != StateVector<T>::kPrecision || plan.shape.qubits != state.shape().qubits ||
      plan.shape.rank_bits != state.shape().rank_bits || !(plan.initial == state.layout())) {
    throw Error(ErrorCode::bug,
                "the state does not have the shape and layout its plan starts from");
  }
  if (values.size() != plan.circuit.slots) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the circuit has {} parameters, {} values were given",
                            plan.circuit.slots, values.size()),
                "pass one number for each parameter, in the order of parameter_names()");
  }
}

}  // namespace qross::qsim
