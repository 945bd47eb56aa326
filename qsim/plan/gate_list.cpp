// SPDX-License-Identifier: Apache-2.0
// Gates that are met often become one listed gate, others several. Factors of the whole state are
// gathered and come last.
#include "qsim/plan/gate_list.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

#include "qsim/core/error.hpp"
#include "qsim/core/unit_phase.hpp"
#include "qsim/plan/simplify/gate_matrices.hpp"

namespace qross::qsim {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kRoot = std::numbers::sqrt2 / 2.0;
/// Gates without angles share these numbers.
constexpr std::array kShared{-1.0,   0.0,   0.0,   1.0,   0.0,    -1.0,  kRoot, kRoot, kRoot,
                             -kRoot, kRoot, kRoot, kRoot, -kRoot, kRoot, kRoot, kRoot, -kRoot};
constexpr std::uint32_t kMinus = 0;        // Z
constexpr std::uint32_t kQuarter = 2;      // S
constexpr std::uint32_t kBackQuarter = 4;  // the inverse of S
constexpr std::uint32_t kEighth = 6;       // T
constexpr std::uint32_t kBackEighth = 8;   // its inverse
constexpr std::uint32_t kHadamard = 10;
constexpr std::uint32_t kRootX = 14;      // rx of a quarter turn
constexpr std::uint32_t kBackRootX = 16;  // its inverse

/// Listed gates for each gate of the circuit, at most.
constexpr std::size_t kMostExpanded = 2;
/// More listed gates, and numbers, than one gate becomes: an fsim becomes 15.
constexpr std::size_t kMostOfOne = 17;
/// The sum of factors of the whole state is exact enough for angles up to this one.
constexpr double kMostAngle = 1e6;

class Lister {
 public:
  Lister(const Circuit& circuit, const Layout& layout) : circuit_(circuit), layout_(layout) {
    // Most gates become one, most angles at most four numbers; where there are more, lists grow.
    const auto operations = circuit.operations();
    const std::size_t angles = operations.empty() ? 0 : operations.back().first_param;
    list_.gates.resize(circuit.size() + kMostOfOne + 1);
    list_.numbers.resize(kShared.size() + 4 * angles + kMostOfOne + 2);
    std::copy(kShared.begin(), kShared.end(), list_.numbers.begin());
  }

  std::optional<GateList> run(Layout& layout) {
    const std::size_t most = kMostExpanded * circuit_.size();
    for (const Operation& op : circuit_.operations()) {
      make_room(list_.gates, gates_);
      make_room(list_.numbers, numbers_);
      if (!add(op) || gates_ > most) return std::nullopt;
    }
    if (turn_ != 0.0L) {
      const auto angle =
          static_cast<double>(std::remainder(turn_, 2.0L * std::numbers::pi_v<long double>));
      const Complex z = unit_phase(angle);
      control_ = ListedGate::kNowhere;
      push(ListedKind::scale, ListedGate::kNowhere, {z.real(), z.imag()});
    }
    layout = layout_;
    list_.gates.resize(gates_);
    list_.numbers.resize(numbers_);
    return std::move(list_);
  }

 private:
  /// What one operation becomes at most, and the factor of all.
  template <class List>
  static void make_room(List& list, std::size_t used) {
    if (list.size() < used + kMostOfOne + 2)
      list.resize(list.size() + list.size() / 2 + kMostOfOne);
  }

  /// False for a gate that no list has.
  bool add(const Operation& op) {
    if (op.controls > 1) return false;
    if (op.gate >= Gate::rx) {  // those before have no angles
      params_ = circuit_.params(op);
      for (const Param& each : params_) {
        if (!each.is_constant() || !(std::abs(each.evaluate()) <= kMostAngle)) return false;
      }
    }
    const auto on = circuit_.targets(op);
    control_ = ListedGate::kNowhere;
    bool negative = false;
    if (op.controls == 1) {
      if (op.targets > 1) return false;
      const Control control = circuit_.control(op, 0);
      control_ = position(control.qubit);
      negative = control.negative;
    }
    const std::uint8_t control = control_;
    // A control that wants 0 is flipped before and after.
    if (negative) flip(control, ListedGate::kNowhere);
    const bool added =
        op.targets == 2 ? add_pair(op, position(on[0]), position(on[1]))
                        : op.targets < 2 && add_single(op, op.targets == 0 ? 0 : position(on[0]));
    if (negative) flip(control, ListedGate::kNowhere);
    return added;
  }

  bool add_single(const Operation& op, std::uint8_t t) {
    const bool controlled = control_ != ListedGate::kNowhere;
    switch (op.gate) {
      case Gate::id:
        return true;
      case Gate::x:
        return flip(t, control_);
      case Gate::y:  // i X Z; with a control, X between S and its inverse
        if (controlled) {
          gate(ListedKind::phase, t, ListedGate::kNowhere, kBackQuarter);
          flip(t, control_);
          return gate(ListedKind::phase, t, ListedGate::kNowhere, kQuarter);
        }
        turn_ += std::numbers::pi_v<long double> / 2.0L;
        gate(ListedKind::phase, t, control_, kMinus);
        return flip(t, control_);
      case Gate::z:
        return gate(ListedKind::phase, t, control_, kMinus);
      case Gate::s:
        return gate(ListedKind::phase, t, control_, kQuarter);
      case Gate::sdg:
        return gate(ListedKind::phase, t, control_, kBackQuarter);
      case Gate::t:
        return gate(ListedKind::phase, t, control_, kEighth);
      case Gate::tdg:
        return gate(ListedKind::phase, t, control_, kBackEighth);
      case Gate::h:
        return gate(ListedKind::real, t, control_, kHadamard);
      case Gate::sx:
        turn(kPi / 4.0);
        return gate(ListedKind::cross, t, control_, kRootX);
      case Gate::sxdg:
        turn(-kPi / 4.0);
        return gate(ListedKind::cross, t, control_, kBackRootX);
      case Gate::rx: {
        const Complex z = unit_phase(angle() / 2.0);
        return push(ListedKind::cross, t, {z.real(), z.imag()});
      }
      case Gate::ry: {
        const Complex z = unit_phase(angle() / 2.0);
        return push(ListedKind::real, t, {z.real(), -z.imag(), z.imag(), z.real()});
      }
      case Gate::rz:
        turn(-angle() / 2.0);
        return phase(t, angle());
      case Gate::p:
        return phase(t, angle());
      case Gate::global_phase:
        return turn(angle());
      case Gate::u:
      case Gate::unitary:
      case Gate::diagonal: {
        const Two m = single_matrix(circuit_, op);
        return push(ListedKind::matrix, t,
                    {m[0].real(), m[0].imag(), m[1].real(), m[1].imag(), m[2].real(), m[2].imag(),
                     m[3].real(), m[3].imag()});
      }
      default:
        return false;
    }
  }

  bool add_pair(const Operation& op, std::uint8_t a, std::uint8_t b) {
    switch (op.gate) {
      case Gate::swap:
        layout_.swap_positions(a, b);
        return true;
      case Gate::iswap:  // S on both, CZ, SWAP
        gate(ListedKind::phase, a, ListedGate::kNowhere, kQuarter);
        gate(ListedKind::phase, b, ListedGate::kNowhere, kQuarter);
        gate(ListedKind::phase, a, b, kMinus);
        layout_.swap_positions(a, b);
        return true;
      case Gate::rzz:
        return parity(a, b, angle());
      case Gate::rxx:
        return between(ListedKind::real, kHadamard, kHadamard, a, b, angle());
      case Gate::ryy:
        return between(ListedKind::cross, kRootX, kBackRootX, a, b, angle());
      case Gate::fsim:
        between(ListedKind::real, kHadamard, kHadamard, a, b, angle());
        between(ListedKind::cross, kRootX, kBackRootX, a, b, angle());
        control_ = b;
        return phase(a, -angle(1));
      default:
        return false;
    }
  }

  // Each of these returns true: the gate has its place.

  /// rzz between gates on both qubits and their inverses.
  bool between(ListedKind kind, std::uint32_t before, std::uint32_t after, std::uint8_t a,
               std::uint8_t b, double angle) {
    for (const std::uint8_t t : {a, b}) gate(kind, t, ListedGate::kNowhere, before);
    parity(a, b, angle);
    for (const std::uint8_t t : {a, b}) gate(kind, t, ListedGate::kNowhere, after);
    return true;
  }

  /// rzz: the parity of two bits is their sum less twice their product.
  bool parity(std::uint8_t a, std::uint8_t b, double angle) {
    control_ = ListedGate::kNowhere;
    turn(-angle / 2.0);
    phase(a, angle);
    phase(b, angle);
    control_ = b;
    phase(a, -2.0 * angle);
    control_ = ListedGate::kNowhere;
    return true;
  }

  bool phase(std::uint8_t t, double angle) {
    const Complex z = unit_phase(angle);
    return push(ListedKind::phase, t, {z.real(), z.imag()});
  }
  /// A phase of everything that the control lets change.
  bool turn(double angle) {
    if (control_ == ListedGate::kNowhere) {
      turn_ += angle;
      return true;
    }
    const std::uint8_t control = std::exchange(control_, ListedGate::kNowhere);
    phase(control, angle);
    control_ = control;
    return true;
  }
  bool flip(std::uint8_t t, std::uint8_t control) { return gate(ListedKind::flip, t, control, 0); }
  bool gate(ListedKind kind, std::uint8_t t, std::uint8_t control, std::uint32_t number) {
    ListedGate& next = list_.gates[gates_++];
    next.kind = kind;
    next.target = t;
    next.control = control;
    next.number = number;
    return true;
  }
  template <std::size_t kCount>
  bool push(ListedKind kind, std::uint8_t t, const double (&numbers)[kCount]) {
    gate(kind, t, control_, static_cast<std::uint32_t>(numbers_));
    for (const double number : numbers) list_.numbers[numbers_++] = number;
    return true;
  }

  [[nodiscard]] double angle(std::size_t k = 0) const { return params_[k].evaluate(); }
  [[nodiscard]] std::uint8_t position(Qubit q) const {
    return static_cast<std::uint8_t>(layout_.position(q));
  }

  const Circuit& circuit_;
  Layout layout_;
  GateList list_;  ///< its lists are longer than what they hold yet
  std::size_t gates_ = 0;
  std::size_t numbers_ = kShared.size();
  std::span<const Param> params_;  ///< of the gate that is listed
  std::uint8_t control_ = ListedGate::kNowhere;
  /// Of the whole state; a sum of many angles needs more digits than its parts.
  long double turn_ = 0.0L;
};

}  // namespace

std::optional<GateList> list_gates(const Circuit& circuit, Layout& layout) {
  return Lister(circuit, layout).run(layout);
}

double listed_share(const ListedGate& gate, unsigned bits) {
  const bool control = gate.control != ListedGate::kNowhere && gate.control >= bits;
  const bool target = gate.kind == ListedKind::phase && gate.target >= bits;
  return (control ? 0.5 : 1.0) * (target ? 0.5 : 1.0);
}

double listed_flop(const ListedGate& gate, unsigned qubits) {
  const double amplitudes = std::ldexp(listed_share(gate, 0), static_cast<int>(qubits));
  switch (gate.kind) {
    case ListedKind::flip:
      return 0.0;
    case ListedKind::matrix:
      return 14.0 * amplitudes;
    case ListedKind::phase:
    case ListedKind::real:
    case ListedKind::cross:
    case ListedKind::scale:
      break;
  }
  return 6.0 * amplitudes;
}

}  // namespace qross::qsim
