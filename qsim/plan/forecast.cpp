// SPDX-License-Identifier: Apache-2.0
// Counting what a plan moves and computes.
#include "qsim/plan/forecast.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qross::qsim {
namespace {

using Pairs = std::span<const std::pair<std::uint8_t, std::uint8_t>>;

/// Above this many (shard, partner) pairs the busiest rank is not looked for.
constexpr double kMostPartners = 1 << 22;

/// What the busiest rank sends in one exchange. With a shard for each rank all send the same;
/// beyond kMostPartners the bound is taken that every partner is on another rank.
double sent_bytes(const Shape& shape, Precision precision, Pairs pairs) {
  if (pairs.empty() || shape.ranks == 1) return 0.0;
  const auto k = static_cast<int>(pairs.size());
  const bool even = shape.shards() == static_cast<std::uint64_t>(shape.ranks);
  if (even || std::ldexp(static_cast<double>(shape.shards()), k) > kMostPartners) {
    const double shard =
        std::ldexp(amplitude_bytes(precision), static_cast<int>(shape.local_bits()));
    return static_cast<double>(shape.most_shards()) * shard * (1.0 - std::ldexp(1.0, -k));
  }
  std::uint64_t most = 0;
  for (int rank = 0; rank < shape.ranks; ++rank) {
    most = std::max(most, exchange_bytes(shape, precision, pairs, rank));
  }
  return static_cast<double>(most);
}

/// State of the busiest rank.
double local_bytes(const Plan& plan) {
  return static_cast<double>(plan.shape.most_shards()) *
         static_cast<double>(shard_bytes(plan.shape, plan.precision));
}

}  // namespace

std::uint64_t exchange_bytes(const Shape& shape, Precision precision, Pairs pairs, int rank) {
  if (pairs.empty()) return 0;
  std::uint64_t moved = 0;  // the exchanged bits of the shard number
  for (const auto& [low, high] : pairs) moved |= bit(high - shape.local_bits());
  const std::uint64_t segment =
      (std::uint64_t{amplitude_bytes(precision)} << shape.local_bits()) >> pairs.size();
  std::uint64_t bytes = 0;
  for (std::uint64_t v = shape.first_shard(rank); v < shape.first_shard(rank + 1); ++v) {
    for (std::uint64_t s = next_subset(0, moved); s != 0; s = next_subset(s, moved)) {
      if (shape.owner(v ^ s) != rank) bytes += segment;
    }
  }
  return bytes;
}

std::uint64_t observable_bytes(const Shape& shape, Precision precision, const Layout& layout,
                               std::span<const PauliSum> observables, FlipUse use, int rank) {
  std::vector<std::uint64_t> flips;
  for (const PauliSum& observable : observables) {
    const auto more = flips_of(observable, layout);
    flips.insert(flips.end(), more.begin(), more.end());
  }
  std::uint64_t bytes = 0;
  for (const FlipStep& step : route_flips(shape, precision, flips, use)) {
    for (const std::uint32_t k : step.flips) {
      const std::uint64_t flip = exchanged(flips[k], step.pairs) >> shape.local_bits();
      for (std::uint64_t v = shape.first_shard(rank); v < shape.first_shard(rank + 1); ++v) {
        if (shape.owner(v ^ flip) != rank) bytes += shard_bytes(shape, precision);
      }
    }
    if (step.pairs.empty()) continue;
    const std::uint64_t once = exchange_bytes(shape, precision, step.pairs, rank);
    bytes += exchanges_of(use) * once;
    if (use == FlipUse::apply) continue;
    const std::uint64_t amplitudes = std::uint64_t{amplitude_bytes(precision)}
                                     << shape.local_bits();
    const std::uint64_t sums = sizeof(double) << sum_bits(shape, step.pairs);
    const auto k = step.pairs.size();
    bytes += step.flips.size() * (once / (amplitudes >> k)) * (sums >> k);
  }
  return bytes;
}

double operation_flop(const Lowered& op, unsigned qubits) {
  const double amplitudes =
      std::ldexp(1.0, static_cast<int>(qubits) - std::popcount(op.control_mask));
  switch (op.kind) {
    case Lowered::Kind::matrix:
      return amplitudes * (8.0 * std::ldexp(1.0, op.targets) - 2.0);
    case Lowered::Kind::diagonal:
      return amplitudes * 6.0;
    case Lowered::Kind::pauli:
      return amplitudes * 8.0;
    case Lowered::Kind::permutation:
      return 0.0;
  }
  throw Error(ErrorCode::bug, "unknown kind of operation in a forecast");
}

ExchangeSeconds exchange_seconds(const Plan& plan, const Stage& stage) {
  ExchangeSeconds seconds;
  if (stage.exchange.empty()) return seconds;
  const HostProfile& profile = plan.profile;
  const double messages = std::ldexp(1.0, static_cast<int>(stage.exchange.size())) - 1.0;
  seconds.travel = sent_bytes(plan.shape, plan.precision, stage.exchange) / profile.exchange_rate +
                   profile.exchange_latency * messages;
  seconds.copy = 2.0 * local_bytes(plan) / profile.memory_rate;
  return seconds;
}

std::uint64_t overlap_positions(const Plan& plan, const Stage& stage) {
  if (!plan.optimisations.has(Optimisation::overlap)) return 0;
  if (stage.exchange.empty() || stage.pass_count == 0 || plan.shape.ranks == 1) return 0;
  const Pass& first = plan.passes[stage.first_pass];
  std::uint64_t outer = low_mask(plan.shape.local_bits()) & ~first.active & ~first.zero;
  for (const auto& [low, high] : stage.exchange) outer &= ~bit(low);
  return outer;
}

Forecast forecast(const Plan& plan) {
  Forecast result;
  result.stages = plan.stages.size();
  result.passes = plan.passes.size();
  const Shape& shape = plan.shape;
  const double local = local_bytes(plan);
  result.bytes_per_rank = static_cast<double>(rank_bytes(shape, plan.precision));
  for (const Stage& stage : plan.stages) {
    result.bytes_exchanged += sent_bytes(shape, plan.precision, stage.exchange);
    const ExchangeSeconds seconds = exchange_seconds(plan, stage);
    result.exchange_seconds += seconds.travel + seconds.copy;
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const Pass& pass = plan.passes[p];
      double flop = 0.0;
      for (const ListedGate& gate : plan.gates.gates) flop += listed_flop(gate, shape.qubits);
      for (std::uint32_t s = pass.first_sub;
           plan.gates.empty() && s < pass.first_sub + pass.sub_count; ++s) {
        const SubBlock& sub = plan.subs[s];
        for (std::uint32_t k = sub.first_op; k < sub.first_op + sub.op_count; ++k) {
          flop += operation_flop(plan.circuit.ops[plan.order[k]], shape.qubits);
        }
      }
      // Amplitudes that are still 0 are left alone; a shard as a whole is there or not.
      const std::uint64_t zero = pass.zero & low_mask(shape.local_bits());
      const double touched = std::ldexp(local, -std::popcount(zero));
      result.flop += flop;
      result.bytes_moved += 2.0 * touched;
    }
  }
  return result;
}

}  // namespace qross::qsim
