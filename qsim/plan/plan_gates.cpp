// SPDX-License-Identifier: Apache-2.0
// Canonical forms take long to find and save much on large states; matrices are made in a moment
// and serve small ones.
#include "qsim/plan/plan_gates.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "qsim/plan/simplify/fuse.hpp"
#include "qsim/plan/simplify/simplify.hpp"

namespace qross::qsim {
namespace {

/// A canonical form of two qubits takes some 10 microseconds to find, a merged gate half of one:
/// smaller states run as fast without, and faster with matrices that fuse() makes in a tenth.
constexpr Qubit kLeastRewritten = 14;

/// The circuit that is lowered; nothing if it is the one that was given.
std::optional<Circuit> simplified(const Circuit& circuit, const Optimisations& optimisations,
                                  const StepSeconds& steps) {
  const FormCosts costs = form_costs(steps);
  std::optional<Circuit> simple;
  const auto keep = [&](std::optional<Circuit> next) {
    if (next) simple = std::move(next);
  };
  const auto now = [&]() -> const Circuit& { return simple ? *simple : circuit; };
  if (optimisations.has(Optimisation::cancel)) keep(without_repeats(now()));
  if (circuit.qubits() < kLeastRewritten) return simple;
  if (optimisations.has(Optimisation::pairs)) keep(with_pairs(now(), costs));
  if (optimisations.has(Optimisation::singles)) keep(with_singles(now(), costs));
  return simple;
}

/// Small states on one rank run matrices, if the circuit has no parameters: those with parameters
/// are planned once and run often. Gates stay apart where ranks share a state, for what is diagonal
/// needs no exchange.
bool fuses(const Circuit& circuit, const PlanOptions& options) {
  return circuit.qubits() < kLeastRewritten && circuit.parameter_names().empty() &&
         options.ranks == 1 && !options.reproducible &&
         (!options.shape || options.shape->shards() == 1) &&
         options.optimisations.has(Optimisation::pairs) &&
         options.optimisations.has(Optimisation::singles);
}

/// Blocks of a state on one rank; at least those of a tile.
double state_blocks(const Circuit& circuit, const PlanOptions& options) {
  const unsigned lanes = lane_bits(options.precision);
  const unsigned bits = std::max<unsigned>(circuit.qubits(), lanes + 3);
  return std::ldexp(1.0, static_cast<int>(bits - lanes));
}

LoweredCircuit fused(const Circuit& circuit, const PlanOptions& options) {
  const auto operations = circuit.operations();
  const double blocks = state_blocks(circuit, options);
  if (!options.optimisations.has(Optimisation::cancel)) {
    return lower(circuit, fuse(circuit, blocks), options.optimisations);
  }
  // Rotations that add up are fused anyway, but for long strings.
  const bool strings = std::any_of(operations.begin(), operations.end(), [](const Operation& op) {
    return op.gate == Gate::pauli_rotation;
  });
  if (strings) {
    if (const auto simple = without_repeats(circuit)) {
      return lower(*simple, fuse(*simple, blocks), options.optimisations);
    }
  }
  return lower(circuit, fuse(circuit, blocks, undone(circuit)), options.optimisations);
}

}  // namespace

Circuit simplify(const Circuit& circuit, const Optimisations& optimisations,
                 const StepSeconds& steps) {
  auto simple = simplified(circuit, optimisations, steps);
  return simple ? std::move(*simple) : circuit;
}

LoweredCircuit plan_gates(const Circuit& circuit, const PlanOptions& options,
                          const StepSeconds& steps) {
  if (fuses(circuit, options)) return fused(circuit, options);
  const auto simple = simplified(circuit, options.optimisations, steps);
  return lower(simple ? *simple : circuit, options.optimisations);
}

}  // namespace qross::qsim
