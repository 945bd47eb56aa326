// SPDX-License-Identifier: Apache-2.0
// Every gate a file may call, by name: built-in ones, defined ones with their compiled bodies,
// opaque ones. For each it knows, without expanding, how many native operations a call emits and
// how much work that is (bottom-up, saturating sums). Filled by the semantics, read by Expander.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "qsim/qasm/expression.hpp"
#include "qsim/qasm/gates2.hpp"

namespace qross::qsim::qasm {

using GateId = std::uint32_t;

[[nodiscard]] constexpr std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
  return a > ~std::uint64_t{0} - b ? ~std::uint64_t{0} : a + b;
}
[[nodiscard]] constexpr std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > ~std::uint64_t{0} / b ? ~std::uint64_t{0} : a * b;
}

struct GateDefinition {
  enum class Kind : std::uint8_t { native, body, opaque };
  std::string_view name;
  Kind kind = Kind::native;
  Span span;  ///< of the name, where it is defined; unused for native
  std::uint32_t parameters = 0;
  std::uint32_t qubits = 0;
  const LibraryGate* library = nullptr;  ///< for native
  std::uint32_t first_call = 0;          ///< for body
  std::uint32_t calls = 0;
  std::uint64_t operations = 0;   ///< native operations one call emits
  std::uint64_t work = 0;         ///< steps of expanding one call, about 30 ns each
  std::uint64_t evaluations = 0;  ///< evaluation_cost() of all angles of one call, about 3 ns each
  bool parametric = false;        ///< its body, or one below it, names parameters of the circuit
};

/// The built-in gate as the table holds it.
[[nodiscard]] GateDefinition definition_of(const LibraryGate& gate);

/// A call inside a gate body: its angles are expressions of the gate's own formals.
struct BodyCall {
  GateId gate = 0;
  std::uint32_t first_expression = 0;  ///< as many as the called gate has parameters
  std::uint32_t first_qubit = 0;       ///< numbers of formal qubits
  Span span;
};

struct BodyExpression {
  std::uint32_t first_step = 0;
  std::uint32_t steps = 0;
  Span span;
};

class GateTable {
 public:
  /// `strict`: only U and CX until open_library(), and then only the paper's gates.
  explicit GateTable(bool strict);

  [[nodiscard]] std::optional<GateId> find(std::string_view name) const;
  [[nodiscard]] const GateDefinition& gate(GateId id) const { return gates_[id]; }
  /// What `include "qelib1.inc"` does. In strict mode the names of the file's own gates that it
  /// defines once more are returned.
  std::vector<std::string_view> open_library();
  [[nodiscard]] bool library_open() const { return library_open_; }

  /// Makes the name mean this gate from now on; calls compiled before keep the old one.
  GateId define(const GateDefinition& definition);
  /// Adds a gate that no name means.
  GateId add(const GateDefinition& definition);

  // Bodies are compiled one at a time: begin_body, any calls, then define(end_body(...)).
  void begin_body();
  void add_call(GateId gate, const Span& span, std::span<const std::uint32_t> qubits,
                std::span<const ExprStep> steps, std::span<const BodyExpression> expressions);
  /// A definition with the body's calls and counts; name, span and arities are the caller's.
  [[nodiscard]] GateDefinition end_body() const;

  [[nodiscard]] std::span<const BodyCall> calls(const GateDefinition& gate) const {
    return std::span(calls_).subspan(gate.first_call, gate.calls);
  }
  [[nodiscard]] const BodyExpression& expression(std::uint32_t index) const {
    return expressions_[index];
  }
  [[nodiscard]] std::span<const ExprStep> steps(const BodyExpression& expression) const {
    return std::span(steps_).subspan(expression.first_step, expression.steps);
  }
  [[nodiscard]] std::span<const std::uint32_t> qubits(const BodyCall& call) const {
    return std::span(body_qubits_).subspan(call.first_qubit, gates_[call.gate].qubits);
  }
  /// Names that can be called now but for U and CX, for suggestions.
  [[nodiscard]] std::vector<std::string_view> names() const;

 private:
  bool strict_;
  bool library_open_ = false;
  std::vector<GateDefinition> gates_;
  std::unordered_map<std::string_view, GateId> by_name_;
  std::vector<BodyCall> calls_;
  std::vector<BodyExpression> expressions_;
  std::vector<ExprStep> steps_;
  std::vector<std::uint32_t> body_qubits_;
  std::uint32_t body_first_call_ = 0;
  std::uint64_t body_operations_ = 0;
  std::uint64_t body_work_ = 0;
  std::uint64_t body_evaluations_ = 0;
  bool body_parametric_ = false;
};

}  // namespace qross::qsim::qasm
