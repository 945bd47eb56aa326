// SPDX-License-Identifier: Apache-2.0
// Which circuits run gate by gate, and the one pass of their plans.
#include "qsim/plan/listed_plan.hpp"

#include <numeric>
#include <utility>

#include "qsim/core/bits.hpp"

namespace qross::qsim {
namespace {

/// On more qubits several gates in one trip through the registers are faster, in double precision.
constexpr Qubit kMostListed = 11;
/// With one qubit more they are faster to run, but take longer to plan than that saves once the
/// tables of the plan are larger than the caches.
constexpr std::size_t kLeastDeep = 2048;
/// A circuit of fewer gates is planned in less time than a state takes to make.
constexpr std::size_t kLeastListed = 128;

/// Each gate rounds its numbers for itself; of so many, the norm still keeps 1e-10 by far.
constexpr std::size_t kMostGates = std::size_t{1} << 18;

/// Circuits with parameters are planned once and run often; ranks share states of any size; and
/// whoever switches something off wants to see a plan without it. Numbers that are rounded to
/// single precision gate by gate let the norm drift.
bool wanted(const Circuit& circuit, const PlanOptions& options) {
  const Qubit qubits = circuit.qubits();
  const Qubit most = kMostListed + (circuit.size() >= kLeastDeep ? 1 : 0);
  return qubits > 0 && qubits <= most && circuit.size() >= kLeastListed &&
         circuit.size() <= kMostGates && options.precision == Precision::double_precision &&
         circuit.parameter_names().empty() && options.ranks == 1 && !options.reproducible &&
         options.optimisations == Optimisations() &&
         (!options.shape || (options.shape->shards() == 1 && options.shape->qubits == qubits)) &&
         (!options.initial || options.initial->qubits() == qubits);
}

}  // namespace

std::optional<Plan> listed_plan(const Circuit& circuit, const PlanOptions& options) {
  if (!wanted(circuit, options)) return std::nullopt;
  const unsigned qubits = circuit.qubits();
  Plan plan;
  plan.initial = options.initial ? *options.initial : Layout(qubits);
  plan.final = plan.initial;
  auto gates = list_gates(circuit, plan.final);
  if (!gates || gates->empty()) return std::nullopt;
  plan.gates = std::move(*gates);
  plan.circuit.qubits = qubits;
  plan.circuit.widest = 1;
  plan.circuit.listed = true;
  plan.circuit.final_wire.resize(qubits);
  std::iota(plan.circuit.final_wire.begin(), plan.circuit.final_wire.end(), std::uint8_t{0});
  plan.precision = options.precision;
  plan.profile = options.profile;
  plan.optimisations = options.optimisations;
  plan.shape = options.shape
                   ? *options.shape
                   : choose_shape(qubits, 1, least_local_qubits(plan.circuit, options.precision));
  plan.from_zero_state = !options.initial.has_value();
  const std::uint64_t all = low_mask(qubits);
  Stage stage;
  stage.layout = plan.initial;
  stage.pass_count = 1;
  plan.stages.push_back(std::move(stage));
  Pass pass;
  pass.active = all;
  pass.sub_count = 1;
  plan.passes.push_back(pass);
  SubBlock sub;
  sub.active = all;
  sub.op_count = static_cast<std::uint32_t>(plan.gates.gates.size());
  plan.subs.push_back(sub);
  return plan;
}

}  // namespace qross::qsim
