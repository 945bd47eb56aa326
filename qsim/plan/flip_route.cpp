// SPDX-License-Identifier: Apache-2.0
// Choosing exchanges: all rank qubits that flips lead over come in at first, then fewer and fewer;
// out go the positions that the fewest of those flips touch. The choice that saves most is taken.
#include "qsim/plan/flip_route.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_map>

namespace qross::qsim {
namespace {

/// How many shards have their partner on another rank, for each flip of the shard number.
class Crossings {
 public:
  explicit Crossings(const Shape& shape)
      : shape_(&shape), even_(shape.shards() == static_cast<std::uint64_t>(shape.ranks)) {}

  std::uint64_t operator()(std::uint64_t flip) {
    if (flip == 0 || shape_->ranks == 1) return 0;
    if (even_) return shape_->shards();
    const auto [at, is_new] = known_.try_emplace(flip, 0);
    if (is_new) {
      for (std::uint64_t v = 0; v < shape_->shards(); ++v) {
        if (shape_->owner(v) != shape_->owner(v ^ flip)) ++at->second;
      }
    }
    return at->second;
  }

  /// Shards that an exchange of these bits of the shard number sends, all ranks together.
  double exchange(std::uint64_t bits) {
    double parts = 0.0;
    for (std::uint64_t s = next_subset(0, bits); s != 0; s = next_subset(s, bits)) {
      parts += static_cast<double>((*this)(s));
    }
    return parts / static_cast<double>(bit(static_cast<unsigned>(std::popcount(bits))));
  }

 private:
  const Shape* shape_;
  bool even_;
  std::unordered_map<std::uint64_t, std::uint64_t> known_;
};

class Router {
 public:
  Router(const Shape& shape, Precision precision, std::span<const std::uint64_t> flips, FlipUse use)
      : shape_(shape),
        precision_(precision),
        flips_(flips),
        use_(use),
        ordered_(use == FlipUse::bra || use == FlipUse::apply),
        local_(shape.local_bits()),
        lowest_(lane_bits(precision) + kPieceBits),
        crossings_(shape_) {}

  std::vector<FlipStep> run() {
    std::vector<FlipStep> steps;
    std::vector<std::uint32_t> pending;
    for (std::uint32_t k = 0; k < flips_.size(); ++k) pending.push_back(k);
    while (true) {
      FlipStep step{choose(pending), {}};
      if (step.pairs.empty()) break;
      std::vector<std::uint32_t> rest;
      const std::size_t end = ordered_ ? last_crossing(pending) : 0;
      for (std::size_t k = 0; k < pending.size(); ++k) {
        const bool taken = ordered_ ? k < end : serves(step.pairs, pending[k]);
        (taken ? step.flips : rest).push_back(pending[k]);
      }
      steps.push_back(std::move(step));
      pending = std::move(rest);
      if (ordered_) break;  // the second state would have to go out with the first again
    }
    steps.push_back({{}, std::move(pending)});
    return steps;
  }

 private:
  [[nodiscard]] std::uint64_t shard_flip(std::uint64_t positions) const {
    return local_ >= 64 ? 0 : positions >> local_;
  }
  double cost(std::uint64_t positions) {
    return static_cast<double>(crossings_(shard_flip(positions)));
  }
  bool serves(const PositionPairs& pairs, std::uint32_t k) {
    return cost(flips_[k]) > 0.0 && cost(exchanged(flips_[k], pairs)) == 0.0;
  }
  /// One more than the last of the list that leads to other ranks.
  std::size_t last_crossing(std::span<const std::uint32_t> list) {
    std::size_t end = list.size();
    while (end > 0 && cost(flips_[list[end - 1]]) == 0.0) --end;
    return end;
  }

  /// What is saved, in shards over all ranks.
  double gain(const PositionPairs& pairs, std::uint64_t bits,
              std::span<const std::uint32_t> pending) {
    double saved = 0.0;
    double flips = 0.0;
    for (const std::uint32_t k : pending) {
      if (!ordered_ && !serves(pairs, k)) continue;
      saved += cost(flips_[k]) - cost(exchanged(flips_[k], pairs));
      ++flips;
    }
    double parts = exchanges_of(use_);
    if (use_ != FlipUse::apply) {
      const auto shard = static_cast<double>(shard_bytes(shape_, precision_));
      parts +=
          flips * std::ldexp(sizeof(double), static_cast<int>(sum_bits(shape_, pairs))) / shard;
    }
    return saved - parts * crossings_.exchange(bits);
  }

  /// Local positions to change places with these bits of the shard number: those that the fewest
  /// flips touch, the highest of equals. Empty if there are too few.
  PositionPairs victims(std::uint64_t bits, std::span<const std::uint32_t> pending) {
    PositionPairs pairs;
    std::vector<std::uint32_t> alive;
    for (const std::uint32_t k : pending) {
      const std::uint64_t from = shard_flip(flips_[k]);
      if (crossings_(from) > 0 && crossings_(from & ~bits) == 0) alive.push_back(k);
    }
    std::uint64_t chosen = 0;
    for (std::uint64_t left = bits; left != 0; left &= left - 1) {
      std::size_t fewest = alive.size() + 1;
      unsigned best = 0;
      for (unsigned p = local_; p-- > lowest_;) {
        if ((chosen & bit(p)) != 0) continue;
        const auto touched = static_cast<std::size_t>(
            std::count_if(alive.begin(), alive.end(),
                          [&](std::uint32_t k) { return (flips_[k] & bit(p)) != 0; }));
        if (touched >= fewest) continue;
        fewest = touched;
        best = p;
      }
      if (fewest > alive.size()) return {};
      chosen |= bit(best);
      std::erase_if(alive, [&](std::uint32_t k) { return (flips_[k] & bit(best)) != 0; });
      pairs.emplace_back(static_cast<std::uint8_t>(best),
                         static_cast<std::uint8_t>(local_ + std::countr_zero(left)));
    }
    return pairs;
  }

  PositionPairs choose(std::span<const std::uint32_t> all) {
    const auto pending = ordered_ ? all.first(last_crossing(all)) : all;
    std::uint64_t bits = 0;
    for (const std::uint32_t k : pending) {
      if (cost(flips_[k]) > 0.0) bits |= shard_flip(flips_[k]);
    }
    for (std::uint64_t b = bits; b != 0; b &= b - 1) {
      if (crossings_(b & (~b + 1)) == 0) bits &= ~(b & (~b + 1));
    }
    PositionPairs best;
    double most = 0.0;
    while (bits != 0) {
      const PositionPairs pairs = victims(bits, pending);
      const double saved = pairs.empty() ? 0.0 : gain(pairs, bits, pending);
      if (saved > most) {
        most = saved;
        best = pairs;
      }
      // Without the bit that the fewest flips touch, the lowest of equals.
      std::size_t fewest = pending.size() + 1;
      std::uint64_t out = 0;
      for (std::uint64_t b = bits; b != 0; b &= b - 1) {
        const std::uint64_t one = b & (~b + 1);
        const auto touched = static_cast<std::size_t>(
            std::count_if(pending.begin(), pending.end(),
                          [&](std::uint32_t k) { return (shard_flip(flips_[k]) & one) != 0; }));
        if (touched >= fewest) continue;
        fewest = touched;
        out = one;
      }
      bits &= ~out;
    }
    return best;
  }

  Shape shape_;
  Precision precision_;
  std::span<const std::uint64_t> flips_;
  FlipUse use_;
  bool ordered_;
  unsigned local_;
  unsigned lowest_;
  Crossings crossings_;
};

}  // namespace

std::vector<std::uint64_t> flips_of(const PauliSum& observable, const Layout& layout) {
  std::vector<std::uint64_t> flips;
  for (const PauliString& string : observable.strings())
    flips.push_back(layout.positions(string.x));
  std::sort(flips.begin(), flips.end(), std::greater<>());
  flips.erase(std::unique(flips.begin(), flips.end()), flips.end());
  return flips;
}

std::uint64_t exchanged(std::uint64_t positions, const PositionPairs& pairs) noexcept {
  for (const auto& [low, high] : pairs) {
    const bool differ = (((positions >> low) ^ (positions >> high)) & 1) != 0;
    if (differ) positions ^= bit(low) | bit(high);
  }
  return positions;
}

std::vector<FlipStep> route_flips(const Shape& shape, Precision precision,
                                  std::span<const std::uint64_t> flips, FlipUse use) {
  return Router(shape, precision, flips, use).run();
}

unsigned sum_bits(const Shape& shape, const PositionPairs& pairs) noexcept {
  unsigned lowest = shape.local_bits();
  for (const auto& [low, high] : pairs) lowest = std::min(lowest, unsigned{low});
  return shape.local_bits() - lowest;
}

}  // namespace qross::qsim
