// SPDX-License-Identifier: Apache-2.0
// Preparing and running passes of two states: tiles become walks, each operation that fits no tile
// a call on both states and its bracket.
#include "qsim/engine/pair_passes.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace qross::qsim {
namespace {

template <class T>
bool holds_tiles(std::uint64_t active) {
  return std::popcount(active & ~low_mask(kLaneBits<T>)) >= static_cast<int>(kTileBits);
}

bool commute(const Footprint& a, const Footprint& b) {
  return (a.mix & (b.mix | b.x | b.z)) == 0 && (b.mix & (a.x | a.z)) == 0 && (a.x & b.z) == 0 &&
         (a.z & b.x) == 0;
}

}  // namespace

template <class T>
void PairPass<T>::run(const KernelTable<T>& kernels, T* first, T* second, std::uint64_t shard_index,
                      std::uint64_t base, std::span<double> derivatives,
                      Scratch<T>& scratch) const {
  for (const Part& part : parts_) {
    const std::uint64_t outside = active_ & ~part.active;
    std::uint64_t i = 0;
    do {
      const std::uint64_t local = base | i;
      const std::uint64_t index = shard_index | local;
      const std::size_t at = (local >> kLaneBits<T>)*kBlock<T>;
      for (const auto& trip : part.trips) {
        if (const auto* walk = std::get_if<TileWalk<T>>(&trip)) {
          walk->run(kernels, first + at, second + at, index, slot_, derivatives, scratch);
        } else {
          run_wide(kernels, std::get<Wide>(trip), first + at, second + at, index, part.active,
                   derivatives);
        }
      }
      i = next_subset(i, outside);
    } while (i != 0);
  }
}

template <class T>
void PairPass<T>::run_wide(const KernelTable<T>& kernels, const Wide& wide, T* first, T* second,
                           std::uint64_t index, std::uint64_t active,
                           std::span<double> derivatives) const {
  if (wide.scale != 0.0) {
    derivatives[slot_[wide.op]] +=
        wide.scale * derivative(kernels, wide.bracket, index, first, second);
  }
  apply(kernels, wide.work, index, first);
  apply(kernels, wide.work, index, second);
  if (wide.terms.empty()) return;
  PauliGroupCall<T> call = wide.addition;
  call.terms = wide.terms;
  std::uint64_t i = 0;
  do {
    call.first = (index >> kLaneBits<T>) | i;
    const T* const partner = first + (i ^ call.global_flip) * kBlock<T>;
    kernels.pauli_apply(second + i * kBlock<T>, nullptr, partner, 1, call, nullptr);
    i = next_subset(i, active >> kLaneBits<T>);
  } while (i != 0);
}

template <class T>
void PairPass<T>::find_ops(std::size_t operations) {
  std::vector<bool> seen(operations, false);
  for (const Part& part : parts_) {
    for (const auto& trip : part.trips) {
      if (const auto* walk = std::get_if<TileWalk<T>>(&trip)) {
        for (const std::uint32_t op : walk->ops()) seen[op] = true;
      } else if (std::get<Wide>(trip).scale != 0.0) {
        seen[std::get<Wide>(trip).op] = true;
      }
    }
  }
  slot_.assign(operations, 0);
  for (std::uint32_t op = 0; op < operations; ++op) {
    if (!seen[op]) continue;
    slot_[op] = static_cast<std::uint32_t>(ops_.size());
    ops_.push_back(op);
  }
}

namespace {

/// Gate lists have no parameters, so no derivatives: whoever walks two states runs them before.
const Plan* with_operations(const Plan& plan) {
  if (!plan.gates.empty()) {
    throw Error(ErrorCode::bug, "a plan that runs gate by gate was given to a walk of two states");
  }
  return &plan;
}

}  // namespace

template <class T>
PairCompiler<T>::PairCompiler(const KernelTable<T>& kernels, const Plan& plan,
                              std::span<const double> values)
    : plan_(with_operations(plan)),
      values_(values),
      back_(true),
      tiles_(kernels, plan.circuit, values, /*inverse=*/true) {}

template <class T>
PairCompiler<T>::PairCompiler(const KernelTable<T>& kernels, const Plan& plan,
                              std::span<const double> values, std::vector<double> tangents)
    : plan_(with_operations(plan)),
      values_(values),
      back_(false),
      tangents_(std::move(tangents)),
      tiles_(kernels, plan.circuit, values, /*inverse=*/false) {}

template <class T>
std::vector<std::uint32_t> PairCompiler<T>::in_order(std::uint32_t first,
                                                     std::uint32_t count) const {
  std::vector<std::uint32_t> result;
  for (std::uint32_t k = 0; k < count; ++k) {
    result.push_back(back_ ? first + count - 1 - k : first + k);
  }
  return result;
}

template <class T>
double PairCompiler<T>::weight(std::uint32_t op) const {
  if (!has_derivative(plan_->circuit, plan_->circuit.ops[op])) return 0.0;
  return back_ ? 1.0 : tangents_[op];
}

template <class T>
PairPass<T> PairCompiler<T>::compile(const Pass& pass, const Layout& layout, bool last) {
  PairPass<T> result;
  result.active_ = pass.active;
  const auto subs = in_order(pass.first_sub, pass.sub_count);
  for (const std::uint32_t s : subs) {
    const SubBlock& sub = plan_->subs[s];
    Part part;
    part.active = sub.active;
    if (holds_tiles<T>(sub.active) && plan_->optimisations.has(Optimisation::tiles)) {
      add_tiles(sub, layout, part);
      if (last && s == subs.back()) {
        tiles_.begin(layout, 0, sub.active);
        tiles_.sum_all();
        if (!back_) tiles_.release_all();
        push(layout, part);
      }
    } else {
      for (const std::uint32_t k : in_order(sub.first_op, sub.op_count)) {
        add_wide(plan_->order[k], sub.active, layout, 1.0, part);
      }
    }
    result.parts_.push_back(std::move(part));
  }
  result.find_ops(plan_->circuit.ops.size());
  return result;
}

template <class T>
void PairCompiler<T>::push(const Layout& layout, Part& part) {
  TileWalk<T> walk(tiles_.finish_segments(), tiles_.frame(), layout,
                   back_ ? Meeting::sum : Meeting::add);
  if (!walk.empty()) part.trips.emplace_back(std::move(walk));
}

template <class T>
void PairCompiler<T>::add_wide(std::uint32_t index, std::uint64_t active, const Layout& layout,
                               double scale, Part& part) {
  const Lowered& op = plan_->circuit.ops[index];
  typename PairPass<T>::Wide wide;
  wide.op = index;
  wide.work = prepare<T>(plan_->circuit, op, layout, active, values_, back_);
  const double counts = weight(index);
  if (counts != 0.0 && back_) {
    wide.bracket = prepare_bracket<T>(op, layout, active);
    wide.scale = scale;
  }
  if (counts != 0.0 && !back_) {
    const std::uint64_t x = layout.positions(op.pauli_x);
    wide.addition.lane_xor = static_cast<std::uint8_t>(x & low_mask(kLaneBits<T>));
    wide.addition.global_flip = x >> kLaneBits<T>;
    // -i/2 i^ys for ys letters Y.
    constexpr std::array<std::array<double, 2>, 4> kPowers{
        {{0, -0.5}, {0.5, 0}, {0, 0.5}, {-0.5, 0}}};
    for (const Bracket& string : generator(op, index)) {
      const auto& power = kPowers[static_cast<std::size_t>(std::popcount(string.x & string.z)) % 4];
      const std::uint64_t z = layout.positions(string.z);
      wide.terms.push_back({counts * string.weight * power[0], counts * string.weight * power[1],
                            z >> kLaneBits<T>,
                            static_cast<std::uint16_t>(z & low_mask(kLaneBits<T>))});
    }
  }
  part.trips.emplace_back(std::move(wide));
}

template <class T>
void PairCompiler<T>::add_tiles(const SubBlock& sub, const Layout& layout, Part& part) {
  for (const std::uint32_t k : in_order(sub.first_tile, sub.tile_count)) {
    const Tile& tile = plan_->tiles[k];
    if (!tile.wide) {
      tiles_.begin(layout, tile.active, sub.active);
      add_tile(tile);
      push(layout, part);
      continue;
    }
    const std::uint32_t index = plan_->order[tile.first_op];
    if (plan_->circuit.ops[index].kind != Lowered::Kind::diagonal) {
      tiles_.begin(layout, 0, sub.active);
      tiles_.release_brackets(tile.active);
      tiles_.release(tile.active);
      push(layout, part);
    }
    add_wide(index, sub.active, layout, tiles_.bracket_scale(), part);
  }
}

template <class T>
void PairCompiler<T>::add_tile(const Tile& tile) {
  // Strings that flip qubits are summed at once, so as many of them as may stand side by side are
  // brought together: whatever else can be taken is taken first.
  std::vector<std::uint32_t> ops;
  for (const std::uint32_t o : in_order(tile.first_op, tile.op_count)) {
    ops.push_back(plan_->order[o]);
  }
  const auto& all = plan_->circuit.ops;
  const auto ready = [&](std::size_t k) {
    return std::all_of(ops.begin(), ops.begin() + static_cast<std::ptrdiff_t>(k), [&](auto before) {
      return commute(all[before].footprint, all[ops[k]].footprint);
    });
  };
  const auto waits = [&](std::uint32_t op) { return weight(op) != 0.0 && all[op].pauli_x != 0; };
  while (!ops.empty()) {
    bool moved = false;
    for (std::size_t k = 0; k < ops.size();) {
      const std::uint32_t op = ops[k];
      if (waits(op) || !ready(k)) {
        ++k;
        continue;
      }
      if (weight(op) != 0.0) tiles_.want(all[op], op, weight(op));
      tiles_.add(all[op]);
      ops.erase(ops.begin() + static_cast<std::ptrdiff_t>(k));
      moved = true;
    }
    if (moved) continue;
    std::vector<std::uint32_t> together;
    std::vector<std::uint64_t> flips;
    std::vector<std::uint32_t> rest;
    for (std::size_t k = 0; k < ops.size(); ++k) {
      (ready(k) ? together : rest).push_back(ops[k]);
    }
    for (const std::uint32_t op : together) flips.push_back(all[op].pauli_x);
    tiles_.apply_before(flips);
    for (const std::uint32_t op : together) tiles_.want(all[op], op, weight(op));
    for (const std::uint32_t op : together) tiles_.add(all[op]);
    ops = std::move(rest);
  }
}

template class PairPass<double>;
template class PairPass<float>;
template class PairCompiler<double>;
template class PairCompiler<float>;

}  // namespace qross::qsim
