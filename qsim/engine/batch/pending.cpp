// SPDX-License-Identifier: Apache-2.0
// Looking ahead: where each phase will be met decides when it is applied.
#include "qsim/engine/batch/pending.hpp"

#include <algorithm>
#include <bit>

#include "qsim/core/bits.hpp"

namespace qross::qsim {
namespace {

/// Below, making large tables for each group costs more than they save.
constexpr unsigned kLeastWiresToWait = 8;

/// The linear space over bits that masks span.
class Span {
 public:
  /// Adds a mask. Returns whether the space has grown.
  bool add(std::uint64_t mask) {
    for (const std::uint64_t b : basis_) mask = std::min(mask, mask ^ b);
    if (mask == 0) return false;
    basis_.push_back(mask);
    return true;
  }
  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(basis_.size()); }

 private:
  std::vector<std::uint64_t> basis_;
};

}  // namespace

BatchEncounter::BatchEncounter(const Lowered& op) {
  if (op.kind == Lowered::Kind::permutation && op.gate == Gate::x &&
      std::popcount(op.control_mask) <= 1) {
    flips = true;
    target = op.target[0];
    if (op.control_mask != 0) control = static_cast<unsigned>(std::countr_zero(op.control_mask));
  } else if (op.kind == Lowered::Kind::pauli) {
    odd = op.pauli_x;
  } else {
    any = op.footprint.need();
  }
}

bool BatchEncounter::meets(std::uint64_t mask) const noexcept {
  return (mask & any) != 0 || parity(mask & odd) != 0;
}

BatchPending::BatchPending(const LoweredCircuit& circuit, std::span<const BatchSweep> sweeps,
                           std::span<const PauliSum> observables, unsigned wires)
    : wires_(wires) {
  for (const BatchSweep& sweep : sweeps) {
    if (sweep.tiles.empty()) events_.emplace_back(circuit.ops[sweep.wide]);
    for (const BatchTile& tile : sweep.tiles) {
      for (const std::uint32_t op : tile.ops) {
        events_.emplace_back(circuit.ops[op]).wires = tile.wires;
      }
    }
  }
  for (const PauliSum& observable : observables) {
    for (const PauliString& s : observable.strings()) {
      if (s.x != 0) flips_.insert(s.x);
    }
  }
}

bool BatchPending::empty() const noexcept {
  return phases_.terms().empty() && phases_.signs().empty();
}

bool BatchPending::seen(std::uint64_t mask) const {
  return std::any_of(flips_.begin(), flips_.end(),
                     [&](std::uint64_t x) { return parity(x & mask) != 0; });
}

BatchPending::Fate BatchPending::fate(std::uint64_t mask) const {
  for (std::size_t k = next_; k < events_.size(); ++k) {
    const BatchEncounter& event = events_[k];
    if (event.meets(mask)) return {k, false, (mask & ~event.wires) == 0};
    if (event.flips && event.control && (mask & bit(event.target)) != 0) {
      mask ^= bit(*event.control);
    }
  }
  return {events_.size(), !seen(mask), std::popcount(mask) <= static_cast<int>(kTileBits)};
}

void BatchPending::pass_flip(unsigned target, std::optional<unsigned> control) {
  phases_.pass_flip(target, control);
  if (!control) return;
  std::set<std::uint64_t> moved;
  for (const std::uint64_t mask : due_) {
    moved.insert((mask & bit(target)) != 0 ? mask ^ bit(*control) : mask);
  }
  due_ = std::move(moved);
}

/// Applies the phases `masks`, and of the others, those that are needed soonest, what fits the same
/// table.
void BatchPending::release(std::set<std::uint64_t> masks, BatchBuilder& builder) {
  if (masks.empty()) return;
  const auto outside = [&](std::uint64_t mask) {
    return builder.frame().outside(builder.frame().on_rows(SignedString{0, mask, false}).z);
  };
  Span span;
  for (const std::uint64_t mask : masks) span.add(outside(mask));
  const unsigned most = wires_ < kLeastWiresToWait ? 0 : kBatchMostTableBits - kTileBits;
  std::vector<std::pair<std::size_t, std::uint64_t>> others;
  for (const auto& [mask, form] : phases_.terms()) {
    if (masks.count(mask) != 0) continue;
    const Fate later = fate(mask);
    if (!later.never) others.emplace_back(later.when, mask);
  }
  std::sort(others.begin(), others.end());
  for (const auto& [when, mask] : others) {
    Span more = span;
    if (more.add(outside(mask)) && more.size() > most) continue;
    span = std::move(more);
    masks.insert(mask);
  }
  builder.phases(phases_.take([&](std::uint64_t mask) { return masks.count(mask) != 0; }));
  for (const std::uint64_t mask : masks) due_.erase(mask);
}

void BatchPending::before(const BatchEncounter& encounter, std::uint64_t mixed,
                          BatchBuilder& builder) {
  std::set<std::uint64_t> met;
  for (const auto& [mask, form] : phases_.terms()) {
    if (encounter.meets(mask)) met.insert(mask);
  }
  release(std::move(met), builder);
  if ((phases_.signs().wires() & mixed) != 0) builder.signs(phases_.signs().take(mixed));
}

void BatchPending::settle(BatchBuilder& builder) {
  const std::uint64_t outside = ~builder.frame().wires();
  std::set<std::uint64_t> scattered;
  Span span;
  for (const auto& [mask, form] : phases_.terms()) {
    if ((mask & outside) != 0 && due_.count(mask) == 0) continue;
    const Fate later = fate(mask);
    if (later.never || later.inside) continue;
    scattered.insert(mask);
    span.add(mask);
  }
  // What a tile's three wires carry can wait for the next tile's; more does not fit one table.
  if (wires_ >= kLeastWiresToWait && span.size() <= kTileBits && next_ < events_.size()) {
    due_ = std::move(scattered);
  } else {
    release(std::move(scattered), builder);
  }
}

std::uint64_t BatchPending::next_tile(const BatchEncounter* encounter, std::uint64_t mixed) const {
  std::uint64_t left = phases_.signs().wires() & mixed;
  for (const auto& [mask, form] : phases_.terms()) {
    if (encounter != nullptr ? encounter->meets(mask) : seen(mask)) left |= mask;
  }
  if (left == 0) return 0;
  std::uint64_t tile = 0;
  for (std::uint64_t from : {left, low_mask(wires_)}) {
    for (from &= ~tile; from != 0 && std::popcount(tile) < static_cast<int>(kTileBits);
         from &= from - 1) {
      tile |= from & (~from + 1);
    }
  }
  return tile;
}

void BatchPending::apply(const BatchEncounter* encounter, std::uint64_t mixed,
                         BatchBuilder& builder) {
  const std::uint64_t tile = builder.frame().wires();
  std::set<std::uint64_t> wanted;
  for (const auto& [mask, form] : phases_.terms()) {
    if ((mask & tile) == 0) continue;
    if (encounter != nullptr ? encounter->meets(mask) : seen(mask)) wanted.insert(mask);
  }
  release(std::move(wanted), builder);
  const std::uint64_t signs = tile & mixed;
  if ((phases_.signs().wires() & signs) != 0) builder.signs(phases_.signs().take(signs));
}

}  // namespace qross::qsim
