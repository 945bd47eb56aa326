// SPDX-License-Identifier: Apache-2.0
// Circuit: a straight line of unitary gates on numbered qubits, with named parameters. A plain
// value: built once, then read by any number of threads; parameter values are never stored in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qsim/circuit/gate.hpp"
#include "qsim/classical/param.hpp"
#include "qsim/core/large_vector.hpp"

namespace qross::qsim {

using Qubit = std::uint32_t;

/// A control: the gate acts where `qubit` is 1 (or 0, if `negative`).
struct Control {
  Qubit qubit = 0;
  bool negative = false;
};

/// One gate application. Qubits, angles and matrices lie in the circuit's side tables.
struct Operation {
  Gate gate = Gate::id;
  std::uint16_t targets = 0;
  std::uint16_t controls = 0;
  std::uint32_t first_qubit = 0;  ///< targets, then controls
  std::uint32_t first_param = 0;
  std::uint32_t first_data = 0;  ///< matrix, diagonal, permutation or Pauli letters
};
static_assert(sizeof(Operation) <= 24);

class Circuit {
 public:
  explicit Circuit(Qubit qubits = 0) : qubits_(qubits) {}

  [[nodiscard]] Qubit qubits() const noexcept { return qubits_; }
  /// Raises the number of qubits to at least `qubits`; the gates stay as they are.
  void widen(Qubit qubits) noexcept { qubits_ = qubits > qubits_ ? qubits : qubits_; }
  [[nodiscard]] std::size_t size() const noexcept { return operations_.size(); }
  [[nodiscard]] std::span<const Operation> operations() const noexcept { return operations_; }

  /// The named parameter as an expression; a new name gets the next slot.
  Param parameter(std::string_view name);
  /// `count` new parameters name[0]..name[count-1], in consecutive slots.
  /// Throws Error(bad_input) if the circuit has parameters name[...] already.
  std::vector<Param> parameters(std::string_view name, std::size_t count);
  [[nodiscard]] const std::vector<std::string>& parameter_names() const noexcept { return names_; }
  /// Names the slots as `names` does; the circuit's own names must be the first of them.
  /// Throws Error(bad_input) where they are not. Cost: the names that are new.
  void name_parameters(std::span<const std::string> names);
  /// The same gates with numbers for the parameters (values[k] for slot k), none of which are left.
  [[nodiscard]] Circuit bound(std::span<const double> values) const;

  /// Appends a gate of the table with its controls.
  /// Throws Error(bad_input): qubit out of range, repeated qubit, wrong number of targets or
  /// angles, non-finite constant angle, parameter slot without a name.
  Circuit& apply(Gate gate, std::span<const Qubit> targets, std::span<const Param> params = {},
                 std::span<const Control> controls = {});

  Circuit& id(Qubit q) { return fixed(Gate::id, q); }
  Circuit& x(Qubit q) { return fixed(Gate::x, q); }
  Circuit& y(Qubit q) { return fixed(Gate::y, q); }
  Circuit& z(Qubit q) { return fixed(Gate::z, q); }
  Circuit& h(Qubit q) { return fixed(Gate::h, q); }
  Circuit& s(Qubit q) { return fixed(Gate::s, q); }
  Circuit& sdg(Qubit q) { return fixed(Gate::sdg, q); }
  Circuit& t(Qubit q) { return fixed(Gate::t, q); }
  Circuit& tdg(Qubit q) { return fixed(Gate::tdg, q); }
  Circuit& sx(Qubit q) { return fixed(Gate::sx, q); }
  Circuit& rx(Qubit q, const Param& angle) { return rotation(Gate::rx, q, angle); }
  Circuit& ry(Qubit q, const Param& angle) { return rotation(Gate::ry, q, angle); }
  Circuit& rz(Qubit q, const Param& angle) { return rotation(Gate::rz, q, angle); }
  Circuit& p(Qubit q, const Param& angle) { return rotation(Gate::p, q, angle); }
  Circuit& u(Qubit q, const Param& theta, const Param& phi, const Param& lambda);
  Circuit& cx(Qubit control, Qubit target) { return controlled(Gate::x, control, target); }
  Circuit& cz(Qubit control, Qubit target) { return controlled(Gate::z, control, target); }
  Circuit& cp(Qubit control, Qubit target, const Param& angle);
  Circuit& crz(Qubit control, Qubit target, const Param& angle);
  Circuit& ccx(Qubit control0, Qubit control1, Qubit target);
  Circuit& swap(Qubit a, Qubit b);
  Circuit& rxx(Qubit a, Qubit b, const Param& angle) { return pair(Gate::rxx, a, b, angle); }
  Circuit& ryy(Qubit a, Qubit b, const Param& angle) { return pair(Gate::ryy, a, b, angle); }
  Circuit& rzz(Qubit a, Qubit b, const Param& angle) { return pair(Gate::rzz, a, b, angle); }
  Circuit& fsim(Qubit a, Qubit b, const Param& theta, const Param& phi);

  /// exp(-i angle/2 P) with P = product of `paulis[k]` (I, X, Y or Z) on `targets[k]`.
  Circuit& pauli_rotation(std::string_view paulis, std::span<const Qubit> targets,
                          const Param& angle, std::span<const Control> controls = {});
  /// A dense 2^k x 2^k unitary, row-major, on k = 1..6 targets; target 0 is the low bit.
  /// Throws Error(bad_input) if the matrix is not unitary to 1e-8 (the deviation is named).
  Circuit& unitary(std::span<const Qubit> targets, std::span<const Complex> matrix,
                   std::span<const Control> controls = {});
  /// A diagonal unitary of 2^k phases on k = 1..6 targets. Throws like unitary().
  Circuit& diagonal(std::span<const Qubit> targets, std::span<const Complex> phases,
                    std::span<const Control> controls = {});
  /// |k> -> |table[k]> on 1..6 targets. Throws Error(bad_input) if table is not a permutation.
  Circuit& permutation(std::span<const Qubit> targets, std::span<const std::uint32_t> table,
                       std::span<const Control> controls = {});
  /// e^{i angle} on the whole state; with controls, a phase where they hold.
  Circuit& global_phase(const Param& angle, std::span<const Control> controls = {});
  /// All gates of `other` (same qubit numbers); parameters are joined by name.
  Circuit& append(const Circuit& other);
  /// All gates of `other`, its qubit q on qubit on[q] of this circuit; parameters are joined by
  /// name. Throws Error(bad_input) unless `on` names a qubit of this circuit for each of other's,
  /// all different.
  Circuit& append(const Circuit& other, std::span<const Qubit> on);
  /// One gate of `other`, which has the same parameters (blank()); with other angles if any are
  /// given.
  Circuit& append(const Circuit& other, const Operation& op, std::span<const Param> angles = {});
  /// A circuit without gates, with the same qubits and parameters.
  [[nodiscard]] Circuit blank() const;

  [[nodiscard]] std::span<const Qubit> targets(const Operation& op) const {
    return std::span(qubit_table_).subspan(op.first_qubit, op.targets);
  }
  [[nodiscard]] std::vector<Control> controls(const Operation& op) const;
  /// One of them, without a list: `k` is below op.controls.
  [[nodiscard]] Control control(const Operation& op, std::size_t k) const {
    const std::uint32_t q = qubit_table_[op.first_qubit + op.targets + k];
    return {q & ~kNegative, (q & kNegative) != 0};
  }
  [[nodiscard]] std::span<const Param> params(const Operation& op) const {
    return std::span(param_table_)
        .subspan(op.first_param, static_cast<std::size_t>(info(op.gate).params));
  }
  /// Row-major matrix of `unitary` (4^k entries) or phases of `diagonal` (2^k entries).
  [[nodiscard]] std::span<const Complex> matrix(const Operation& op) const;
  [[nodiscard]] std::span<const std::uint32_t> table(const Operation& op) const;
  [[nodiscard]] std::string_view paulis(const Operation& op) const;

 private:
  Circuit& fixed(Gate gate, Qubit q);
  Circuit& rotation(Gate gate, Qubit q, const Param& angle);
  Circuit& controlled(Gate gate, Qubit control, Qubit target);
  Circuit& pair(Gate gate, Qubit a, Qubit b, const Param& angle);
  Operation& push(Gate gate, std::span<const Qubit> targets, std::span<const Param> params,
                  std::span<const Control> controls);
  /// An operation of `other` with its data, on other qubits and with other angles.
  Operation& push_copy(const Circuit& other, const Operation& op, std::span<const Qubit> targets,
                       std::span<const Param> params, std::span<const Control> controls);
  void push_inverse(const Circuit& other, const Operation& op);
  friend Circuit inverse(const Circuit& circuit);

  static constexpr std::uint32_t kNegative = 0x80000000U;

  Qubit qubits_ = 0;
  std::vector<std::string> names_;
  LargeVector<Operation> operations_;
  LargeVector<std::uint32_t> qubit_table_;  // controls carry kNegative in the top bit
  LargeVector<Param> param_table_;
  LargeVector<Complex> matrix_table_;
  LargeVector<std::uint32_t> index_table_;
  std::string pauli_table_;
};

}  // namespace qross::qsim
