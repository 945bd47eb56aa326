// SPDX-License-Identifier: Apache-2.0
// Each qubit keeps a stack of the gates that are left on it; a gate that meets its partner on top
// of all its qubits' stacks removes it, so what lay below can meet its own partner next.
#include <algorithm>
#include <cmath>
#include <optional>
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
  const auto ta = circuit.targets(a);
  const auto tb = circuit.targets(b);
  const auto ca = circuit.controls(a);
  const auto cb = circuit.controls(b);
  return std::equal(ta.begin(), ta.end(), tb.begin(), tb.end()) &&
         std::equal(ca.begin(), ca.end(), cb.begin(), cb.end(), equal);
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
      return circuit.paulis(op) == circuit.paulis(before) ? Repeat::adds : Repeat::none;
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

}  // namespace

Circuit cancel_repeats(Circuit circuit) {
  const auto operations = circuit.operations();
  std::vector<std::vector<std::uint32_t>> left(circuit.qubits());
  std::vector<bool> removed(operations.size(), false);
  std::vector<Param> sums;                                  // new angles
  std::vector<std::uint32_t> sum_of(operations.size(), 0);  // one more than its place in sums
  std::vector<Qubit> qubits;
  bool changed = false;
  for (std::uint32_t i = 0; i < operations.size(); ++i) {
    const Operation& op = operations[i];
    const auto targets = circuit.targets(op);
    qubits.assign(targets.begin(), targets.end());
    for (const Control& c : circuit.controls(op)) qubits.push_back(c.qubit);
    if (qubits.empty()) continue;
    // The gate before this one, if it is the same one on all qubits.
    std::uint32_t before = left[qubits[0]].empty() ? i : left[qubits[0]].back();
    for (const Qubit q : qubits) {
      if (left[q].empty() || left[q].back() != before) before = i;
    }
    Repeat repeat = Repeat::none;
    if (before != i && same_qubits(circuit, operations[before], op)) {
      repeat = repeat_of(circuit, operations[before], op);
    }
    if (repeat == Repeat::none) {
      for (const Qubit q : qubits) left[q].push_back(i);
      continue;
    }
    bool gone = repeat == Repeat::undoes;
    if (repeat == Repeat::adds) {
      std::uint32_t& place = sum_of[before];
      const Param& first = place != 0 ? sums[place - 1] : circuit.params(operations[before])[0];
      const std::optional<Param> sum = sum_of_angles(first, circuit.params(op)[0]);
      if (!sum) {
        for (const Qubit q : qubits) left[q].push_back(i);
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
    removed[i] = true;
    if (!gone) continue;
    removed[before] = true;
    for (const Qubit q : qubits) left[q].pop_back();
  }
  if (!changed) return circuit;
  Circuit result = circuit.blank();
  for (std::uint32_t i = 0; i < operations.size(); ++i) {
    if (removed[i]) continue;
    const std::uint32_t place = sum_of[i];
    if (place == 0) {
      result.append(circuit, operations[i]);
    } else {
      result.append(circuit, operations[i], std::span(&sums[place - 1], 1));
    }
  }
  return result;
}

}  // namespace qross::qsim
