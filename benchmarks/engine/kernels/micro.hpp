// SPDX-License-Identifier: Apache-2.0
// What the micro-benchmarks time: single gates at chosen places of a dense state, through the
// public engine, and the three rates of the machine that they are set against. micro_main.cpp hands
// both to Google Benchmark.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "qsim/circuit/circuit.hpp"
#include "qsim/dist/state_vector.hpp"
#include "qsim/engine/engine.hpp"
#include "qsim/plan/plan.hpp"

namespace qross::bench {

/// One gate: "cx/lane". Lane: on qubits inside a block of amplitudes; low: just above; high: the
/// topmost qubits; mixed: one of each, for gates on several qubits.
struct GateCase {
  std::string name;
  qsim::Circuit circuit;
};

/// Every kind of gate at every place, on n qubits (at least 12).
[[nodiscard]] std::vector<GateCase> gate_cases(qsim::Qubit n);

/// A state without zeros, qubit q at position q, that plans are run on again and again.
template <class T>
class DenseState {
 public:
  /// Throws Error(resources) if it does not fit.
  DenseState(qsim::Qubit n, int threads);

  /// A plan that continues from this state, so that nothing can profit from |0..0>.
  [[nodiscard]] qsim::Plan plan(const qsim::Circuit& circuit) const;
  /// Runs the plan; the state counts as laid out anew before each run.
  void run(const qsim::Plan& plan);
  [[nodiscard]] qsim::StateVector<T>& state() noexcept { return *state_; }

 private:
  std::unique_ptr<qsim::Communicator> comm_;
  qsim::Engine engine_;
  std::unique_ptr<qsim::StateVector<T>> state_;
};

extern template class DenseState<double>;
extern template class DenseState<float>;

/// x -> 0.5 x + 0.25 for every number, in place, by `threads` threads with as many equal shares.
/// The size is a multiple of 64 * threads. Moves 16 bytes a number.
void update(std::span<double> data, int threads);

/// The same by each of `threads` threads on its own share, `loops` times before the next barrier.
void update_often(std::span<double> data, int threads, int loops);

/// Multiplies and adds in registers alone: `loops` rounds of twelve independent chains a thread.
/// Returns the FLOP that all threads did together.
double multiply_add(int threads, std::size_t loops);

}  // namespace qross::bench
