// SPDX-License-Identifier: Apache-2.0
// Any gates of one qubit are phases around one rotation; the phases cost little at the ends of a
// run, where they gather with those of others.
#include <algorithm>
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

constexpr std::uint32_t kNone = ~0U;

struct Run {
  std::uint32_t last = kNone;  ///< its last operation
  double cost = 0.0;
  double phases = 0.0;  ///< cost of the phases since the last rotation
};

class SingleMerger {
 public:
  SingleMerger(const Circuit& circuit, const FormCosts& costs)
      : circuit_(circuit),
        costs_(costs),
        runs_(circuit.qubits()),
        before_(circuit.size(), kNone),
        dropped_(circuit.size(), false) {}

  /// Nothing if all runs stay.
  std::optional<Circuit> run() {
    const auto operations = circuit_.operations();
    for (std::uint32_t i = 0; i < operations.size(); ++i) add(i, operations[i]);
    for (Qubit q = 0; q < circuit_.qubits(); ++q) close(q);
    if (merged_.empty()) return std::nullopt;
    std::sort(merged_.begin(), merged_.end(),
              [](const Merged& a, const Merged& b) { return a.at < b.at; });
    Circuit result = circuit_.blank();
    double phase = 0.0;
    auto next = merged_.begin();
    for (std::uint32_t i = 0; i < operations.size(); ++i) {
      if (next != merged_.end() && next->at == i) {
        phase += append_single(result, next->on, next->matrix);
        ++next;
      } else if (!dropped_[i]) {
        result.append(circuit_, operations[i]);
      }
    }
    phase = std::remainder(phase, 2.0 * std::numbers::pi);
    if (phase != 0.0) result.global_phase(phase);
    return result;
  }

 private:
  struct Merged {
    std::uint32_t at;
    Qubit on;
    Matrix2cd matrix;
  };

  void add(std::uint32_t i, const Operation& op) {
    const bool single = op.targets == 1 && op.controls == 0;
    const auto gate = single ? gate_cost(circuit_, op, costs_) : std::nullopt;
    if (!gate) {
      for (const Qubit q : circuit_.targets(op)) close(q);
      if (op.controls == 0) return;
      for (const Control& c : circuit_.controls(op)) close(c.qubit);
      return;
    }
    Run& run = runs_[gate->on[0]];
    before_[i] = std::exchange(run.last, i);
    if (gate->diagonal) {
      run.phases += gate->phases;
    } else if (gate->cost > 0.0) {
      run.cost += gate->cost + (run.cost > 0.0 ? run.phases : 0.0);
      run.phases = gate->phases;
    }
  }

  void close(Qubit q) {
    const Run run = std::exchange(runs_[q], Run());
    if (run.cost * (1.0 - 1e-9) <= costs_.shear) return;
    Matrix2cd product = Matrix2cd::Identity();
    for (std::uint32_t i = run.last; i != kNone; i = before_[i]) {
      const auto gate = constant_gate(circuit_, circuit_.operations()[i], costs_);
      product = product * gate->matrix.topLeftCorner<2, 2>();
    }
    if (!is_unitary(product)) return;
    for (std::uint32_t i = run.last; i != kNone; i = before_[i]) dropped_[i] = true;
    merged_.push_back({run.last, q, product});
  }

  const Circuit& circuit_;
  const FormCosts& costs_;
  std::vector<Run> runs_;              // of each qubit
  std::vector<std::uint32_t> before_;  // the operation before in the same run
  std::vector<Merged> merged_;
  std::vector<bool> dropped_;
};

}  // namespace

std::optional<Circuit> with_singles(const Circuit& circuit, const FormCosts& costs) {
  return SingleMerger(circuit, costs).run();
}

Circuit merge_singles(Circuit circuit, const FormCosts& costs) {
  auto merged = with_singles(circuit, costs);
  return merged ? std::move(*merged) : std::move(circuit);
}

}  // namespace qross::qsim
