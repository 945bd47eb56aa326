// SPDX-License-Identifier: Apache-2.0
// The tree has three parts: shards over the ranks (every rank knows their sums), leaves of a shard
// (kept in memory), and the amplitudes of a leaf (summed again when shots fall there). A larger
// number never ends left of a smaller one, so sorted numbers visit the leaves in order and leave
// sorted outcomes.
#include "qsim/observe/sampling.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/buffer.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/parallel.hpp"
#include "qsim/core/random.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/observe/leaves.hpp"

namespace qross::qsim {
namespace {

/// Shots for which the state is read once more, unless it is large.
constexpr std::uint64_t kBatch = std::uint64_t{1} << 20;
/// Shots that one thread draws or descends at a time.
constexpr std::uint64_t kChunk = std::uint64_t{1} << 14;
/// Draws are whole numbers of this many bits.
constexpr unsigned kDrawBits = 53;
/// Draws are sorted into buckets by this many bits first.
constexpr unsigned kBucketBits = 11;
/// What each draw takes to be sorted within its bucket, to be made, and to be followed down a tree.
constexpr double kSortNanoseconds = 15.0;
constexpr double kDrawNanoseconds = 15.0;
constexpr double kDescendNanoseconds = 25.0;

/// Sorts draws in place.
void sort_draws(std::span<std::uint64_t> draws, int threads) {
  constexpr std::size_t kBuckets = std::size_t{1} << kBucketBits;
  const auto bucket = [](std::uint64_t draw) { return draw >> (kDrawBits - kBucketBits); };
  std::vector<std::size_t> begin(kBuckets + 1, 0);
  for (const std::uint64_t draw : draws) ++begin[bucket(draw) + 1];
  for (std::size_t b = 0; b < kBuckets; ++b) begin[b + 1] += begin[b];
  // Each number changes places with what lies in the next free place of its bucket, until one of
  // this bucket turns up.
  std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
  for (std::size_t b = 0; b < kBuckets; ++b) {
    while (next[b] < begin[b + 1]) {
      std::uint64_t draw = draws[next[b]];
      while (bucket(draw) != b) std::swap(draw, draws[next[bucket(draw)]++]);
      draws[next[b]++] = draw;
    }
  }
  parallel_for(threads_for(threads, kSortNanoseconds * static_cast<double>(draws.size())), 0,
               static_cast<std::int64_t>(kBuckets), [&](std::int64_t b) {
                 const auto at = [&](std::int64_t bucket_number) {
                   return draws.begin() + static_cast<std::ptrdiff_t>(
                                              begin[static_cast<std::size_t>(bucket_number)]);
                 };
                 std::sort(at(b), at(b + 1));
               });
}

/// The cut in which every rank's shards, if they are a power of two, count as one.
template <class T>
Shape widest_cut(const StateVector<T>& state) {
  Shape cut = state.shape();
  const std::uint64_t ranks = static_cast<std::uint64_t>(cut.ranks);
  if (cut.local_bits() >= kLaneBits<T> && std::has_single_bit(ranks) && ranks <= cut.shards()) {
    cut.rank_bits = static_cast<unsigned>(std::countr_zero(ranks));
  }
  return cut;
}

/// Exchanges qubits so that each shard of `cut` holds qubits 0..local_bits - 1, in any order.
template <class T>
void bring_local(StateVector<T>& state, const Shape& cut) {
  const unsigned local = state.shape().local_bits();
  const unsigned wide = cut.local_bits();
  const auto exchange = [&](std::span<const unsigned> low, std::span<const unsigned> high) {
    std::vector<std::pair<std::uint8_t, std::uint8_t>> pairs;
    for (std::size_t k = 0; k < high.size(); ++k) {
      pairs.emplace_back(static_cast<std::uint8_t>(low[k]), static_cast<std::uint8_t>(high[k]));
    }
    exchange_positions<T>(state, pairs);
  };
  // Positions from the highest down: long runs travel best.
  std::vector<unsigned> leaving;  // positions of shards that hold qubits of the shard number
  std::vector<unsigned> staying;
  std::vector<unsigned>
      between;  // the same as leaving, but in the number of the state's own shards
  std::vector<unsigned> coming;
  for (unsigned p = state.shape().qubits; p-- > 0;) {
    const bool low = state.layout().qubit(p) < wide;
    if (p >= wide && low) coming.push_back(p);
    if (p >= local && p < wide && !low) between.push_back(p);
    if (p < local) (low ? staying : leaving).push_back(p);
  }
  if (coming.empty()) return;
  exchange(staying, between);
  leaving.insert(leaving.end(), staying.begin(),
                 staying.begin() + static_cast<std::ptrdiff_t>(between.size()));
  exchange(leaving, coming);
}

/// Draws shots and finds the basis states that those of this rank fall on.
template <class T>
class Sampler {
 public:
  Sampler(const StateVector<T>& state, const Shape& cut, std::uint64_t seed)
      : state_(state),
        cut_(cut),
        seed_(seed),
        first_shard_(cut.first_shard(state.comm().rank())),
        leaves_(state, cut),
        top_(cut.shards()),
        shard_at_(cut.shards()) {
    std::vector<double> mine;
    const std::uint64_t shards = cut.first_shard(state.comm().rank() + 1) - first_shard_;
    for (std::uint64_t k = 0; k < shards; ++k) {
      trees_.push_back(shard_tree(k));
      mine.push_back(trees_.back().total());
    }
    // Shard v holds the basis states whose high qubits read prefix(v); the tree is in prefix order.
    const std::vector<double> totals = state.comm().all_gather(mine);
    const unsigned local = cut.local_bits();
    for (std::uint64_t v = 0; v < totals.size(); ++v) {
      const std::uint64_t prefix = state.layout().qubits_at(v << local) >> local;
      top_.leaves()[prefix] = totals[v];
      shard_at_[prefix] = v;
    }
    top_.add_up();
    for (std::uint64_t prefix = 0; prefix < cut.shards(); ++prefix) {
      if (is_mine(shard_at_[prefix])) my_prefixes_.push_back(prefix);
    }
    if (!(top_.total() > 0.0)) throw Error(ErrorCode::bug, "the state to sample from is zero");
  }

  [[nodiscard]] std::span<const std::uint64_t> shard_at() const { return shard_at_; }
  [[nodiscard]] double total() const { return top_.total(); }
  /// Parts in which a batch is drawn, as many as leave each leaf to be read once: the draws of both
  /// halves of a shard are found by drawing all of them twice, which saves half their memory.
  [[nodiscard]] unsigned parts() const {
    return leaves_.ordered() && my_prefixes_.size() == 1 ? 2 : 1;
  }

  /// The basis states that shots first .. last - 1 draw, in order: those of a part on this rank.
  /// The result is good until the next call.
  [[nodiscard]] std::span<const std::uint64_t> run(std::uint64_t first, std::uint64_t last,
                                                   unsigned part) {
    draws_.reserve(last - first);  // pages that are not written to take no memory
    draw(first, last, part);
    sort_draws(draws_, state_.threads());
    find_leaves();
    for (std::size_t slot = 0; slot < my_prefixes_.size(); ++slot) find_states(slot);
    return draws_;
  }

 private:
  [[nodiscard]] bool is_mine(std::uint64_t shard) const {
    return shard >= first_shard_ && shard - first_shard_ < trees_.size();
  }
  [[nodiscard]] double point(std::uint64_t draw) const {
    return static_cast<double>(draw) * 0x1p-53 * top_.total();
  }

  /// What one read of a shard takes.
  [[nodiscard]] double read_nanoseconds() const {
    return nanoseconds_to_move(std::ldexp(2.0 * sizeof(T), static_cast<int>(cut_.local_bits())));
  }

  [[nodiscard]] SumTree shard_tree(std::uint64_t k) const {
    SumTree tree(leaves_.per_shard());
    const auto groups = static_cast<std::int64_t>(leaves_.groups());
    parallel_for(
        threads_for(state_.threads(), read_nanoseconds()), 0, groups,
        [&](int) { return typename Leaves<T>::Group(leaves_); },
        [&](auto& group, std::int64_t g) {
          if (leaves_.is_zero(k, static_cast<std::uint64_t>(g))) return;
          group.load(k, static_cast<std::uint64_t>(g));
          for (std::uint64_t l = 0; l < leaves_.group_size(); ++l) {
            tree.leaves()[leaves_.leaf(static_cast<std::uint64_t>(g), l)] = group.sum(l);
          }
        });
    tree.add_up();
    return tree;
  }

  /// Collects the draws of a part on this rank, in any order.
  void draw(std::uint64_t first, std::uint64_t last, unsigned part) {
    const bool whole = parts() == 1;
    draws_.clear();
    const auto chunks = static_cast<std::int64_t>((last - first + kChunk - 1) / kChunk);
    std::mutex collecting;
    parallel_for(
        threads_for(state_.threads(), kDrawNanoseconds * static_cast<double>(last - first)), 0,
        chunks,
        [](int) {
          std::vector<std::uint64_t> kept;
          kept.reserve(kChunk);
          return kept;
        },
        [&](std::vector<std::uint64_t>& kept, std::int64_t c) {
          const std::uint64_t begin = first + static_cast<std::uint64_t>(c) * kChunk;
          kept.clear();
          for (std::uint64_t shot = begin; shot < std::min(last, begin + kChunk); ++shot) {
            const std::uint64_t number =
                random_bits(seed_, Purpose::sampling, shot, 0) >> (64 - kDrawBits);
            double u = point(number);
            const std::uint64_t shard = shard_at_[top_.descend(u)];
            if (!is_mine(shard)) continue;
            if (!whole && trees_[0].in_second_half(u) != (part == 1)) continue;
            kept.push_back(number);
          }
          const std::scoped_lock lock(collecting);
          draws_.insert(draws_.end(), kept.begin(), kept.end());
        });
  }

  /// Replaces sorted draws by points within their leaves. Those of leaf i of the s-th of this
  /// rank's shards, in the order of their basis states, then begin at starts_[s * per_shard + i].
  void find_leaves() {
    std::vector<std::uint64_t> slot_of(shard_at_.size(), 0);
    for (std::size_t s = 0; s < my_prefixes_.size(); ++s) slot_of[my_prefixes_[s]] = s;
    const std::uint64_t leaves = my_prefixes_.size() * leaves_.per_shard();
    starts_.resize(leaves + 1);
    const std::size_t chunks = (draws_.size() + kChunk - 1) / kChunk;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ends(chunks);  // first and last leaf
    const double descending = kDescendNanoseconds * static_cast<double>(draws_.size());
    parallel_for(threads_for(state_.threads(), descending), 0, static_cast<std::int64_t>(chunks),
                 [&](std::int64_t c) {
                   const std::size_t begin = static_cast<std::size_t>(c) * kChunk;
                   const std::size_t end = std::min<std::size_t>(draws_.size(), begin + kChunk);
                   std::uint64_t before = 0;
                   for (std::size_t i = begin; i < end; ++i) {
                     double u = point(draws_[i]);
                     const std::size_t prefix = top_.descend(u);
                     const std::size_t k = shard_at_[prefix] - first_shard_;
                     const std::uint64_t leaf =
                         slot_of[prefix] * leaves_.per_shard() + trees_[k].descend(u);
                     draws_[i] = std::bit_cast<std::uint64_t>(u);
                     if (i == begin) {
                       ends[static_cast<std::size_t>(c)].first = leaf;
                     } else {
                       while (before < leaf) starts_[++before] = i;
                     }
                     before = leaf;
                   }
                   ends[static_cast<std::size_t>(c)].second = before;
                 });
    std::uint64_t next = 0;  // the first leaf whose start is not known
    for (std::size_t c = 0; c < chunks; ++c) {
      while (next <= ends[c].first) starts_[next++] = c * kChunk;
      next = ends[c].second + 1;
    }
    while (next <= leaves) starts_[next++] = draws_.size();
  }

  /// Replaces the points of one shard by the basis states they fall on.
  void find_states(std::size_t slot) {
    const std::uint64_t prefix = my_prefixes_[slot];
    const std::uint64_t k = shard_at_[prefix] - first_shard_;
    const auto begin = std::span(starts_).subspan(slot * leaves_.per_shard());
    const auto groups = static_cast<std::int64_t>(leaves_.groups());
    const double found = static_cast<double>(begin.back() - begin.front());
    const double leaf_ns =
        nanoseconds_to_move(std::ldexp(2.0 * sizeof(T), static_cast<int>(leaves_.bits())));
    const double reading = std::min(read_nanoseconds(), leaf_ns * found);
    parallel_for(
        threads_for(state_.threads(), reading + kDescendNanoseconds * found), 0, groups,
        [&](int) { return typename Leaves<T>::Group(leaves_); },
        [&](auto& group, std::int64_t g) {
          bool loaded = false;
          for (std::uint64_t l = 0; l < leaves_.group_size(); ++l) {
            const std::uint64_t leaf = leaves_.leaf(static_cast<std::uint64_t>(g), l);
            if (begin[leaf] == begin[leaf + 1]) continue;
            if (!loaded) group.load(k, static_cast<std::uint64_t>(g));
            loaded = true;
            const std::uint64_t above = (prefix << cut_.local_bits()) | (leaf << leaves_.bits());
            for (std::uint64_t i = begin[leaf]; i < begin[leaf + 1]; ++i) {
              draws_[i] = above | group.descend(l, std::bit_cast<double>(draws_[i]));
            }
          }
        });
  }

  const StateVector<T>& state_;
  Shape cut_;
  std::uint64_t seed_;
  std::uint64_t first_shard_;
  Leaves<T> leaves_;
  std::vector<SumTree> trees_;
  SumTree top_;
  std::vector<std::uint64_t> shard_at_;
  std::vector<std::uint64_t> my_prefixes_;
  std::vector<std::uint64_t> draws_;
  std::vector<std::uint64_t> starts_;
};

/// Outcomes are merged into a list of their own; a list that would not fit ends the run, not the
/// machine. Below 64 MiB it is not worth asking.
void require_room(std::size_t outcomes, std::uint64_t shots) {
  constexpr double kSmall = 67108864.0;
  const double needed = static_cast<double>(outcomes) * sizeof(Outcome);
  if (needed < kSmall) return;
  const auto available = static_cast<double>(memory_limit().available);
  if (needed <= available) return;
  throw Error(ErrorCode::resources,
              fmt::format("after {} shots there are {} different outcomes, which take {:.3g} GiB; "
                          "{:.3g} GiB are available",
                          shots, outcomes, needed / 1073741824.0, available / 1073741824.0),
              "use fewer --shots, or --probabilities of a few qubits");
}

}  // namespace

template <class T>
std::vector<Outcome> sample(StateVector<T>& state, std::uint64_t shots, std::uint64_t seed,
                            Receiver receiver, double* norm) {
  const Shape cut = widest_cut(state);
  bring_local(state, cut);
  Sampler<T> sampler(state, cut, seed);
  if (norm != nullptr) *norm = sampler.total();
  // In batches, so that memory grows with distinct outcomes only, not with shots.
  const std::uint64_t batch = std::max(kBatch, bit(cut.qubits) >> 6);
  std::vector<Outcome> outcomes;
  for (std::uint64_t first = 0; first < shots;) {
    const std::uint64_t last = first + std::min(batch, shots - first);
    std::vector<Outcome> found;
    found.reserve(last - first);  // pages that are not written to take no memory
    for (unsigned part = 0; part < sampler.parts(); ++part) {
      count_outcomes(sampler.run(first, last, part), found);
    }
    require_room(outcomes.size() + found.size(), last);
    outcomes = merge_outcomes(std::move(outcomes), std::move(found));
    first = last;
  }
  return gather_outcomes(state.comm(), cut, sampler.shard_at(), std::move(outcomes), receiver);
}

template std::vector<Outcome> sample(StateVector<double>&, std::uint64_t, std::uint64_t, Receiver,
                                     double*);
template std::vector<Outcome> sample(StateVector<float>&, std::uint64_t, std::uint64_t, Receiver,
                                     double*);

}  // namespace qross::qsim
