// SPDX-License-Identifier: Apache-2.0
// Any gates of one qubit are phases around one rotation; the phases cost little at the ends of a
// run, where they gather with those of others.
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "qsim/plan/simplify/constant_gates.hpp"
#include "qsim/plan/simplify/simplify.hpp"

namespace qross::qsim {
namespace {

using Eigen::Matrix2cd;

struct Run {
  Matrix2cd product = Matrix2cd::Identity();
  std::vector<std::uint32_t> operations;
  double cost = 0.0;
  double phases = 0.0;  ///< cost of the phases since the last rotation
};

class SingleMerger {
 public:
  SingleMerger(const Circuit& circuit, const FormCosts& costs)
      : circuit_(circuit),
        costs_(costs),
        runs_(circuit.qubits()),
        dropped_(circuit.size(), false) {}

  /// Nothing if all runs stay.
  std::optional<Circuit> run() {
    const auto operations = circuit_.operations();
    for (std::uint32_t i = 0; i < operations.size(); ++i) add(i, operations[i]);
    for (Qubit q = 0; q < circuit_.qubits(); ++q) close(q);
    if (merged_.empty()) return std::nullopt;
    std::vector<const std::pair<Qubit, Matrix2cd>*> merged_at(operations.size(), nullptr);
    for (const auto& [at, merged] : merged_) merged_at[at] = &merged;
    Circuit result = circuit_.blank();
    double phase = 0.0;
    for (std::uint32_t i = 0; i < operations.size(); ++i) {
      if (merged_at[i] != nullptr) {
        phase += append_single(result, merged_at[i]->first, merged_at[i]->second);
      } else if (!dropped_[i]) {
        result.append(circuit_, operations[i]);
      }
    }
    phase = std::remainder(phase, 2.0 * std::numbers::pi);
    if (phase != 0.0) result.global_phase(phase);
    return result;
  }

 private:
  void add(std::uint32_t i, const Operation& op) {
    const bool single = op.targets == 1 && op.controls == 0;
    const auto gate = single ? constant_gate(circuit_, op, costs_) : std::nullopt;
    if (!gate) {
      for (const Qubit q : circuit_.targets(op)) close(q);
      for (const Control& c : circuit_.controls(op)) close(c.qubit);
      return;
    }
    Run& run = runs_[gate->on[0]];
    run.operations.push_back(i);
    run.product = gate->matrix.topLeftCorner<2, 2>() * run.product;
    if (gate->diagonal) {
      run.phases += gate->phases;
    } else if (gate->cost > 0.0) {
      run.cost += gate->cost + (run.cost > 0.0 ? run.phases : 0.0);
      run.phases = gate->phases;
    }
  }

  void close(Qubit q) {
    Run run = std::exchange(runs_[q], Run());
    if (run.cost * (1.0 - 1e-9) <= costs_.shear || !is_unitary(run.product)) return;
    for (const std::uint32_t i : run.operations) dropped_[i] = true;
    merged_.push_back({run.operations.back(), {q, run.product}});
  }

  const Circuit& circuit_;
  const FormCosts& costs_;
  std::vector<Run> runs_;  // of each qubit
  std::vector<std::pair<std::uint32_t, std::pair<Qubit, Matrix2cd>>> merged_;
  std::vector<bool> dropped_;
};

}  // namespace

Circuit merge_singles(Circuit circuit, const FormCosts& costs) {
  auto merged = SingleMerger(circuit, costs).run();
  return merged ? std::move(*merged) : std::move(circuit);
}

}  // namespace qross::qsim
