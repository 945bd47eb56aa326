// SPDX-License-Identifier: Apache-2.0
// Leaves of a shard in logical order are runs of blocks. Of other shards, a group is copied at
// once: the positions of the leaf's qubits and the lowest other ones, so that whole stretches of
// memory are read, and what is copied (1 MiB) stays near the core.
#include "qsim/observe/leaves.hpp"

#include <algorithm>
#include <bit>

#include "qsim/kernels/kernels.hpp"

namespace qross::qsim {
namespace {

/// Blocks of a leaf in logical order.
constexpr std::uint64_t kLeafBlocks = 2048;
/// Qubits of a leaf in any other order, and positions of a group.
constexpr unsigned kLeafQubits = 9;
constexpr unsigned kGroupBits = 17;
/// Leaves do not lie a power of two apart, which would crowd them into few cache sets.
constexpr std::size_t kPadding = 8;

}  // namespace

template <class T>
Leaves<T>::Leaves(const StateVector<T>& state, const Shape& cut)
    : state_(state),
      kernels_(kernel_table<T>(state.comm().isa())),
      local_(cut.local_bits()),
      ordered_(state.layout().ordered(local_)),
      zero_(state.zero_positions() & low_mask(local_)),
      zero_shards_(state.zero_positions() >> local_),
      first_shard_(cut.first_shard(state.comm().rank())),
      shard_size_(state.shard_blocks() * kBlock<T> << (state.shape().rank_bits - cut.rank_bits)) {
  const Layout& layout = state.layout();
  if (ordered_) {
    const std::uint64_t blocks = shard_size_ / kBlock<T>;
    const std::uint64_t leaf = std::min(kLeafBlocks, blocks);
    bits_ = kLaneBits<T> + static_cast<unsigned>(std::countr_zero(leaf));
    leaf_number_bits_ = static_cast<unsigned>(std::countr_zero(blocks / leaf));
    return;
  }
  bits_ = std::min(kLeafQubits, local_);
  leaf_number_bits_ = local_ - bits_;
  std::uint64_t group = layout.positions(low_mask(bits_));
  for (unsigned p = 0; p < local_ && std::popcount(group) < static_cast<int>(kGroupBits); ++p) {
    group |= bit(p);
  }
  group_bits_ = static_cast<unsigned>(std::popcount(group)) - bits_;
  inside_ = layout.qubits_at(group) >> bits_;

  // Where the amplitude whose only set index bit is at position p goes.
  const auto to = [&](unsigned p) {
    const unsigned q = layout.qubit(p);
    return static_cast<std::uint32_t>(q < bits_ ? bit(q)
                                                : collect(bit(q - bits_), inside_) * stride());
  };
  const unsigned lane_bits = std::min(kLaneBits<T>, local_);
  for (unsigned l = 0; l < bit(lane_bits); ++l) {
    for (unsigned p = 0; p < lane_bits; ++p) {
      if ((l & bit(p)) != 0) lane_to_[l] += to(p);
    }
    lanes_in_order_ = (l == 0 || lanes_in_order_) && lane_to_[l] == l;
  }
  const auto run_end = static_cast<unsigned>(std::countr_one(group));
  run_ = {0};
  far_ = {{}};
  for (unsigned p = lane_bits; p < local_; ++p) {
    if (p < run_end) {
      for (std::size_t k = 0, half = run_.size(); k < half; ++k) run_.push_back(run_[k] + to(p));
    } else if ((group & bit(p)) != 0) {
      for (std::size_t k = 0, half = far_.size(); k < half; ++k) {
        far_.push_back({far_[k].block | bit(p - lane_bits), far_[k].to + to(p)});
      }
    }
  }
  for (unsigned q = bits_; q < local_; ++q) {
    const unsigned p = layout.position(q);
    if ((group & bit(p)) == 0) base_.push_back(bit(p - lane_bits));
  }
}

template <class T>
bool Leaves<T>::is_zero(std::uint64_t k, std::uint64_t g) const {
  if (((first_shard_ + k) & zero_shards_) != 0) return true;
  if (ordered_) return ((g << bits_) & zero_) != 0;
  for (std::size_t b = 0; b < base_.size(); ++b) {
    const bool set = (g & bit(static_cast<unsigned>(b))) != 0;
    if (set && ((base_[b] << kLaneBits<T>)&zero_) != 0) return true;
  }
  return false;
}

template <class T>
std::size_t Leaves<T>::stride() const {
  return (std::size_t{1} << bits_) + kPadding;
}

template <class T>
void Leaves<T>::gather(const T* shard, std::uint64_t g, double* norms) const {
  const T* first = shard;
  for (std::size_t k = 0; k < base_.size(); ++k) {
    if ((g & bit(static_cast<unsigned>(k))) != 0) first += base_[k] * kBlock<T>;
  }
  const unsigned lanes = 1U << std::min(kLaneBits<T>, local_);
  for (const Step& far : far_) {
    if (((far.block << kLaneBits<T>)&zero_) != 0) continue;  // it stays 0
    const T* block = first + far.block * kBlock<T>;
    for (const std::uint32_t near : run_) {
      std::array<double, kLanes<T>> norm;
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        const double re = block[l];
        const double im = block[kLanes<T> + l];
        norm[l] = re * re + im * im;
      }
      double* const to = norms + far.to + near;
      if (lanes_in_order_) {
        std::copy(norm.begin(), norm.begin() + lanes, to);
      } else {
        for (unsigned l = 0; l < lanes; ++l) to[lane_to_[l]] = norm[l];
      }
      block += kBlock<T>;
    }
  }
}

template <class T>
Leaves<T>::Group::Group(const Leaves& leaves)
    : leaves_(leaves),
      tree_(leaves.ordered_ ? bit(leaves.bits_ - kLaneBits<T>) : bit(leaves.bits_)),
      norms_(leaves.ordered_ ? 0 : leaves.group_size() * leaves.stride()) {}

template <class T>
void Leaves<T>::Group::load(std::uint64_t k, std::uint64_t g) {
  const T* const shard = leaves_.state_.shard(0) + k * leaves_.shard_size_;
  if (leaves_.ordered_) {
    data_ = shard + g * tree_.size() * kBlock<T>;
    leaves_.kernels_.block_norms(data_, tree_.size(), tree_.leaves());
    tree_.add_up();
    return;
  }
  leaves_.gather(shard, g, norms_.data());
  built_ = leaves_.group_size();
}

template <class T>
void Leaves<T>::Group::build(std::uint64_t l) {
  if (leaves_.ordered_ || l == built_) return;
  const double* const from = norms_.data() + l * leaves_.stride();
  std::copy(from, from + tree_.size(), tree_.leaves());
  tree_.add_up();
  built_ = l;
}

template <class T>
double Leaves<T>::Group::sum(std::uint64_t l) {
  build(l);
  return tree_.total();
}

template <class T>
std::uint64_t Leaves<T>::Group::descend(std::uint64_t l, double u) {
  build(l);
  const std::uint64_t at = tree_.descend(u);
  if (!leaves_.ordered_) return at;
  const T* const block = data_ + at * kBlock<T>;
  std::array<double, 2 * kLanes<T>> nodes;
  for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
    const double re = block[lane];
    const double im = block[kLanes<T> + lane];
    nodes[kLanes<T> + lane] = re * re + im * im;
  }
  for (std::size_t i = kLanes<T>; i-- > 1;) nodes[i] = nodes[2 * i] + nodes[2 * i + 1];
  return (at << kLaneBits<T>) | SumTree::descend(nodes.data(), kLanes<T>, u);
}

template class Leaves<double>;
template class Leaves<float>;

}  // namespace qross::qsim
