// SPDX-License-Identifier: Apache-2.0
// Registers, operands, gate calls, measurements, resets, barriers and conditions.
#include "qsim/qasm/semantics2.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "qsim/qasm/integer.hpp"

namespace qross::qsim::qasm {
namespace {

// What the tables of Circuit can number: five operands a gate, 32 bits; the top bit of a qubit is a
// flag there.
constexpr std::uint64_t kMostOperations = 800'000'000;
constexpr std::uint32_t kMostQubits = 0x7fffffffU;

// Expansion may take so much, and beyond that so much for each operation that comes of it: about a
// second for a file that comes to few operations.
constexpr std::uint64_t kFreeWork = std::uint64_t{1} << 25U;  // of 30 ns
constexpr std::uint64_t kWorkPerOperation = 16;
constexpr std::uint64_t kFreeEvaluations = std::uint64_t{1} << 27U;  // of 3 ns
constexpr std::uint64_t kEvaluationsPerOperation = 64;
// An operation on expressions costs as much as so many on numbers.
constexpr std::uint64_t kExpressionCost = 16;
// Names of parameters, each of which every circuit that uses later ones keeps.
constexpr std::size_t kMostParameters = 10'000;

constexpr std::string_view kind_name(bool quantum) { return quantum ? "quantum" : "classical"; }

}  // namespace

Semantics2::Semantics2(Diagnostics& diagnostics, const Options& options)
    : diagnostics_(diagnostics),
      options_(options),
      gates_(options.strict),
      expander_(gates_, emitter_, diagnostics) {}

// Reserved words, and in strict mode names that do not begin with a lower-case letter.
bool Semantics2::check_new_name(const Word& name, std::string_view what) {
  if (is_reserved_word(name.text)) {
    diagnostics_.error(
        Code::reserved_name, name.span,
        fmt::format("'{}' is a word of the language and cannot name a {}", name.text, what),
        "choose another name");
    return false;
  }
  if (options_.strict && !(name.text[0] >= 'a' && name.text[0] <= 'z')) {
    diagnostics_.error(Code::not_strict, name.span,
                       fmt::format("the name '{}' does not begin with a lower-case letter, as "
                                   "OpenQASM 2.0 wants",
                                   clip(name.text)),
                       "rename it, or read the file without --strict");
  }
  return true;
}

void Semantics2::declare_register(bool quantum, const Word& name, const Word& size) {
  if (!check_new_name(name, "register")) return poison(name.text);
  if (const auto old = registers_.find(name.text); old != registers_.end()) {
    diagnostics_.error(Code::redefinition, name.span,
                       fmt::format("'{}' is declared twice", clip(name.text)),
                       "choose another name", {{old->second.span, "declared here first"}});
    return;
  }
  const std::uint64_t wanted = parse_integer(size.text);
  const std::uint32_t limit =
      quantum ? std::min(options_.limits.qubits, kMostQubits) : options_.limits.bits;
  const std::uint32_t used = quantum ? emitter_.qubits() : emitter_.bits();
  if (wanted > limit - std::min(limit, used)) {
    diagnostics_.error(
        quantum ? Code::too_many_qubits : Code::too_many_bits, size.span,
        fmt::format("register '{}' of size {} makes more than {} {} in all (the limit)",
                    clip(name.text), printable(size.text, 24), limit, quantum ? "qubits" : "bits"),
        quantum ? "a full state takes 16 bytes times 2^qubits; even 50 qubits need 16 PiB" : "");
    return poison(name.text);
  }
  const auto checked = static_cast<std::uint32_t>(wanted);
  const std::uint32_t first = emitter_.add_register(quantum, name.text, checked);
  registers_.emplace(name.text, RegisterInfo{name.span, quantum, first, checked});
}

std::optional<Semantics2::Resolved> Semantics2::resolve(const Operand& operand, bool quantum) {
  const std::string_view name = operand.name.text;
  const auto found = registers_.find(name);
  if (found == registers_.end()) {
    if (poisoned_.contains(name)) return std::nullopt;
    diagnostics_.fail();
    if (unknown_registers_.insert(name).second) unknown_.push_back({operand.name, false});
    return std::nullopt;
  }
  const RegisterInfo& info = found->second;
  if (info.quantum != quantum) {
    diagnostics_.error(Code::wrong_kind, operand.name.span,
                       fmt::format("'{}' is a {} register, a {} one is needed here", clip(name),
                                   kind_name(info.quantum), kind_name(quantum)),
                       {}, {{info.span, fmt::format("'{}' is declared here", clip(name))}});
    return std::nullopt;
  }
  if (!operand.index) return Resolved{info.first, info.size, true};
  const std::uint64_t index = parse_integer(operand.index->text);
  if (index >= info.size) {
    diagnostics_.error(Code::index_range, operand.index->span,
                       fmt::format("index {} is out of range: register {} has {}",
                                   printable(operand.index->text, 24), clip(name), info.size),
                       info.size == 0 ? "it has no element at all"
                                      : fmt::format("indices count from 0 to {}", info.size - 1),
                       {{info.span, fmt::format("'{}' is declared here", clip(name))}});
    return std::nullopt;
  }
  return Resolved{info.first + static_cast<std::uint32_t>(index), 1, false};
}

// The gate of that name, if it can be called with so many parameters and operands.
std::optional<GateId> Semantics2::resolve_gate(const Word& name, std::size_t parameters,
                                               std::size_t operands) {
  const auto id = gates_.find(name.text);
  if (!id) {
    if (poisoned_.contains(name.text)) return std::nullopt;
    diagnostics_.fail();
    if (!include_failed_ && unknown_gates_.insert(name.text).second) {
      unknown_.push_back({name, true});
    }
    return std::nullopt;
  }
  const GateDefinition& gate = gates_.gate(*id);
  std::vector<Diagnostics::Place> notes;
  if (gate.kind != GateDefinition::Kind::native) {
    notes.push_back({gate.span, fmt::format("'{}' is declared here", clip(name.text))});
  }
  if (gate.kind == GateDefinition::Kind::opaque) {
    diagnostics_.error(
        Code::opaque_call, name.span,
        fmt::format("gate '{}' is opaque: there is no body to simulate", clip(name.text)),
        fmt::format("define it: gate {} ... {{ ... }}", clip(name.text)), notes);
    return std::nullopt;
  }
  bool good = true;
  if (gate.parameters != parameters) {
    diagnostics_.error(Code::parameter_count, name.span,
                       fmt::format("gate '{}' takes {} parameter{}, found {}", clip(name.text),
                                   gate.parameters, gate.parameters == 1 ? "" : "s", parameters),
                       {}, notes);
    good = false;
  }
  if (gate.qubits != operands) {
    diagnostics_.error(
        Code::qubit_count, name.span,
        fmt::format("gate '{}' acts on {} qubit{}, found {} operand{}", clip(name.text),
                    gate.qubits, gate.qubits == 1 ? "" : "s", operands, operands == 1 ? "" : "s"),
        {}, notes);
    good = false;
  }
  if (!good) return std::nullopt;
  const bool needs_include =
      gate.library != nullptr && gate.library->origin != GateOrigin::language;
  if (needs_include && !gates_.library_open() && !library_warned_ && !include_failed_) {
    library_warned_ = true;
    diagnostics_.warning(Code::missing_include, name.span,
                         fmt::format("'{}' is used without include \"qelib1.inc\"; the built-in "
                                     "gate is taken",
                                     name.text),
                         "add include \"qelib1.inc\"; at the head of the file");
  }
  return id;
}

// Operands of one call must differ at every step of the broadcast: two whole registers, a
// register and its element, or the same element twice do not.
bool Semantics2::check_distinct(std::string_view gate, std::span<const Operand> operands) {
  if (operands.size() < 2) return true;
  order_.resize(operands.size());
  for (std::uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
  // Sorted by begin, overlapping ranges stand side by side: registers do not overlap, so a whole
  // register is followed (or preceded) by its elements.
  std::stable_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Resolved& left = resolved_[a];
    const Resolved& right = resolved_[b];
    if (left.first != right.first) return left.first < right.first;
    return left.size > right.size;
  });
  for (std::size_t i = 1; i < order_.size(); ++i) {
    const std::uint32_t a = order_[i - 1];
    const std::uint32_t b = order_[i];
    if (resolved_[b].first >= resolved_[a].first + resolved_[a].size) continue;
    if (resolved_[b].size == 0) continue;
    const Operand& late = operands[std::max(a, b)];
    const Operand& early = operands[std::min(a, b)];
    const auto show = [&](const Operand& operand) {
      return operand.index ? fmt::format("{}[{}]", clip(operand.name.text),
                                         printable(operand.index->text, 24))
                           : clip(operand.name.text);
    };
    diagnostics_.error(Code::duplicate_operand, late.span(),
                       fmt::format("gate '{}' gets {} and {}: operands must differ", clip(gate),
                                   show(early), show(late)),
                       {}, {{early.span(), "used here already"}});
    return false;
  }
  return true;
}

std::uint64_t Semantics2::operation_limit() const {
  return std::min(options_.limits.operations, kMostOperations);
}

bool Semantics2::charge(const Cost& cost, std::uint64_t times, const Span& span) {
  const auto add = [&](std::uint64_t& sum, std::uint64_t one) {
    sum = saturating_add(sum, saturating_multiply(one, times));
  };
  add(spent_.operations, cost.operations);
  add(spent_.work, cost.work);
  add(spent_.evaluations, cost.evaluations);
  const auto within = [&](std::uint64_t sum, std::uint64_t free, std::uint64_t each) {
    return sum <= saturating_add(free, saturating_multiply(each, spent_.operations));
  };
  if (spent_.operations <= operation_limit() && within(spent_.work, kFreeWork, kWorkPerOperation) &&
      within(spent_.evaluations, kFreeEvaluations, kEvaluationsPerOperation)) {
    return true;
  }
  if (!over_limit_) over_limit_ = span;
  diagnostics_.fail();
  return false;
}

// Which limit was exceeded, and by what.
std::string Semantics2::over_limit() const {
  const auto count = [](std::uint64_t value) {
    return value == ~std::uint64_t{0} ? std::string("more than 1.8e19") : std::to_string(value);
  };
  if (spent_.operations > operation_limit()) {
    return fmt::format("expansion exceeds {} operations: the file comes to {}", operation_limit(),
                       count(spent_.operations));
  }
  const bool angles = spent_.evaluations / kEvaluationsPerOperation > spent_.operations &&
                      spent_.evaluations > kFreeEvaluations;
  return angles ? fmt::format(
                      "the angles take {} additions for {} operations, the limit is {} and "
                      "{} an operation",
                      count(spent_.evaluations), count(spent_.operations), kFreeEvaluations,
                      kEvaluationsPerOperation)
                : fmt::format(
                      "expansion takes {} steps for {} operations, the limit is {} and {} "
                      "an operation",
                      count(spent_.work), count(spent_.operations), kFreeWork, kWorkPerOperation);
}

std::optional<std::uint32_t> Semantics2::slot(std::string_view name) {
  if (is_operand(name) || emitter_.parameters() >= kMostParameters) return std::nullopt;
  return emitter_.parameter(name);
}

// The angles of a call, in numbers_ or, if one names a parameter of the circuit, in symbols_.
bool Semantics2::read_angles(std::span<const ExprStep> steps,
                             std::span<const BodyExpression> expressions) {
  const auto code = [&](const BodyExpression& angle) {
    return steps.subspan(angle.first_step, angle.steps);
  };
  numbers_.clear();
  symbols_.clear();
  symbolic_ = std::any_of(expressions.begin(), expressions.end(),
                          [&](const auto& angle) { return !is_constant(code(angle)); });
  for (const BodyExpression& angle : expressions) {
    if (!symbolic_) {
      numbers_.push_back(code(angle)[0].value);
    } else if (const auto reason = evaluate(code(angle), std::span<const Param>(), scratch_,
                                            symbols_.emplace_back())) {
      diagnostics_.error(Code::not_finite, angle.span, "this angle is " + *reason);
      return false;
    }
  }
  return true;
}

void Semantics2::gate_call(const Word& name, std::span<const ExprStep> steps,
                           std::span<const BodyExpression> expressions,
                           std::span<const Operand> operands) {
  const auto id = resolve_gate(name, expressions.size(), operands.size());
  resolved_.clear();
  for (const Operand& operand : operands) {
    if (const auto resolved = resolve(operand, true)) resolved_.push_back(*resolved);
  }
  if (!id || resolved_.size() != operands.size()) return;
  std::optional<std::size_t> wide;  // the first whole register
  for (std::size_t i = 0; i < resolved_.size(); ++i) {
    if (!resolved_[i].whole) continue;
    if (!wide) wide = i;
    if (resolved_[i].size != resolved_[*wide].size) {
      diagnostics_.error(Code::size_mismatch, operands[i].span(),
                         fmt::format("registers {} (size {}) and {} (size {}) cannot be paired",
                                     clip(operands[*wide].name.text), resolved_[*wide].size,
                                     clip(operands[i].name.text), resolved_[i].size),
                         "whole registers in one call must have the same size");
      return;
    }
  }
  if (!check_distinct(name.text, operands)) return;
  const GateDefinition& gate = gates_.gate(*id);
  const std::uint32_t times = wide ? resolved_[*wide].size : 1;
  if (!read_angles(steps, expressions)) return;
  if (gate.parametric && !symbolic_) {
    symbolic_ = true;
    symbols_.assign(numbers_.begin(), numbers_.end());
  }
  const std::uint64_t each = symbolic_ ? kExpressionCost : 1;
  const Cost cost{gate.operations, saturating_add(gate.work, 1),
                  saturating_multiply(gate.evaluations, each)};
  if (!charge(cost, times, name.span) || !emitting() || gate.operations == 0) return;
  for (std::uint32_t k = 0; k < times; ++k) {
    call_qubits_.clear();
    for (const Resolved& r : resolved_) call_qubits_.push_back(r.whole ? r.first + k : r.first);
    const bool good = symbolic_ ? expander_.expand(*id, name.span, symbols_, call_qubits_)
                                : expander_.expand(*id, name.span, numbers_, call_qubits_);
    if (!good) return;
  }
}

void Semantics2::measure(const Operand& source, const Operand& target) {
  const auto from = resolve(source, true);
  const auto to = resolve(target, false);
  if (!from || !to) return;
  if (from->whole != to->whole || from->size != to->size) {
    const bool mixed = from->whole != to->whole;
    const Operand& whole = from->whole ? source : target;
    diagnostics_.error(
        Code::size_mismatch, target.span(),
        mixed ? fmt::format("a single {} cannot be measured {} a whole register",
                            from->whole ? "bit" : "qubit", from->whole ? "from" : "into")
              : fmt::format("register {} has {} qubits, {} has {} bits: they must match",
                            clip(source.name.text), from->size, clip(target.name.text), to->size),
        mixed ? fmt::format("write an index: {}[0]", clip(whole.name.text)) : "");
    return;
  }
  if (!charge({1, 1, 0}, from->size, source.span()) || !emitting()) return;
  for (std::uint32_t k = 0; k < from->size; ++k) emitter_.measure(from->first + k, to->first + k);
}

void Semantics2::reset(const Operand& operand) {
  const auto resolved = resolve(operand, true);
  if (!resolved || !charge({1, 1, 0}, resolved->size, operand.span()) || !emitting()) return;
  for (std::uint32_t k = 0; k < resolved->size; ++k) emitter_.reset(resolved->first + k);
}

void Semantics2::barrier(std::span<const Operand> operands, const Span& span) {
  if (in_if_) {
    if (options_.strict) {
      diagnostics_.error(Code::not_strict, span, "a barrier cannot be conditional",
                         "remove it, or read the file without --strict");
    } else {
      diagnostics_.warning(Code::conditional_barrier, span,
                           "a conditional barrier is not in OpenQASM 2.0; it is ignored");
    }
  }
  for (const Operand& operand : operands) (void)resolve(operand, true);
}

void Semantics2::begin_if(const Word& name, const Word& value) {
  in_if_ = true;
  const auto target = resolve({name, std::nullopt, name.span.end}, false);
  if (!target) return;
  std::string_view digits = value.text;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  const auto [known, fresh] = conditions_.try_emplace(fmt::format("{}={}", name.text, digits), 0U);
  if (fresh) {
    condition_bits_ += target->size;
    if (condition_bits_ > options_.limits.condition_bits) {
      diagnostics_.error(Code::too_many_condition_bits, name.span,
                         fmt::format("the conditions of this file compare more than {} bits in "
                                     "all (the limit)",
                                     options_.limits.condition_bits),
                         "compare smaller registers");
      return;
    }
    Condition condition;
    condition.first_bit = target->first;
    if (auto bits = integer_bits(value.text, target->size)) {
      condition.value = std::move(*bits);
    } else {
      condition.never = true;
      diagnostics_.warning(
          Code::never_true, value.span,
          fmt::format("'{}' has {} bit{} and never equals {}", clip(name.text), target->size,
                      target->size == 1 ? "" : "s", printable(value.text, 24)),
          {},
          {{registers_.at(name.text).span, fmt::format("'{}' is declared here", clip(name.text))}});
    }
    known->second = emitter_.add_condition(std::move(condition));
  }
  if (!charge({0, 1, 0}, 1, name.span) || !emitting()) return;
  emitter_.begin_conditional(known->second);
}

void Semantics2::end_if() {
  in_if_ = false;
  if (emitting()) emitter_.end_conditional();
}

std::optional<Program> Semantics2::finish() {
  if (over_limit_) {
    diagnostics_.error(Code::too_many_operations, *over_limit_, over_limit(),
                       "the sum is reached here; nothing was expanded beyond it");
  }
  for (const Unknown& unknown : unknown_) report_unknown(unknown);
  if (diagnostics_.failed()) return std::nullopt;
  return emitter_.finish();
}

}  // namespace qross::qsim::qasm
