// SPDX-License-Identifier: Apache-2.0
// Matrices of the IR as they are, controls written out; costs by what the entries show.
#include "qsim/plan/simplify/constant_gates.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "qsim/plan/simplify/simplify.hpp"

namespace qross::qsim {
namespace {

using Eigen::Matrix2cd;
using Eigen::Matrix4cd;

constexpr double kRounding = 1e-14;
constexpr double kPi = std::numbers::pi;

bool is_quarter(Complex ratio) {
  return std::abs(std::remainder(std::arg(ratio), kPi / 2)) < kRounding;
}

/// The matrix on the targets alone, row-major; empty if there is none for this use.
std::vector<Complex> target_matrix(const Circuit& circuit, const Operation& op) {
  std::vector<double> angles;
  for (const Param& p : circuit.params(op)) {
    if (!p.is_constant()) return {};
    angles.push_back(p.evaluate({}));
  }
  const auto square = [](std::size_t dim, const auto& entry) {
    std::vector<Complex> m(dim * dim);
    for (std::size_t r = 0; r < dim; ++r) {
      for (std::size_t c = 0; c < dim; ++c) m[r * dim + c] = entry(r, c);
    }
    return m;
  };
  switch (op.gate) {
    case Gate::pauli_rotation:
    case Gate::global_phase:
      return {};
    case Gate::unitary: {
      const auto data = circuit.matrix(op);
      return {data.begin(), data.end()};
    }
    case Gate::diagonal: {
      const auto data = circuit.matrix(op);
      return square(data.size(), [&](auto r, auto c) { return r == c ? data[r] : Complex(0.0); });
    }
    case Gate::permutation: {
      const auto data = circuit.table(op);
      return square(data.size(),
                    [&](auto r, auto c) { return data[c] == r ? Complex(1.0) : Complex(0.0); });
    }
    default:
      return matrix(op.gate, angles);
  }
}

bool is_zero(Complex entry) { return std::abs(entry) < kRounding; }

void set_cost(ConstantGate& gate, const FormCosts& costs) {
  const Matrix4cd& m = gate.matrix;
  const Eigen::Index size = Eigen::Index{1} << gate.qubits;
  gate.diagonal = true;
  bool monomial = true;  // one entry in each row: relabelled, with phases
  bool parity = true;
  bool quarters = true;
  for (Eigen::Index r = 0; r < size; ++r) {
    unsigned entries = 0;
    for (Eigen::Index c = 0; c < size; ++c) {
      if (is_zero(m(r, c))) continue;
      ++entries;
      gate.diagonal = gate.diagonal && r == c;
      parity = parity && (r == c || r + c == 3);
    }
    monomial = monomial && entries == 1;
    quarters = quarters && is_quarter(m(r, r) / m(0, 0));
  }
  if (gate.diagonal) {
    (gate.qubits == 1 ? gate.phases : gate.cost) = quarters ? 0.0 : costs.phase;
  } else if (monomial) {
    gate.cost = 0.0;
  } else if (gate.qubits == 1) {
    gate.cost = costs.shear;
    gate.phases = (is_quarter(m(1, 0) / m(0, 0)) ? 0.0 : costs.phase) +
                  (is_quarter(m(0, 1) / m(0, 0)) ? 0.0 : costs.phase);
  } else if (gate.controlled) {
    gate.cost = 2.0 * costs.shear + costs.phase;
  } else {
    gate.cost = parity ? costs.pair : costs.dense;
  }
}

/// A cost as a sum of multiples of FormCosts.
struct CostSum {
  std::array<double, 6> times{};
  [[nodiscard]] double in(const FormCosts& costs) const {
    return times[0] * costs.shear + times[1] * costs.phase + times[2] * costs.phases +
           times[3] * costs.turned + times[4] * costs.pair + times[5] * costs.dense;
  }
};

struct FixedCost {
  bool diagonal = false;
  CostSum cost;
  CostSum phases;
};

/// Of a gate without parameters and with at most one control.
const FixedCost& fixed_cost(Gate gate, unsigned controls) {
  constexpr std::size_t kGates = static_cast<std::size_t>(Gate::pauli_rotation);
  using Table = std::array<std::array<FixedCost, 2>, kGates>;
  static const Table table = [] {
    Table all;
    for (std::size_t g = 0; g < kGates; ++g) {
      const auto each = static_cast<Gate>(g);
      const GateInfo& about = info(each);
      if (about.params != 0) continue;
      const std::array<Qubit, 3> qubits{0, 1, 2};
      for (unsigned c = 0; c + static_cast<unsigned>(about.targets) <= 2 && c < 2; ++c) {
        Circuit one(3);
        const std::array<Control, 1> control{Control{2, false}};
        one.apply(each, std::span(qubits).first(static_cast<std::size_t>(about.targets)), {},
                  std::span(control).first(c));
        FixedCost& fixed = all[g][c];
        for (std::size_t k = 0; k < fixed.cost.times.size(); ++k) {
          const auto unit = [k](std::size_t of) { return of == k ? 1.0 : 0.0; };
          const auto gate_of = constant_gate(
              one, one.operations()[0], {unit(0), unit(1), unit(2), unit(3), unit(4), unit(5)});
          fixed.diagonal = gate_of->diagonal;
          fixed.cost.times[k] = gate_of->cost;
          fixed.phases.times[k] = gate_of->phases;
        }
      }
    }
    return all;
  }();
  return table[static_cast<std::size_t>(gate)][controls];
}

/// A rotation by `halves` times pi.
bool is_generic(double halves) {
  constexpr double kNear = 1e-9;
  return std::abs(2.0 * halves - std::round(2.0 * halves)) > kNear;
}

double snap(double angle) {
  const double nearest = std::round(angle / (kPi / 4)) * (kPi / 4);
  return std::abs(angle - nearest) < kRounding ? nearest : angle;
}

}  // namespace

std::optional<ConstantGate> constant_gate(const Circuit& circuit, const Operation& op,
                                          const FormCosts& costs) {
  const unsigned qubits = op.targets + op.controls;
  if (op.targets == 0 || qubits > 2) return std::nullopt;
  const std::vector<Complex> m = target_matrix(circuit, op);
  if (m.empty()) return std::nullopt;
  ConstantGate gate;
  gate.qubits = qubits;
  const auto targets = circuit.targets(op);
  for (std::size_t k = 0; k < targets.size(); ++k) gate.on[k] = targets[k];
  gate.matrix.setIdentity();
  const auto dim = static_cast<Eigen::Index>(std::size_t{1} << op.targets);
  Eigen::Index first = 0;  // of the block in which the control holds
  gate.controlled = op.controls == 1;
  if (gate.controlled) {
    const Control control = circuit.controls(op)[0];
    gate.on[1] = control.qubit;
    first = control.negative ? 0 : 2;
  }
  for (Eigen::Index r = 0; r < dim; ++r) {
    for (Eigen::Index c = 0; c < dim; ++c) {
      gate.matrix(first + r, first + c) = m[static_cast<std::size_t>(r * dim + c)];
    }
  }
  set_cost(gate, costs);
  return gate;
}

std::optional<GateCost> gate_cost(const Circuit& circuit, const Operation& op,
                                  const FormCosts& costs) {
  if (op.targets == 0 || op.targets + op.controls > 2) return std::nullopt;
  GateCost gate;
  if (info(op.gate).params == 0 && op.gate < Gate::pauli_rotation) {
    const FixedCost& fixed = fixed_cost(op.gate, op.controls);
    gate.diagonal = fixed.diagonal;
    gate.cost = fixed.cost.in(costs);
    gate.phases = fixed.phases.in(costs);
  } else if (op.controls == 0 && (op.gate == Gate::rx || op.gate == Gate::ry)) {
    const Param& angle = circuit.params(op)[0];
    if (!angle.is_constant()) return std::nullopt;
    const double halves = angle.evaluate({}) / kPi;
    if (std::abs(halves - std::round(halves)) < kRounding) return constant_gate(circuit, op, costs);
    gate.cost = costs.shear;
    gate.generic = is_generic(halves);
  } else if (op.controls == 0 && op.gate == Gate::u) {
    const auto angles = circuit.params(op);
    for (const Param& angle : angles) {
      if (!angle.is_constant()) return std::nullopt;
    }
    const double halves = angles[0].evaluate({}) / kPi;
    if (std::abs(halves - std::round(halves)) < kRounding) return constant_gate(circuit, op, costs);
    gate.cost = costs.shear;
    gate.generic = is_generic(halves);
    for (const Param& angle : {angles[1], angles[2]}) {
      const double quarters = angle.evaluate({}) / (kPi / 2);
      if (std::abs(quarters - std::round(quarters)) >= kRounding) gate.phases += costs.phase;
    }
  } else if (op.controls == 0 && (op.gate == Gate::rz || op.gate == Gate::p)) {
    const Param& angle = circuit.params(op)[0];
    if (!angle.is_constant()) return std::nullopt;
    const double quarters = angle.evaluate({}) / (kPi / 2);
    gate.diagonal = true;
    gate.phases = std::abs(quarters - std::round(quarters)) < kRounding ? 0.0 : costs.phase;
  } else {
    return constant_gate(circuit, op, costs);
  }
  gate.qubits = op.targets + op.controls;
  gate.controlled = op.controls == 1;
  const auto targets = circuit.targets(op);
  std::copy(targets.begin(), targets.end(), gate.on.begin());
  if (gate.controlled) gate.on[1] = circuit.controls(op)[0].qubit;
  return gate;
}

double append_single(Circuit& circuit, Qubit q, const Matrix2cd& m) {
  const double cosine = std::abs(m(0, 0));
  const double sine = std::abs(m(1, 0));
  const auto angle = [](double value) { return snap(std::remainder(value, 2 * kPi)); };
  const auto turn = [&](double lambda) {
    if (lambda != 0.0) circuit.p(q, lambda);
  };
  if (sine < kRounding) {
    turn(angle(std::arg(m(1, 1) / m(0, 0))));
    return std::arg(m(0, 0));
  }
  if (cosine < kRounding) {
    turn(angle(std::arg(m(0, 1) / m(1, 0))));
    circuit.x(q);
    return std::arg(m(1, 0));
  }
  // The angles follow from the entry that is least and from two of the large ones: the phase of
  // an entry is only as good as its size.
  const double phi = std::arg(m(1, 0) / m(0, 0));
  const bool flat = cosine >= sine;
  const double lambda =
      flat ? std::arg(m(1, 1) / m(0, 0)) - phi : std::arg(-m(0, 1) / m(1, 0)) + phi;
  turn(angle(lambda));
  circuit.ry(q, snap(2.0 * std::atan2(sine, cosine)));
  turn(angle(phi));
  return flat ? std::arg(m(0, 0)) : std::arg(m(1, 0)) - phi;
}

}  // namespace qross::qsim
