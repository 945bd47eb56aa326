// SPDX-License-Identifier: Apache-2.0
// The scheduler is called for stages over qubits, then for the passes of each stage and the
// sub-blocks of each pass over positions.
#include "qsim/plan/planner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

#include "qsim/core/bits.hpp"
#include "qsim/plan/tiles.hpp"

namespace qross::qsim {
namespace {

/// A shard of 2^22 bytes is small; its passes take 2^18.
constexpr unsigned kSmallStateLog2 = 22;
constexpr unsigned kSmallPassLog2 = 18;

/// Operations of a pass on all qubits of a shard.
constexpr std::size_t kMostPartOps = 2048;

/// Renumbers a set of positions to 0..k-1.
class Renumbering {
 public:
  explicit Renumbering(std::uint64_t positions) : same_((positions & (positions + 1)) == 0) {
    std::uint8_t next = 0;
    for (; positions != 0; positions &= positions - 1) {
      to_[static_cast<unsigned>(std::countr_zero(positions))] = next++;
    }
  }
  /// All of them belong to the set, or are left out.
  [[nodiscard]] std::uint64_t operator()(std::uint64_t set) const {
    if (same_) return set;
    std::uint64_t result = 0;
    for (; set != 0; set &= set - 1) {
      result |= bit(to_[static_cast<unsigned>(std::countr_zero(set))]);
    }
    return result;
  }

 private:
  bool same_;
  std::array<std::uint8_t, 64> to_{};
};

}  // namespace

Planner::Planner(Plan& plan, const PlanOptions& options)
    : plan_(plan),
      options_(options),
      lanes_(std::min(lane_bits(plan.precision), plan.shape.local_bits())) {}

/// Cuts the whole circuit, starting from `layout` of wires.
void Planner::run(Layout layout, bool free_start) {
  const unsigned n = plan_.circuit.qubits;
  const unsigned local = plan_.shape.local_bits();
  ScheduleOptions stage_options;
  stage_options.bits = n;
  stage_options.size = local;
  stage_options.current = free_start ? 0 : layout.qubits_at(low_mask(local));
  // Qubits inside a block stay there if every operation still fits beside them.
  if (!free_start && plan_.circuit.widest + lanes_ <= local) {
    stage_options.forced = layout.qubits_at(low_mask(lanes_));
  } else if (free_start && plan_.circuit.widest + lanes_ <= local) {
    stage_options.forced = low_mask(lanes_);
  }
  const auto groups = stage_groups(stage_options);
  if (free_start) untouched_ = low_mask(n);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Stage stage;
    if (g == 0 && free_start) {
      place(groups[g].active, layout);
    } else {
      exchange(groups[g].active, layout, stage);
    }
    if (g == 0) first_layout_ = layout;
    stage.layout = layout;
    add_passes(stage, groups[g].ops, layout);
    plan_.stages.push_back(std::move(stage));
  }
  if (groups.empty()) first_layout_ = layout;
  last_layout_ = layout;
}

/// Starts a stage that only exchanges, as `pairs` of positions say.
void Planner::exchange_only(Stage stage, Layout& layout) {
  for (const auto& [low, high] : stage.exchange) layout.swap_positions(low, high);
  stage.layout = layout;
  stage.first_pass = static_cast<std::uint32_t>(plan_.passes.size());
  plan_.stages.push_back(std::move(stage));
}

void Planner::add_passes(Stage& stage, std::span<const std::uint32_t> ops, const Layout& layout) {
  stage.first_pass = static_cast<std::uint32_t>(plan_.passes.size());
  const ScheduleOptions options = pass_options();
  // Passes over all positions are cut into parts that are prepared one after another, so that
  // deep circuits on few qubits take no more memory than the caches hold.
  const bool whole = options.size >= options.bits && has(Optimisation::passes);
  const std::size_t part = whole ? kMostPartOps : std::max<std::size_t>(ops.size(), 1);
  for (std::size_t begin = 0; begin < ops.size(); begin += part) {
    add_part(ops.subspan(begin, std::min(part, ops.size() - begin)), options, layout);
  }
  stage.pass_count = static_cast<std::uint32_t>(plan_.passes.size()) - stage.first_pass;
}

/// log2 of the amplitudes in a contiguous row of a pass; at least one block, and enough below the
/// active size that the widest operation fits above it.
unsigned Planner::row_bits() const {
  return std::max(lanes_, amplitude_bits(plan_.profile.low_bytes_log2));
}

/// log2 of the amplitudes in 2^bytes_log2 bytes.
unsigned Planner::amplitude_bits(unsigned bytes_log2) const {
  const unsigned one = plan_.precision == Precision::double_precision ? 4 : 3;
  return std::min(bytes_log2 - std::min(bytes_log2, one), kMaxQubits);
}

std::vector<Group> Planner::in_groups(std::span<const Footprint> footprints,
                                      const ScheduleOptions& options) const {
  if (has(Optimisation::passes)) return schedule(footprints, options);
  std::vector<Group> groups;
  std::uint64_t current = options.current;
  for (std::uint32_t k = 0; k < footprints.size(); ++k) {
    ScheduleOptions one = options;
    one.current = current;
    groups.push_back(schedule(footprints.subspan(k, 1), one).front());
    groups.back().ops = {k};
    current = groups.back().active;
  }
  return groups;
}

ScheduleOptions Planner::pass_options() const {
  ScheduleOptions options;
  options.bits = plan_.shape.local_bits();
  const unsigned row = row_bits();
  const unsigned high = std::clamp(plan_.profile.high_qubits, plan_.circuit.widest, kMaxQubits);
  options.size = std::min(std::max(row + high, lanes_ + 3), options.bits);
  // Small states are in a cache anyway: smaller passes leave threads more to share, and blocks of
  // ket and bra lie side by side in the L2 cache.
  if (options.bits <= amplitude_bits(kSmallStateLog2)) {
    const unsigned least = std::max(row + plan_.circuit.widest, amplitude_bits(kSmallPassLog2));
    options.size = std::min(options.size, std::max(least, lanes_ + 3));
  }
  options.forced = low_mask(std::min(row, options.bits));
  return options;
}

void Planner::add_part(std::span<const std::uint32_t> ops, const ScheduleOptions& options,
                       const Layout& layout) {
  std::vector<Footprint> footprints;
  footprints.reserve(ops.size());
  const bool in_place = layout.ordered(layout.qubits());
  // Only local positions matter below: bits of the rank are the same for a whole shard.
  const std::uint64_t here = low_mask(plan_.shape.local_bits());
  for (const std::uint32_t op : ops) {
    const Footprint& f = plan_.circuit.ops[op].footprint;
    if (in_place) {
      footprints.push_back({f.mix, f.z & here, f.x});
    } else {
      footprints.push_back(
          {layout.positions(f.mix), layout.positions(f.z) & here, layout.positions(f.x)});
    }
  }
  for (const Group& group : in_groups(footprints, options)) {
    Pass pass;
    pass.active = group.active;
    if (has(Optimisation::zeros)) pass.fresh = layout.positions(untouched_) & group.active;
    for (const std::uint32_t k : group.ops) {
      untouched_ &= ~plan_.circuit.ops[ops[k]].footprint.need();
    }
    if (has(Optimisation::zeros)) pass.zero = layout.positions(untouched_) & ~group.active;
    pass.first_sub = static_cast<std::uint32_t>(plan_.subs.size());
    add_subs(group, footprints, ops);
    pass.sub_count = static_cast<std::uint32_t>(plan_.subs.size()) - pass.first_sub;
    plan_.passes.push_back(pass);
  }
}

std::vector<Group> Planner::stage_groups(const ScheduleOptions& options) const {
  std::vector<Footprint> footprints;
  // If all qubits are local, one stage runs everything.
  if (options.size < options.bits || !has(Optimisation::passes)) {
    footprints.reserve(plan_.circuit.ops.size());
    for (const Lowered& op : plan_.circuit.ops) footprints.push_back(op.footprint);
    return in_groups(footprints, options);
  }
  if (plan_.circuit.ops.empty()) return {};
  std::vector<Group> all{{low_mask(options.bits), {}}};
  all[0].ops.resize(plan_.circuit.ops.size());
  std::iota(all[0].ops.begin(), all[0].ops.end(), 0U);
  return all;
}

void Planner::add_subs(const Group& pass, std::span<const Footprint> footprints,
                       std::span<const std::uint32_t> ops) {
  // Renumber the active positions of the pass to 0..k-1 for the scheduler.
  const unsigned active_bits = static_cast<unsigned>(std::popcount(pass.active));
  std::vector<Footprint> renumbered;
  std::span<const Footprint> inner = footprints;
  // Deep circuits on few qubits are one pass and one sub-block: nothing is copied.
  const bool whole =
      pass.ops.size() == footprints.size() && pass.active == low_mask(plan_.shape.local_bits());
  if (!whole) {
    renumbered.reserve(pass.ops.size());
    const Renumbering number(pass.active);
    for (const std::uint32_t k : pass.ops) {
      const Footprint& f = footprints[k];
      renumbered.push_back({number(f.mix), number(f.z & pass.active), number(f.x)});
    }
    inner = renumbered;
  }
  ScheduleOptions sub_options;
  sub_options.bits = active_bits;
  sub_options.size = std::min(active_bits, std::max(lanes_ + std::max(3U, plan_.circuit.widest),
                                                    amplitude_bits(plan_.profile.sub_block_log2)));
  sub_options.forced = low_mask(lanes_);
  sub_options.horizon = 500;
  sub_options.climbs = 20;
  for (const Group& group : in_groups(inner, sub_options)) {
    SubBlock sub;
    sub.active = spread(group.active, pass.active);
    sub.first_op = static_cast<std::uint32_t>(plan_.order.size());
    sub.op_count = static_cast<std::uint32_t>(group.ops.size());
    sub.first_tile = static_cast<std::uint32_t>(plan_.tiles.size());
    if (whole && group.ops.size() == inner.size()) {
      add_tiles(pass.active, inner, ops);
      sub.tile_count = static_cast<std::uint32_t>(plan_.tiles.size()) - sub.first_tile;
      plan_.subs.push_back(sub);
      continue;
    }
    std::vector<Footprint> tile_footprints;
    std::vector<std::uint32_t> tile_ops;
    tile_footprints.reserve(group.ops.size());
    tile_ops.reserve(group.ops.size());
    for (const std::uint32_t k : group.ops) {
      tile_footprints.push_back(inner[k]);
      tile_ops.push_back(ops[pass.ops[k]]);
    }
    add_tiles(pass.active, tile_footprints, tile_ops);
    sub.tile_count = static_cast<std::uint32_t>(plan_.tiles.size()) - sub.first_tile;
    plan_.subs.push_back(sub);
  }
}

/// Tiles of one sub-block; `active` spreads the renumbered positions of the footprints.
void Planner::add_tiles(std::uint64_t active, std::span<const Footprint> footprints,
                        std::span<const std::uint32_t> ops) {
  std::vector<const Lowered*> lowered;
  lowered.reserve(ops.size());
  for (const std::uint32_t op : ops) lowered.push_back(&plan_.circuit.ops[op]);
  const auto bits = static_cast<unsigned>(std::popcount(active));
  for (const TileGroup& group : cut_tiles(footprints, lowered, bits)) {
    Tile tile;
    tile.active = spread(group.active, active);
    tile.wide = group.wide;
    tile.first_op = static_cast<std::uint32_t>(plan_.order.size());
    tile.op_count = static_cast<std::uint32_t>(group.ops.size());
    for (const std::uint32_t k : group.ops) plan_.order.push_back(ops[k]);
    plan_.tiles.push_back(tile);
  }
}

/// Free choice of the first layout: only which qubits are local changes, |0..0> looks the same.
void Planner::place(std::uint64_t local_qubits, Layout& layout) const {
  Stage unused;
  exchange(local_qubits, layout, unused);
}

/// Exchanges the qubits that leave with those that come in; the highest positions leave first so
/// that messages are long runs.
void Planner::exchange(std::uint64_t local_qubits, Layout& layout, Stage& stage) const {
  const unsigned local = plan_.shape.local_bits();
  std::uint64_t incoming = layout.positions(local_qubits) & ~low_mask(local);
  std::uint64_t leaving = low_mask(local) & ~layout.positions(local_qubits);
  while (incoming != 0) {
    const auto in = static_cast<unsigned>(std::countr_zero(incoming));
    const auto out = static_cast<unsigned>(63 - std::countl_zero(leaving));
    stage.exchange.emplace_back(static_cast<std::uint8_t>(out), static_cast<std::uint8_t>(in));
    layout.swap_positions(out, in);
    incoming &= ~bit(in);
    leaving &= ~bit(out);
  }
}

}  // namespace qross::qsim
