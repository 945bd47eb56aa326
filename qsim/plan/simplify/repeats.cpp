// SPDX-License-Identifier: Apache-2.0
// Each qubit keeps a stack of the gates that are left on it; a gate that meets its partner on top
// of all its qubits' stacks removes it, so what lay below can meet its own partner next.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "qsim/circuit/inverse.hpp"
#include "qsim/plan/simplify/simplify.hpp"

namespace qross::qsim {
namespace {

enum class Repeat : std::uint8_t { none, undoes, adds };

bool same_qubits(const Circuit& circuit, const Operation& a, const Operation& b) {
  const auto equal = [](const Control& x, const Control& y) {
    return x.qubit == y.qubit && x.negative == y.negative;
  };
  if (a.targets != b.targets || a.controls != b.controls) return false;
  const auto ta = circuit.targets(a);
  const auto tb = circuit.targets(b);
  if (!std::equal(ta.begin(), ta.end(), tb.begin())) return false;
  for (std::size_t k = 0; k < a.controls; ++k) {
    if (!equal(circuit.control(a, k), circuit.control(b, k))) return false;
  }
  return true;
}

Repeat repeat_of(const Circuit& circuit, const Operation& before, const Operation& op) {
  if (undoing(op.gate) == before.gate) return Repeat::undoes;
  if (op.gate != before.gate) return Repeat::none;
  switch (op.gate) {
    case Gate::rx:
    case Gate::ry:
    case Gate::rz:
    case Gate::p:
    case Gate::rxx:
    case Gate::ryy:
    case Gate::rzz:
      return Repeat::adds;
    case Gate::pauli_rotation:
      return op.targets == before.targets && circuit.paulis(op) == circuit.paulis(before)
                 ? Repeat::adds
                 : Repeat::none;
    default:
      return Repeat::none;
  }
}

/// The sum of two angles if it is as good to evaluate as they are.
std::optional<Param> sum_of_angles(const Param& a, const Param& b) {
  constexpr double kMost = 64.0;  // above, sums would lose digits
  for (const Param* angle : {&a, &b}) {
    if (!angle->affine() || std::abs(angle->affine()->offset) > kMost) return std::nullopt;
  }
  const Param sum = a + b;
  return sum.affine() ? std::optional(sum) : std::nullopt;
}

struct Found {
  std::vector<std::uint8_t> removed;
  std::vector<Param> sums;            ///< new angles
  std::vector<std::uint32_t> sum_of;  ///< one more than its place in sums, if there are any
  bool changed = false;
};

/// `adds`: angles of equal rotations, too.
Found find_repeats(const Circuit& circuit, bool adds) {
  constexpr std::uint32_t kNobody = ~0U;
  const auto operations = circuit.operations();
  Found found;
  if (operations.empty()) return found;
  auto& [removed, sums, sum_of, changed] = found;
  removed.resize(operations.size());
  // The stacks: the gate on top of each qubit, and below each gate the one before on that qubit.
  std::vector<std::uint32_t> top(circuit.qubits(), kNobody);
  const Operation& end = operations.back();
  std::vector<std::uint32_t> below(std::size_t{end.first_qubit} + end.targets + end.controls);
  std::vector<Qubit> qubits;
  for (std::uint32_t i = 0; i < operations.size(); ++i) {
    const Operation& op = operations[i];
    const auto targets = circuit.targets(op);
    if (!adds && op.targets == 1 && op.controls == 0) {
      // Most gates.
      std::uint32_t& last = top[targets[0]];
      const bool gone = last != kNobody && undoing(op.gate) == operations[last].gate &&
                        operations[last].targets + operations[last].controls == 1;
      if (gone) {
        changed = true;
        removed[i] = removed[last] = 1;
        last = below[operations[last].first_qubit];
      } else {
        below[op.first_qubit] = std::exchange(last, i);
      }
      continue;
    }
    qubits.assign(targets.begin(), targets.end());
    for (std::size_t k = 0; k < op.controls; ++k) qubits.push_back(circuit.control(op, k).qubit);
    if (qubits.empty()) continue;
    // The gate before this one, if it is the same one on all qubits.
    std::uint32_t before = top[qubits[0]];
    for (const Qubit q : qubits) {
      if (top[q] != before) before = kNobody;
    }
    Repeat repeat = Repeat::none;
    if (before != kNobody) {
      repeat = repeat_of(circuit, operations[before], op);
      if (repeat == Repeat::adds && !adds) repeat = Repeat::none;
      if (repeat != Repeat::none && !same_qubits(circuit, operations[before], op)) {
        repeat = Repeat::none;
      }
    }
    const auto keep = [&] {
      for (std::size_t k = 0; k < qubits.size(); ++k) {
        below[op.first_qubit + k] = std::exchange(top[qubits[k]], i);
      }
    };
    if (repeat == Repeat::none) {
      keep();
      continue;
    }
    bool gone = repeat == Repeat::undoes;
    if (repeat == Repeat::adds) {
      sum_of.resize(operations.size(), 0);
      std::uint32_t& place = sum_of[before];
      const Param& first = place != 0 ? sums[place - 1] : circuit.params(operations[before])[0];
      const std::optional<Param> sum = sum_of_angles(first, circuit.params(op)[0]);
      if (!sum) {
        keep();
        continue;
      }
      if (place == 0) {
        sums.emplace_back();
        place = static_cast<std::uint32_t>(sums.size());
      }
      sums[place - 1] = *sum;
      gone = sum->is_constant() && sum->evaluate({}) == 0.0;
    }
    changed = true;
    removed[i] = 1;
    if (!gone) continue;
    removed[before] = 1;
    for (std::size_t k = 0; k < qubits.size(); ++k) {
      top[qubits[k]] = below[operations[before].first_qubit + k];
    }
  }
  return found;
}

}  // namespace

std::vector<std::uint8_t> undone(const Circuit& circuit) {
  return find_repeats(circuit, false).removed;
}

std::optional<Circuit> without_repeats(const Circuit& circuit) {
  const auto operations = circuit.operations();
  const auto [removed, sums, sum_of, changed] = find_repeats(circuit, true);
  if (!changed) return std::nullopt;
  Circuit result = circuit.blank();
  for (std::uint32_t i = 0; i < operations.size(); ++i) {
    if (removed[i] != 0) continue;
    const std::uint32_t place = sum_of.empty() ? 0 : sum_of[i];
    if (place == 0) {
      result.append(circuit, operations[i]);
    } else {
      result.append(circuit, operations[i], std::span(&sums[place - 1], 1));
    }
  }
  return result;
}

Circuit cancel_repeats(Circuit circuit) {
  auto changed = without_repeats(circuit);
  return changed ? std::move(*changed) : std::move(circuit);
}

}  // namespace qross::qsim
