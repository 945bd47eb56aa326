// SPDX-License-Identifier: Apache-2.0
// Stretches between wide operations are scheduled into sub-blocks, each sub-block into tiles.
#include "qsim/engine/batch/schedule.hpp"

#include <bit>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/kernels/tile.hpp"
#include "qsim/plan/schedule.hpp"

namespace qross::qsim {
namespace {

/// A constant diagonal of k wires becomes 2^k parities.
constexpr int kMostDiagonalWires = 4;

/// `wires` and more of the lowest of `from`, three in all.
std::uint64_t filled(std::uint64_t wires, std::uint64_t from) {
  from &= ~wires;
  while (std::popcount(wires) < static_cast<int>(kTileBits)) {
    wires |= from & (~from + 1);
    from &= from - 1;
  }
  return wires;
}

class Cutter {
 public:
  Cutter(const LoweredCircuit& circuit, unsigned wires) : circuit_(circuit), wires_(wires) {}

  void stretch(std::span<const std::uint32_t> ops, std::vector<BatchSweep>& sweeps) const {
    if (ops.empty()) return;
    if (wires_ <= kBatchSubBlockWires) {
      sweeps.push_back(sub_block({ops.begin(), ops.end()}, low_mask(wires_)));
      return;
    }
    ScheduleOptions options;
    options.bits = wires_;
    options.size = kBatchSubBlockWires;
    for (const Group& group : schedule(footprints(ops), options)) {
      std::vector<std::uint32_t> members;
      for (const std::uint32_t k : group.ops) members.push_back(ops[k]);
      sweeps.push_back(sub_block(members, group.active));
    }
  }

 private:
  [[nodiscard]] std::vector<Footprint> footprints(std::span<const std::uint32_t> ops) const {
    std::vector<Footprint> result;
    for (const std::uint32_t op : ops) result.push_back(circuit_.ops[op].footprint);
    return result;
  }

  [[nodiscard]] BatchSweep sub_block(const std::vector<std::uint32_t>& ops,
                                     std::uint64_t active) const {
    BatchSweep sweep;
    sweep.active = active;
    ScheduleOptions options;
    options.bits = wires_;
    options.size = kTileBits;
    options.horizon = 500;
    options.climbs = 40;
    for (const Group& group : schedule(footprints(ops), options)) {
      BatchTile tile;
      for (const std::uint32_t k : group.ops) {
        tile.ops.push_back(ops[k]);
        tile.wires |= circuit_.ops[ops[k]].footprint.need();
      }
      tile.wires = filled(tile.wires, active);
      sweep.tiles.push_back(std::move(tile));
    }
    return sweep;
  }

  const LoweredCircuit& circuit_;
  unsigned wires_;
};

}  // namespace

bool fits_batch_tile(const Lowered& op) {
  const int controls = std::popcount(op.control_mask);
  switch (op.kind) {
    case Lowered::Kind::diagonal:
      return op.gate != Gate::diagonal || op.targets + controls <= kMostDiagonalWires;
    case Lowered::Kind::matrix:
      return op.targets == 1 || (op.targets == 2 && controls == 0);
    case Lowered::Kind::permutation:
      return op.gate == Gate::x || op.gate == Gate::swap;
    case Lowered::Kind::pauli:
      return std::popcount(op.pauli_x) <= static_cast<int>(kTileBits);
  }
  throw Error(ErrorCode::bug, "unknown kind of operation in a batch");
}

std::vector<BatchSweep> schedule_batch(const LoweredCircuit& circuit,
                                       std::span<const std::uint32_t> ops, unsigned wires) {
  const Cutter cutter(circuit, wires);
  std::vector<BatchSweep> sweeps;
  std::size_t begin = 0;
  for (std::size_t k = 0; k < ops.size(); ++k) {
    if (fits_batch_tile(circuit.ops[ops[k]])) continue;
    cutter.stretch(ops.subspan(begin, k - begin), sweeps);
    BatchSweep sweep;
    sweep.active = low_mask(wires);
    sweep.wide = ops[k];
    sweeps.push_back(std::move(sweep));
    begin = k + 1;
  }
  cutter.stretch(ops.subspan(begin), sweeps);
  return sweeps;
}

}  // namespace qross::qsim
