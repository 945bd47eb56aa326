// SPDX-License-Identifier: Apache-2.0
// What the kernel tests share: random states in blocks, and kernel calls written out by hand for
// gates on given index bits (lane bits below kLaneBits, block bits above).
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "qsim/core/bits.hpp"
#include "qsim/core/buffer.hpp"
#include "qsim/kernels/kernels.hpp"
#include "qsim/kernels/reference.hpp"

namespace qross::test {

using Generator = std::mt19937_64;

/// Numbers on an aligned page, as kernels want them.
template <class T>
class Numbers {
 public:
  explicit Numbers(std::size_t count) : buffer_(std::max<std::size_t>(count, 1) * sizeof(T)) {}
  [[nodiscard]] T* data() { return reinterpret_cast<T*>(buffer_.data()); }
  [[nodiscard]] const T* data() const { return reinterpret_cast<const T*>(buffer_.data()); }
  [[nodiscard]] std::size_t size() const { return buffer_.size() / sizeof(T); }
  T& operator[](std::size_t k) { return data()[k]; }

 private:
  qsim::Buffer buffer_;
};

template <class T>
std::vector<std::complex<T>> random_state(Generator& random, unsigned bits) {
  std::normal_distribution<double> normal;
  std::vector<std::complex<T>> state(qsim::bit(bits));
  const double scale = 1.0 / std::sqrt(2.0 * static_cast<double>(state.size()));
  for (auto& a : state) {
    a = {static_cast<T>(normal(random) * scale), static_cast<T>(normal(random) * scale)};
  }
  return state;
}

template <class T>
Numbers<T> to_blocks(std::span<const std::complex<T>> state) {
  Numbers<T> blocks(2 * state.size());
  for (std::uint64_t i = 0; i < state.size(); ++i) qsim::set_amplitude(blocks.data(), i, state[i]);
  return blocks;
}

template <class T>
std::vector<std::complex<T>> from_blocks(const Numbers<T>& blocks) {
  std::vector<std::complex<T>> state(blocks.size() / 2);
  for (std::uint64_t i = 0; i < state.size(); ++i) {
    state[i] = qsim::get_amplitude(blocks.data(), i);
  }
  return state;
}

/// The largest difference of two states.
template <class T>
double distance(std::span<const std::complex<T>> a, std::span<const std::complex<T>> b) {
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(std::complex<double>(a[i]) - std::complex<double>(b[i])));
  }
  return worst;
}

/// Targets and controls of one gate, sorted into lane bits and block bits.
template <class T>
struct Split {
  static constexpr unsigned kBits = qsim::kLaneBits<T>;

  std::vector<unsigned> lane;   ///< numbers k of the targets inside a block
  std::vector<unsigned> block;  ///< numbers k of the others
  std::vector<unsigned> targets;
  qsim::reference::Where where;

  Split(std::vector<unsigned> on, qsim::reference::Where w) : targets(std::move(on)), where(w) {
    for (unsigned k = 0; k < targets.size(); ++k) (targets[k] < kBits ? lane : block).push_back(k);
  }
  [[nodiscard]] unsigned rows() const { return 1U << block.size(); }
  [[nodiscard]] unsigned xors() const { return 1U << lane.size(); }
  [[nodiscard]] bool holds(unsigned l) const {
    return (l & where.mask & qsim::low_mask(kBits)) == (where.value & qsim::low_mask(kBits));
  }
  /// Block offset of row r.
  [[nodiscard]] std::uint64_t offset(unsigned r) const {
    std::uint64_t blocks = 0;
    for (std::size_t j = 0; j < block.size(); ++j) {
      if (((r >> j) & 1) != 0) blocks |= qsim::bit(targets[block[j]] - kBits);
    }
    return blocks;
  }
  /// The flipped lanes of pattern x.
  [[nodiscard]] unsigned lane_xor(unsigned x) const {
    unsigned flips = 0;
    for (std::size_t j = 0; j < lane.size(); ++j) {
      if (((x >> j) & 1) != 0) flips |= 1U << targets[lane[j]];
    }
    return flips;
  }
  /// The gate's index of row r and lane l.
  [[nodiscard]] unsigned index(unsigned r, unsigned l) const {
    unsigned result = 0;
    for (std::size_t j = 0; j < block.size(); ++j) result |= ((r >> j) & 1) << block[j];
    for (const unsigned k : lane) result |= ((l >> targets[k]) & 1) << k;
    return result;
  }
  /// Block bits left to loop over: neither targets nor controls.
  [[nodiscard]] std::uint64_t free(unsigned bits) const {
    return qsim::low_mask(bits - kBits) & ~offset(rows() - 1) & ~(where.mask >> kBits);
  }
  [[nodiscard]] std::uint64_t fixed() const { return where.value >> kBits; }
};

/// Distinct random index bits.
inline std::vector<unsigned> random_bits(Generator& random, unsigned bits, unsigned count) {
  std::vector<unsigned> all(bits);
  for (unsigned k = 0; k < bits; ++k) all[k] = k;
  std::shuffle(all.begin(), all.end(), random);
  all.resize(count);
  return all;
}

/// Controls on `count` random bits that are not targets.
inline qsim::reference::Where random_controls(Generator& random, unsigned bits, unsigned count,
                                              std::span<const unsigned> targets) {
  qsim::reference::Where where;
  for (const unsigned b : random_bits(random, bits, bits)) {
    if (count == 0) break;
    if (std::find(targets.begin(), targets.end(), b) != targets.end()) continue;
    where.mask |= qsim::bit(b);
    where.value |= random() % 2 == 0 ? qsim::bit(b) : 0;
    --count;
  }
  return where;
}

}  // namespace qross::test
