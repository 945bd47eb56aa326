// SPDX-License-Identifier: Apache-2.0
// The meaning of OpenQASM 2 statements: names, arities, broadcasting, conditions, limits. The
// parser calls one function for each statement it has read; checked statements go on to the
// Emitter. After the first error everything is still checked, but nothing more is emitted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "qsim/qasm/expand.hpp"

namespace qross::qsim::qasm {

/// A name or a literal with its place.
struct Word {
  std::string_view text;
  Span span;
};

/// A register, or with an index one element of it.
struct Operand {
  Word name;
  std::optional<Word> index;  ///< decimal digits
  std::uint32_t end = 0;      ///< behind its last byte
  [[nodiscard]] Span span() const { return {name.span.file, name.span.begin, end}; }
};

class Semantics2 final : private CircuitParameters {
 public:
  /// All must outlive this.
  Semantics2(Diagnostics& diagnostics, const Options& options);

  void declare_register(bool quantum, const Word& name, const Word& size);
  /// `include "qelib1.inc"` of the built-in one.
  void include_library(const Span& span);
  /// What is defined until end_own_library() comes from somebody's own qelib1.inc.
  void begin_own_library(std::string_view file, const Span& span);
  void end_own_library();
  /// Unknown gates are then put down to the include that failed, not reported.
  void include_failed() { include_failed_ = true; }

  /// `expressions` are the angles, their code in `steps`.
  void gate_call(const Word& name, std::span<const ExprStep> steps,
                 std::span<const BodyExpression> expressions, std::span<const Operand> operands);
  void measure(const Operand& source, const Operand& target);
  void reset(const Operand& operand);
  void barrier(std::span<const Operand> operands, const Span& span);
  /// Opens `if (name == value)`; what is emitted until end_if() is conditional.
  void begin_if(const Word& name, const Word& value);
  void end_if();
  [[nodiscard]] bool in_if() const { return in_if_; }

  /// Opens a definition; formals are checked for repeated and reserved names.
  void begin_gate(const Word& name, std::span<const Word> parameters, std::span<const Word> qubits);
  void body_call(const Word& name, std::span<const ExprStep> steps,
                 std::span<const BodyExpression> expressions, std::span<const Operand> operands);
  void body_barrier(std::span<const Operand> operands);
  void end_gate();
  void opaque_gate(const Word& name, std::span<const Word> parameters,
                   std::span<const Word> qubits);
  /// What free names in angles are; null in strict mode, which has none.
  [[nodiscard]] CircuitParameters* circuit_parameters() { return options_.strict ? nullptr : this; }
  /// True if `name` can stand where an operand is wanted, here or in the open gate body.
  [[nodiscard]] bool is_operand(std::string_view name) const {
    return registers_.contains(name) || formal_qubits_.find(name);
  }
  /// The formal parameters of the open definition, for its expressions.
  [[nodiscard]] const FormalNames& formals() const { return formal_parameters_; }

  /// A name whose declaration was faulty: using it is no further error.
  void poison(std::string_view name) { poisoned_.insert(name); }
  [[nodiscard]] bool is_register(std::string_view name) const { return registers_.contains(name); }
  [[nodiscard]] bool is_gate(std::string_view name) const { return gates_.find(name).has_value(); }

  /// Reports what only the end of the text decides and hands over the program if all is well.
  std::optional<Program> finish();

 private:
  struct RegisterInfo {
    Span span;
    bool quantum;
    std::uint32_t first;
    std::uint32_t size;
  };
  struct Resolved {
    std::uint32_t first;
    std::uint32_t size;  // 1 for an element
    bool whole;
  };
  struct Unknown {
    Word name;
    bool gate;
  };
  struct OwnLibrary {
    std::string file;
    Span span;
    std::vector<std::string_view> replaced;
  };
  class Formals final : public FormalNames {
   public:
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const override;
    bool add(std::string_view name);  // false if there already
    void clear() { numbers_.clear(); }

   private:
    std::unordered_map<std::string_view, std::uint32_t> numbers_;
  };

  std::optional<std::uint32_t> slot(std::string_view name) override;
  [[nodiscard]] bool emitting() const { return !diagnostics_.failed(); }
  bool read_angles(std::span<const ExprStep> steps, std::span<const BodyExpression> expressions);
  bool check_new_name(const Word& name, std::string_view what);
  [[nodiscard]] std::optional<GateId> resolve_gate(const Word& name, std::size_t parameters,
                                                   std::size_t operands);
  [[nodiscard]] std::optional<Resolved> resolve(const Operand& operand, bool quantum);
  bool check_distinct(std::string_view gate, std::span<const Operand> operands);
  bool define_formals(std::span<const Word> parameters, std::span<const Word> qubits);
  bool check_redefinition(const Word& name);
  [[nodiscard]] bool resolve_body_qubits(std::span<const Operand> operands);
  [[nodiscard]] std::uint64_t operation_limit() const;
  struct Cost {
    std::uint64_t operations = 0;
    std::uint64_t work = 0;
    std::uint64_t evaluations = 0;
  };
  bool charge(const Cost& cost, std::uint64_t times, const Span& span);
  [[nodiscard]] std::string over_limit() const;
  bool keeps_built_in(const GateDefinition& definition);
  [[nodiscard]] bool same_gate(GateId a, GateId b) const;
  void report_unknown(const Unknown& unknown);
  void report_unknown_gate(const Word& name);
  void report_unknown_register(const Word& name);
  [[nodiscard]] std::string clip(std::string_view name) const { return printable(name); }

  Diagnostics& diagnostics_;
  const Options& options_;
  GateTable gates_;
  Emitter emitter_;
  Expander expander_;
  std::unordered_map<std::string_view, RegisterInfo> registers_;
  std::unordered_set<std::string_view> poisoned_;
  std::vector<Unknown> unknown_;  // reported at the end, when later definitions are known
  std::unordered_set<std::string_view> unknown_gates_;
  std::unordered_set<std::string_view> unknown_registers_;
  bool include_failed_ = false;
  std::optional<OwnLibrary> own_library_;
  bool library_warned_ = false;

  bool in_if_ = false;
  std::unordered_map<std::string, std::uint32_t> conditions_;
  std::uint64_t condition_bits_ = 0;

  Cost spent_;
  std::optional<Span> over_limit_;

  std::vector<Resolved> resolved_;  // scratch of one statement
  bool symbolic_ = false;           // an angle names a parameter of the circuit
  std::vector<double> numbers_;     // the angles if not
  std::vector<Param> symbols_;      // the angles if so
  std::vector<Param> scratch_;
  std::vector<Qubit> call_qubits_;
  std::vector<std::uint32_t> order_;

  Word gate_name_;  // the open definition
  bool gate_valid_ = false;
  std::uint32_t gate_parameters_ = 0;
  std::uint32_t gate_qubits_ = 0;
  Formals formal_parameters_;
  Formals formal_qubits_;
  std::vector<std::uint32_t> body_qubits_;
};

}  // namespace qross::qsim::qasm
