// SPDX-License-Identifier: Apache-2.0
// Gates that are met often become one listed gate, others several. Factors of the whole state are
// gathered and come last.
#include "qsim/plan/gate_list.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

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

/// The sum of factors of the whole state is exact enough for angles up to this one.
constexpr double kMostAngle = 1e6;

/// What an operation becomes, at most.
struct Room {
  std::size_t gates;
  std::size_t numbers;
};
Room room_of(const Operation& op) {
  switch (op.gate) {
    case Gate::y:
      return {op.controls == 0 ? 2U : 5U, 0};
    case Gate::fsim:
      return {15, 14};
    case Gate::rxx:
    case Gate::ryy:
      return {7, 6};
    case Gate::rzz:
    case Gate::iswap:
      return {3, 6};
    default: {
      // A control may want a flip before and after, Y with one is three gates.
      const std::size_t controls = op.controls;
      const bool dense = op.gate == Gate::u || op.gate >= Gate::unitary;
      const std::size_t numbers = dense ? 8 : op.gate >= Gate::rx ? 4 : 0;
      return {1 + 4 * controls, numbers + 2 * controls};
    }
  }
}

class Lister {
 public:
  Lister(const Circuit& circuit, const Layout& layout) : circuit_(circuit), layout_(layout) {
    // Lists that grow are copied, and what they leave goes back to the system page by page.
    std::size_t numbers = kShared.size() + 2;
    std::size_t gates = 1;
    for (const Operation& op : circuit.operations()) {
      const Room room = room_of(op);
      gates += room.gates;
      numbers += room.numbers;
    }
    list_.gates.reserve(gates);
    list_.numbers.reserve(numbers);
    list_.numbers.assign(kShared.begin(), kShared.end());
  }

  std::optional<GateList> run(Layout& layout) {
    for (const Operation& op : circuit_.operations()) {
      if (!add(op)) return std::nullopt;
    }
    if (turn_ != 0.0L) {
      const auto angle =
          static_cast<double>(std::remainder(turn_, 2.0L * std::numbers::pi_v<long double>));
      control_ = ListedGate::kNoControl;
      push(ListedKind::scale, 0, {std::cos(angle), std::sin(angle)});
    }
    layout = layout_;
    return std::move(list_);
  }

 private:
  bool add(const Operation& op) {
    if (op.controls > 1 || op.targets > 2) return false;
    if (op.gate >= Gate::rx) {
      params_ = circuit_.params(op);
      for (const Param& each : params_) {
        if (!each.is_constant() || !(std::abs(each.evaluate()) <= kMostAngle)) return false;
      }
    }
    const auto on = circuit_.targets(op);
    control_ = ListedGate::kNoControl;
    bool negative = false;
    if (op.controls == 1) {
      const Control control = circuit_.control(op, 0);
      control_ = position(control.qubit);
      negative = control.negative;
    }
    const std::uint8_t control = control_;
    if (negative) flip(control, ListedGate::kNoControl);
    const bool listed = op.targets == 2 ? add_pair(op, position(on[0]), position(on[1]))
                                        : add_single(op, op.targets == 0 ? 0 : position(on[0]));
    if (negative) flip(control, ListedGate::kNoControl);
    return listed;
  }

  bool add_single(const Operation& op, std::uint8_t t) {
    const bool controlled = control_ != ListedGate::kNoControl;
    switch (op.gate) {
      case Gate::id:
        return true;
      case Gate::x:
        flip(t, control_);
        return true;
      case Gate::y:  // i X Z; with a control, X between S and its inverse
        if (controlled) {
          gate(ListedKind::phase, t, ListedGate::kNoControl, kBackQuarter);
          flip(t, control_);
          gate(ListedKind::phase, t, ListedGate::kNoControl, kQuarter);
          return true;
        }
        gate(ListedKind::phase, t, control_, kMinus);
        flip(t, control_);
        turn_ += std::numbers::pi_v<long double> / 2.0L;
        return true;
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
        const double half = angle() / 2.0;
        push(ListedKind::cross, t, {std::cos(half), std::sin(half)});
        return true;
      }
      case Gate::ry: {
        const double half = angle() / 2.0;
        const double c = std::cos(half);
        const double s = std::sin(half);
        push(ListedKind::real, t, {c, -s, s, c});
        return true;
      }
      case Gate::rz:
        turn(-angle() / 2.0);
        phase(t, angle());
        return true;
      case Gate::p:
        phase(t, angle());
        return true;
      case Gate::global_phase:
        turn(angle());
        return true;
      case Gate::u: {
        const double half = angle() / 2.0;
        const double c = std::cos(half);
        const double s = std::sin(half);
        const double phi = angle(1);
        const double lambda = angle(2);
        const Complex a(std::cos(phi), std::sin(phi));
        const Complex b(std::cos(lambda), std::sin(lambda));
        push(ListedKind::matrix, t,
             {c, 0.0, -s * b.real(), -s * b.imag(), s * a.real(), s * a.imag(),
              c * (a.real() * b.real() - a.imag() * b.imag()),
              c * (a.real() * b.imag() + a.imag() * b.real())});
        return true;
      }
      case Gate::unitary: {
        const auto m = circuit_.matrix(op);
        push(ListedKind::matrix, t,
             {m[0].real(), m[0].imag(), m[1].real(), m[1].imag(), m[2].real(), m[2].imag(),
              m[3].real(), m[3].imag()});
        return true;
      }
      case Gate::diagonal: {
        const auto m = circuit_.matrix(op);
        push(ListedKind::matrix, t,
             {m[0].real(), m[0].imag(), 0.0, 0.0, 0.0, 0.0, m[1].real(), m[1].imag()});
        return true;
      }
      default:
        return false;
    }
  }

  bool add_pair(const Operation& op, std::uint8_t a, std::uint8_t b) {
    if (control_ != ListedGate::kNoControl) return false;
    switch (op.gate) {
      case Gate::swap:
        layout_.swap_positions(a, b);
        return true;
      case Gate::iswap:  // S on both, CZ, SWAP
        gate(ListedKind::phase, a, ListedGate::kNoControl, kQuarter);
        gate(ListedKind::phase, b, ListedGate::kNoControl, kQuarter);
        gate(ListedKind::phase, a, b, kMinus);
        layout_.swap_positions(a, b);
        return true;
      case Gate::rzz:
        parity(a, b, angle());
        return true;
      case Gate::rxx:
        between(ListedKind::real, kHadamard, kHadamard, a, b, angle());
        return true;
      case Gate::ryy:
        between(ListedKind::cross, kRootX, kBackRootX, a, b, angle());
        return true;
      case Gate::fsim:
        between(ListedKind::real, kHadamard, kHadamard, a, b, angle());
        between(ListedKind::cross, kRootX, kBackRootX, a, b, angle());
        control_ = b;
        phase(a, -angle(1));
        return true;
      default:
        return false;
    }
  }

  /// rzz between gates on both qubits and their inverses.
  void between(ListedKind kind, std::uint32_t before, std::uint32_t after, std::uint8_t a,
               std::uint8_t b, double angle) {
    for (const std::uint8_t t : {a, b}) gate(kind, t, ListedGate::kNoControl, before);
    parity(a, b, angle);
    for (const std::uint8_t t : {a, b}) gate(kind, t, ListedGate::kNoControl, after);
  }

  /// rzz: the parity of two bits is their sum less twice their product.
  void parity(std::uint8_t a, std::uint8_t b, double angle) {
    control_ = ListedGate::kNoControl;
    turn(-angle / 2.0);
    phase(a, angle);
    phase(b, angle);
    control_ = b;
    phase(a, -2.0 * angle);
    control_ = ListedGate::kNoControl;
  }

  void phase(std::uint8_t t, double angle) {
    push(ListedKind::phase, t, {std::cos(angle), std::sin(angle)});
  }
  /// A phase of everything that the control lets change.
  void turn(double angle) {
    if (control_ == ListedGate::kNoControl) {
      turn_ += angle;
      return;
    }
    const std::uint8_t control = std::exchange(control_, ListedGate::kNoControl);
    phase(control, angle);
    control_ = control;
  }
  void flip(std::uint8_t t, std::uint8_t control) { gate(ListedKind::flip, t, control, 0); }
  bool gate(ListedKind kind, std::uint8_t t, std::uint8_t control, std::uint32_t number) {
    list_.gates.push_back({kind, t, control, number});
    return true;
  }
  template <std::size_t kCount>
  void push(ListedKind kind, std::uint8_t t, const double (&numbers)[kCount]) {
    gate(kind, t, control_, static_cast<std::uint32_t>(list_.numbers.size()));
    for (const double number : numbers) list_.numbers.push_back(number);
  }

  [[nodiscard]] double angle(std::size_t k = 0) const { return params_[k].evaluate(); }
  [[nodiscard]] std::uint8_t position(Qubit q) const {
    return static_cast<std::uint8_t>(layout_.position(q));
  }

  const Circuit& circuit_;
  Layout layout_;
  GateList list_;
  std::span<const Param> params_;  ///< of the gate that is listed
  std::uint8_t control_ = ListedGate::kNoControl;
  /// Of the whole state; a sum of many angles needs more digits than its parts.
  long double turn_ = 0.0L;
};

}  // namespace

std::optional<GateList> list_gates(const Circuit& circuit, Layout& layout) {
  return Lister(circuit, layout).run(layout);
}

}  // namespace qross::qsim
