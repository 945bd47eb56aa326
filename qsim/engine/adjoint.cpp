// SPDX-License-Identifier: Apache-2.0
// The adjoint gradient: forward, apply the observable to a second state, then walk stages, passes,
// sub-blocks and operations backwards. Each block of ket and bra is taken through all operations of
// a pass while it is in cache; partial derivatives are summed in a fixed order.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "qsim/core/parallel.hpp"
#include "qsim/core/tree_sum.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/dist/state_access-inl.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/pair_passes.hpp"
#include "qsim/engine/sweep-inl.hpp"

namespace qross::qsim {
namespace {

/// Blocks of a pass are summed in this many slices a shard, whatever the number of threads.
constexpr std::uint64_t kSlices = 64;

/// Both states fit the plan, and the ket may be what a run has left.
template <class T>
void check_states(const Plan& plan, std::span<const double> values, StateVector<T>& ket,
                  StateVector<T>& bra, bool after_run) {
  check_plan(plan, values, bra);
  check_plan(plan, values, ket);
  if (after_run && !(ket.layout() == plan.final)) {
    throw Error(ErrorCode::usage, "the ket does not have the layout that its plan ends with",
                "call Engine::run with this plan on the ket first");
  }
}

/// |0..0> in the layout the plan starts from.
template <class T>
void start_over(const Plan& plan, StateVector<T>& ket) {
  if (ket.is_zero_state()) return StateAccess::relabel(ket, plan.initial);
  ket.set_zero_state(plan.initial);
}

}  // namespace

template <class T>
ValueAndGradient Engine::value_and_gradient(const Plan& plan, std::span<const double> values,
                                            const PauliSum& observable, StateVector<T>& ket,
                                            StateVector<T>& bra) const {
  check_states(plan, values, ket, bra, false);
  start_over(plan, ket);
  run(plan, values, ket);
  return gradient_after_run(plan, values, observable, ket, bra);
}

template <class T>
ValueAndGradient Engine::gradient_after_run(const Plan& plan, std::span<const double> values,
                                            const PauliSum& observable, StateVector<T>& ket,
                                            StateVector<T>& bra) const {
  check_states(plan, values, ket, bra, true);
  ValueAndGradient result;
  result.value = begin_bra(ket, observable, bra);
  result.gradient = walk_back(plan, values, ket, bra);
  return result;
}

template <class T>
ValuesAndGradient Engine::vector_jacobian_product(const Plan& plan, std::span<const double> values,
                                                  std::span<const PauliSum> observables,
                                                  std::span<const double> weights,
                                                  StateVector<T>& ket, StateVector<T>& bra,
                                                  bool after_run) const {
  if (weights.size() != observables.size()) {
    throw Error(ErrorCode::bad_input, fmt::format("{} observables were given {} weights",
                                                  observables.size(), weights.size()));
  }
  check_states(plan, values, ket, bra, after_run);
  if (!after_run) {
    start_over(plan, ket);
    run(plan, values, ket);
  }
  ValuesAndGradient result;
  PauliSum sum;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    sum = std::move(sum) + weights[k] * observables[k];
  }
  if (weights.size() > 1) result.values = expectations(ket, observables);
  const double value = begin_bra(ket, sum, bra);
  // A value of its own costs a sweep, unless it is there already.
  if (weights.size() == 1) {
    result.values.push_back(weights[0] == 1.0 ? value : expectation(ket, observables[0]));
  }
  result.gradient = walk_back(plan, values, ket, bra);
  return result;
}

template <class T>
std::vector<double> Engine::walk_back(const Plan& plan, std::span<const double> values,
                                      StateVector<T>& ket, StateVector<T>& bra) const {
  if (plan.circuit.slots == 0) return {};
  // Before SWAPs are relabelled the wires are where the last stage left them; stages work on wires.
  const Shape& shape = ket.shape();
  const std::uint64_t shards = ket.shard_count();
  std::vector<double> of_op(plan.circuit.ops.size() * shards, 0.0);  // [op][shard]
  PairCompiler<T> compiler(kernels<T>(), plan, values);
  for (auto stage = plan.stages.rbegin(); stage != plan.stages.rend(); ++stage) {
    for (std::uint32_t p = stage->first_pass + stage->pass_count; p-- > stage->first_pass;) {
      const PairPass<T> pass = compiler.compile(plan.passes[p], stage->layout, p == 0);
      const Sweep sweep(shape, plan.passes[p].active, 0, ket.first_shard(), shards);
      const std::uint64_t per_shard =
          shards == 0 ? 0 : static_cast<std::uint64_t>(sweep.blocks()) / shards;
      const std::uint64_t slices = std::min(kSlices, per_shard);
      const std::uint64_t in_slice = slices == 0 ? 0 : per_shard / slices;
      const std::size_t count = pass.ops().size();
      std::vector<double> sums(shards * slices * count, 0.0);
      const auto tasks = static_cast<std::int64_t>(shards * slices);
      T* const bras = bra.mutable_shard(0);
      T* const kets = ket.mutable_shard(0);
      const std::uint64_t stride = ket.shard_blocks() * kBlock<T>;
      const int sharing = threads_for(threads_, block_nanoseconds(plan, plan.passes[p], 2) *
                                                    static_cast<double>(sweep.blocks()));
      parallel_for(
          sharing, 0, tasks, [](int) { return Scratch<T>(); },
          [&](Scratch<T>& scratch, std::int64_t t) {
            const auto sum = std::span(sums).subspan(static_cast<std::size_t>(t) * count, count);
            for (std::uint64_t j = 0; j < in_slice; ++j) {
              const auto [k, base] = sweep.block(t * static_cast<std::int64_t>(in_slice) +
                                                 static_cast<std::int64_t>(j));
              const std::uint64_t index = (ket.first_shard() + k) << shape.local_bits();
              pass.run(kernels<T>(), bras + k * stride, kets + k * stride, index, base, sum,
                       scratch);
            }
          });
      for (std::size_t c = 0; c < count; ++c) {
        for (std::uint64_t k = 0; k < shards; ++k) {
          TreeSum sum;
          for (std::uint64_t s = 0; s < slices; ++s) sum.add(sums[(k * slices + s) * count + c]);
          of_op[pass.ops()[c] * shards + k] += sum.total();
        }
      }
    }
    // Going back: undo the exchange that this stage began with. It is its own inverse.
    exchange_positions<T>(ket, stage->exchange);
    exchange_positions<T>(bra, stage->exchange);
  }
  StateAccess::relabel(ket, plan.initial);
  StateAccess::relabel(bra, plan.initial);

  // Sum over shards in shard order, then the chain rule.
  std::vector<double> gradient(plan.circuit.slots, 0.0);
  std::vector<double> mine;
  std::vector<std::size_t> with_derivative;
  for (std::size_t op = 0; op < plan.circuit.ops.size(); ++op) {
    if (has_derivative(plan.circuit, plan.circuit.ops[op])) with_derivative.push_back(op);
  }
  for (std::uint64_t k = 0; k < shards; ++k) {
    for (const std::size_t op : with_derivative) mine.push_back(of_op[op * shards + k]);
  }
  const std::vector<double> all = comm_->all_gather(mine);
  for (std::size_t c = 0; c < with_derivative.size(); ++c) {
    TreeSum sum;
    for (std::size_t v = 0; v < shape.shards(); ++v) sum.add(all[v * with_derivative.size() + c]);
    const Lowered& op = plan.circuit.ops[with_derivative[c]];
    plan.circuit.params[op.first_param].accumulate_gradient(values, sum.total(), gradient);
  }
  return gradient;
}

// NOLINTBEGIN(cppcoreguidelines-macro-usage): the same for both precisions
#define QROSS_ADJOINT(T)                                                                        \
  template ValueAndGradient Engine::value_and_gradient(                                         \
      const Plan&, std::span<const double>, const PauliSum&, StateVector<T>&, StateVector<T>&)  \
      const;                                                                                    \
  template ValueAndGradient Engine::gradient_after_run(                                         \
      const Plan&, std::span<const double>, const PauliSum&, StateVector<T>&, StateVector<T>&)  \
      const;                                                                                    \
  template ValuesAndGradient Engine::vector_jacobian_product(                                   \
      const Plan&, std::span<const double>, std::span<const PauliSum>, std::span<const double>, \
      StateVector<T>&, StateVector<T>&, bool) const;                                            \
  template std::vector<double> Engine::walk_back(const Plan&, std::span<const double>,          \
                                                 StateVector<T>&, StateVector<T>&) const;
// NOLINTEND(cppcoreguidelines-macro-usage)
QROSS_ADJOINT(double)
QROSS_ADJOINT(float)
#undef QROSS_ADJOINT

}  // namespace qross::qsim
