// SPDX-License-Identifier: Apache-2.0
// Gates that are met often become one listed gate, others several. Factors of the whole state are
// gathered and come last.
#include "qsim/plan/gate_list.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <utility>

#include "qsim/core/error.hpp"
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
/// The sum of factors of the whole state is exact enough for angles up to this one.
constexpr double kMostAngle = 1e6;

/// What an operation becomes; nothing if no list has it.
struct Room {
  std::size_t gates;
  std::size_t numbers;
};
std::optional<Room> room_of(const Circuit& circuit, const Operation& op) {
  if (op.controls > 1) return std::nullopt;
  const bool controlled = op.controls == 1;
  const auto room = [&](std::size_t gates, std::size_t numbers) {
    // A control that wants 0 is flipped before and after.
    const bool negative = controlled && circuit.control(op, 0).negative;
    return Room{gates + (negative ? 2 : 0), numbers};
  };
  switch (op.gate) {
    case Gate::id:
      return room(0, 0);
    case Gate::x:
    case Gate::z:
    case Gate::h:
    case Gate::s:
    case Gate::sdg:
    case Gate::t:
    case Gate::tdg:
      return room(1, 0);
    case Gate::y:
      return controlled ? room(3, 0) : room(2, 0);
    case Gate::sx:
    case Gate::sxdg:
      return controlled ? room(2, 2) : room(1, 0);
    default:
      break;
  }
  for (const Param& each : circuit.params(op)) {
    if (!each.is_constant() || !(std::abs(each.evaluate()) <= kMostAngle)) return std::nullopt;
  }
  switch (op.gate) {
    case Gate::rx:
    case Gate::p:
      return room(1, 2);
    case Gate::ry:
      return room(1, 4);
    case Gate::rz:
      return controlled ? room(2, 4) : room(1, 2);
    case Gate::global_phase:
      return controlled ? room(1, 2) : room(0, 0);
    case Gate::u:
      return room(1, 8);
    case Gate::unitary:
    case Gate::diagonal:
      if (op.targets != 1) return std::nullopt;
      return room(1, 8);
    default:
      break;
  }
  if (controlled) return std::nullopt;
  switch (op.gate) {
    case Gate::swap:
      return room(0, 0);
    case Gate::iswap:
      return room(3, 0);
    case Gate::rzz:
      return room(3, 6);
    case Gate::rxx:
    case Gate::ryy:
      return room(7, 6);
    case Gate::fsim:
      return room(15, 14);
    default:
      return std::nullopt;
  }
}

/// What a circuit becomes: lists that grow are copied. Nothing if a gate has no place in a list, or
/// if they become so many that a plan which gathers them costs less.
std::optional<Room> room_of(const Circuit& circuit) {
  Room all{1, kShared.size() + 2};  // with the factor of the whole state
  for (const Operation& op : circuit.operations()) {
    const auto room = room_of(circuit, op);
    if (!room) return std::nullopt;
    all.gates += room->gates;
    all.numbers += room->numbers;
  }
  constexpr std::size_t kMostNumbers = std::numeric_limits<std::uint32_t>::max();
  if (all.gates > kMostExpanded * circuit.size() || all.numbers > kMostNumbers) return std::nullopt;
  return all;
}

class Lister {
 public:
  Lister(const Circuit& circuit, const Layout& layout, const Room& room)
      : circuit_(circuit), layout_(layout) {
    list_.gates.reserve(room.gates);
    list_.numbers.reserve(room.numbers);
    list_.numbers.assign(kShared.begin(), kShared.end());
  }

  GateList run(Layout& layout) {
    for (const Operation& op : circuit_.operations()) add(op);
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
  void add(const Operation& op) {
    const auto on = circuit_.targets(op);
    if (op.gate >= Gate::rx) params_ = circuit_.params(op);  // those before have no angles
    control_ = ListedGate::kNoControl;
    bool negative = false;
    if (op.controls == 1) {
      const Control control = circuit_.control(op, 0);
      control_ = position(control.qubit);
      negative = control.negative;
    }
    const std::uint8_t control = control_;
    if (negative) flip(control, ListedGate::kNoControl);
    if (op.targets == 2) {
      add_pair(op, position(on[0]), position(on[1]));
    } else {
      add_single(op, op.targets == 0 ? 0 : position(on[0]));
    }
    if (negative) flip(control, ListedGate::kNoControl);
  }

  void add_single(const Operation& op, std::uint8_t t) {
    const bool controlled = control_ != ListedGate::kNoControl;
    switch (op.gate) {
      case Gate::id:
        return;
      case Gate::x:
        flip(t, control_);
        return;
      case Gate::y:  // i X Z; with a control, X between S and its inverse
        if (controlled) {
          gate(ListedKind::phase, t, ListedGate::kNoControl, kBackQuarter);
          flip(t, control_);
          gate(ListedKind::phase, t, ListedGate::kNoControl, kQuarter);
          return;
        }
        gate(ListedKind::phase, t, control_, kMinus);
        flip(t, control_);
        turn_ += std::numbers::pi_v<long double> / 2.0L;
        return;
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
        return;
      }
      case Gate::ry: {
        const double half = angle() / 2.0;
        const double c = std::cos(half);
        const double s = std::sin(half);
        push(ListedKind::real, t, {c, -s, s, c});
        return;
      }
      case Gate::rz:
        turn(-angle() / 2.0);
        phase(t, angle());
        return;
      case Gate::p:
        phase(t, angle());
        return;
      case Gate::global_phase:
        turn(angle());
        return;
      case Gate::u:
      case Gate::unitary:
      case Gate::diagonal: {
        const Two m = single_matrix(circuit_, op);
        return push(ListedKind::matrix, t,
                    {m[0].real(), m[0].imag(), m[1].real(), m[1].imag(), m[2].real(), m[2].imag(),
                     m[3].real(), m[3].imag()});
      }
      default:
        throw Error(ErrorCode::bug, "a gate has no place in a list");
    }
  }

  void add_pair(const Operation& op, std::uint8_t a, std::uint8_t b) {
    switch (op.gate) {
      case Gate::swap:
        layout_.swap_positions(a, b);
        return;
      case Gate::iswap:  // S on both, CZ, SWAP
        gate(ListedKind::phase, a, ListedGate::kNoControl, kQuarter);
        gate(ListedKind::phase, b, ListedGate::kNoControl, kQuarter);
        gate(ListedKind::phase, a, b, kMinus);
        layout_.swap_positions(a, b);
        return;
      case Gate::rzz:
        parity(a, b, angle());
        return;
      case Gate::rxx:
        between(ListedKind::real, kHadamard, kHadamard, a, b, angle());
        return;
      case Gate::ryy:
        between(ListedKind::cross, kRootX, kBackRootX, a, b, angle());
        return;
      case Gate::fsim:
        between(ListedKind::real, kHadamard, kHadamard, a, b, angle());
        between(ListedKind::cross, kRootX, kBackRootX, a, b, angle());
        control_ = b;
        phase(a, -angle(1));
        return;
      default:
        throw Error(ErrorCode::bug, "a gate has no place in a list");
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
  void gate(ListedKind kind, std::uint8_t t, std::uint8_t control, std::uint32_t number) {
    list_.gates.push_back({kind, t, control, number});
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
  const auto room = room_of(circuit);
  if (!room) return std::nullopt;
  return Lister(circuit, layout, *room).run(layout);
}

double listed_share(const ListedGate& gate, unsigned bits) {
  const bool control = gate.control != ListedGate::kNoControl && gate.control >= bits;
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
