// SPDX-License-Identifier: Apache-2.0
// Preparing and running backward passes: tiles in reverse, each a chain of segments.
#include "qsim/engine/backward.hpp"

#include <algorithm>
#include <bit>

namespace qross::qsim {
namespace {

template <class T>
bool holds_tiles(std::uint64_t active) {
  return std::popcount(active & ~low_mask(kLaneBits<T>)) >= static_cast<int>(kTileBits);
}

}  // namespace

template <class T>
void BackwardPass<T>::run(const KernelTable<T>& kernels, T* bra, T* ket, std::uint64_t shard_index,
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
        if (const auto* segment = std::get_if<TileSegment<T>>(&trip)) {
          if (!segment->program.call.steps.empty()) {
            run_program(kernels, segment->program, index, ket + at, scratch);
            run_program(kernels, segment->program, index, bra + at, scratch);
          }
          if (!segment->brackets.empty()) {
            segment->brackets.run(kernels, bra + at, ket + at, index, slot_, derivatives, scratch);
          }
          continue;
        }
        const Wide& wide = std::get<Wide>(trip);
        if (wide.scale != 0.0) {
          derivatives[slot_[wide.op]] +=
              wide.scale * derivative(kernels, wide.bracket, index, bra + at, ket + at);
        }
        apply(kernels, wide.inverse, index, ket + at);
        apply(kernels, wide.inverse, index, bra + at);
      }
      i = next_subset(i, outside);
    } while (i != 0);
  }
}

template <class T>
void BackwardPass<T>::find_ops(std::size_t operations) {
  std::vector<bool> seen(operations, false);
  for (const Part& part : parts_) {
    for (const auto& trip : part.trips) {
      if (const auto* segment = std::get_if<TileSegment<T>>(&trip)) {
        for (const std::uint32_t op : segment->brackets.ops()) seen[op] = true;
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

template <class T>
BackwardCompiler<T>::BackwardCompiler(const KernelTable<T>& kernels, const Plan& plan,
                                      std::span<const double> values)
    : plan_(&plan), values_(values), tiles_(kernels, plan.circuit, values, /*inverse=*/true) {}

template <class T>
BackwardPass<T> BackwardCompiler<T>::compile(const Pass& pass, const Layout& layout, bool first) {
  BackwardPass<T> result;
  result.active_ = pass.active;
  for (std::uint32_t s = pass.first_sub + pass.sub_count; s-- > pass.first_sub;) {
    const SubBlock& sub = plan_->subs[s];
    Part part;
    part.active = sub.active;
    if (holds_tiles<T>(sub.active)) {
      add_tiles(sub, layout, part);
      if (first && s == pass.first_sub && tiles_.waiting()) {
        tiles_.begin(layout, 0, sub.active, {});
        tiles_.sum_all();
        push(part);
      }
    } else {
      add_plain(sub, layout, part);
    }
    result.parts_.push_back(std::move(part));
  }
  result.find_ops(plan_->circuit.ops.size());
  return result;
}

template <class T>
void BackwardCompiler<T>::push(Part& part) {
  for (TileSegment<T>& segment : tiles_.finish_segments()) {
    if (segment.program.call.steps.empty() && segment.brackets.empty()) continue;
    part.trips.emplace_back(std::move(segment));
  }
}

template <class T>
void BackwardCompiler<T>::add_wide(std::uint32_t index, std::uint64_t active, const Layout& layout,
                                   double scale, Part& part) {
  const Lowered& op = plan_->circuit.ops[index];
  typename BackwardPass<T>::Wide wide;
  wide.op = index;
  wide.inverse = prepare<T>(plan_->circuit, op, layout, active, values_, /*inverse=*/true);
  if (has_derivative(plan_->circuit, op)) {
    wide.bracket = prepare_bracket<T>(op, layout, active);
    wide.scale = scale;
  }
  part.trips.emplace_back(std::move(wide));
}

template <class T>
void BackwardCompiler<T>::add_tiles(const SubBlock& sub, const Layout& layout, Part& part) {
  std::vector<std::uint64_t> mixed;  // in the order the tiles are run
  for (std::uint32_t k = sub.first_tile + sub.tile_count; k-- > sub.first_tile;) {
    mixed.push_back(plan_->tiles[k].active);
  }
  for (std::uint32_t k = 0; k < sub.tile_count; ++k) {
    const Tile& tile = plan_->tiles[sub.first_tile + sub.tile_count - 1 - k];
    const auto later = std::span(mixed).subspan(k + 1);
    if (!tile.wide) {
      tiles_.begin(layout, tile.active, sub.active, later);
      add_tile(tile);
      push(part);
      continue;
    }
    const std::uint32_t index = plan_->order[tile.first_op];
    if (plan_->circuit.ops[index].kind != Lowered::Kind::diagonal) {
      tiles_.begin(layout, 0, sub.active, later);
      tiles_.release_brackets(tile.active);
      tiles_.release(tile.active);
      push(part);
    }
    add_wide(index, sub.active, layout, tiles_.bracket_scale(), part);
  }
}

template <class T>
void BackwardCompiler<T>::add_tile(const Tile& tile) {
  // Operations side by side are met at the same point: one trip sums all their brackets.
  std::uint32_t o = tile.first_op + tile.op_count;
  while (o > tile.first_op) {
    std::uint64_t touched = 0;
    std::uint32_t first = o;
    for (; first > tile.first_op; --first) {
      const std::uint32_t index = plan_->order[first - 1];
      const Lowered& op = plan_->circuit.ops[index];
      const Footprint& f = op.footprint;
      if (!has_derivative(plan_->circuit, op) || ((f.mix | f.x | f.z) & touched) != 0) break;
      touched |= f.mix | f.x | f.z;
      tiles_.want(op, index);
    }
    if (first == o) first = o - 1;  // no derivative
    for (; o > first; --o) tiles_.add(plan_->circuit.ops[plan_->order[o - 1]]);
  }
}

template <class T>
void BackwardCompiler<T>::add_plain(const SubBlock& sub, const Layout& layout, Part& part) {
  for (std::uint32_t k = sub.first_op + sub.op_count; k-- > sub.first_op;) {
    add_wide(plan_->order[k], sub.active, layout, 1.0, part);
  }
}

template class BackwardPass<double>;
template class BackwardPass<float>;
template class BackwardCompiler<double>;
template class BackwardCompiler<float>;

}  // namespace qross::qsim
