// SPDX-License-Identifier: Apache-2.0
// The adjoint gradient: forward, apply the observable to a second state, then walk stages, passes,
// sub-blocks and operations backwards. Each block of ket and bra is taken through all operations of
// a pass while it is in cache; partial derivatives are summed in a fixed order.
#include <algorithm>

#include "qsim/core/tree_sum.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/engine/backward.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/sweep-inl.hpp"

namespace qross::qsim {
namespace {

/// Blocks of a pass are summed in this many slices a shard, whatever the number of threads.
constexpr std::uint64_t kSlices = 64;

}  // namespace

template <class T>
ValueAndGradient Engine::value_and_gradient(const Plan& plan, std::span<const double> values,
                                            const PauliSum& observable, StateVector<T>& ket,
                                            StateVector<T>& bra) const {
  ket.set_zero_state(plan.initial);
  bra.set_layout(plan.initial);
  check_plan(plan, values, bra);
  run(plan, values, ket);
  ValueAndGradient result;
  result.value = expectation(ket, observable);
  bra.set_zero_state(ket.layout());
  if (bra.first_shard() == 0 && bra.shard_count() > 0) bra.shard(0)[0] = T{0};
  apply_observable(ket, observable, bra);

  // Before SWAPs are relabelled the wires are where the last stage left them; stages work on wires.
  const Shape& shape = ket.shape();
  const std::uint64_t shards = ket.shard_count();
  std::vector<double> of_op(plan.circuit.ops.size() * shards, 0.0);  // [op][shard]
  BackwardCompiler<T> compiler(kernels<T>(), plan, values);
  for (auto stage = plan.stages.rbegin(); stage != plan.stages.rend(); ++stage) {
    for (std::uint32_t p = stage->first_pass + stage->pass_count; p-- > stage->first_pass;) {
      const BackwardPass<T> pass = compiler.compile(plan.passes[p], stage->layout, p == 0);
      const Sweep sweep(shape, plan.passes[p].active, 0, ket.first_shard(), shards);
      const std::uint64_t per_shard =
          shards == 0 ? 0 : static_cast<std::uint64_t>(sweep.blocks()) / shards;
      const std::uint64_t slices = std::min(kSlices, per_shard);
      const std::uint64_t in_slice = slices == 0 ? 0 : per_shard / slices;
      const std::size_t count = pass.ops().size();
      std::vector<double> sums(shards * slices * count, 0.0);
      const auto tasks = static_cast<std::int64_t>(shards * slices);
#pragma omp parallel num_threads(threads_) if (tasks > 1)
      {
        Scratch<T> scratch;
#pragma omp for schedule(static)
        for (std::int64_t t = 0; t < tasks; ++t) {
          const auto sum = std::span(sums).subspan(static_cast<std::size_t>(t) * count, count);
          for (std::uint64_t j = 0; j < in_slice; ++j) {
            const auto [k, base] =
                sweep.block(t * static_cast<std::int64_t>(in_slice) + static_cast<std::int64_t>(j));
            const std::uint64_t index = (ket.first_shard() + k) << shape.local_bits();
            pass.run(kernels<T>(), bra.shard(k), ket.shard(k), index, base, sum, scratch);
          }
        }
      }
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
  ket.set_layout(plan.initial);
  bra.set_layout(plan.initial);

  // Sum over shards in shard order, then the chain rule.
  result.gradient.assign(plan.circuit.slots, 0.0);
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
    plan.circuit.params[op.first_param].accumulate_gradient(values, sum.total(), result.gradient);
  }
  return result;
}

template ValueAndGradient Engine::value_and_gradient(const Plan&, std::span<const double>,
                                                     const PauliSum&, StateVector<double>&,
                                                     StateVector<double>&) const;
template ValueAndGradient Engine::value_and_gradient(const Plan&, std::span<const double>,
                                                     const PauliSum&, StateVector<float>&,
                                                     StateVector<float>&) const;

}  // namespace qross::qsim
