// SPDX-License-Identifier: Apache-2.0
// The expansion loop. Parameters and qubits of open bodies lie on two shared stacks; a frame
// remembers where its own begin.
#include "qsim/qasm/expand.hpp"

#include <string>
#include <utility>

#include <fmt/core.h>

namespace qross::qsim::qasm {

namespace {

std::string shown(double value) { return fmt::format("{:.6g}", value); }
std::string shown(const Param& value) {
  return value.is_constant() ? shown(value.affine()->offset) : "an expression";
}

}  // namespace

bool Expander::expand(GateId id, const Span& call, std::span<const double> parameters,
                      std::span<const Qubit> qubits) {
  return expand_with(numbers_, id, call, parameters, qubits);
}

bool Expander::expand(GateId id, const Span& call, std::span<const Param> parameters,
                      std::span<const Qubit> qubits) {
  return expand_with(expressions_, id, call, parameters, qubits);
}

template <class Value>
bool Expander::expand_with(Values<Value>& values, GateId id, const Span& call,
                           std::span<const Value> parameters, std::span<const Qubit> qubits) {
  const GateDefinition& gate = gates_.gate(id);
  if (gate.kind == GateDefinition::Kind::native) {
    for (std::size_t i = 0; i < gate.library->step_count; ++i) {
      emitter_.gate(gate.library->steps[i], qubits, parameters);
    }
    return true;
  }
  values.parameters.assign(parameters.begin(), parameters.end());
  qubits_.assign(qubits.begin(), qubits.end());
  frames_.assign(1, Frame{&gate, 0, 0, 0, call});
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    if (frame.next == frame.gate->calls) {
      values.parameters.resize(frame.parameters);
      qubits_.resize(frame.qubits);
      frames_.pop_back();
      continue;
    }
    const BodyCall& inner = gates_.calls(*frame.gate)[frame.next++];
    if (gates_.gate(inner.gate).operations == 0) continue;
    if (!enter(values, inner, Frame(frame))) return false;
  }
  return true;
}

// Works out the operands of a call in the body of `frame`; emits a native gate, opens another.
template <class Value>
bool Expander::enter(Values<Value>& values, const BodyCall& call, const Frame& frame) {
  const GateDefinition& callee = gates_.gate(call.gate);
  const std::size_t first_parameter = values.parameters.size();
  const std::size_t first_qubit = qubits_.size();
  for (std::uint32_t i = 0; i < callee.parameters; ++i) {
    const BodyExpression& expression = gates_.expression(call.first_expression + i);
    const auto formals = std::span<const Value>(values.parameters).subspan(frame.parameters);
    Value value{};
    if (const auto reason = evaluate(gates_.steps(expression), formals, values.scratch, value)) {
      report(values, expression, frame, *reason);
      return false;
    }
    values.parameters.push_back(std::move(value));
  }
  for (const std::uint32_t formal : gates_.qubits(call)) {
    qubits_.push_back(qubits_[frame.qubits + formal]);
  }
  if (callee.kind == GateDefinition::Kind::native) {
    const auto own_parameters = std::span<const Value>(values.parameters).subspan(first_parameter);
    const auto own_qubits = std::span<const Qubit>(qubits_).subspan(first_qubit);
    for (std::size_t i = 0; i < callee.library->step_count; ++i) {
      emitter_.gate(callee.library->steps[i], own_qubits, own_parameters);
    }
    values.parameters.resize(first_parameter);
    qubits_.resize(first_qubit);
  } else {
    frames_.push_back({&callee, 0, first_parameter, first_qubit, call.span});
  }
  return true;
}

template <class Value>
void Expander::report(const Values<Value>& values, const BodyExpression& expression,
                      const Frame& frame, const std::string& reason) {
  std::string list;
  for (std::uint32_t i = 0; i < frame.gate->parameters && i < 4; ++i) {
    list += (i == 0 ? "" : ", ") + shown(values.parameters[frame.parameters + i]);
  }
  if (frame.gate->parameters > 4) list += ", ...";
  std::vector<Diagnostics::Place> trace;
  for (auto open = frames_.rbegin(); open != frames_.rend() && trace.size() < 6; ++open) {
    trace.push_back(
        {open->call, fmt::format("in gate '{}', called here", printable(open->gate->name))});
  }
  diagnostics_.error(Code::not_finite, expression.span,
                     fmt::format("this angle is {} (in '{}' called with {})", reason,
                                 printable(frame.gate->name), list),
                     {}, std::move(trace));
}

}  // namespace qross::qsim::qasm
