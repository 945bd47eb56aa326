// SPDX-License-Identifier: Apache-2.0
// Names to gates, and the counting that lets a macro bomb be refused before it goes off.
#include "qsim/qasm/gate_table.hpp"

#include <algorithm>

namespace qross::qsim::qasm {

GateDefinition definition_of(const LibraryGate& gate) {
  GateDefinition definition;
  definition.name = gate.name;
  definition.parameters = gate.parameters;
  definition.qubits = gate.qubits;
  definition.library = &gate;
  definition.operations = gate.step_count;
  definition.work = gate.step_count;
  return definition;
}

GateTable::GateTable(bool strict) : strict_(strict) {
  for (const LibraryGate& gate : library_gates(strict)) {
    if (strict && gate.origin != GateOrigin::language) continue;
    define(definition_of(gate));
  }
}

std::vector<std::string_view> GateTable::open_library() {
  std::vector<std::string_view> twice;
  const bool again = library_open_;
  library_open_ = true;
  if (!strict_) return twice;  // all are there already, waiting for their include
  for (const LibraryGate& gate : library_gates(strict_)) {
    if (gate.origin != GateOrigin::paper) continue;
    if (again || find(gate.name)) {
      twice.push_back(gate.name);
    } else {
      define(definition_of(gate));
    }
  }
  return twice;
}

std::optional<GateId> GateTable::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

GateId GateTable::add(const GateDefinition& definition) {
  gates_.push_back(definition);
  return static_cast<GateId>(gates_.size() - 1);
}

GateId GateTable::define(const GateDefinition& definition) {
  const GateId id = add(definition);
  by_name_[definition.name] = id;
  return id;
}

void GateTable::begin_body() {
  body_first_call_ = static_cast<std::uint32_t>(calls_.size());
  body_operations_ = 0;
  body_work_ = 0;
  body_evaluations_ = 0;
  body_parametric_ = false;
}

void GateTable::add_call(GateId gate, const Span& span, std::span<const std::uint32_t> qubits,
                         std::span<const ExprStep> steps,
                         std::span<const BodyExpression> expressions) {
  const auto first_step = static_cast<std::uint32_t>(steps_.size());
  calls_.push_back({gate, static_cast<std::uint32_t>(expressions_.size()),
                    static_cast<std::uint32_t>(body_qubits_.size()), span});
  body_qubits_.insert(body_qubits_.end(), qubits.begin(), qubits.end());
  steps_.insert(steps_.end(), steps.begin(), steps.end());
  for (BodyExpression expression : expressions) {
    expression.first_step += first_step;
    expressions_.push_back(expression);
  }
  const GateDefinition& callee = gates_[gate];
  body_operations_ = saturating_add(body_operations_, callee.operations);
  body_work_ = saturating_add(body_work_, 1 + qubits.size() / 8);
  // The expander does not descend into what emits nothing.
  if (callee.operations > 0) {
    body_work_ = saturating_add(body_work_, callee.work);
    body_evaluations_ = saturating_add(body_evaluations_, callee.evaluations);
    body_evaluations_ = saturating_add(body_evaluations_, evaluation_cost(steps));
  }
  body_parametric_ = body_parametric_ || callee.parametric ||
                     std::any_of(steps.begin(), steps.end(),
                                 [](const ExprStep& step) { return step.op == ExprOp::parameter; });
}

GateDefinition GateTable::end_body() const {
  GateDefinition result;
  result.kind = GateDefinition::Kind::body;
  result.first_call = body_first_call_;
  result.calls = static_cast<std::uint32_t>(calls_.size()) - body_first_call_;
  result.operations = body_operations_;
  result.work = body_work_;
  result.evaluations = body_evaluations_;
  result.parametric = body_parametric_;
  return result;
}

std::vector<std::string_view> GateTable::names() const {
  std::vector<std::string_view> result;
  result.reserve(by_name_.size());
  for (const auto& [name, id] : by_name_) {
    if (!is_reserved_word(name)) result.push_back(name);
  }
  return result;
}

}  // namespace qross::qsim::qasm
