// SPDX-License-Identifier: Apache-2.0
// Allocation and first touch of a rank's shards.
#include "qsim/dist/state_vector.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "qsim/core/error.hpp"
#include "qsim/core/parallel.hpp"

namespace qross::qsim {
namespace {

/// Several states in one process start at different cache sets: offset k * (4096 + 128) bytes.
constexpr std::size_t kColourBytes = 4096 + 128;
/// What the first touch of a page takes.
constexpr double kPageNanoseconds = 500.0;

}  // namespace

template <class T>
StateVector<T>::StateVector(Communicator& comm, const Shape& shape, int threads, unsigned colour)
    : comm_(&comm), shape_(shape), layout_(shape.qubits), threads_(std::max(1, threads)) {
  if (shape.ranks != comm.size()) {
    throw Error(ErrorCode::usage,
                "a state cut over " + std::to_string(shape.ranks) + " ranks cannot live on " +
                    std::to_string(comm.size()),
                "plan with PlanOptions::ranks = Communicator::size()");
  }
  first_shard_ = shape.first_shard(comm.rank());
  shard_count_ = shape.first_shard(comm.rank() + 1) - first_shard_;
  const std::uint64_t bytes = shard_bytes(shape, kPrecision);
  shard_blocks_ = bytes / (kBlock<T> * sizeof(T));
  const std::size_t offset = colour * kColourBytes;
  buffer_ = Buffer(shard_count_ * bytes + offset);
  staging_ = Buffer(staging_bytes(shape, kPrecision));
  data_ = reinterpret_cast<T*>(buffer_.data() + offset);
  // First touch by the threads that will work on the pages, and before any gate runs, so that
  // memory granted lazily fails here. The system gives pages that are zero: one write each.
  const auto pages = static_cast<std::int64_t>(shard_count_ * bytes / 4096);
  const int sharing = threads_for(threads_, kPageNanoseconds * static_cast<double>(pages));
  parallel_for(sharing, 0, pages, [this](std::int64_t page) {
    reinterpret_cast<std::byte*>(data_)[page * 4096] = std::byte{0};
  });
}

template <class T>
void StateVector<T>::set_zero_state(const Layout& layout) {
  layout_ = layout;
  if (zero_state_) return;
  const auto blocks = static_cast<std::int64_t>(shard_count_ * shard_blocks_);
  constexpr std::size_t kBytes = kBlock<T> * sizeof(T);
  const double moved = static_cast<double>(kBytes) * static_cast<double>(blocks);
  if (!blank_) {
    parallel_ranges(threads_for(threads_, nanoseconds_to_move(moved)), 0, blocks,
                    [this](std::int64_t first, std::int64_t last) {
                      std::memset(data_ + static_cast<std::size_t>(first) * kBlock<T>, 0,
                                  static_cast<std::size_t>(last - first) * kBytes);
                    });
  }
  if (first_shard_ == 0 && shard_count_ > 0) data_[0] = T{1};
  zero_state_ = true;
  blank_ = false;
}

template <class T>
PlanOptions StateVector<T>::continued(PlanOptions options) const {
  options.ranks = shape_.ranks;
  options.precision = kPrecision;
  options.shape = shape_;
  options.initial = layout_;
  return options;
}

template <class T>
void require_same_shape(const StateVector<T>& a, const StateVector<T>& b) {
  const Shape& shape = a.shape();
  const Shape& other = b.shape();
  if (shape.qubits != other.qubits) {
    throw Error(ErrorCode::bad_input, "the states have " + std::to_string(shape.qubits) + " and " +
                                          std::to_string(other.qubits) + " qubits");
  }
  if (shape.rank_bits != other.rank_bits || shape.ranks != other.ranks) {
    throw Error(ErrorCode::bad_input, "the states are cut differently over the ranks",
                "plan both circuits with the same PlanOptions::shape");
  }
}

template <class T>
void require_same_layout(const StateVector<T>& a, const StateVector<T>& b) {
  require_same_shape(a, b);
  if (!(a.layout() == b.layout())) {
    throw Error(ErrorCode::bad_input, "the states keep their qubits in different places",
                "call into_layout(b, a.layout()) first");
  }
}

template class StateVector<double>;
template class StateVector<float>;
template void require_same_shape(const StateVector<double>&, const StateVector<double>&);
template void require_same_shape(const StateVector<float>&, const StateVector<float>&);
template void require_same_layout(const StateVector<double>&, const StateVector<double>&);
template void require_same_layout(const StateVector<float>&, const StateVector<float>&);

}  // namespace qross::qsim
