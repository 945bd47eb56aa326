// SPDX-License-Identifier: Apache-2.0
// A pass takes the longer of its time in memory and its time in the registers: blocks of one pass
// are worked on while others are on their way. States that fit the caches take no time in memory.
#include "qsim/engine/work.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"
#include "qsim/engine/passes.hpp"

namespace qross::qsim {
namespace {

/// Of the L2 cache of a core, what a state may take to stay there.
constexpr double kCacheBytes = 786432.0;

class Estimate {
 public:
  explicit Estimate(const Plan& plan)
      : plan_(plan),
        profile_(plan.profile),
        local_(static_cast<double>(plan.shape.most_shards()) *
               static_cast<double>(shard_bytes(plan.shape, plan.precision))) {}

  [[nodiscard]] PassWork pass(const Pass& pass, const StepCounts& steps) const {
    PassWork work;
    work.active = pass.active;
    work.sub_blocks = pass.sub_count;
    for (std::uint32_t s = pass.first_sub; s < pass.first_sub + pass.sub_count; ++s) {
      work.operations += plan_.subs[s].op_count;
    }
    work.steps = steps;
    const double blocks = steps.visited * local_;
    const double touched = steps.touched * blocks;
    const bool is_double = plan_.precision == Precision::double_precision;
    const StepSeconds& rates = is_double ? profile_.double_steps : profile_.single_steps;
    const double amplitudes = blocks / amplitude_bytes(plan_.precision);
    const double all_blocks = blocks / 128.0;
    // Loads and stores of a tile hide some of the steps of its neighbours.
    constexpr auto kTrip = static_cast<std::size_t>(StepForm::trip);
    double step_seconds = 0.0;
    for (std::size_t k = 0; k < kStepForms; ++k) {
      work.instructions += steps.of[k] * kStepInstructions[k] * all_blocks;
      if (k != kTrip) step_seconds += steps.of[k] * rates.of[k];
    }
    const double block_seconds =
        std::max(step_seconds, steps.of[kTrip] * rates.of[kTrip] + rates.exposed * step_seconds);
    // A pass has no more parts to work on than blocks of its active positions.
    const double parts = std::ldexp(amplitudes, -std::popcount(pass.active));
    const double threads =
        std::clamp(std::floor(parts), 1.0, static_cast<double>(profile_.threads));
    const double plain = steps.plain_flop * amplitudes / (is_double ? 1.0 : 2.0);
    work.instructions += plain * (is_double ? 1.0 : 2.0) / (is_double ? 16.0 : 32.0);
    work.arithmetic_seconds = all_blocks * block_seconds / threads + plain / profile_.flop_rate;
    work.bytes = (1.0 + steps.read) * touched;
    if (local_ > kCacheBytes * profile_.threads) {
      // What is only written streams, however far apart the rows lie.
      work.memory_seconds = 2.0 * steps.read * touched / profile_.pass_rate +
                            (1.0 - steps.read) * touched / profile_.memory_rate;
    }
    work.fork_seconds = profile_.threads > 1 && threads > 1.0 ? profile_.fork_seconds : 0.0;
    return work;
  }

  /// One read and write of the most that a pass touches; from |0..0> it need not be read.
  [[nodiscard]] double one_sweep(std::span<const PassWork> passes) const {
    if (local_ <= kCacheBytes * profile_.threads || passes.empty()) return 0.0;
    double most = 0.0;
    for (const PassWork& pass : passes) {
      most = std::max(most, pass.steps.visited * pass.steps.touched);
    }
    const double times = plan_.passes.front().fresh != 0 ? 1.0 : 2.0;
    return times * most * local_ / profile_.memory_rate;
  }

 private:
  const Plan& plan_;
  const HostProfile& profile_;
  double local_;  ///< bytes of state of the busiest rank
};

template <class T>
std::vector<StepCounts> pass_steps(const Plan& plan, std::span<const double> values,
                                   std::string_view isa) {
  std::vector<StepCounts> steps;
  PassCompiler<T> compiler(kernel_table<T>(isa), plan, values);
  for (const Stage& stage : plan.stages) {
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const PreparedPass<T> pass = compiler.compile(p, stage.layout, p + 1 == plan.passes.size());
      steps.push_back(pass.steps());
    }
  }
  return steps;
}

}  // namespace

Limit PassWork::limit() const noexcept {
  const double most = std::max(memory_seconds, arithmetic_seconds);
  if (fork_seconds > most) return Limit::threads;
  return memory_seconds > arithmetic_seconds ? Limit::memory : Limit::arithmetic;
}

const char* name(Limit limit) noexcept {
  switch (limit) {
    case Limit::memory:
      return "memory";
    case Limit::arithmetic:
      return "arithmetic";
    case Limit::threads:
      return "threads";
  }
  return "";
}

Work work_of(const Plan& plan, std::span<const double> values, std::string_view isa) {
  return work_of(plan, plan.precision == Precision::double_precision
                           ? pass_steps<double>(plan, values, isa)
                           : pass_steps<float>(plan, values, isa));
}

Work work_of(const Plan& plan, std::span<const StepCounts> steps) {
  const Estimate estimate(plan);
  Work work;
  for (std::size_t p = 0; p < plan.passes.size(); ++p) {
    work.passes.push_back(estimate.pass(plan.passes[p], steps[p]));
  }
  double memory = 0.0;
  double arithmetic = 0.0;
  for (const PassWork& pass : work.passes) {
    work.seconds += pass.seconds();
    work.bytes += pass.bytes;
    work.instructions += pass.instructions;
    memory += pass.memory_seconds;
    arithmetic += pass.arithmetic_seconds;
  }
  for (const Stage& stage : plan.stages) {
    const ExchangeSeconds exchange = exchange_seconds(plan, stage);
    work.exchange_seconds += exchange.travel + exchange.copy;
    const std::uint64_t outer = overlap_positions(plan, stage);
    if (outer == 0) continue;
    work.exchange_seconds -= (1.0 - std::ldexp(1.0, -std::popcount(outer))) *
                             std::min(exchange.travel, work.passes[stage.first_pass].seconds());
  }
  work.seconds += work.exchange_seconds;
  work.floor_seconds = std::max(std::min(estimate.one_sweep(work.passes), memory), arithmetic) +
                       work.exchange_seconds;
  return work;
}

}  // namespace qross::qsim
