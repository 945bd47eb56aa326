// SPDX-License-Identifier: Apache-2.0
// One read of the state per question; conditions on rank bits select shards, on block bits blocks,
// on lane bits lanes.
#include "qsim/observe/norms.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <fmt/core.h>

#include "qsim/core/error.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/engine/reduce.hpp"

namespace qross::qsim {
namespace {

template <class T>
double block_norm(const T* block, unsigned lane_mask, unsigned lane_value) {
  std::array<double, kLanes<T>> lanes;
  for (unsigned l = 0; l < kLanes<T>; ++l) {
    const double re = block[l];
    const double im = block[kLanes<T> + l];
    lanes[l] = (l & lane_mask) == lane_value ? re * re + im * im : 0.0;
  }
  for (unsigned width = kLanes<T>; width > 1; width /= 2) {
    for (unsigned l = 0; l < width / 2; ++l) lanes[l] = lanes[2 * l] + lanes[2 * l + 1];
  }
  return lanes[0];
}

/// Threads for one read of this rank's part of a state.
template <class T>
int threads_to_read(const StateVector<T>& state) {
  const double bytes = static_cast<double>(kBlock<T> * sizeof(T)) *
                       static_cast<double>(state.shard_count() * state.shard_blocks());
  return threads_for(state.threads(), nanoseconds_to_move(bytes));
}

}  // namespace

template <class T>
double probability(StateVector<T>& state, std::uint64_t mask, std::uint64_t value) {
  const std::uint64_t positions = state.layout().positions(mask);
  const std::uint64_t wanted = state.layout().positions(value & mask);
  const auto lane_mask = static_cast<unsigned>(positions & low_mask(kLaneBits<T>));
  const auto lane_value = static_cast<unsigned>(wanted & low_mask(kLaneBits<T>));
  const std::uint64_t block_mask = positions >> kLaneBits<T>;
  const std::uint64_t block_value = wanted >> kLaneBits<T>;
  const std::uint64_t zero = state.zero_positions() >> kLaneBits<T>;
  const std::uint64_t piece = piece_blocks(state);
  ShardSums sums(state.shard_count(), state.shard_blocks(), piece);
  const std::uint64_t pieces = state.shard_blocks() / piece;
  const auto tasks = static_cast<std::int64_t>(state.shard_count() * pieces);
  parallel_for(threads_to_read(state), 0, tasks, [&](std::int64_t t) {
    const std::uint64_t k = static_cast<std::uint64_t>(t) / pieces;
    const std::uint64_t first = (static_cast<std::uint64_t>(t) % pieces) * piece;
    std::array<double, kPieceBlocks> values;
    for (std::uint64_t b = 0; b < piece; ++b) {
      const std::uint64_t global = (state.first_shard() + k) * state.shard_blocks() + first + b;
      values[b] = (global & block_mask) == block_value && (global & zero) == 0
                      ? block_norm(state.shard(k) + (first + b) * kBlock<T>, lane_mask, lane_value)
                      : 0.0;
    }
    sums.set(k, first, std::span(values).first(piece));
  });
  return sums.total(state.comm());
}

template <class T>
void collapse(StateVector<T>& state, unsigned qubit, bool outcome, double p) {
  if (!(p > 0.0)) throw Error(ErrorCode::bug, "a state was collapsed to an impossible outcome");
  const T scale = static_cast<T>(1.0 / std::sqrt(p));
  const std::uint64_t position = state.layout().positions(bit(qubit));
  const auto lane_mask = static_cast<unsigned>(position & low_mask(kLaneBits<T>));
  const std::uint64_t block_mask = position >> kLaneBits<T>;
  const auto blocks = static_cast<std::int64_t>(state.shard_count() * state.shard_blocks());
  const std::uint64_t first = state.first_shard() * state.shard_blocks();
  T* const data = state.mutable_shard(0);
  parallel_for(threads_to_read(state), 0, blocks, [&](std::int64_t b) {
    T* const block = data + static_cast<std::size_t>(b) * kBlock<T>;
    const bool block_one = ((first + static_cast<std::uint64_t>(b)) & block_mask) != 0;
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      const bool one = block_mask != 0 ? block_one : (l & lane_mask) != 0;
      const T factor = one == outcome ? scale : T{0};
      block[l] *= factor;
      block[kLanes<T> + l] *= factor;
    }
  });
}

template <class T>
double check_norm(StateVector<T>& state, std::uint64_t operations, double expected,
                  double admitted) {
  return check_norm_value<T>(probability(state), operations, expected, admitted);
}

template <class T>
double check_norm_value(double norm, std::uint64_t operations, double expected, double admitted) {
  const double allowed = 100.0 * static_cast<double>(std::numeric_limits<T>::epsilon()) *
                             (10.0 + static_cast<double>(operations)) +
                         admitted;
  if (!(std::abs(norm - expected) <= allowed)) {
    throw Error(ErrorCode::bug,
                fmt::format("the squared norm of the state drifted to {:.17g} ({:.17g} +- {:.2g} "
                            "was expected)",
                            norm, expected, allowed),
                sizeof(T) == 4 ? "use double precision for circuits this deep"
                               : "please report this circuit");
  }
  return norm;
}

template double probability(StateVector<double>&, std::uint64_t, std::uint64_t);
template double probability(StateVector<float>&, std::uint64_t, std::uint64_t);
template void collapse(StateVector<double>&, unsigned, bool, double);
template void collapse(StateVector<float>&, unsigned, bool, double);
template double check_norm(StateVector<double>&, std::uint64_t, double, double);
template double check_norm(StateVector<float>&, std::uint64_t, double, double);
template double check_norm_value<double>(double, std::uint64_t, double, double);
template double check_norm_value<float>(double, std::uint64_t, double, double);

}  // namespace qross::qsim
