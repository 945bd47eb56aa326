// SPDX-License-Identifier: Apache-2.0
// Observables on a distributed state. Strings that flip the same qubits form a group: one sweep
// serves all of them. Partner amplitudes lie in the same shard, in another shard of this rank, or
// on another rank, from where they come in chunks through the staging buffer.
#include <algorithm>
#include <array>
#include <bit>
#include <map>

#include <fmt/core.h>

#include "qsim/core/tree_sum.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/reduce.hpp"

namespace qross::qsim {
namespace {

struct FlipGroup {
  std::uint64_t x = 0;  ///< positions
  std::vector<GroupTerm> terms;
};

/// Groups the strings by what they flip in the given layout, in a fixed order.
std::vector<FlipGroup> group(const PauliSum& observable, const Layout& layout, unsigned lanes) {
  if (observable.qubits() > layout.qubits()) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the observable names qubit {}, but the state has qubits 0 to {}",
                            observable.qubits() - 1, static_cast<int>(layout.qubits()) - 1));
  }
  std::map<std::uint64_t, FlipGroup> groups;
  constexpr std::array<std::array<double, 2>, 4> kPowers{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
  for (const PauliString& string : observable.strings()) {
    const std::uint64_t x = layout.positions(string.x);
    const std::uint64_t z = layout.positions(string.z);
    const auto& power = kPowers[static_cast<std::size_t>(std::popcount(string.x & string.z)) % 4];
    FlipGroup& entry = groups[x];
    entry.x = x;
    entry.terms.push_back({string.coefficient * power[0], string.coefficient * power[1], z >> lanes,
                           static_cast<std::uint16_t>(z & low_mask(lanes))});
  }
  std::vector<FlipGroup> list;
  for (auto& [x, entry] : groups) list.push_back(std::move(entry));
  return list;
}

/// Calls work(k, first, count, partner, call) for aligned pieces of every shard k of this rank:
/// blocks first .. first + count - 1, with `partner` and call.flip so that the partner of block
/// first + b is partner + ((b ^ call.flip) blocks). Pieces run in parallel.
template <class T, class Work>
void visit(StateVector<T>& ket, const FlipGroup& group, const Work& work) {
  const Shape& shape = ket.shape();
  const unsigned local = std::max(shape.local_bits(), kLaneBits<T>);
  const std::uint64_t blocks = ket.shard_blocks();
  const std::uint64_t flip = (group.x & low_mask(local)) >> kLaneBits<T>;
  const std::uint64_t shard_flip = shape.rank_bits == 0 ? 0 : group.x >> shape.local_bits();
  PauliGroupCall<T> call;
  call.lane_xor = static_cast<std::uint8_t>(group.x & (kLanes<T> - 1));
  call.global_flip = group.x >> kLaneBits<T>;
  call.terms = group.terms;

  // Blocks [begin, begin + length) of shard k, whose partners start at `partner` for the block
  // begin ^ (flip rounded to length).
  const auto run = [&](std::uint64_t k, std::uint64_t begin, std::uint64_t length,
                       const T* partner) {
    const std::uint64_t size = std::min(length, piece_blocks(ket));
    const auto pieces = static_cast<std::int64_t>(length / size);
#pragma omp parallel for schedule(static) num_threads(ket.threads()) if (pieces > 4)
    for (std::int64_t p = 0; p < pieces; ++p) {
      const std::uint64_t offset = static_cast<std::uint64_t>(p) * size;
      PauliGroupCall<T> piece = call;
      piece.first = (ket.first_shard() + k) * blocks + begin + offset;
      piece.flip = flip & (size - 1);
      const std::uint64_t there = offset ^ (flip & (length - 1) & ~(size - 1));
      work(k, begin + offset, size, partner + there * kBlock<T>, piece);
    }
  };

  const int me = ket.comm().rank();
  for (std::uint64_t k = 0; k < ket.shard_count(); ++k) {
    const std::uint64_t u = (ket.first_shard() + k) ^ shard_flip;
    if (shape.owner(u) == me) {
      run(k, 0, blocks, ket.shard(u - ket.first_shard()));
    }
  }
  if (shard_flip == 0 || shape.ranks == 1) return;

  const auto staging = ket.staging();
  const std::uint64_t chunk = chunk_blocks(ket);
  const std::size_t part = chunk * kBlock<T> * sizeof(T);  // whole blocks: kernels load aligned
  for (std::uint64_t begin = 0; begin < blocks; begin += chunk) {
    // The partner needs, and sends, the chunk at the flipped place.
    const std::uint64_t there = begin ^ (flip & ~(chunk - 1));
    std::vector<Transfer> transfers;
    for (std::uint64_t k = 0; k < ket.shard_count(); ++k) {
      const std::uint64_t v = ket.first_shard() + k;
      const std::uint64_t u = v ^ shard_flip;
      if (shape.owner(u) == me) continue;
      transfers.push_back({shape.owner(u), static_cast<int>(std::min(u, v)),
                           ket.shard(k) + there * kBlock<T>, staging.data() + k * part,
                           chunk * kBlock<T> * sizeof(T)});
    }
    ket.comm().exchange(transfers);
    for (std::uint64_t k = 0; k < ket.shard_count(); ++k) {
      if (shape.owner((ket.first_shard() + k) ^ shard_flip) == me) continue;
      run(k, begin, chunk, reinterpret_cast<const T*>(staging.data() + k * part));
    }
  }
}

}  // namespace

template <class T>
double Engine::expectation(StateVector<T>& state, const PauliSum& observable) const {
  const auto groups = group(observable, state.layout(), kLaneBits<T>);
  double total = 0.0;
  for (const FlipGroup& entry : groups) {
    ShardSums sums(state.shard_count(), state.shard_blocks(), piece_blocks(state));
    visit(state, entry,
          [&](std::uint64_t k, std::uint64_t first, std::uint64_t count, const T* partner,
              const PauliGroupCall<T>& call) {
            std::array<double, kPieceBlocks> values;
            kernels<T>().pauli_expect(state.shard(k) + first * kBlock<T>, partner, count, call,
                                      values.data());
            sums.set(k, first, std::span(values).first(count));
          });
    total += sums.total(*comm_);
  }
  return total;
}

template <class T>
void Engine::apply_observable(StateVector<T>& ket, const PauliSum& observable,
                              StateVector<T>& bra) const {
  const auto groups = group(observable, ket.layout(), kLaneBits<T>);
  for (const FlipGroup& entry : groups) {
    visit(ket, entry,
          [&](std::uint64_t k, std::uint64_t first, std::uint64_t count, const T* partner,
              const PauliGroupCall<T>& call) {
            kernels<T>().pauli_apply(bra.shard(k) + first * kBlock<T>, partner, count, call);
          });
  }
}

template double Engine::expectation(StateVector<double>&, const PauliSum&) const;
template double Engine::expectation(StateVector<float>&, const PauliSum&) const;
template void Engine::apply_observable(StateVector<double>&, const PauliSum&,
                                       StateVector<double>&) const;
template void Engine::apply_observable(StateVector<float>&, const PauliSum&,
                                       StateVector<float>&) const;

}  // namespace qross::qsim
