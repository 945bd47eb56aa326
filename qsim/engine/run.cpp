// SPDX-License-Identifier: Apache-2.0
// Running plans forward: stages, then passes, then blocks in parallel, sub-blocks in order. All
// threads work on their own blocks, so a pass has one barrier, at its end; where the first pass of
// a stage runs during the exchange before it, one after each piece that has come.
#include <algorithm>

#include "qsim/core/parallel.hpp"
#include "qsim/core/stopwatch.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/dist/piecewise_exchange.hpp"
#include "qsim/dist/state_access-inl.hpp"
#include "qsim/dist/threads.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/passes.hpp"
#include "qsim/engine/sweep-inl.hpp"
#include "qsim/engine/watch.hpp"

namespace qross::qsim {
namespace {

/// The blocks that a pass visits, in chunks by the bits at `chunks`.
template <class T>
Sweep sweep_of(const Pass& pass, const StateVector<T>& state, const Conditioned& changed,
               std::uint64_t chunks = 0) {
  return {state.shape(),       pass.active, pass.zero, state.first_shard(),
          state.shard_count(), chunks,      changed};
}

/// Threads for a pass, and what a block takes one of them.
struct Threads {
  int most;
  double block_nanoseconds;
};

/// Runs blocks begin .. end - 1 of a pass. The thread that called runs `between` after each of its
/// own blocks.
template <class T, class Between>
void run_blocks(const KernelTable<T>& kernels, const PreparedPass<T>& pass, StateVector<T>& state,
                const Sweep& sweep, std::int64_t begin, std::int64_t end, const Threads& threads,
                const Between& between) {
  T* const shards = state.mutable_shard(0);
  const std::uint64_t stride = state.shard_blocks() * kBlock<T>;
  struct Local {
    bool caller;
    Scratch<T> scratch;
  };
  const double blocks = static_cast<double>(end - begin);
  parallel_for(
      threads_for(threads.most, threads.block_nanoseconds * blocks), begin, end,
      [](int member) {
        return Local{member == 0, {}};
      },
      [&](Local& local, std::int64_t b) {
        const auto [k, base] = sweep.block(b);
        const std::uint64_t shard = (state.first_shard() + k) << state.shape().local_bits();
        const T* next = nullptr;
        if (b + 1 < end) {
          const auto [next_k, next_base] = sweep.block(b + 1);
          next = state.shard(next_k) + 2 * next_base;
        }
        pass.run(kernels, shards + k * stride, shard, base, local.scratch, next);
        if (local.caller) between();
      });
}

/// Up to which block of a pass to run before the exchange's next piece is waited for: the blocks of
/// a chunk that has come are spread over the pieces of the chunk after it, in multiples of `grain`;
/// all of them when everything has come.
template <class T>
std::int64_t overlap_until(const PiecewiseExchange<T>& exchange, const Sweep& sweep,
                           std::int64_t begin, std::int64_t grain) {
  const std::uint64_t per_chunk = exchange.cut().pieces_per_chunk();
  const std::uint64_t arrived = exchange.arrived();
  if (arrived == exchange.cut().pieces()) return sweep.blocks();
  if (arrived < per_chunk) return begin;
  const std::uint64_t ready = arrived - per_chunk + 1;
  const std::int64_t before = sweep.blocks_before(ready / per_chunk);
  const std::int64_t blocks = sweep.blocks_before(ready / per_chunk + 1) - before;
  const std::int64_t end = before + blocks * static_cast<std::int64_t>(ready % per_chunk) /
                                        static_cast<std::int64_t>(per_chunk);
  return begin + (end - begin) / grain * grain;
}

/// Blocks that are worth waking all threads for.
std::int64_t grain_of(const Threads& threads) {
  std::int64_t blocks = 1;
  while (threads_for(threads.most, threads.block_nanoseconds * static_cast<double>(blocks)) <
         threads.most) {
    blocks *= 2;
  }
  return std::max<std::int64_t>(blocks, threads.most);
}

/// The state is one that the plan starts from.
template <class T>
void check_start(const Plan& plan, StateVector<T>& state) {
  if (plan.from_zero_state) {
    if (!state.is_zero_state()) {
      throw Error(
          ErrorCode::usage, "the plan is for |0..0>, but the state may hold something else by now",
          "plan with make_plan(circuit, state.continued()) to go on from the state, or call "
          "state.set_zero_state(plan.initial) first");
    }
    // |0..0> is the same in every layout.
    StateAccess::relabel(state, plan.initial);
  } else if (!(plan.initial == state.layout())) {
    throw Error(ErrorCode::usage,
                "the plan starts from another layout of the qubits than the state has",
                "plan with make_plan(circuit, state.continued()) for the state as it is now");
  }
}

}  // namespace

Engine::Engine(Communicator& comm, const EngineOptions& options)
    : comm_(&comm),
      threads_(options.threads == 0 ? choose_threads(0, neighbours(comm)).threads
                                    : options.threads),
      double_kernels_(&kernel_table<double>(options.isa.empty() ? comm.isa() : options.isa)),
      float_kernels_(&kernel_table<float>(double_kernels_->name)) {
  if (threads_ < 1) {
    throw Error(ErrorCode::usage, "an engine needs at least one thread",
                "leave out the number, or give 0, for as many as there are processors for");
  }
}

Plan Engine::make_plan(const Circuit& circuit, PlanOptions options) const {
  options.ranks = comm_->size();
  return qsim::make_plan(circuit, options);
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
  PassWatch nobody;
  return run_watched(*this, plan, values, state, nobody);
}

template <class T>
RunCounts run_watched(const Engine& engine, const Plan& plan, std::span<const double> values,
                      StateVector<T>& state, PassWatch& waiting) {
  check_plan(plan, values, state);
  check_start(plan, state);
  RunCounts counts;
  const KernelTable<T>& kernels = engine.kernels<T>();
  PassCompiler<T> compiler(kernels, plan, values);
  const auto compile = [&](const Stage& stage, std::uint32_t p) {
    const Stopwatch preparing;
    auto pass = compiler.compile(p, stage.layout, p + 1 == plan.passes.size());
    waiting.prepare_seconds += preparing.seconds();
    return pass;
  };
  const auto passed = [&](double seconds, const Sweep& sweep, const StepCounts& steps) {
    counts.pass_seconds.push_back(seconds);
    counts.blocks.push_back(sweep.blocks());
    counts.steps.push_back(steps);
    if (waiting.after_pass) waiting.after_pass(counts.pass_seconds.size(), plan.passes.size());
  };
  for (const Stage& stage : plan.stages) {
    std::uint32_t p = stage.first_pass;
    if (const std::uint64_t outer = overlap_positions(plan, stage); outer != 0) {
      const Stopwatch all;
      const PreparedPass<T> pass = compile(stage, p);  // it may throw: before anything travels
      double seconds = all.seconds();
      PiecewiseExchange<T> exchange(state, stage.exchange, outer, 2);
      const Sweep sweep =
          sweep_of(plan.passes[p], state, pass.changed(), exchange.cut().chunk_positions());
      const Threads threads{engine.threads(), block_nanoseconds(plan, plan.passes[p])};
      const std::int64_t grain = grain_of(threads);
      ++p;
      std::int64_t begin = 0;
      while (exchange.next()) {
        const Stopwatch running;
        const std::int64_t end = overlap_until(exchange, sweep, begin, grain);
        run_blocks(kernels, pass, state, sweep, begin, end, threads, [&] { exchange.poke(); });
        begin = end;
        seconds += running.seconds();
      }
      counts.bytes_sent += exchange.bytes_sent();
      counts.exchange_seconds += all.seconds() - seconds;
      passed(seconds, sweep, pass.steps());
    } else {
      const Stopwatch watch;
      counts.bytes_sent += exchange_positions<T>(state, stage.exchange);
      counts.exchange_seconds += watch.seconds();
    }
    for (; p < stage.first_pass + stage.pass_count; ++p) {
      const Stopwatch watch;
      const PreparedPass<T> pass = compile(stage, p);
      const Sweep sweep = sweep_of(plan.passes[p], state, pass.changed());
      const Threads threads{engine.threads(), block_nanoseconds(plan, plan.passes[p])};
      run_blocks(kernels, pass, state, sweep, 0, sweep.blocks(), threads, [] {});
      passed(watch.seconds(), sweep, pass.steps());
    }
  }
  StateAccess::relabel(state, plan.final);
  if (plan.from_zero_state && !plan.passes.empty()) {
    StateAccess::know_zero_positions(state, plan.passes.back().zero);
  }
  return counts;
}

template StateVector<double> Engine::make_state(const Plan&, unsigned) const;
template StateVector<float> Engine::make_state(const Plan&, unsigned) const;
template RunCounts Engine::run(const Plan&, std::span<const double>, StateVector<double>&) const;
template RunCounts Engine::run(const Plan&, std::span<const double>, StateVector<float>&) const;

template RunCounts run_watched(const Engine&, const Plan&, std::span<const double>,
                               StateVector<double>&, PassWatch&);
template RunCounts run_watched(const Engine&, const Plan&, std::span<const double>,
                               StateVector<float>&, PassWatch&);

}  // namespace qross::qsim
