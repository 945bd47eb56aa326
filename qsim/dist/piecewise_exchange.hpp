// SPDX-License-Identifier: Apache-2.0
// An exchange of positions under way: pieces of it travel while the caller works on the chunks that
// have come. exchange_positions waits for all; Engine::run lets blocks of a pass run in between.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "qsim/dist/exchange_cut.hpp"
#include "qsim/dist/state_vector.hpp"

namespace qross::qsim {

/// All calls come from the thread that may call MPI. Every rank makes the same exchange with the
/// same `outer` and `in_flight` and takes all pieces; nothing else may be sent or received on the
/// state's communicator meanwhile. To drop it half-way leaves a state that is of no more use.
template <class T>
class PiecewiseExchange {
 public:
  /// Starts the first pieces. The staging buffer is shared by `in_flight` (1 or 2) pieces; the
  /// rest: ExchangeCut. At least one pair.
  PiecewiseExchange(StateVector<T>& state, ExchangePairs pairs, std::uint64_t outer,
                    unsigned in_flight, std::size_t good_message = ExchangeCut::kGoodMessage);

  [[nodiscard]] const ExchangeCut& cut() const noexcept { return cut_; }
  [[nodiscard]] std::uint64_t arrived() const noexcept { return arrived_; }

  /// Waits for the next piece, puts its amplitudes where they belong and starts another in its
  /// place. False if all had arrived before. With the last the state has its new layout.
  /// The first arrived() / cut().pieces_per_chunk() chunks are complete; what travels is read and
  /// written in later chunks only.
  bool next();
  /// Lets messages go on; never waits.
  void poke() noexcept;
  /// Bytes of the pieces started so far, sent to other ranks.
  [[nodiscard]] std::uint64_t bytes_sent() const noexcept { return sent_; }

 private:
  /// What a shard of this rank sends to and gets from a shard elsewhere.
  struct Message {
    T* shard;
    std::uint64_t fixed;  ///< local index bits of partner and chunk
    std::byte* send;
    const std::byte* receive;
  };
  struct Piece {
    ExchangePiece what;
    std::vector<Message> messages;
    std::unique_ptr<Pending> pending;
  };

  void start();
  /// body(message, local index of the unit's first amplitude, its place in the message in bytes)
  template <class Body>
  void each_unit(const Piece& piece, const Body& body) const;
  void pack(const Piece& piece) const;
  void unpack(const Piece& piece) const;
  /// Pairs of shards that are both on this rank.
  void swap_here(const ExchangePiece& what) const;
  [[nodiscard]] T* shard(std::uint64_t k) const;

  StateVector<T>* state_;
  bool zero_state_;  ///< |0..0>, which stays so
  T* data_;          ///< the shards of this rank
  ExchangedBits bits_;
  std::size_t part_;  ///< bytes of a shard's messages in one direction
  ExchangeCut cut_;
  Layout layout_;  ///< afterwards
  std::vector<Piece> pieces_;
  std::uint64_t started_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t sent_ = 0;
};

extern template class PiecewiseExchange<double>;
extern template class PiecewiseExchange<float>;

}  // namespace qross::qsim
