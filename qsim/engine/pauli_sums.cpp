// SPDX-License-Identifier: Apache-2.0
// Observables on a distributed state. Strings that flip the same qubits form a group: one sweep
// serves all of them. Groups that flip qubits of other ranks are served in steps, each after an
// exchange that makes as many of them local as it pays for (plan/flip_route.hpp); of the others the
// partner amplitudes come from their rank in chunks through the staging buffer. Factors and sums
// are made of the same parts in the same order in every step, so values do not depend on the route.
#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "qsim/core/parallel.hpp"
#include "qsim/core/tree_sum.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/dist/state_access-inl.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/phases.hpp"
#include "qsim/engine/reduce.hpp"
#include "qsim/plan/flip_route.hpp"

namespace qross::qsim {
namespace {

/// The strings that flip the same positions. Those that tell no blocks outside the window apart are
/// a table, the same for every window; the others are terms.
struct FlipGroup {
  std::uint64_t x = 0;       ///< positions
  std::uint64_t window = 0;  ///< low bits of the block index
  bool is_complex = false;
  std::vector<double> re;  ///< [block of the window][lane], or empty
  std::vector<double> im;
  std::vector<GroupTerm> terms;
};

/// Moves the terms that the window holds into the table.
void make_table(FlipGroup& group, unsigned lanes, unsigned window_bits) {
  const std::size_t size = std::size_t{1} << (lanes + window_bits);
  std::vector<double> re(size, 0.0);
  std::vector<double> im(size, 0.0);
  std::vector<GroupTerm> others;
  for (const GroupTerm& term : group.terms) {
    group.is_complex = group.is_complex || term.im != 0.0;
    if ((term.z_block & ~group.window) != 0) {
      others.push_back(term);
      continue;
    }
    re[(term.z_block << lanes) | term.z_lane] += term.re;
    im[(term.z_block << lanes) | term.z_lane] += term.im;
  }
  // f[i] = sum over z of re[z] (-1)^parity(i & z), read at the partner's lane.
  const auto transformed = [&](std::vector<double>& f) {
    walsh_hadamard(f);
    std::vector<double> result(size);
    const std::uint64_t lane_xor = group.x & low_mask(lanes);
    for (std::size_t i = 0; i < size; ++i) result[i] = f[i ^ lane_xor];
    return result;
  };
  if (others.size() < group.terms.size()) {
    group.re = transformed(re);
    if (group.is_complex) group.im = transformed(im);
  }
  // Alike terms side by side; the order of equal ones is that of the observable.
  std::stable_sort(others.begin(), others.end(), [&](const GroupTerm& a, const GroupTerm& b) {
    const auto key = [&](const GroupTerm& term) {
      return std::pair(term.z_block & group.window, term.z_lane);
    };
    return key(a) < key(b);
  });
  group.terms = std::move(others);
}

/// Groups the strings by what they flip in the given layout, in the order of flips_of(). Tables are
/// made when a group's turn comes, so that there is one at a time.
std::vector<FlipGroup> group(const PauliSum& observable, const Layout& layout, unsigned lanes) {
  if (observable.qubits() > layout.qubits()) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the observable names qubit {}, but the state has qubits 0 to {}",
                            observable.qubits() - 1, static_cast<int>(layout.qubits()) - 1));
  }
  std::map<std::uint64_t, FlipGroup, std::greater<>> groups;
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

/// The group as it looks while `pairs` of positions are exchanged, with its table.
FlipGroup prepare(const FlipGroup& group, const PositionPairs& pairs, unsigned qubits,
                  unsigned lanes) {
  FlipGroup result = group;
  result.x = exchanged(group.x, pairs);
  for (GroupTerm& term : result.terms) {
    term.z_block = exchanged(term.z_block << lanes, pairs) >> lanes;
  }
  // The window depends neither on the cut nor on pairs, so that factors always have the same bits.
  const unsigned window_bits = qubits > lanes ? std::min(qubits - lanes, unsigned{kPieceBits}) : 0;
  result.window = low_mask(window_bits);
  make_table(result, lanes, window_bits);
  return result;
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
  call.is_complex = group.is_complex;
  call.window = group.window;
  if (!group.re.empty()) call.re = group.re.data();
  if (!group.im.empty()) call.im = group.im.data();
  call.terms = group.terms;

  // Blocks [begin, begin + length) of shard k, whose partners start at `partner` for the block
  // begin ^ (flip rounded to length).
  const auto run = [&](std::uint64_t k, std::uint64_t begin, std::uint64_t length,
                       const T* partner) {
    const std::uint64_t size = std::min(length, piece_blocks(ket));
    const auto pieces = static_cast<std::int64_t>(length / size);
    // Two blocks of 128 bytes are read; each term looks up a sign or two.
    const double block = nanoseconds_to_move(256.0) + static_cast<double>(call.terms.size());
    const int threads = threads_for(ket.threads(), block * static_cast<double>(length));
    parallel_for(threads, 0, pieces, [&](std::int64_t p) {
      const std::uint64_t offset = static_cast<std::uint64_t>(p) * size;
      PauliGroupCall<T> piece = call;
      piece.first = (ket.first_shard() + k) * blocks + begin + offset;
      piece.flip = flip & (size - 1);
      const std::uint64_t there = offset ^ (flip & (length - 1) & ~(size - 1));
      work(k, begin + offset, size, partner + there * kBlock<T>, piece);
    });
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

/// Takes ket, and `other` if it is another state, through the steps of the groups' route; calls
/// serve(index of the group, the group there, exchanged pairs). Leaves both in the ket's layout.
template <class T, class Serve>
void follow(std::span<const FlipGroup> groups, FlipUse use, StateVector<T>& ket,
            StateVector<T>& other, const Serve& serve) {
  std::vector<std::uint64_t> flips;
  for (const FlipGroup& entry : groups) flips.push_back(entry.x);
  for (const FlipStep& step : route_flips(ket.shape(), StateVector<T>::kPrecision, flips, use)) {
    exchange_positions<T>(ket, step.pairs);
    if (use == FlipUse::product || use == FlipUse::apply) {
      exchange_positions<T>(other, step.pairs);
    } else {
      StateAccess::relabel(other, ket.layout());
    }
    for (const std::uint32_t g : step.flips) {
      serve(g, prepare(groups[g], step.pairs, ket.shape().qubits, kLaneBits<T>), step.pairs);
    }
    exchange_positions<T>(ket, step.pairs);
    if (&other != &ket) exchange_positions<T>(other, step.pairs);
  }
}

}  // namespace

template <class T>
double Engine::expectation(StateVector<T>& state, const PauliSum& observable) const {
  return expectations(state, std::span(&observable, 1))[0];
}

template <class T>
std::vector<double> Engine::expectations(StateVector<T>& state,
                                         std::span<const PauliSum> observables) const {
  return matrix_elements(state, observables, state);
}

template <class T>
std::vector<double> Engine::matrix_elements(StateVector<T>& bra,
                                            std::span<const PauliSum> observables,
                                            StateVector<T>& ket) const {
  require_same_layout(bra, ket);
  std::vector<FlipGroup> groups;
  std::vector<std::size_t> ends;
  for (const PauliSum& observable : observables) {
    auto more = group(observable, ket.layout(), kLaneBits<T>);
    std::move(more.begin(), more.end(), std::back_inserter(groups));
    ends.push_back(groups.size());
  }
  std::vector<double> of_group(groups.size());
  const FlipUse use = &bra == &ket ? FlipUse::expectation : FlipUse::product;
  follow<T>(groups, use, ket, bra,
            [&](std::size_t g, const FlipGroup& entry, const PositionPairs& pairs) {
              ShardSums sums(ket.shard_count(), ket.shard_blocks(), piece_blocks(ket));
              visit(ket, entry,
                    [&](std::uint64_t k, std::uint64_t first, std::uint64_t count, const T* partner,
                        const PauliGroupCall<T>& call) {
                      std::array<double, kPieceBlocks> values;
                      kernels<T>().pauli_expect(bra.shard(k) + first * kBlock<T>, partner, count,
                                                call, values.data());
                      sums.set(k, first, std::span(values).first(count));
                    });
              of_group[g] = sums.total(*comm_, ket.shape(), pairs);
            });
  std::vector<double> totals;
  std::size_t g = 0;
  for (const std::size_t end : ends) {
    double total = 0.0;
    for (; g < end; ++g) total += of_group[g];
    totals.push_back(total);
  }
  return totals;
}

template <class T>
void Engine::apply_observable(StateVector<T>& ket, const PauliSum& observable,
                              StateVector<T>& bra) const {
  require_same_layout(ket, bra);
  const auto groups = group(observable, ket.layout(), kLaneBits<T>);
  T* const bras = bra.mutable_shard(0);
  const std::uint64_t stride = bra.shard_blocks() * kBlock<T>;
  follow<T>(groups, FlipUse::apply, ket, bra,
            [&](std::size_t, const FlipGroup& entry, const PositionPairs&) {
              visit(ket, entry,
                    [&](std::uint64_t k, std::uint64_t first, std::uint64_t count, const T* partner,
                        const PauliGroupCall<T>& call) {
                      kernels<T>().pauli_apply(bras + k * stride + first * kBlock<T>, nullptr,
                                               partner, count, call, nullptr);
                    });
            });
}

template <class T>
double Engine::begin_bra(StateVector<T>& ket, const PauliSum& observable,
                         StateVector<T>& bra) const {
  require_same_shape(ket, bra);
  auto groups = group(observable, ket.layout(), kLaneBits<T>);
  if (groups.empty()) groups.emplace_back();  // sets the bra to 0
  T* const bras = bra.mutable_shard(0);
  const std::uint64_t stride = bra.shard_blocks() * kBlock<T>;
  double total = 0.0;
  follow<T>(groups, FlipUse::bra, ket, bra,
            [&](std::size_t g, const FlipGroup& entry, const PositionPairs& pairs) {
              ShardSums sums(ket.shard_count(), ket.shard_blocks(), piece_blocks(ket));
              visit(ket, entry,
                    [&](std::uint64_t k, std::uint64_t first, std::uint64_t count, const T* partner,
                        PauliGroupCall<T> call) {
                      std::array<double, kPieceBlocks> values;
                      call.assign = g == 0;
                      const std::size_t at = first * kBlock<T>;
                      kernels<T>().pauli_apply(bras + k * stride + at, ket.shard(k) + at, partner,
                                               count, call, values.data());
                      sums.set(k, first, std::span(values).first(count));
                    });
              total += sums.total(*comm_, ket.shape(), pairs);
            });
  return total;
}

// NOLINTBEGIN(cppcoreguidelines-macro-usage): the same for both precisions
#define QROSS_PAULI_SUMS(T)                                                                        \
  template double Engine::expectation(StateVector<T>&, const PauliSum&) const;                     \
  template std::vector<double> Engine::expectations(StateVector<T>&, std::span<const PauliSum>)    \
      const;                                                                                       \
  template std::vector<double> Engine::matrix_elements(StateVector<T>&, std::span<const PauliSum>, \
                                                       StateVector<T>&) const;                     \
  template void Engine::apply_observable(StateVector<T>&, const PauliSum&, StateVector<T>&) const; \
  template double Engine::begin_bra(StateVector<T>&, const PauliSum&, StateVector<T>&) const;
// NOLINTEND(cppcoreguidelines-macro-usage)
QROSS_PAULI_SUMS(double)
QROSS_PAULI_SUMS(float)
#undef QROSS_PAULI_SUMS

}  // namespace qross::qsim
