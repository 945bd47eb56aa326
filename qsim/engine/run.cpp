// SPDX-License-Identifier: Apache-2.0
// Running plans forward: stages, then passes, then blocks in parallel, sub-blocks in order. All
// threads work on their own blocks, so a pass has one barrier, at its end.
#include "qsim/core/stopwatch.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/passes.hpp"
#include "qsim/engine/sweep-inl.hpp"

namespace qross::qsim {
Engine::Engine(Communicator& comm, const EngineOptions& options)
    : comm_(&comm),
      threads_(options.threads),
      double_kernels_(&kernel_table<double>(options.isa)),
      float_kernels_(&kernel_table<float>(options.isa)) {
  if (threads_ < 1) {
    throw Error(ErrorCode::usage, "an engine needs at least one thread");
  }
}

template <>
const KernelTable<double>& Engine::kernels<double>() const noexcept {
  return *double_kernels_;
}
template <>
const KernelTable<float>& Engine::kernels<float>() const noexcept {
  return *float_kernels_;
}

template <class T>
StateVector<T> Engine::make_state(const Plan& plan, unsigned colour) const {
  if (plan.precision != StateVector<T>::kPrecision) {
    throw Error(ErrorCode::bug, "a plan of one precision was given to a state of the other");
  }
  require_memory(*comm_, plan.shape, plan.precision, 1);
  StateVector<T> state(*comm_, plan.shape, threads_, colour);
  state.set_zero_state(plan.initial);
  return state;
}

template <class T>
RunCounts Engine::run(const Plan& plan, std::span<const double> values,
                      StateVector<T>& state) const {
  check_plan(plan, values, state);
  RunCounts counts;
  PassCompiler<T> compiler(kernels<T>(), plan, values);
  for (const Stage& stage : plan.stages) {
    const Stopwatch exchange;
    counts.bytes_sent += exchange_positions<T>(state, stage.exchange);
    counts.exchange_seconds += exchange.seconds();
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const Stopwatch watch;
      const PreparedPass<T> pass =
          compiler.compile(plan.passes[p], stage.layout, p + 1 == plan.passes.size());
      const Sweep sweep(state.shape(), plan.passes[p].active, plan.passes[p].zero,
                        state.first_shard(), state.shard_count());
#pragma omp parallel num_threads(threads_) if (sweep.blocks() > 1)
      {
        Scratch<T> scratch;
#pragma omp for schedule(static)
        for (std::int64_t b = 0; b < sweep.blocks(); ++b) {
          const auto [k, base] = sweep.block(b);
          const std::uint64_t shard = (state.first_shard() + k) << state.shape().local_bits();
          const T* next = nullptr;
          if (b + 1 < sweep.blocks()) {
            const auto [next_k, next_base] = sweep.block(b + 1);
            next = state.shard(next_k) + 2 * next_base;
          }
          pass.run(kernels<T>(), state.shard(k), shard, base, scratch, next);
        }
      }
      counts.pass_seconds.push_back(watch.seconds());
      counts.steps.push_back(pass.steps());
    }
  }
  state.set_layout(plan.final);
  return counts;
}

template StateVector<double> Engine::make_state(const Plan&, unsigned) const;
template StateVector<float> Engine::make_state(const Plan&, unsigned) const;
template RunCounts Engine::run(const Plan&, std::span<const double>, StateVector<double>&) const;
template RunCounts Engine::run(const Plan&, std::span<const double>, StateVector<float>&) const;

}  // namespace qross::qsim
