// SPDX-License-Identifier: Apache-2.0
// Expands a gate call, with numbers or with expressions for its parameters, into native operations.
// Iterative: the stack of open bodies is on the heap, so depth is bounded by the number of gates,
// not by the machine's stack. The caller has counted the operations before (GateTable) and found
// them within the limit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "qsim/qasm/emit.hpp"
#include "qsim/qasm/gate_table.hpp"

namespace qross::qsim::qasm {

class Expander {
 public:
  /// All must outlive this.
  Expander(const GateTable& gates, Emitter& emitter, Diagnostics& diagnostics)
      : gates_(gates), emitter_(emitter), diagnostics_(diagnostics) {}

  /// Emits gate `id`. False, after a diagnostic with the trace of calls, if an angle inside a body
  /// is not finite. Cost: GateDefinition::work.
  bool expand(GateId id, const Span& call, std::span<const double> parameters,
              std::span<const Qubit> qubits);
  /// The same where parameters of the circuit occur, in the call or in the bodies.
  bool expand(GateId id, const Span& call, std::span<const Param> parameters,
              std::span<const Qubit> qubits);

 private:
  /// The values of open bodies, and scratch: numbers or expressions.
  template <class Value>
  struct Values {
    std::vector<Value> parameters;
    std::vector<Value> scratch;
  };
  struct Frame {
    const GateDefinition* gate;
    std::uint32_t next;  // call of the body
    std::size_t parameters;
    std::size_t qubits;
    Span call;
  };

  template <class Value>
  bool expand_with(Values<Value>& values, GateId id, const Span& call,
                   std::span<const Value> parameters, std::span<const Qubit> qubits);
  template <class Value>
  bool enter(Values<Value>& values, const BodyCall& call, const Frame& frame);
  template <class Value>
  void report(const Values<Value>& values, const BodyExpression& expression, const Frame& frame,
              const std::string& reason);

  const GateTable& gates_;
  Emitter& emitter_;
  Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  std::vector<Qubit> qubits_;
  Values<double> numbers_;
  Values<Param> expressions_;
};

}  // namespace qross::qsim::qasm
