// SPDX-License-Identifier: Apache-2.0
// The factors of a piece of blocks: its strings' signs on the bits above the piece are numbers,
// what is left is a Walsh-Hadamard transform over the bits inside.
#include "qsim/engine/batch/observables.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "qsim/core/bits.hpp"
#include "qsim/engine/phases.hpp"

namespace qross::qsim {
namespace {

constexpr unsigned kPieceBits = 10;
constexpr std::array<std::array<double, 2>, 4> kPowers{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

}  // namespace

template <class T>
BatchObservables<T>::BatchObservables(std::span<const PauliSum> observables, unsigned wires,
                                      std::uint64_t table_bytes)
    : wires_(wires), piece_bits_(std::min(wires, kPieceBits)), count_(observables.size()) {
  std::map<std::uint64_t, std::map<std::uint32_t, std::vector<Term>>> sorted;
  for (std::uint32_t m = 0; m < observables.size(); ++m) {
    for (const PauliString& s : observables[m].strings()) {
      const auto& power = kPowers[static_cast<std::size_t>(std::popcount(s.x & s.z)) % 4];
      sorted[s.x][m].push_back({s.coefficient * power[0], s.coefficient * power[1], s.z});
    }
  }
  for (auto& [flip, members] : sorted) {
    Group group;
    group.flip = flip;
    for (auto& [m, terms] : members) {
      Member member;
      member.observable = m;
      member.terms = std::move(terms);
      for (const Term& term : member.terms) {
        member.real = member.real || term.re != 0.0;
        member.imaginary = member.imaginary || term.im != 0.0;
      }
      member.table = table_size_;
      table_size_ += ((member.real ? 1U : 0U) + (member.imaginary ? 1U : 0U)) * bit(wires_);
      group.members.push_back(std::move(member));
    }
    groups_.push_back(std::move(group));
  }
  tabulated_ = table_size_ * sizeof(T) <= table_bytes;
  if (!tabulated_) return;
  tables_ = Coefficients<T>(table_size_);
  for (const Group& group : groups_) {
    for (const Member& member : group.members) {
      for (std::uint64_t first = 0; first < bit(wires_); first += bit(piece_bits_)) {
        T* const re = tables_.data() + member.table + first;
        fill(group, member, first, re, member.real ? re + bit(wires_) : re);
      }
    }
  }
}

template <class T>
std::size_t BatchObservables<T>::scratch() const noexcept {
  return tabulated_ ? 0 : std::size_t{2} * kBatchMostFactors << piece_bits_;
}

template <class T>
std::uint64_t BatchObservables<T>::bytes() const noexcept {
  return tabulated_ ? table_size_ * sizeof(T) : 0;
}

template <class T>
void BatchObservables<T>::fill(const Group& group, const Member& member, std::uint64_t first, T* re,
                               T* im) const {
  // Block i = first + k takes its partner i ^ flip, whose index gives the signs.
  const std::uint64_t inside = low_mask(piece_bits_);
  const std::uint64_t partner = first ^ (group.flip & ~inside);
  std::vector<double> sum(bit(piece_bits_));
  for (const bool imaginary : {false, true}) {
    if (!(imaginary ? member.imaginary : member.real)) continue;
    std::fill(sum.begin(), sum.end(), 0.0);
    for (const Term& term : member.terms) {
      const double value = imaginary ? term.im : term.re;
      sum[term.z & inside] += parity(term.z & partner) != 0 ? -value : value;
    }
    walsh_hadamard(sum);
    T* const out = imaginary ? im : re;
    for (std::uint64_t k = 0; k < sum.size(); ++k) {
      out[k] = static_cast<T>(sum[k ^ (group.flip & inside)]);
    }
  }
}

template <class T>
BatchFactors<T> BatchObservables<T>::factors(const Group& group, const Member& member,
                                             std::uint64_t first, T* scratch) const {
  const T* re = tabulated_ ? tables_.data() + member.table + first : scratch;
  const std::uint64_t size = tabulated_ ? bit(wires_) : bit(piece_bits_);
  const T* im = member.real ? re + size : re;
  if (!tabulated_) fill(group, member, first, scratch, scratch + (im - re));
  return {member.real ? re : nullptr, member.imaginary ? im : nullptr};
}

/// Calls visit(first, partner, flip, factors, observables, group is the first) for each piece of
/// blocks, set of flipped wires and up to kBatchMostFactors observables.
template <class T>
template <class Visit>
void BatchObservables<T>::visit(T* scratch, Visit visit) const {
  const std::uint64_t size = bit(piece_bits_);
  for (std::uint64_t first = 0; first < bit(wires_); first += size) {
    bool fresh = true;
    for (const Group& group : groups_) {
      const std::uint64_t partner = first ^ (group.flip & ~(size - 1));
      for (std::size_t m = 0; m < group.members.size(); m += kBatchMostFactors) {
        std::array<BatchFactors<T>, kBatchMostFactors> list;
        std::array<std::uint32_t, kBatchMostFactors> observable{};
        const std::size_t count =
            std::min<std::size_t>(kBatchMostFactors, group.members.size() - m);
        for (std::size_t k = 0; k < count; ++k) {
          const Member& member = group.members[m + k];
          list[k] = factors(group, member, first, scratch + (tabulated_ ? 0 : 2 * size * k));
          observable[k] = member.observable;
        }
        visit(first, partner, group.flip & (size - 1), std::span(list).first(count),
              std::span(observable).first(count), fresh);
        fresh = false;
      }
    }
  }
}

template <class T>
void BatchObservables<T>::expect(const KernelTable<T>& kernels, const T* state, double* sums,
                                 T* scratch) const {
  std::fill(sums, sums + count_ * kLanes<T>, 0.0);
  alignas(64) std::array<double, std::size_t{kBatchMostFactors} * kLanes<T>> part;
  visit(scratch, [&](std::uint64_t first, std::uint64_t partner, std::uint64_t flip,
                     std::span<const BatchFactors<T>> list,
                     std::span<const std::uint32_t> observable, bool) {
    part.fill(0.0);
    kernels.batch.expect(state + first * kBlock<T>, state + partner * kBlock<T>, bit(piece_bits_),
                         flip, list, part.data());
    for (std::size_t k = 0; k < list.size(); ++k) {
      for (unsigned l = 0; l < kLanes<T>; ++l) {
        sums[observable[k] * kLanes<T> + l] += part[k * kLanes<T> + l];
      }
    }
  });
}

template <class T>
void BatchObservables<T>::apply(const KernelTable<T>& kernels, const T* ket, T* bra,
                                const double* weights, T* scratch) const {
  if (groups_.empty()) std::fill(bra, bra + (kBlock<T> << wires_), T{0});
  alignas(64) std::array<double, std::size_t{kBatchMostFactors} * kLanes<T>> chosen{};
  visit(scratch, [&](std::uint64_t first, std::uint64_t partner, std::uint64_t flip,
                     std::span<const BatchFactors<T>> list,
                     std::span<const std::uint32_t> observable, bool fresh) {
    for (std::size_t k = 0; k < list.size(); ++k) {
      const double* const line = weights + observable[k] * kLanes<T>;
      std::copy(line, line + kLanes<T>,
                chosen.begin() + static_cast<std::ptrdiff_t>(k * kLanes<T>));
    }
    kernels.batch.apply(bra + first * kBlock<T>, ket + partner * kBlock<T>, bit(piece_bits_), flip,
                        list, chosen.data(), !fresh);
  });
}

template class BatchObservables<double>;
template class BatchObservables<float>;

}  // namespace qross::qsim
