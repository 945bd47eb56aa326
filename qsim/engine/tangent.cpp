// SPDX-License-Identifier: Apache-2.0
// Jacobian-vector products: ket and tangent go forward through the same passes; at each gate with
// an angle the tangent takes up -i/2 times the angle's derivative times generator times ket.
#include <cmath>

#include <fmt/core.h>

#include "qsim/core/parallel.hpp"
#include "qsim/dist/exchange.hpp"
#include "qsim/dist/state_access-inl.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/engine/pair_passes.hpp"
#include "qsim/engine/sweep-inl.hpp"

namespace qross::qsim {
namespace {

/// The derivative of each operation's angle along `direction`.
std::vector<double> angle_derivatives(const LoweredCircuit& circuit, std::span<const double> values,
                                      std::span<const double> direction) {
  std::vector<double> result(circuit.ops.size(), 0.0);
  std::vector<double> gradient(direction.size(), 0.0);
  for (std::size_t op = 0; op < circuit.ops.size(); ++op) {
    if (!has_derivative(circuit, circuit.ops[op])) continue;
    const Param& angle = circuit.params[circuit.ops[op].first_param];
    if (const auto affine = angle.affine()) {
      result[op] = affine->scale * direction[affine->slot];
      continue;
    }
    angle.accumulate_gradient(values, 1.0, gradient);
    for (std::size_t p = 0; p < gradient.size(); ++p) {
      result[op] += gradient[p] * direction[p];
      gradient[p] = 0.0;
    }
  }
  return result;
}

/// Whether this rank holds amplitude 0.
template <class T>
bool holds_first(const StateVector<T>& state) {
  return state.first_shard() == 0 && state.shard_count() > 0;
}

}  // namespace

template <class T>
ValuesAndDerivatives Engine::jacobian_vector_product(
    const Plan& plan, std::span<const double> values, std::span<const double> direction,
    std::span<const PauliSum> observables, StateVector<T>& ket, StateVector<T>& tangent) const {
  check_plan(plan, values, ket);
  check_plan(plan, values, tangent);
  if (direction.size() != values.size()) {
    throw Error(ErrorCode::bad_input,
                fmt::format("the circuit has {} parameters, the direction has {} numbers",
                            values.size(), direction.size()));
  }
  ket.set_zero_state(plan.initial);
  tangent.set_zero_state(plan.initial);
  ValuesAndDerivatives result;
  if (plan.circuit.slots == 0) {  // nothing depends on anything
    run(plan, values, ket);
    StateAccess::relabel(tangent, plan.final);
    if (T* const own = tangent.mutable_shard(0); holds_first(tangent)) own[0] = T{0};
    result.values = expectations(ket, observables);
    result.derivatives.assign(observables.size(), 0.0);
    return result;
  }
  T* const kets = ket.mutable_shard(0);
  T* const tangents = tangent.mutable_shard(0);
  if (holds_first(tangent)) tangents[0] = T{0};

  const Shape& shape = ket.shape();
  const std::uint64_t stride = ket.shard_blocks() * kBlock<T>;
  PairCompiler<T> compiler(kernels<T>(), plan, values,
                           angle_derivatives(plan.circuit, values, direction));
  for (const Stage& stage : plan.stages) {
    exchange_positions<T>(ket, stage.exchange);
    exchange_positions<T>(tangent, stage.exchange);
    for (std::uint32_t p = stage.first_pass; p < stage.first_pass + stage.pass_count; ++p) {
      const PairPass<T> pass =
          compiler.compile(plan.passes[p], stage.layout, p + 1 == plan.passes.size());
      const Sweep sweep(shape, plan.passes[p].active, plan.passes[p].zero, ket.first_shard(),
                        ket.shard_count());
      const int sharing = threads_for(threads_, block_nanoseconds(plan, plan.passes[p], 2) *
                                                    static_cast<double>(sweep.blocks()));
      parallel_for(
          sharing, 0, sweep.blocks(), [](int) { return Scratch<T>(); },
          [&](Scratch<T>& scratch, std::int64_t b) {
            const auto [k, base] = sweep.block(b);
            const std::uint64_t index = (ket.first_shard() + k) << shape.local_bits();
            pass.run(kernels<T>(), kets + k * stride, tangents + k * stride, index, base, {},
                     scratch);
          });
    }
  }
  StateAccess::relabel(ket, plan.final);
  StateAccess::relabel(tangent, plan.final);

  result.values = expectations(ket, observables);
  result.derivatives = matrix_elements(ket, observables, tangent);
  for (double& derivative : result.derivatives) derivative *= 2.0;
  return result;
}

template ValuesAndDerivatives Engine::jacobian_vector_product(const Plan&, std::span<const double>,
                                                              std::span<const double>,
                                                              std::span<const PauliSum>,
                                                              StateVector<double>&,
                                                              StateVector<double>&) const;
template ValuesAndDerivatives Engine::jacobian_vector_product(const Plan&, std::span<const double>,
                                                              std::span<const double>,
                                                              std::span<const PauliSum>,
                                                              StateVector<float>&,
                                                              StateVector<float>&) const;

}  // namespace qross::qsim
