// SPDX-License-Identifier: Apache-2.0
// Inverses gate by gate: one operation for each operation.
#include "qsim/circuit/inverse.hpp"

#include <algorithm>
#include <array>
#include <complex>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {
std::optional<Gate> undoing(Gate gate) {
  switch (gate) {
    case Gate::id:
    case Gate::x:
    case Gate::y:
    case Gate::z:
    case Gate::h:
    case Gate::swap:
      return gate;
    case Gate::s:
      return Gate::sdg;
    case Gate::sdg:
      return Gate::s;
    case Gate::t:
      return Gate::tdg;
    case Gate::tdg:
      return Gate::t;
    case Gate::sx:
      return Gate::sxdg;
    case Gate::sxdg:
      return Gate::sx;
    default:
      return std::nullopt;
  }
}

void Circuit::push_inverse(const Circuit& other, const Operation& op) {
  const auto targets = other.targets(op);
  const auto controls = other.controls(op);
  std::vector<Param> angles;
  for (const Param& param : other.params(op)) angles.push_back(-param);
  switch (op.gate) {
    case Gate::id:
    case Gate::x:
    case Gate::y:
    case Gate::z:
    case Gate::h:
    case Gate::s:
    case Gate::sdg:
    case Gate::t:
    case Gate::tdg:
    case Gate::sx:
    case Gate::sxdg:
    case Gate::swap:
      push(*undoing(op.gate), targets, {}, controls);
      return;
    case Gate::u:
      // (p(phi) ry(theta) p(lambda))^-1 = p(-lambda) ry(-theta) p(-phi).
      std::swap(angles[1], angles[2]);
      push(op.gate, targets, angles, controls);
      return;
    case Gate::rx:
    case Gate::ry:
    case Gate::rz:
    case Gate::p:
    case Gate::rxx:
    case Gate::ryy:
    case Gate::rzz:
    case Gate::fsim:  // its two factors commute
    case Gate::global_phase:
    case Gate::pauli_rotation:
      push_copy(other, op, targets, angles, controls);
      return;
    case Gate::iswap: {
      const Complex back(0.0, -1.0);  // the table has no gate with -i
      unitary(targets,
              std::array<Complex, 16>{1, 0, 0, 0, 0, 0, back, 0, 0, back, 0, 0, 0, 0, 0, 1},
              controls);
      return;
    }
    case Gate::unitary: {
      // Not through unitary(): what was accepted must not fail by the last digit of its check.
      const Operation& copy = push_copy(other, op, targets, {}, controls);
      const std::size_t dim = std::size_t{1} << op.targets;
      Complex* const m = matrix_table_.data() + copy.first_data;
      for (std::size_t i = 0; i < dim; ++i) {
        for (std::size_t j = 0; j < i; ++j) std::swap(m[i * dim + j], m[j * dim + i]);
      }
      std::transform(m, m + dim * dim, m, [](const Complex& a) { return std::conj(a); });
      return;
    }
    case Gate::diagonal: {
      const Operation& copy = push_copy(other, op, targets, {}, controls);
      Complex* const d = matrix_table_.data() + copy.first_data;
      std::transform(d, d + (std::size_t{1} << op.targets), d,
                     [](const Complex& a) { return std::conj(a); });
      return;
    }
    case Gate::permutation: {
      const Operation& copy = push_copy(other, op, targets, {}, controls);
      const auto table = other.table(op);
      for (std::uint32_t k = 0; k < table.size(); ++k) {
        index_table_[copy.first_data + table[k]] = k;
      }
      return;
    }
  }
  throw Error(ErrorCode::bug, fmt::format("gate {} has no inverse here", info(op.gate).name));
}

Circuit inverse(const Circuit& circuit) {
  Circuit result(circuit.qubits());
  result.names_ = circuit.names_;
  const auto operations = circuit.operations();
  for (std::size_t k = operations.size(); k-- > 0;) {
    result.push_inverse(circuit, operations[k]);
  }
  return result;
}

Circuit inverse(const Program& program) {
  Circuit all(program.qubits);
  for (const Instruction& instruction : program.instructions) {
    const char* what = nullptr;
    switch (instruction.kind) {
      case Instruction::Kind::gates:
        all.append(program.circuits[instruction.a]);
        continue;
      case Instruction::Kind::measure:
        what = "measures";
        break;
      case Instruction::Kind::reset:
        what = "resets";
        break;
      case Instruction::Kind::jump_unless:
        throw Error(ErrorCode::bad_input,
                    "a program that branches on classical bits has no inverse",
                    "take the inverse of its circuits, one by one");
    }
    throw Error(
        ErrorCode::bad_input,
        fmt::format("a program that {} has no inverse: it {} qubit {}", what, what, instruction.a),
        "remove that, or take the inverse of the circuit before it");
  }
  return inverse(all);
}

Circuit compose(Circuit first, const Circuit& second) {
  first.widen(second.qubits());
  return std::move(first.append(second));
}

Circuit compose(Circuit first, const Circuit& second, std::span<const Qubit> on) {
  return std::move(first.append(second, on));
}

}  // namespace qross::qsim
