// SPDX-License-Identifier: Apache-2.0
// qelib1.inc: the built-in one, and one's own beside the circuit or below -I. One's own is read as
// any include; a body that only spells out the built-in gate of that name leaves the built-in one
// in place, which runs faster, and all others win and are named once.
#include <utility>

#include <fmt/core.h>

#include "qsim/qasm/same_gate.hpp"
#include "qsim/qasm/semantics2.hpp"

namespace qross::qsim::qasm {
namespace {

constexpr std::uint64_t kMostComparedOperations = 4096;
constexpr std::size_t kMostNamed = 8;

}  // namespace

void Semantics2::include_library(const Span& span) {
  const auto twice = gates_.open_library();
  if (twice.empty()) return;
  diagnostics_.error(Code::redefinition, span,
                     fmt::format("qelib1.inc defines gate '{}' once more", twice[0]),
                     "include it once and before gates of the same names, or read the file without "
                     "--strict");
}

void Semantics2::begin_own_library(std::string_view file, const Span& span) {
  // Strictly the file's gates are the only ones; else the later built-in gates stay known.
  if (!options_.strict) (void)gates_.open_library();
  own_library_ = OwnLibrary{std::string(file), span, {}};
}

void Semantics2::end_own_library() {
  const auto own = std::exchange(own_library_, std::nullopt);
  if (!own || own->replaced.empty()) return;
  std::string names;
  for (std::size_t k = 0; k < own->replaced.size() && k < kMostNamed; ++k) {
    names += fmt::format("{}{}", k == 0 ? "" : ", ", clip(own->replaced[k]));
  }
  if (own->replaced.size() > kMostNamed) {
    names += fmt::format(" and {} more", own->replaced.size() - kMostNamed);
  }
  diagnostics_.warning(Code::own_library, own->span,
                       fmt::format("'{}' is read in place of the built-in qelib1.inc, and its "
                                   "bodies differ for: {}",
                                   printable(own->file, 200), names),
                       "remove or rename that file to have the built-in gates");
}

// While one's own qelib1.inc is read: true if the definition just read is the built-in gate of that
// name in other words. Bodies are compared at two arbitrary values of the parameters.
bool Semantics2::keeps_built_in(const GateDefinition& definition) {
  if (!own_library_) return false;
  const auto old = gates_.find(definition.name);
  if (!old || gates_.gate(*old).kind != GateDefinition::Kind::native) return false;
  const GateDefinition native = gates_.gate(*old);
  if (native.parameters == definition.parameters && native.qubits == definition.qubits &&
      definition.qubits <= kMostCompared && definition.operations <= kMostComparedOperations &&
      definition.work <= kMostComparedOperations && !definition.parametric &&
      same_gate(gates_.add(definition), *old)) {
    return true;
  }
  own_library_->replaced.push_back(definition.name);
  return false;
}

bool Semantics2::same_gate(GateId a, GateId b) const {
  const Qubit qubits = gates_.gate(a).qubits;
  for (const double seed : {0.7, -2.3}) {
    std::vector<double> angles;
    for (std::uint32_t k = 0; k < gates_.gate(a).parameters; ++k) {
      angles.push_back(seed + 0.37 * seed * static_cast<double>(k));
    }
    std::vector<Qubit> operands;
    for (Qubit q = 0; q < qubits; ++q) operands.push_back(q);
    Circuit circuits[2];
    for (const bool second : {false, true}) {
      const SourceMap no_sources;
      Diagnostics ignored(no_sources, 0);
      Emitter emitter;
      (void)emitter.add_register(true, "q", qubits);
      Expander expander(gates_, emitter, ignored);
      if (!expander.expand(second ? b : a, {}, std::span<const double>(angles), operands)) {
        return false;
      }
      Program program = emitter.finish();
      circuits[second ? 1 : 0] =
          program.circuits.empty() ? Circuit(qubits) : std::move(program.circuits[0]);
    }
    if (!same_up_to_phase(circuits[0], circuits[1])) return false;
  }
  return true;
}

}  // namespace qross::qsim::qasm
