// SPDX-License-Identifier: Apache-2.0
// A table of phases is the Walsh-Hadamard transform of the angles, then sines and cosines. Products
// are built by doubling: each further bit multiplies what is there by the factor of that bit.
#include "qsim/engine/phase_tables.hpp"

#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

using Complex = std::complex<double>;

/// Outer positions of one cluster: 2^6 values times about 12 slots fit the L1 cache.
constexpr int kClusterBits = 6;

/// out[k + 2^b] = out[k] * (bit 1), out[k] = out[k] * (bit 0): exp(+-i phi) for bit 0 and 1.
void double_up(std::span<Complex> out, std::size_t size, Complex factor) {
  const Complex other = std::conj(factor);
  for (std::size_t k = 0; k < size; ++k) {
    out[k + size] = out[k] * other;
    out[k] *= factor;
  }
}

}  // namespace

template <class T>
Coefficients<T> phase_table(const KernelTable<T>& kernels, const PhaseSum::Terms& terms,
                            const Frame& frame, bool loop, double scale) {
  const auto loop_bits = loop ? static_cast<unsigned>(std::popcount(frame.loop)) : 0U;
  const std::size_t size = std::size_t{1} << (frame.lane_bits + kTileBits + loop_bits);
  std::vector<double> angle(size, 0.0);
  for (const auto& [mask, value] : terms) angle[frame.compact(mask)] += value;
  walsh_hadamard(angle);
  std::vector<double> cosine(size);
  std::vector<double> sine(size);
  kernels.sincos(angle.data(), size, cosine.data(), sine.data());
  Coefficients<T> table(2 * size);
  T* out = table.data();
  for (std::size_t first = 0; first < size; first += kLanes<T>, out += kBlock<T>) {
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      out[l] = static_cast<T>(scale * cosine[first + l]);
      out[kLanes<T> + l] = static_cast<T>(scale * sine[first + l]);
    }
  }
  return table;
}

OuterPhases::OuterPhases(const PhaseSum::Terms& terms, const Frame& frame)
    : lane_bits_(frame.lane_bits),
      loop_bits_(static_cast<unsigned>(std::popcount(frame.loop))),
      slots_(1 + kTileBits + lane_bits_ + loop_bits_) {
  if (slots_ > kMostSlots) throw Error(ErrorCode::bug, "a sub-block has too many bits");
  const auto slot_of = [&](std::uint64_t inner) -> unsigned {
    if (inner == 0) return 0;
    const std::uint64_t compact = frame.compact(inner);
    const auto place = static_cast<unsigned>(std::countr_zero(compact));
    if (place < lane_bits_) return 1 + kTileBits + place;
    if (place < lane_bits_ + kTileBits) return 1 + place - lane_bits_;
    return 1 + place;
  };
  std::uint64_t outer = 0;
  for (const auto& [mask, angle] : terms) outer |= mask & ~frame.inner;
  while (outer != 0) {
    Cluster cluster;
    while (outer != 0 && std::popcount(cluster.mask) < kClusterBits) {
      cluster.mask |= outer & (~outer + 1);
      outer &= outer - 1;
    }
    cluster.factor.assign((std::size_t{1} << std::popcount(cluster.mask)) * slots_, 1.0);
    clusters_.push_back(std::move(cluster));
  }
  for (const auto& [mask, angle] : terms) {
    const std::uint64_t outside = mask & ~frame.inner;
    const unsigned slot = slot_of(mask & frame.inner);
    const Complex factor = std::polar(1.0, angle);
    bool placed = false;
    for (Cluster& cluster : clusters_) {
      if (placed || (outside & ~cluster.mask) != 0) continue;
      placed = true;
      const std::uint64_t bits = collect(outside, cluster.mask);
      for (std::size_t v = 0; v * slots_ < cluster.factor.size(); ++v) {
        cluster.factor[v * slots_ + slot] *= parity(v & bits) != 0 ? std::conj(factor) : factor;
      }
    }
    if (!placed) loose_.push_back({outside, slot, factor});
  }
}

void OuterPhases::evaluate(std::uint64_t index, Slots& slots) const {
  for (unsigned s = 0; s < slots_; ++s) slots[s] = 1.0;
  for (const Cluster& cluster : clusters_) {
    const Complex* const factor = &cluster.factor[collect(index, cluster.mask) * slots_];
    for (unsigned s = 0; s < slots_; ++s) slots[s] *= factor[s];
  }
  for (const Loose& term : loose_) {
    slots[term.slot] *= parity(index & term.mask) != 0 ? std::conj(term.factor) : term.factor;
  }
}

template <class T>
void OuterPhases::fill(std::uint64_t index, T* scratch) const {
  Slots slots;
  evaluate(index, slots);
  std::array<Complex, kTileRows * kLanes<T>> block;
  block[0] = slots[0];
  std::size_t size = 1;
  for (unsigned l = 0; l < lane_bits_; ++l, size *= 2) {
    double_up(block, size, slots[1 + kTileBits + l]);
  }
  for (unsigned j = 0; j < kTileBits; ++j, size *= 2) double_up(block, size, slots[1 + j]);
  for (unsigned r = 0; r < kTileRows; ++r) {
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      scratch[r * kBlock<T> + l] = static_cast<T>(block[r * kLanes<T> + l].real());
      scratch[r * kBlock<T> + kLanes<T> + l] = static_cast<T>(block[r * kLanes<T> + l].imag());
    }
  }
  // The factors of the loop positions, doubled in place as (re, im) pairs.
  T* const loop = scratch + kTileRows * kBlock<T>;
  loop[0] = T{1};
  loop[1] = T{0};
  size = 1;
  for (unsigned b = 0; b < loop_bits_; ++b, size *= 2) {
    const auto c = static_cast<T>(slots[1 + kTileBits + lane_bits_ + b].real());
    const auto s = static_cast<T>(slots[1 + kTileBits + lane_bits_ + b].imag());
    for (std::size_t k = 0; k < size; ++k) {
      const T re = loop[2 * k];
      const T im = loop[2 * k + 1];
      loop[2 * (k + size)] = re * c + im * s;
      loop[2 * (k + size) + 1] = im * c - re * s;
      loop[2 * k] = re * c - im * s;
      loop[2 * k + 1] = im * c + re * s;
    }
  }
}

template Coefficients<double> phase_table(const KernelTable<double>&, const PhaseSum::Terms&,
                                          const Frame&, bool, double);
template Coefficients<float> phase_table(const KernelTable<float>&, const PhaseSum::Terms&,
                                         const Frame&, bool, double);
template void OuterPhases::fill(std::uint64_t, double*) const;
template void OuterPhases::fill(std::uint64_t, float*) const;

}  // namespace qross::qsim
