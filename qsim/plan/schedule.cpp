// SPDX-License-Identifier: Apache-2.0
// Choosing active sets. A sweep walks the remaining operations in order and remembers, for each
// bit, which kinds of action a deferred operation has there; a later operation may overtake only
// if it commutes with all of them on every bit.
#include "qsim/plan/schedule.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

/// What deferred operations do to each bit.
struct Blocked {
  std::uint64_t mix = 0;
  std::uint64_t z = 0;
  std::uint64_t x = 0;

  [[nodiscard]] bool allows(const Footprint& f) const noexcept {
    return ((f.mix & (mix | z | x)) | (f.z & (mix | x)) | (f.x & (mix | z))) == 0;
  }
  void defer(const Footprint& f) noexcept {
    mix |= f.mix;
    z |= f.z;
    x |= f.x;
  }
  /// Defers it if `unless` is false. Without a branch: which operations run is hard to foretell.
  void defer_unless(bool unless, const Footprint& f) noexcept {
    const std::uint64_t all = std::uint64_t{unless} - 1;
    mix |= f.mix & all;
    z |= f.z & all;
    x |= f.x & all;
  }
  /// Whether nothing passes on any of these bits.
  [[nodiscard]] bool full(std::uint64_t bits) const noexcept { return (mix | (z & x)) == bits; }
};

/// A small deterministic generator (splitmix64); only the quality of plans depends on it.
class Choice {
 public:
  std::uint64_t below(std::uint64_t limit) {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t v = state_;
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9ULL;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebULL;
    return (v ^ (v >> 31)) % limit;
  }
  /// A random member of a non-empty set.
  unsigned member(std::uint64_t set) {
    std::uint64_t skip = below(static_cast<std::uint64_t>(std::popcount(set)));
    while (skip-- != 0) set &= set - 1;
    return static_cast<unsigned>(std::countr_zero(set));
  }

 private:
  std::uint64_t state_ = 20261122;
};

class Scheduler {
 public:
  Scheduler(std::span<const Footprint> ops, const ScheduleOptions& options)
      : ops_(ops), options_(options), current_(options.current) {}

  std::vector<Group> run() {
    std::vector<Group> groups;
    refill();
    while (!waiting().empty()) {
      Group group;
      group.active = choose();
      execute(group);
      if (group.ops.empty()) {
        throw Error(ErrorCode::bug,
                    "an operation needs more qubits at once than an active set holds");
      }
      current_ = group.active;
      groups.push_back(std::move(group));
      refill();
    }
    return groups;
  }

 private:
  void refill() {
    const std::size_t waits = waiting().size();
    // The list moves on through its memory, and back to the front when there is as much behind it.
    if (head_ > options_.horizon) {
      window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    for (std::size_t k = waits; k < options_.horizon && next_ < ops_.size(); ++k) {
      window_.push_back(static_cast<std::uint32_t>(next_++));
    }
  }

  /// Operations that have not run, in order.
  [[nodiscard]] std::span<const std::uint32_t> waiting() const {
    return std::span(window_).subspan(head_);
  }

  /// How many operations of the window would run with this active set.
  [[nodiscard]] unsigned count(std::uint64_t active) const {
    const std::uint64_t all = low_mask(options_.bits);
    Blocked blocked;
    unsigned runs = 0;
    for (const std::uint32_t index : waiting()) {
      const Footprint& f = ops_[index];
      const auto active_now = static_cast<unsigned>((f.need() & ~active) == 0);
      const bool now = (active_now & static_cast<unsigned>(blocked.allows(f))) != 0;  // no branch
      runs += now ? 1U : 0U;
      blocked.defer_unless(now, f);
      if (blocked.full(all)) break;
    }
    return runs;
  }

  /// Grows a set in program order from `seed`, then fills it with current bits, nearest use first.
  [[nodiscard]] std::uint64_t grow(std::uint64_t seed) const {
    const std::uint64_t all = low_mask(options_.bits);
    std::uint64_t active = seed | options_.forced;
    unsigned room = options_.size - std::min(options_.size, size(active));
    Blocked blocked;
    for (const std::uint32_t index : waiting()) {
      const Footprint& f = ops_[index];
      const std::uint64_t more = f.need() & ~active;
      const bool allowed = blocked.allows(f);
      if (allowed && more != 0 && fits(more, room)) {
        active |= more;
        room -= size(more);
      } else {
        blocked.defer_unless(allowed & (more == 0), f);
      }
      if (blocked.full(all)) break;
    }
    std::array<std::uint32_t, 64> next_use;
    next_use.fill(0xffffffffU);
    std::uint64_t missing = all & ~active;
    std::uint64_t unseen = missing;
    if (size(active) >= options_.size) return active;
    const auto list = waiting();
    for (std::uint32_t k = 0; k < list.size() && unseen != 0; ++k) {
      for (std::uint64_t m = ops_[list[k]].need() & unseen; m != 0; m &= m - 1) {
        next_use[static_cast<unsigned>(std::countr_zero(m))] = k;
        unseen &= ~(m & (~m + 1));
      }
    }
    while (size(active) < options_.size && missing != 0) {
      // Bits already active first (no exchange), then nearest next use, then lowest.
      unsigned best = static_cast<unsigned>(std::countr_zero(missing));
      for (std::uint64_t m = missing; m != 0; m &= m - 1) {
        const auto b = static_cast<unsigned>(std::countr_zero(m));
        const bool stays = (current_ & bit(b)) != 0;
        const bool best_stays = (current_ & bit(best)) != 0;
        if (stays != best_stays ? stays : next_use[b] < next_use[best]) best = b;
      }
      active |= bit(best);
      missing &= ~bit(best);
    }
    return active;
  }

  /// Whether a set has at most `room` members.
  [[nodiscard]] static bool fits(std::uint64_t set, unsigned room) {
    for (; room != 0 && set != 0; --room) set &= set - 1;
    return set == 0;
  }
  [[nodiscard]] static unsigned size(std::uint64_t set) {
    return static_cast<unsigned>(std::popcount(set));
  }

  /// Bits that must come in; with no set before, none.
  [[nodiscard]] unsigned incoming(std::uint64_t active) const {
    return current_ == 0 ? 0 : size(active & ~current_);
  }

  [[nodiscard]] std::uint64_t choose() {
    const std::uint64_t all = low_mask(options_.bits);
    if (options_.size >= options_.bits) return all;
    std::uint64_t best = grow(0);
    unsigned best_count = count(best);
    std::array<std::uint64_t, 64> tried;
    std::size_t tries_made = 0;
    const auto consider = [&](std::uint64_t active) {
      if (active == best) return;
      const auto end = tried.begin() + static_cast<std::ptrdiff_t>(tries_made);
      if (std::find(tried.begin(), end, active) != end) return;
      if (tries_made < tried.size()) tried[tries_made++] = active;
      const unsigned runs = count(active);
      if (runs > best_count || (runs == best_count && incoming(active) < incoming(best))) {
        best = active;
        best_count = runs;
      }
    };
    const std::size_t waits = waiting().size();
    if (best_count == waits) return best;
    for (unsigned seed = 0; seed < options_.seeds; ++seed) {
      const std::uint64_t outside = all & ~options_.forced;
      consider(grow(bit(choice_.member(outside))));
    }
    for (unsigned climb = 0; climb < options_.climbs && best_count < waits; ++climb) {
      const std::uint64_t movable = best & ~options_.forced;
      const std::uint64_t outside = all & ~best;
      if (movable == 0 || outside == 0) break;
      consider(best ^ bit(choice_.member(movable)) ^ bit(choice_.member(outside)));
    }
    return best;
  }

  /// Moves what can run from the remaining operations into the group, as far as anything can.
  void execute(Group& group) {
    const std::uint64_t all = low_mask(options_.bits);
    Blocked blocked;
    deferred_.clear();
    const auto take = [&](std::uint32_t index) {
      const Footprint& f = ops_[index];
      if ((f.need() & ~group.active) == 0 && blocked.allows(f)) {
        group.ops.push_back(index);
      } else {
        blocked.defer(f);
        deferred_.push_back(index);
      }
    };
    std::size_t k = head_;
    while (k < window_.size() && !blocked.full(all)) take(window_[k++]);
    // What was not looked at stays where it is, what was passed over moves up to it.
    if (k == window_.size()) {
      while (next_ < ops_.size() && !blocked.full(all) && deferred_.size() < options_.horizon) {
        take(static_cast<std::uint32_t>(next_++));
      }
      window_.swap(deferred_);
      head_ = 0;
    } else {
      head_ = k - deferred_.size();
      std::copy(deferred_.begin(), deferred_.end(),
                window_.begin() + static_cast<std::ptrdiff_t>(head_));
    }
  }

  std::span<const Footprint> ops_;
  ScheduleOptions options_;
  std::uint64_t current_;
  std::size_t next_ = 0;
  std::vector<std::uint32_t> window_;  ///< from head_ on: operations that wait
  std::size_t head_ = 0;
  std::vector<std::uint32_t> deferred_;
  Choice choice_;
};

}  // namespace

std::vector<Group> schedule(std::span<const Footprint> ops, const ScheduleOptions& options) {
  if (options.size >= options.bits && !ops.empty()) {
    Group all{low_mask(options.bits), std::vector<std::uint32_t>(ops.size())};
    std::iota(all.ops.begin(), all.ops.end(), 0U);
    return {std::move(all)};
  }
  return Scheduler(ops, options).run();
}

std::vector<std::uint32_t> in_rounds(std::span<const Footprint> ops,
                                     std::span<const unsigned> classes) {
  std::vector<std::uint32_t> order;
  order.reserve(ops.size());
  std::vector<std::uint32_t> rest;
  const unsigned most = classes.empty() ? 0 : *std::max_element(classes.begin(), classes.end());
  // A round goes through all that is left, so long lists are taken in parts.
  constexpr std::size_t kPart = 64;
  for (std::size_t begin = 0; begin < ops.size(); begin += kPart) {
    rest.resize(std::min(kPart, ops.size() - begin));
    std::iota(rest.begin(), rest.end(), static_cast<std::uint32_t>(begin));
    for (unsigned wanted = 0; !rest.empty(); wanted = wanted == most ? 0 : wanted + 1) {
      Blocked deferred;
      Blocked taken;
      std::size_t kept = 0;
      for (const std::uint32_t k : rest) {
        if (classes[k] == wanted && deferred.allows(ops[k]) && taken.allows(ops[k])) {
          taken.defer(ops[k]);
          order.push_back(k);
        } else {
          deferred.defer(ops[k]);
          rest[kept++] = k;
        }
      }
      rest.resize(kept);
    }
  }
  return order;
}

}  // namespace qross::qsim
