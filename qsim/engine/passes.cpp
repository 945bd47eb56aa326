// SPDX-License-Identifier: Apache-2.0
// Preparing passes: tiles become tile programs, operations that fit no tile become kernel calls of
// their own, and so do all operations of shards too small for tiles. Where a pass fills memory that
// is still 0, tiles run on what earlier ones have reached and do not read the rest.
#include "qsim/engine/passes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"

namespace qross::qsim {
namespace {

StepForm form_of(TileKind kind) {
  struct Range {
    TileKind first;
    StepForm form;
  };
  constexpr std::array<Range, 12> kRanges = {{{TileKind::rotate_turned, StepForm::rotate_turned},
                                              {TileKind::phase, StepForm::phase},
                                              {TileKind::turned, StepForm::turned},
                                              {TileKind::lane_swap, StepForm::lane_swap},
                                              {TileKind::dense, StepForm::dense},
                                              {TileKind::scale, StepForm::scale},
                                              {TileKind::diagonal_product, StepForm::product},
                                              {TileKind::diagonal_table, StepForm::table},
                                              {TileKind::diagonal, StepForm::diagonal},
                                              {TileKind::exchange, StepForm::move},
                                              {TileKind::rotate, StepForm::rotate},
                                              {TileKind::shear, StepForm::shear}}};
  for (const Range& range : kRanges) {
    if (kind >= range.first) return range.form;
  }
  return StepForm::shear;
}

/// The step that costs what a listed gate does.
StepForm form_of(ListedKind kind) {
  switch (kind) {
    case ListedKind::flip:
      return StepForm::move;
    case ListedKind::matrix:
      return StepForm::turned;
    case ListedKind::real:
    case ListedKind::cross:
      return StepForm::rotate;
    case ListedKind::phase:
    case ListedKind::scale:
      break;
  }
  return StepForm::diagonal;
}

/// The next block comes into the cache during so many trips, the last ones. It makes passes of few
/// trips up to a third faster (GHZ), and costs those of many nothing.
constexpr std::size_t kTripsAhead = 4;

/// A pass that fills memory at so many positions touches 16 times as much as the one before it.
constexpr int kMuchMore = 4;

/// Amplitudes outside of which a program changes nothing.
template <class T>
Conditioned changed_by(const TileProgram<T>& program) {
  if (program.call.place != kSamePlaces) return kEverywhere;
  Conditioned all = kNowhere;
  for (const TileStep<T>& step : program.call.steps) all = common(all, {step.mask, step.value});
  if (all.nowhere()) return kNowhere;
  return {all.mask << kLaneBits<T>, all.value << kLaneBits<T>};
}

/// The positions above the lanes at which a pass fills memory, from the structure of its operations
/// alone: qubits that it only carries along stay 0.
template <class T>
std::uint64_t filled(const Plan& plan, const Pass& pass) {
  const std::uint64_t fresh = pass.fresh & ~low_mask(kLaneBits<T>);
  if (pass.sub_count != 1) return fresh;
  const SubBlock& sub = plan.subs[pass.first_sub];
  std::uint64_t mixed = 0;
  for (std::uint32_t k = 0; k < sub.tile_count; ++k) mixed |= plan.tiles[sub.first_tile + k].active;
  return fresh & mixed;
}

/// Tiles need three positions above the lanes.
template <class T>
bool holds_tiles(std::uint64_t active) {
  return std::popcount(active & ~low_mask(kLaneBits<T>)) >= static_cast<int>(kTileBits);
}

}  // namespace

template <class T>
void PreparedPass<T>::run(const KernelTable<T>& kernels, T* shard, std::uint64_t shard_index,
                          std::uint64_t base, Scratch<T>& scratch, const T* next) const {
  if (gates_ != nullptr) {
    const auto bits = static_cast<unsigned>(std::popcount(active_));
    const ListedGate* const first = gates_->gates.data();
    return kernels.gate_list(shard, std::uint64_t{1} << (bits - std::min(bits, kLaneBits<T>)),
                             first, first + gates_->gates.size(), gates_->numbers.data());
  }
  if (padded_) return run_padded(kernels, shard, scratch);
  TileAhead ahead = ahead_of(next, scratch.rows());
  const std::uint32_t each = ahead.each;
  for (const Part& part : parts_) {
    const std::uint64_t outside = active_ & ~part.active;
    std::uint64_t i = 0;
    do {
      const std::uint64_t local = base | i;
      T* const blocks = shard + (local >> kLaneBits<T>)*kBlock<T>;
      for (std::size_t t = 0; t < part.trips.size(); ++t) {
        const auto& trip = part.trips[t];
        if (const auto* program = std::get_if<TileProgram<T>>(&trip)) {
          ahead.each = t + kTripsAhead >= part.trips.size() ? each : 0;
          run_program(kernels, *program, shard_index | local, blocks, scratch, &ahead);
        } else {
          apply(kernels, *std::get<1>(trip), shard_index | local, blocks);
        }
      }
      i = next_subset(i, outside);
    } while (i != 0);
  }
}

template <class T>
void PreparedPass<T>::run_padded(const KernelTable<T>& kernels, T* blocks,
                                 Scratch<T>& scratch) const {
  alignas(64) std::array<T, kTileRows * kBlock<T>> tile{};
  const auto bits = static_cast<unsigned>(std::popcount(active_));
  const std::size_t size = kBlock<T> << (bits - std::min(bits, kLaneBits<T>));
  std::copy_n(blocks, size, tile.data());
  for (const Part& part : parts_) {
    for (const auto& trip : part.trips) {
      if (const auto* program = std::get_if<TileProgram<T>>(&trip)) {
        run_program(kernels, *program, 0, tile.data(), scratch);
      } else {
        apply(kernels, *std::get<1>(trip), 0, tile.data());
      }
    }
  }
  std::copy_n(tile.data(), size, blocks);
}

template <class T>
TileAhead PreparedPass<T>::ahead_of(const T* next, std::vector<const char*>& rows) const {
  TileAhead ahead;
  const std::uint64_t read = active_ & ~left_ & ~made_;
  const auto low = static_cast<unsigned>(std::countr_one(read));
  if (next == nullptr || parts_.size() != 1 || low < kLaneBits<T> + kTileBits) {
    return ahead;
  }
  rows.clear();
  const std::uint64_t high = read & ~low_mask(low);
  std::uint64_t i = 0;
  do {
    rows.push_back(reinterpret_cast<const char*>(next + 2 * i));
    i = next_subset(i, high);
  } while (i != 0);
  const std::size_t row_lines = (2 * sizeof(T) << low) / TileAhead::kLine;
  ahead.rows = rows.data();
  ahead.row_log2 = static_cast<unsigned>(std::countr_zero(row_lines));
  ahead.count = static_cast<std::uint32_t>(rows.size() * row_lines);
  const Part& part = parts_[0];
  std::size_t tiles = 0;
  for (std::size_t t = part.trips.size() - std::min(part.trips.size(), kTripsAhead);
       t < part.trips.size(); ++t) {
    const auto* program = std::get_if<TileProgram<T>>(&part.trips[t]);
    if (program != nullptr) tiles += std::size_t{1} << std::popcount(program->call.free);
  }
  tiles = std::max<std::size_t>(tiles << std::popcount(active_ & ~part.active), 1);
  ahead.each = static_cast<std::uint32_t>((ahead.count + tiles - 1) / tiles);
  return ahead;
}

template <class T>
StepCounts PreparedPass<T>::steps() const {
  StepCounts counts;
  counts.visited = visited_;
  counts.touched = std::ldexp(1.0, -std::popcount(left_));
  counts.read = std::ldexp(1.0, -std::popcount(made_));
  if (gates_ != nullptr) {
    // Each gate is a trip of its own.
    for (const ListedGate& gate : gates_->gates) {
      const double share = listed_share(gate, kLaneBits<T>);
      ++counts.trips;
      counts.of[static_cast<std::size_t>(StepForm::trip)] += share;
      counts.of[static_cast<std::size_t>(form_of(gate.kind))] += share;
    }
    return counts;
  }
  for (const Part& part : parts_) {
    // Of each visited amplitude: the controls that all share hold there.
    counts.plain_flop += std::ldexp(part.plain_flop, std::popcount(changed_.mask));
    const int blocks = std::max(0, std::popcount(part.active) - static_cast<int>(kLaneBits<T>));
    for (const auto& trip : part.trips) {
      ++counts.trips;
      const auto* program = std::get_if<TileProgram<T>>(&trip);
      // Of the blocks, those that a program runs on.
      const double share =
          program == nullptr
              ? 1.0
              : std::ldexp(1.0, std::popcount(program->call.free) + int{kTileBits} - blocks);
      counts.of[static_cast<std::size_t>(StepForm::trip)] += share;
      if (program == nullptr) continue;
      for (const TileStep<T>& step : program->call.steps) {
        const std::uint64_t mask = step.mask & (halving_ >> kLaneBits<T>);
        counts.of[static_cast<std::size_t>(form_of(step.kind))] +=
            mask == 0 ? share : std::ldexp(share, -std::popcount(mask));
      }
    }
  }
  return counts;
}

template <class T>
PassCompiler<T>::PassCompiler(const KernelTable<T>& kernels, const Plan& plan,
                              std::span<const double> values)
    : plan_(&plan), values_(values), tiles_(kernels, plan.circuit, values, /*inverse=*/false) {}

template <class T>
PreparedPass<T> PassCompiler<T>::compile(std::uint32_t p, const Layout& layout, bool last) {
  const Pass& pass = plan_->passes[p];
  PreparedPass<T> result;
  result.active_ = pass.active;
  if (!plan_->gates.empty()) {
    result.gates_ = &plan_->gates;
    return result;
  }
  tiles_.put_numbers(&result.numbers_);
  // What is pending costs next to nothing before the next pass fills much more memory, and without
  // it that pass may leave blocks alone.
  const bool release =
      last || (p + std::size_t{1} < plan_->passes.size() &&
               std::popcount(filled<T>(*plan_, plan_->passes[p + 1])) >= kMuchMore);
  unseen_ = pass.sub_count == 1 ? pass.fresh & ~low_mask(kLaneBits<T>) : 0;
  for (std::uint32_t s = pass.first_sub; s < pass.first_sub + pass.sub_count; ++s) {
    const SubBlock& sub = plan_->subs[s];
    Part part;
    part.active = sub.active;
    if (const std::uint64_t inner = tile_positions(sub); inner != 0) {
      result.padded_ = inner != sub.active;
      if (result.padded_) unseen_ = 0;
      const bool last_sub = s + 1 == pass.first_sub + pass.sub_count;
      add_tiles(sub, inner, layout, release && last_sub, part);
    } else {
      add_plain(sub, layout, part);
      unseen_ = 0;
    }
    result.parts_.push_back(std::move(part));
  }
  tiles_.put_numbers(nullptr);
  result.left_ = unseen_;
  stream(pass, result);
  choose_blocks(pass, result);
  return result;
}

template <class T>
void PassCompiler<T>::choose_blocks(const Pass& pass, PreparedPass<T>& prepared) const {
  Conditioned all = kNowhere;
  for (const Part& part : prepared.parts_) {
    for (const auto& trip : part.trips) {
      const auto* program = std::get_if<TileProgram<T>>(&trip);
      all = common(all, program != nullptr ? changed_by(*program)
                                           : Conditioned{std::get<1>(trip)->outer_mask,
                                                         std::get<1>(trip)->outer_value});
    }
  }
  // Conditions on positions within the blocks are the kernels' business.
  if (!all.nowhere()) all = {all.mask & ~pass.active, all.value & ~pass.active};
  const Shape& shape = plan_->shape;
  prepared.changed_ = all;
  prepared.visited_ = visited_share(shape, pass.zero, all);
  // The lowest bits of its shards' numbers differ on a rank, the others do not.
  const auto differing = static_cast<unsigned>(std::bit_width(shape.most_shards()) - 1);
  prepared.halving_ = low_mask(shape.local_bits() + differing) & ~all.mask;
}

template <class T>
std::uint64_t PassCompiler<T>::tile_positions(const SubBlock& sub) const {
  if (!plan_->optimisations.has(Optimisation::tiles)) return 0;
  if (holds_tiles<T>(sub.active)) return sub.active;
  const bool whole = plan_->shape.rank_bits == 0 && sub.active == low_mask(plan_->shape.qubits);
  return whole ? low_mask(kLaneBits<T> + kTileBits) : 0;
}

template <class T>
void PassCompiler<T>::stream(const Pass& pass, PreparedPass<T>& prepared) const {
  const Shape& shape = plan_->shape;
  const double state = static_cast<double>(shape.most_shards()) *
                       static_cast<double>(shard_bytes(shape, plan_->precision));
  const std::uint64_t zero = pass.zero & low_mask(shape.local_bits());
  const double least = std::ldexp(1.0, static_cast<int>(plan_->profile.stream_log2));
  auto& trips = prepared.parts_.back().trips;
  if (std::ldexp(state, -std::popcount(zero | prepared.left_)) < least || trips.empty()) return;
  auto* program = std::get_if<TileProgram<T>>(&trips.back());
  if (program == nullptr) return;
  TileCall<T>& call = program->call;
  for (unsigned r = 1; r < kTileRows; r <<= 1) {  // the rows of one carrier each
    if (((call.loaded >> r) & 1U) == 0) prepared.made_ |= call.offset[r] << kLaneBits<T>;
  }
  call.stream = prepared.made_ != 0;
}

template <class T>
void PassCompiler<T>::begin(const Layout& layout, std::uint64_t active, std::uint64_t inner) {
  std::uint64_t seen = (inner & ~unseen_) | active;
  // Every tile has three carriers.
  for (std::uint64_t more = inner & ~seen; !holds_tiles<T>(seen); more &= more - 1) {
    seen |= more & (~more + 1);
  }
  tiles_.begin(layout, active, seen);
  loaded_ = kAllRows;
  reached_ = 0;
  for (unsigned j = 0; j < kTileBits; ++j) {
    const std::uint64_t carrier = bit(tiles_.frame().carrier[j]);
    reached_ |= carrier;
    if ((unseen_ & carrier) == 0) continue;
    for (unsigned r = 0; r < kTileRows; ++r) {
      if (((r >> j) & 1U) != 0) loaded_ &= static_cast<std::uint8_t>(~(1U << r));
    }
  }
}

template <class T>
void PassCompiler<T>::push(Part& part) {
  TileProgram<T> program = tiles_.finish();
  if (program.call.steps.empty()) return;
  program.call.loaded = loaded_;
  unseen_ &= ~reached_;
  part.trips.emplace_back(std::move(program));
}

template <class T>
void PassCompiler<T>::add_tiles(const SubBlock& sub, std::uint64_t inner, const Layout& layout,
                                bool release, Part& part) {
  part.trips.reserve(sub.tile_count + std::size_t{1});
  for (std::uint32_t k = 0; k < sub.tile_count; ++k) {
    const Tile& tile = plan_->tiles[sub.first_tile + k];
    if (!tile.wide) {
      begin(layout, tile.active, inner);
      for (std::uint32_t o = tile.first_op; o < tile.first_op + tile.op_count; ++o) {
        tiles_.add(plan_->circuit.ops[plan_->order[o]]);
        if (!plan_->optimisations.has(Optimisation::gather)) tiles_.release_all();
      }
      if (release && k + 1 == sub.tile_count) tiles_.release_all();
      push(part);
      continue;
    }
    const Lowered& op = plan_->circuit.ops[plan_->order[tile.first_op]];
    if (op.kind != Lowered::Kind::diagonal) {
      begin(layout, 0, inner);
      tiles_.release(tile.active);
      push(part);
      unseen_ = 0;  // it runs on all blocks
    }
    add_call(op, layout, sub.active, part);
  }
  if (release && tiles_.pending()) {
    begin(layout, 0, inner);
    tiles_.release_all();
    push(part);
  }
}

template <class T>
void PassCompiler<T>::add_plain(const SubBlock& sub, const Layout& layout, Part& part) const {
  for (std::uint32_t k = sub.first_op; k < sub.first_op + sub.op_count; ++k) {
    add_call(plan_->circuit.ops[plan_->order[k]], layout, sub.active, part);
  }
}

template <class T>
void PassCompiler<T>::add_call(const Lowered& op, const Layout& layout, std::uint64_t active,
                               Part& part) const {
  part.trips.emplace_back(std::make_unique<const Prepared<T>>(
      prepare<T>(plan_->circuit, op, layout, active, values_, /*inverse=*/false)));
  part.plain_flop += operation_flop(op, 0);
}

template class PreparedPass<double>;
template class PreparedPass<float>;
template class PassCompiler<double>;
template class PassCompiler<float>;

}  // namespace qross::qsim
