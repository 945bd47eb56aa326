// SPDX-License-Identifier: Apache-2.0
// Tables are sines and cosines of Walsh-Hadamard transforms of the angles, but of small ones: most
// tables are a product of tiles and of one factor a tile. Products are built by doubling: each
// further bit multiplies what is there by the factor of that bit.
#include "qsim/engine/phase_tables.hpp"

#include <bit>
#include <cmath>
#include <utility>
#include <vector>

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

/// Masks as sums (xor) of as few of them as possible.
class Basis {
 public:
  /// Which elements add up to the mask: bit j for the one added as number j.
  std::size_t add(std::uint64_t mask) {
    std::size_t parts = 0;
    std::uint64_t rest = mask;
    for (const Row& row : rows_) {
      if ((rest & row.top) == 0) continue;
      rest ^= row.mask;
      parts ^= row.parts;
    }
    if (rest == 0) return parts;
    const std::size_t mine = std::size_t{1} << elements_.size();
    elements_.push_back(mask);
    rows_.push_back({std::bit_floor(rest), rest, parts ^ mine});
    return mine;
  }
  [[nodiscard]] const std::vector<std::uint64_t>& elements() const { return elements_; }

 private:
  struct Row {
    std::uint64_t top = 0;  ///< no later row has this bit
    std::uint64_t mask = 0;
    std::size_t parts = 0;
  };
  std::vector<Row> rows_;
  std::vector<std::uint64_t> elements_;
};

/// Cosines and sines of the transform of `angle`, which it overwrites.
struct Turned {
  Turned(std::span<double> angle, double scale, const auto& sincos)
      : cosine(angle.size(), Unset{}), sine(angle.size(), Unset{}) {
    walsh_hadamard(angle);
    sincos(angle.data(), angle.size(), cosine.data(), sine.data());
    for (std::size_t k = 0; k < angle.size(); ++k) {
      cosine.data()[k] *= scale;
      sine.data()[k] *= scale;
    }
  }
  Coefficients<double> cosine;
  Coefficients<double> sine;
};

/// Writes factor * table as blocks of numbers.
template <class T>
void write_tile(const double* re, const double* im, Complex factor, T* out) {
  const double c = factor.real();
  const double s = factor.imag();
  for (unsigned r = 0; r < kTileRows; ++r, re += kLanes<T>, im += kLanes<T>, out += kBlock<T>) {
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      out[l] = static_cast<T>(re[l] * c - im[l] * s);
      out[kLanes<T> + l] = static_cast<T>(re[l] * s + im[l] * c);
    }
  }
}

}  // namespace

template <class T>
Coefficients<T> phase_table(const KernelTable<T>& kernels, const PhaseSum::Terms& terms,
                            const Frame& frame, bool loop, double scale) {
  const unsigned tile_bits = frame.lane_bits + kTileBits;
  const auto loop_bits = loop ? static_cast<unsigned>(std::popcount(frame.loop)) : 0U;
  const std::size_t size = std::size_t{1} << tile_bits;
  const std::size_t tiles = std::size_t{1} << loop_bits;
  // Terms on loop bits only are one factor a tile. Those that rows or lanes share tell tiles apart
  // by few parities, the elements of a basis: bit j of a tile's class is its parity on element j.
  Basis basis;
  std::vector<double> of_tile(tiles, 0.0);
  std::vector<std::pair<std::size_t, double>> shared;  // mask on classes and tile bits, angle
  for (const auto& [mask, value] : terms) {
    const std::uint64_t compact = frame.compact(mask);
    const std::size_t inside = compact & (size - 1);
    if (inside == 0) {
      of_tile[compact >> tile_bits] += value;
    } else {
      shared.emplace_back(basis.add(compact >> tile_bits) << tile_bits | inside, value);
    }
  }
  const auto& elements = basis.elements();
  std::vector<double> of_class(size << elements.size(), 0.0);
  for (const auto& [mask, value] : shared) of_class[mask] += value;
  const Turned factors(of_tile, 1.0, kernels.sincos);
  const Turned tables(of_class, scale, kernels.sincos);
  std::vector<std::uint32_t> number(tiles, 0);
  for (unsigned b = 0; b < loop_bits; ++b) {
    std::uint32_t flips = 0;
    for (std::size_t j = 0; j < elements.size(); ++j) {
      flips |= static_cast<std::uint32_t>((elements[j] >> b) & 1U) << j;
    }
    const std::size_t half = std::size_t{1} << b;
    for (std::size_t t = 0; t < half; ++t) number[half + t] = number[t] ^ flips;
  }
  Coefficients<T> table(2 * size * tiles, Unset{});
  for (std::size_t t = 0; t < tiles; ++t) {
    const std::size_t at = size * number[t];
    write_tile(tables.cosine.data() + at, tables.sine.data() + at,
               {factors.cosine.data()[t], factors.sine.data()[t]}, table.data() + 2 * size * t);
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
