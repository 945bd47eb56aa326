// SPDX-License-Identifier: Apache-2.0
// Gate definitions: formals, bodies, redefinition rules; and what to say about unknown names.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "qsim/qasm/semantics2.hpp"
#include "qsim/qasm/suggest.hpp"

namespace qross::qsim::qasm {
namespace {

using namespace std::string_view_literals;

// Other tools' names for gates, and instructions that are no gates.
constexpr std::pair<std::string_view, std::string_view> kHints[] = {
    {"cnot", "write cx"},
    {"CNOT", "write cx"},
    {"toffoli", "write ccx"},
    {"ccnot", "write ccx"},
    {"fredkin", "write cswap"},
    {"i", "write id"},
    {"I", "write id"},
    {"phase", "write p"},
    {"mcx", "mcx takes any number of controls: write cx, ccx, c3x or c4x, or define a gate"},
    {"mcx_gray", "write cx, ccx, c3x or c4x, or define a gate"},
    {"mcphase", "define a gate of that name with a fixed number of controls"},
    {"mcu1", "define a gate of that name with a fixed number of controls"},
    {"snapshot", "it is an instruction to another simulator, not OpenQASM 2: remove it"},
    {"save_state", "it is an instruction to another simulator, not OpenQASM 2: remove it"},
    {"save_statevector", "it is an instruction to another simulator, not OpenQASM 2: remove it"},
    {"delay", "OpenQASM 2 has no delay: remove it"},
    {"global_phase", "OpenQASM 2 has no global phase: remove it; no probability changes"},
    {"gphase", "OpenQASM 2 has no global phase: remove it; no probability changes"},
};

}  // namespace

std::optional<std::uint32_t> Semantics2::Formals::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

bool Semantics2::Formals::add(std::string_view name) {
  return numbers_.emplace(name, static_cast<std::uint32_t>(numbers_.size())).second;
}

bool Semantics2::define_formals(std::span<const Word> parameters, std::span<const Word> qubits) {
  formal_parameters_.clear();
  formal_qubits_.clear();
  bool good = true;
  const auto add = [&](const Word& name, Formals& formals, std::string_view what) {
    if (!check_new_name(name, what)) {
      good = false;
    } else if (formal_parameters_.find(name.text) || formal_qubits_.find(name.text)) {
      diagnostics_.error(Code::redefinition, name.span,
                         fmt::format("'{}' is named twice in one gate", clip(name.text)),
                         "choose another name");
      good = false;
    } else {
      formals.add(name.text);
    }
  };
  for (const Word& name : parameters) add(name, formal_parameters_, "parameter");
  for (const Word& name : qubits) add(name, formal_qubits_, "qubit");
  return good;
}

// Built-in gates but U and CX may be redefined (not in strict mode once they are included); a
// file's own gates may not.
bool Semantics2::check_redefinition(const Word& name) {
  if (!check_new_name(name, "gate")) return false;
  const auto old = gates_.find(name.text);
  if (!old) return true;
  const GateDefinition& gate = gates_.gate(*old);
  if (gate.kind != GateDefinition::Kind::native) {
    diagnostics_.error(Code::redefinition, name.span,
                       fmt::format("gate '{}' is defined twice", clip(name.text)),
                       "choose another name", {{gate.span, "defined here first"}});
    return false;
  }
  if (options_.strict) {
    diagnostics_.error(Code::redefinition, name.span,
                       fmt::format("gate '{}' is defined in qelib1.inc already", name.text),
                       "choose another name, or read the file without --strict");
    return false;
  }
  if (!own_library_ && gates_.library_open() && gate.library->origin == GateOrigin::paper) {
    diagnostics_.warning(Code::library_redefined, name.span,
                         fmt::format("gate '{}' of qelib1.inc is redefined; this body is used "
                                     "from here on",
                                     name.text));
  }
  return true;
}

void Semantics2::begin_gate(const Word& name, std::span<const Word> parameters,
                            std::span<const Word> qubits) {
  gate_name_ = name;
  gate_parameters_ = static_cast<std::uint32_t>(parameters.size());
  gate_qubits_ = static_cast<std::uint32_t>(qubits.size());
  gate_valid_ = check_redefinition(name);
  if (!define_formals(parameters, qubits)) gate_valid_ = false;
  gates_.begin_body();
}

// The numbers of the formal qubits in body_qubits_; false after reporting what is wrong.
bool Semantics2::resolve_body_qubits(std::span<const Operand> operands) {
  body_qubits_.clear();
  bool good = true;
  for (const Operand& operand : operands) {
    const std::string_view name = operand.name.text;
    if (const auto number = formal_qubits_.find(name)) {
      body_qubits_.push_back(*number);
      if (!operand.index) continue;
      diagnostics_.error(Code::index_range, operand.index->span,
                         fmt::format("'{}' is a single qubit here and has no elements", clip(name)),
                         "write it without an index");
    } else if (formal_parameters_.find(name)) {
      diagnostics_.error(Code::wrong_kind, operand.name.span,
                         fmt::format("'{}' is a parameter of gate '{}', a qubit is needed here",
                                     clip(name), clip(gate_name_.text)));
    } else if (gate_valid_) {
      const bool global = registers_.contains(name);
      diagnostics_.error(
          Code::unknown_register, operand.name.span,
          fmt::format("'{}' is not a qubit of gate '{}'", clip(name), clip(gate_name_.text)),
          global ? "a gate body sees its own qubits only, not the registers"
                 : "name it among the qubits before the body");
    }
    good = false;
  }
  return good;
}

void Semantics2::body_call(const Word& name, std::span<const ExprStep> steps,
                           std::span<const BodyExpression> expressions,
                           std::span<const Operand> operands) {
  const bool qubits_good = resolve_body_qubits(operands);
  if (name.text == gate_name_.text) {
    diagnostics_.error(Code::recursion, name.span,
                       fmt::format("gate '{}' calls itself", clip(name.text)),
                       "gates cannot be recursive", {{gate_name_.span, "defined here"}});
    return;
  }
  const auto id = resolve_gate(name, expressions.size(), operands.size());
  if (!id || !qubits_good) return;
  std::vector<std::uint32_t>& sorted = order_;
  sorted = body_qubits_;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
    const auto is_twice = [&](const Operand& operand) {
      return formal_qubits_.find(operand.name.text) == *twice;
    };
    const auto last = std::find_if(operands.rbegin(), operands.rend(), is_twice);
    diagnostics_.error(Code::duplicate_operand, last->span(),
                       fmt::format("gate '{}' gets '{}' twice: operands must differ",
                                   clip(name.text), clip(last->name.text)));
    return;
  }
  gates_.add_call(*id, name.span, body_qubits_, steps, expressions);
}

void Semantics2::body_barrier(std::span<const Operand> operands) {
  (void)resolve_body_qubits(operands);
}

void Semantics2::end_gate() {
  if (!gate_valid_) {
    if (!gates_.find(gate_name_.text)) poison(gate_name_.text);
    return;
  }
  GateDefinition definition = gates_.end_body();
  definition.name = gate_name_.text;
  definition.span = gate_name_.span;
  definition.parameters = gate_parameters_;
  definition.qubits = gate_qubits_;
  if (!keeps_built_in(definition)) gates_.define(definition);
}

void Semantics2::opaque_gate(const Word& name, std::span<const Word> parameters,
                             std::span<const Word> qubits) {
  const bool fresh = check_redefinition(name);
  if (!define_formals(parameters, qubits) || !fresh) return;
  GateDefinition definition;
  definition.kind = GateDefinition::Kind::opaque;
  definition.name = name.text;
  definition.span = name.span;
  definition.parameters = static_cast<std::uint32_t>(parameters.size());
  definition.qubits = static_cast<std::uint32_t>(qubits.size());
  gates_.define(definition);
}

void Semantics2::report_unknown(const Unknown& unknown) {
  if (unknown.gate) {
    report_unknown_gate(unknown.name);
  } else {
    report_unknown_register(unknown.name);
  }
}

void Semantics2::report_unknown_gate(const Word& name) {
  if (const auto later = gates_.find(name.text);
      later && gates_.gate(*later).kind != GateDefinition::Kind::native) {
    diagnostics_.error(Code::used_before_definition, name.span,
                       fmt::format("gate '{}' is used before it is defined", clip(name.text)),
                       "move the definition above this line",
                       {{gates_.gate(*later).span, "defined here"}});
    return;
  }
  std::string help;
  std::vector<Diagnostics::Place> notes;
  const auto library = library_gates();
  const auto builtin = std::find_if(library.begin(), library.end(), [&](const LibraryGate& gate) {
    return gate.name == name.text;
  });
  const auto* const hint =
      std::find_if(std::begin(kHints), std::end(kHints),
                   [&](const auto& entry) { return entry.first == name.text; });
  if (builtin != library.end()) {  // strict mode
    help = builtin->origin == GateOrigin::paper
               ? "add include \"qelib1.inc\"; above this line"
               : "it is a later extension: read the file without --strict, or define it";
  } else if (const auto found = registers_.find(name.text); found != registers_.end()) {
    help = fmt::format("'{}' is a {} register, not a gate", clip(name.text),
                       found->second.quantum ? "quantum" : "classical");
    notes.push_back({found->second.span, "declared here"});
  } else if (hint != std::end(kHints)) {
    help = hint->second;
  } else if (const auto names = gates_.names(); !nearest_name(name.text, names).empty()) {
    help = fmt::format("did you mean '{}'?", clip(nearest_name(name.text, names)));
  } else {
    help = "define it with: gate name(parameters) qubits { ... }";
  }
  diagnostics_.error(Code::unknown_gate, name.span,
                     fmt::format("gate '{}' is not defined", clip(name.text)), std::move(help),
                     std::move(notes));
}

void Semantics2::report_unknown_register(const Word& name) {
  if (const auto later = registers_.find(name.text); later != registers_.end()) {
    diagnostics_.error(Code::used_before_definition, name.span,
                       fmt::format("register '{}' is used before it is declared", clip(name.text)),
                       "move the declaration above this line",
                       {{later->second.span, "declared here"}});
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& [known, info] : registers_) names.push_back(known);
  const std::string_view near = nearest_name(name.text, names);
  std::string help = "declare it with qreg or creg";
  if (!near.empty()) {
    help = fmt::format("did you mean '{}'?", clip(near));
  } else if (gates_.find(name.text)) {
    help = fmt::format("'{}' is a gate; a register is needed here (is a ';' missing?)",
                       clip(name.text));
  }
  diagnostics_.error(Code::unknown_register, name.span,
                     fmt::format("register '{}' is not declared", clip(name.text)),
                     std::move(help));
}

}  // namespace qross::qsim::qasm
