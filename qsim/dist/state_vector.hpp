// SPDX-License-Identifier: Apache-2.0
// StateVector: one rank's shards of a state of n qubits, where each qubit lies, and whether the
// state is known to be |0..0>. Amplitudes are stored in blocks (kernels/layout.hpp); below
// lane_bits qubits one block is padded with zeros.
#pragma once

#include <complex>
#include <cstdint>
#include <span>

#include "qsim/core/buffer.hpp"
#include "qsim/dist/communicator.hpp"
#include "qsim/kernels/layout.hpp"
#include "qsim/plan/layout.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::qsim {

struct StateAccess;

template <class T>
class StateVector {
 public:
  static constexpr Precision kPrecision =
      sizeof(T) == 8 ? Precision::double_precision : Precision::single_precision;

  /// Memory for the state and its staging buffer, all zero, pages touched by `threads` threads.
  /// The communicator must outlive the state. Throws Error(resources), and Error(usage) if the
  /// shape is not cut over as many ranks as the communicator has.
  StateVector(Communicator& comm, const Shape& shape, int threads = 1, unsigned colour = 0);

  /// Becomes |0..0> with the given layout. Cost: a write of the state; nothing while it is as the
  /// constructor made it.
  void set_zero_state(const Layout& layout);

  [[nodiscard]] Communicator& comm() const noexcept { return *comm_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] const Layout& layout() const noexcept { return layout_; }
  /// Whether the state is known to be |0..0>: since set_zero_state nothing was written to it.
  /// Exchanges of qubits keep |0..0>. The same on every rank.
  [[nodiscard]] bool is_zero_state() const noexcept { return zero_state_; }
  /// Positions at which qubits are known to be |0>: every amplitude with a 1 at one of them is 0.
  /// Those of the shard number may be among them. The same on every rank.
  [[nodiscard]] std::uint64_t zero_positions() const noexcept {
    return zero_state_ ? low_mask(shape_.qubits) : zero_positions_;
  }
  /// `options` completed so that make_plan plans a circuit for this state as it is now: its ranks,
  /// precision, cut and layout.
  [[nodiscard]] PlanOptions continued(PlanOptions options = {}) const;
  [[nodiscard]] int threads() const noexcept { return threads_; }

  /// Shards this rank holds: first_shard() .. first_shard() + shard_count() - 1.
  [[nodiscard]] std::uint64_t first_shard() const noexcept { return first_shard_; }
  [[nodiscard]] std::uint64_t shard_count() const noexcept { return shard_count_; }
  /// Blocks in one shard.
  [[nodiscard]] std::uint64_t shard_blocks() const noexcept { return shard_blocks_; }
  /// Block 0 of the k-th shard of this rank.
  [[nodiscard]] const T* shard(std::uint64_t k) const noexcept {
    return data_ + k * shard_blocks_ * kBlock<T>;
  }
  /// The same, to be written to: the state is no longer known to be |0..0>. All ranks call it
  /// together, those without shards too, and not from several threads at once.
  [[nodiscard]] T* mutable_shard(std::uint64_t k) noexcept {
    zero_state_ = false;
    zero_positions_ = 0;
    blank_ = false;
    return data_ + k * shard_blocks_ * kBlock<T>;
  }
  /// Memory for messages, at most state_bytes/64 and 128 MiB.
  [[nodiscard]] std::span<std::byte> staging() noexcept {
    return {staging_.data(), staging_.size()};
  }

 private:
  friend struct StateAccess;

  Communicator* comm_;
  Shape shape_;
  Layout layout_;
  int threads_;
  bool zero_state_ = false;
  bool blank_ = true;  ///< all amplitudes are 0
  std::uint64_t zero_positions_ = 0;
  std::uint64_t first_shard_ = 0;
  std::uint64_t shard_count_ = 0;
  std::uint64_t shard_blocks_ = 0;
  Buffer buffer_;
  Buffer staging_;
  T* data_ = nullptr;
};

/// Throws Error(bad_input) unless both states have as many qubits and are cut alike.
template <class T>
void require_same_shape(const StateVector<T>& a, const StateVector<T>& b);
/// The same, and unless both keep their qubits in the same places.
template <class T>
void require_same_layout(const StateVector<T>& a, const StateVector<T>& b);

extern template class StateVector<double>;
extern template class StateVector<float>;

}  // namespace qross::qsim
