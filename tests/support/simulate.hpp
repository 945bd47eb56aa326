// SPDX-License-Identifier: Apache-2.0
// Runs a circuit on the engine and brings the amplitudes into one dense vector in logical order.
#pragma once

#include <Eigen/Dense>
#include <utility>
#include <vector>

#include "qsim/engine/engine.hpp"

namespace qross::test {

/// A profile so small that a state of 8 qubits has several passes, blocks and sub-blocks.
inline qsim::HostProfile tiny_profile() {
  qsim::HostProfile profile;
  profile.low_bytes_log2 = 4;
  profile.high_qubits = 1;
  profile.sub_block_log2 = 5;
  profile.stream_log2 = 0;
  return profile;
}

/// All amplitudes on every rank, index in logical order.
template <class T>
Eigen::VectorXcd gather(const qsim::StateVector<T>& state) {
  const qsim::Shape& shape = state.shape();
  std::vector<double> mine;
  for (std::uint64_t k = 0; k < state.shard_count(); ++k) {
    for (std::uint64_t i = 0; i < qsim::bit(shape.local_bits()); ++i) {
      const auto a = qsim::get_amplitude(state.shard(k), i);
      mine.push_back(static_cast<double>(a.real()));
      mine.push_back(static_cast<double>(a.imag()));
    }
  }
  const std::vector<double> all = state.comm().all_gather(mine);
  Eigen::VectorXcd result(Eigen::Index{1} << shape.qubits);
  for (std::uint64_t i = 0; i < qsim::bit(shape.qubits); ++i) {
    const std::uint64_t logical = state.layout().qubits_at(i);
    result(static_cast<Eigen::Index>(logical)) = {all[2 * i], all[2 * i + 1]};
  }
  return result;
}

template <class T>
Eigen::VectorXcd simulate(const qsim::Engine& engine, const qsim::Circuit& circuit,
                          qsim::PlanOptions options, std::span<const double> values = {}) {
  options.ranks = engine.comm().size();
  options.precision = qsim::StateVector<T>::kPrecision;
  const qsim::Plan plan = make_plan(circuit, options);
  auto state = engine.make_state<T>(plan);
  engine.run(plan, values, state);
  return gather(state);
}

/// Runs `second` on the state that `first` leaves, as a plan of its own; returns both states.
template <class T>
std::pair<Eigen::VectorXcd, Eigen::VectorXcd> simulate_both(const qsim::Engine& engine,
                                                            const qsim::Circuit& first,
                                                            const qsim::Circuit& second,
                                                            qsim::PlanOptions options) {
  options.ranks = engine.comm().size();
  options.precision = qsim::StateVector<T>::kPrecision;
  const qsim::Plan plan = make_plan(first, options);
  auto state = engine.make_state<T>(plan);
  engine.run(plan, {}, state);
  std::pair<Eigen::VectorXcd, Eigen::VectorXcd> result;
  result.first = gather(state);
  options.shape = plan.shape;
  options.initial = state.layout();
  engine.run(make_plan(second, options), {}, state);
  result.second = gather(state);
  return result;
}

}  // namespace qross::test
