// SPDX-License-Identifier: Apache-2.0
// Counting what a plan moves and computes. Seconds are rooflines: each pass takes the longer of its
// memory time and its arithmetic time, exchanges add up.
#include "qsim/plan/forecast.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qross::qsim {
namespace {

/// What the busiest rank sends in one exchange of k pairs: all of its shards but what stays.
double sent_bytes(const Shape& shape, Precision precision, std::size_t pairs) {
  if (pairs == 0 || shape.ranks == 1) return 0.0;
  const double shard = std::ldexp(amplitude_bytes(precision), static_cast<int>(shape.local_bits()));
  return static_cast<double>(shape.most_shards()) * shard *
         (1.0 - std::ldexp(1.0, -static_cast<int>(pairs)));
}

}  // namespace

double operation_flop(const Lowered& op, unsigned qubits) {
  const double amplitudes =
      std::ldexp(1.0, static_cast<int>(qubits) - std::popcount(op.control_mask));
  switch (op.kind) {
    case Lowered::Kind::matrix: return amplitudes * (8.0 * std::ldexp(1.0, op.targets) - 2.0);
    case Lowered::Kind::diagonal: return amplitudes * 6.0;
    case Lowered::Kind::pauli: return amplitudes * 8.0;
    case Lowered::Kind::permutation: return 0.0;
  }
  throw Error(ErrorCode::bug, "unknown kind of operation in a forecast");
}

Forecast forecast(const Plan& plan) {
  Forecast result;
  result.stages = plan.stages.size();
  result.passes = plan.passes.size();
  const Shape& shape = plan.shape;
  const double local = static_cast<double>(shape.most_shards()) *
                       static_cast<double>(shard_bytes(shape, plan.precision));
  result.bytes_per_rank = static_cast<double>(rank_bytes(shape, plan.precision));
  const double share = static_cast<double>(shape.most_shards()) / static_cast<double>(shape.shards());
  const double precision_gain = plan.precision == Precision::double_precision ? 1.0 : 2.0;
  const HostProfile& profile = plan.profile;
  for (const Stage& stage : plan.stages) {
    const double sent = sent_bytes(shape, plan.precision, stage.exchange.size());
    result.bytes_exchanged += sent;
    result.predicted_seconds += sent / profile.exchange_rate;
    if (!stage.exchange.empty()) {
      // Packing and unpacking move the exchanged amplitudes through memory once more.
      result.predicted_seconds += 2.0 * local / profile.memory_rate;
      result.predicted_seconds += profile.exchange_latency *
                                  (std::ldexp(1.0, static_cast<int>(stage.exchange.size())) - 1.0);
    }
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const Pass& pass = plan.passes[p];
      double flop = 0.0;
      for (std::uint32_t s = pass.first_sub; s < pass.first_sub + pass.sub_count; ++s) {
        const SubBlock& sub = plan.subs[s];
        for (std::uint32_t k = sub.first_op; k < sub.first_op + sub.op_count; ++k) {
          flop += operation_flop(plan.circuit.ops[plan.order[k]], shape.qubits);
        }
      }
      const double memory = 2.0 * local / profile.memory_rate;
      const double cache = 2.0 * local * pass.sub_count / profile.cache_rate;
      const double compute = flop * share / (profile.flop_rate * precision_gain);
      result.flop += flop;
      result.bytes_moved += 2.0 * local;
      result.predicted_seconds += std::max({memory, cache, compute});
    }
  }
  return result;
}

}  // namespace qross::qsim
