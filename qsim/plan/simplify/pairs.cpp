// SPDX-License-Identifier: Apache-2.0
// A run is a stretch of constant gates on two qubits that no other gate touches in between, with
// the one-qubit gates before it. All its gates may stand where its last one stands.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "qsim/plan/simplify/constant_gates.hpp"
#include "qsim/plan/simplify/simplify.hpp"
#include "qsim/plan/simplify/two_qubit.hpp"

namespace qross::qsim {
namespace {

using Eigen::Matrix2cd;
using Eigen::Matrix4cd;
using Complex = std::complex<double>;

constexpr double kRounding = 1e-14;
constexpr std::uint32_t kNone = ~0U;

struct Run {
  std::array<Qubit, 2> on{};
  bool pair = false;
  double cost = 0.0;
  bool met = false;  ///< has had a gate on both qubits
  /// CX once, and rotations that no form of it takes up: nothing costs less.
  bool least = true;
  std::array<double, 2> waiting{};  ///< cost of phases that count if another gate follows
  std::uint32_t first = kNone;      ///< its operations are linked, from the last to the first
  std::uint32_t last = kNone;
};

/// Equal products have equal forms, and circuits repeat themselves: as many as these are kept.
constexpr std::size_t kMostKnown = 4096;

struct ProductHash {
  std::size_t operator()(const Matrix4cd& m) const noexcept {
    std::size_t hash = 0;
    const double* const numbers = reinterpret_cast<const double*>(m.data());
    for (std::size_t k = 0; k < 32; ++k) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(numbers[k])) * 0x9e3779b97f4a7c15ULL;
      hash ^= hash >> 29;
    }
    return hash;
  }
};
struct SameProduct {
  bool operator()(const Matrix4cd& a, const Matrix4cd& b) const noexcept {
    return std::memcmp(a.data(), b.data(), 16 * sizeof(Complex)) == 0;
  }
};

/// The matrix of a gate on the qubits of a pair.
Matrix4cd widen(const ConstantGate& gate, const std::array<Qubit, 2>& on) {
  Matrix4cd m = Matrix4cd::Zero();
  const bool turned = gate.on[0] != on[0];
  const auto index = [&](unsigned k) { return turned ? ((k & 1U) << 1U) | (k >> 1U) : k; };
  for (unsigned r = 0; r < 4; ++r) {
    for (unsigned c = 0; c < 4; ++c) {
      if (gate.qubits == 2) {
        m(r, c) = gate.matrix(index(r), index(c));
      } else if ((index(r) >> 1U) == (index(c) >> 1U)) {
        m(r, c) = gate.matrix(index(r) & 1U, index(c) & 1U);
      }
    }
  }
  return m;
}

bool is_phase(const Matrix2cd& m) {
  return std::abs(m(0, 1)) < kRounding && std::abs(m(1, 0)) < kRounding;
}

class PairRewriter {
 public:
  PairRewriter(const Circuit& circuit, const FormCosts& costs)
      : circuit_(circuit),
        costs_(costs),
        open_(circuit.qubits(), kNone),
        before_(circuit.size(), kNone),
        dropped_(circuit.size(), false) {}

  /// Nothing if all runs stay.
  std::optional<Circuit> run() {
    const auto operations = circuit_.operations();
    for (std::uint32_t i = 0; i < operations.size(); ++i) add(i, operations[i]);
    for (Qubit q = 0; q < circuit_.qubits(); ++q) close(q);
    if (places_.empty()) return std::nullopt;
    std::sort(places_.begin(), places_.end(),
              [](const Place& a, const Place& b) { return a.at < b.at; });
    Circuit result = circuit_.blank();
    double phase = 0.0;
    auto next = places_.begin();
    for (std::uint32_t i = 0; i < operations.size(); ++i) {
      if (next != places_.end() && next->at == i) {
        phase += append(result, next->on, forms_[next->form].form);
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
  struct Place {
    std::uint32_t at;
    std::array<Qubit, 2> on;
    std::uint32_t form;
  };
  struct Form {
    TwoQubitForm form;
    double cost;
  };

  void add(std::uint32_t i, const Operation& op) {
    const auto gate = gate_cost(circuit_, op, costs_);
    if (!gate) {
      for (const Qubit q : circuit_.targets(op)) close(q);
      if (op.controls == 0) return;
      for (const Control& c : circuit_.controls(op)) close(c.qubit);
      return;
    }
    const std::uint32_t open = open_[gate->on[0]];
    if (gate->qubits == 1) {
      if (open == kNone) start(gate->on, false);
    } else if (open == kNone || open_[gate->on[1]] != open) {
      std::array<std::uint32_t, 2> singles{kNone, kNone};
      for (unsigned k = 0; k < 2; ++k) {
        const std::uint32_t run = open_[gate->on[k]];
        if (run == kNone) continue;
        if (runs_[run].pair) {
          close(gate->on[k]);
        } else {
          singles[k] = run;
        }
      }
      const std::uint32_t pair = start(gate->on, true);
      for (const std::uint32_t single : singles) {
        if (single == kNone) continue;
        const Run run = runs_[single];
        free_.push_back(single);
        for (std::uint32_t k = run.last; k != kNone; k = before_[k]) {
          count(runs_[pair], *gate_cost(circuit_, circuit_.operations()[k], costs_));
        }
        link(runs_[pair], run.first, run.last);
      }
    }
    Run& run = runs_[open_[gate->on[0]]];
    count(run, *gate);
    link(run, i, i);
  }

  std::uint32_t start(const std::array<Qubit, 2>& on, bool pair) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(runs_.size()));
      runs_.emplace_back();
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    for (unsigned k = 0; k < (pair ? 2U : 1U); ++k) open_[on[k]] = index;
    runs_[index] = Run();
    runs_[index].on = on;
    runs_[index].pair = pair;
    return index;
  }

  /// Puts a chain of operations behind those of a run.
  void link(Run& run, std::uint32_t first, std::uint32_t last) {
    before_[first] = run.last;
    if (run.first == kNone) run.first = first;
    run.last = last;
  }

  static void count(Run& run, const GateCost& gate) {
    if (!run.pair) return;
    if (gate.qubits == 2 ? run.met || gate.cost > 0.0 || gate.diagonal
                         : !gate.diagonal && !gate.generic) {
      run.least = false;
    }
    // What lies before the first gate on both usually merges with other gates; so do phases at the
    // end.
    if (gate.qubits == 1 && !run.met) {
      run.cost += gate.cost / 2.0;
    } else if (gate.qubits == 1) {
      double& waiting = run.waiting[gate.on[0] == run.on[0] ? 0 : 1];
      run.cost += gate.cost + (gate.diagonal ? 0.0 : waiting);
      waiting = gate.diagonal ? waiting + gate.phases : gate.phases;
    } else {
      run.met = true;
      run.cost += gate.cost + run.waiting[0] + run.waiting[1];
      run.waiting = {};
    }
  }

  void close(Qubit q) {
    const std::uint32_t open = open_[q];
    if (open == kNone) return;
    const Run run = runs_[open];
    free_.push_back(open);
    open_[q] = kNone;
    if (!run.pair) return;
    open_[run.on[0]] = open_[run.on[1]] = kNone;
    // The least a form with any rotation takes; sums are equal up to rounding.
    constexpr double kLess = 1.0 - 1e-9;
    if (run.least || run.cost * kLess <= costs_.shear + costs_.phase) return;
    Matrix4cd product = Matrix4cd::Identity();
    for (std::uint32_t k = run.last; k != kNone; k = before_[k]) {
      product = product * widen(*constant_gate(circuit_, circuit_.operations()[k], costs_), run.on);
    }
    const std::uint32_t form = form_of(product);
    if (form == kNone) return;
    if (forms_[form].cost >= run.cost * kLess) {
      if (!kept_ && form + 1 == forms_.size()) forms_.pop_back();
      return;
    }
    for (std::uint32_t k = run.last; k != kNone; k = before_[k]) dropped_[k] = true;
    places_.push_back({run.last, run.on, form});
  }

  /// Its place among forms_; kNone for what is not unitary.
  std::uint32_t form_of(const Matrix4cd& product) {
    const auto found = known_.find(product);
    kept_ = found != known_.end() || known_.size() < kMostKnown;
    if (found != known_.end()) return found->second;
    std::uint32_t index = kNone;
    if (is_unitary(product)) {
      index = static_cast<std::uint32_t>(forms_.size());
      const TwoQubitForm form = two_qubit_form(product);
      forms_.push_back({form, form_cost(form)});
    }
    if (kept_) known_.emplace(product, index);
    return index;
  }

  /// The gates before the rotation usually merge with those of other runs, so they count half.
  [[nodiscard]] double form_cost(const TwoQubitForm& form) const {
    double cost = 0.0;
    for (const Matrix2cd& m : form.before) cost += is_phase(m) ? 0.0 : costs_.shear / 2.0;
    for (const Matrix2cd& m : form.after) cost += is_phase(m) ? 0.0 : costs_.shear;
    const bool x = std::abs(form.xx) > kRounding;
    const bool y = std::abs(form.yy) > kRounding;
    const bool z = std::abs(form.zz) > kRounding;
    if (x && y) return cost + costs_.turned + costs_.phases;
    return cost + (x || y ? costs_.shear + costs_.phase : 0.0) + (z ? costs_.phase : 0.0);
  }
  static double append(Circuit& result, const std::array<Qubit, 2>& on, const TwoQubitForm& form) {
    double phase = form.phase;
    for (unsigned k = 0; k < 2; ++k) phase += append_single(result, on[k], form.before[k]);
    const bool x = std::abs(form.xx) > kRounding;
    const bool y = std::abs(form.yy) > kRounding;
    if (x && y) {
      // exp(i a (XX + YY)) on |01>, |10> and exp(i b (XX - YY)) on |00>, |11>.
      const double even = form.xx - form.yy;
      const double odd = form.xx + form.yy;
      const Complex even_sine(0.0, std::sin(even));
      const Complex odd_sine(0.0, std::sin(odd));
      const double e = std::cos(even);
      const double o = std::cos(odd);
      result.unitary(on, std::array<Complex, 16>{e, 0.0, 0.0, even_sine, 0.0, o, odd_sine, 0.0, 0.0,
                                                 odd_sine, o, 0.0, even_sine, 0.0, 0.0, e});
    } else if (x) {
      result.rxx(on[0], on[1], -2.0 * form.xx);
    } else if (y) {
      result.ryy(on[0], on[1], -2.0 * form.yy);
    }
    if (std::abs(form.zz) > kRounding) result.rzz(on[0], on[1], -2.0 * form.zz);
    if (form.exchanged) result.swap(on[0], on[1]);
    for (unsigned k = 0; k < 2; ++k) phase += append_single(result, on[k], form.after[k]);
    return phase;
  }

  const Circuit& circuit_;
  const FormCosts& costs_;
  std::vector<Run> runs_;
  std::vector<std::uint32_t> free_;    // runs that have been closed
  std::vector<std::uint32_t> open_;    // the run that each qubit is in
  std::vector<std::uint32_t> before_;  // the operation before in the same run
  std::vector<Form> forms_;
  std::unordered_map<Matrix4cd, std::uint32_t, ProductHash, SameProduct> known_;
  bool kept_ = false;          // the form looked at last stays
  std::vector<Place> places_;  // what stands in the place of an operation
  std::vector<bool> dropped_;
};

}  // namespace

std::optional<Circuit> with_pairs(const Circuit& circuit, const FormCosts& costs) {
  return PairRewriter(circuit, costs).run();
}

Circuit rewrite_pairs(Circuit circuit, const FormCosts& costs) {
  auto rewritten = with_pairs(circuit, costs);
  return rewritten ? std::move(*rewritten) : std::move(circuit);
}

}  // namespace qross::qsim
