// SPDX-License-Identifier: Apache-2.0
// Packing, sending, unpacking piece by piece. Every rank goes through the same pieces in the same
// order, so that messages of several pieces on their way at once do not mix.
#include "qsim/dist/piecewise_exchange.hpp"

#include <algorithm>
#include <cstring>

#include "qsim/core/parallel.hpp"
#include "qsim/dist/state_access-inl.hpp"

namespace qross::qsim {
namespace {

/// Bytes of a shard's messages in one direction, of one of `in_flight` pieces; 0: nothing is sent.
template <class T>
std::size_t part_of(StateVector<T>& state, unsigned in_flight) {
  if (state.shape().ranks == 1) return 0;
  constexpr std::size_t kLine = 64;
  const std::size_t parts = 2 * in_flight * state.shape().most_shards();
  return state.staging().size() / parts / kLine * kLine;
}

/// body(job, first, last) for ranges of units that make up all units of all jobs.
template <class Body>
void each_range(std::size_t jobs, std::uint64_t units, std::size_t unit_bytes, int threads,
                const Body& body) {
  const std::uint64_t all = jobs * units;
  const double moved = 2.0 * static_cast<double>(all) * static_cast<double>(unit_bytes);
  parallel_ranges(threads_for(threads, nanoseconds_to_move(moved)), 0,
                  static_cast<std::int64_t>(all), [&](std::int64_t from, std::int64_t to) {
                    auto begin = static_cast<std::uint64_t>(from);
                    const auto end = static_cast<std::uint64_t>(to);
                    while (begin < end) {
                      const std::uint64_t first = begin % units;
                      const std::uint64_t last = std::min(units, first + end - begin);
                      body(begin / units, first, last);
                      begin += last - first;
                    }
                  });
}

}  // namespace

template <class T>
PiecewiseExchange<T>::PiecewiseExchange(StateVector<T>& state, ExchangePairs pairs,
                                        std::uint64_t outer, unsigned in_flight,
                                        std::size_t good_message)
    : state_(&state),
      zero_state_(state.is_zero_state()),
      data_(state.mutable_shard(0)),
      bits_(pairs, state.shape().local_bits()),
      part_(part_of(state, in_flight)),
      cut_(bits_, state.shape().local_bits(), StateVector<T>::kPrecision, outer, part_,
           good_message),
      layout_(state.layout()),
      pieces_(in_flight) {
  for (const auto& [low, high] : pairs) layout_.swap_positions(low, high);
  while (started_ < std::min<std::uint64_t>(in_flight, cut_.pieces())) start();
}

template <class T>
bool PiecewiseExchange<T>::next() {
  if (arrived_ == cut_.pieces()) return false;
  Piece& piece = pieces_[arrived_ % pieces_.size()];
  if (piece.pending) piece.pending->finish();
  piece.pending.reset();
  unpack(piece);
  ++arrived_;
  if (started_ < cut_.pieces()) start();
  if (arrived_ == cut_.pieces()) {
    StateAccess::relabel(*state_, layout_);
    StateAccess::know_zero_state(*state_, zero_state_);
  }
  return true;
}

template <class T>
void PiecewiseExchange<T>::poke() noexcept {
  for (Piece& piece : pieces_) {
    if (piece.pending) piece.pending->test();
  }
}

template <class T>
T* PiecewiseExchange<T>::shard(std::uint64_t k) const {
  return data_ + k * state_->shard_blocks() * kBlock<T>;
}

template <class T>
void PiecewiseExchange<T>::start() {
  const Shape& shape = state_->shape();
  const std::uint64_t slot = started_ % pieces_.size();
  Piece& piece = pieces_[slot];
  piece.what = cut_.piece(started_++);
  piece.messages.clear();
  std::vector<Transfer> transfers;
  const std::uint64_t chunk = spread(piece.what.chunk, cut_.chunk_positions());
  const std::size_t bytes = piece.what.units * cut_.unit_bytes();
  for (std::uint64_t s = piece.what.first_partner; s <= piece.what.last_partner; ++s) {
    for (std::uint64_t k = 0; k < state_->shard_count(); ++k) {
      const std::uint64_t v = state_->first_shard() + k;
      const std::uint64_t u = v ^ bits_.shard_bits(s);
      const int peer = shape.owner(u);
      if (peer == state_->comm().rank()) continue;
      std::byte* const send = state_->staging().data() +
                              2 * (slot * shape.most_shards() + k) * part_ +
                              (s - piece.what.first_partner) * bytes;
      std::byte* const receive = send + part_;
      const std::uint64_t fixed = bits_.local_index(bits_.value_of(u)) | chunk;
      piece.messages.push_back({shard(k), fixed, send, receive});
      // The tag names the lower shard of the pair; pairs with the same one come in the order of s.
      transfers.push_back({peer, static_cast<int>(std::min(u, v)), send, receive, bytes});
      sent_ += bytes;
    }
  }
  if (!transfers.empty()) {
    pack(piece);
    piece.pending = state_->comm().start(transfers);
  }
  swap_here(piece.what);
}

template <class T>
template <class Body>
void PiecewiseExchange<T>::each_unit(const Piece& piece, const Body& body) const {
  const std::size_t bytes = cut_.unit_bytes();
  each_range(piece.messages.size(), piece.what.units, bytes, state_->threads(),
             [&](std::size_t job, std::uint64_t first, std::uint64_t last) {
               const Message& m = piece.messages[job];
               std::uint64_t at = cut_.at(piece.what.first_unit + first);
               for (std::uint64_t unit = first; unit < last; ++unit, at = cut_.after(at)) {
                 body(m, m.fixed | at, unit * bytes);
               }
             });
}

template <class T>
void PiecewiseExchange<T>::pack(const Piece& piece) const {
  each_unit(piece, [&](const Message& m, std::uint64_t i, std::size_t offset) {
    std::byte* const to = m.send + offset;
    if (cut_.unit_bits() > 0) {
      std::memcpy(to, m.shard + (i >> kLaneBits<T>)*kBlock<T>, cut_.unit_bytes());
    } else {
      const std::complex<T> a = get_amplitude(m.shard, i);
      std::memcpy(to, &a, sizeof a);
    }
  });
}

template <class T>
void PiecewiseExchange<T>::unpack(const Piece& piece) const {
  each_unit(piece, [&](const Message& m, std::uint64_t i, std::size_t offset) {
    const std::byte* const from = m.receive + offset;
    if (cut_.unit_bits() > 0) {
      std::memcpy(m.shard + (i >> kLaneBits<T>)*kBlock<T>, from, cut_.unit_bytes());
    } else {
      std::complex<T> a;
      std::memcpy(&a, from, sizeof a);
      set_amplitude(m.shard, i, a);
    }
  });
}

template <class T>
void PiecewiseExchange<T>::swap_here(const ExchangePiece& what) const {
  struct Swap {
    T* a;
    T* b;
    std::uint64_t in_a;
    std::uint64_t in_b;
  };
  std::vector<Swap> swaps;
  const std::uint64_t chunk = spread(what.chunk, cut_.chunk_positions());
  const auto fixed = [&](std::uint64_t partner) {
    return bits_.local_index(bits_.value_of(partner)) | chunk;
  };
  for (std::uint64_t s = what.first_partner; s <= what.last_partner; ++s) {
    for (std::uint64_t k = 0; k < state_->shard_count(); ++k) {
      const std::uint64_t v = state_->first_shard() + k;
      const std::uint64_t u = v ^ bits_.shard_bits(s);
      if (u < v || u - state_->first_shard() >= state_->shard_count()) continue;
      swaps.push_back({shard(k), shard(u - state_->first_shard()), fixed(u), fixed(v)});
    }
  }
  const std::size_t bytes = cut_.unit_bytes();
  each_range(swaps.size(), what.units, bytes, state_->threads(),
             [&](std::size_t job, std::uint64_t first, std::uint64_t last) {
               const Swap& swap = swaps[job];
               std::uint64_t at = cut_.at(what.first_unit + first);
               for (std::uint64_t unit = first; unit < last; ++unit, at = cut_.after(at)) {
                 const std::uint64_t i = swap.in_a | at;
                 const std::uint64_t j = swap.in_b | at;
                 if (cut_.unit_bits() > 0) {
                   T* const x = swap.a + (i >> kLaneBits<T>)*kBlock<T>;
                   T* const y = swap.b + (j >> kLaneBits<T>)*kBlock<T>;
                   std::swap_ranges(x, x + bytes / sizeof(T), y);
                 } else {
                   const std::complex<T> kept = get_amplitude(swap.a, i);
                   set_amplitude(swap.a, i, get_amplitude(swap.b, j));
                   set_amplitude(swap.b, j, kept);
                 }
               }
             });
}

template class PiecewiseExchange<double>;
template class PiecewiseExchange<float>;

}  // namespace qross::qsim
