// SPDX-License-Identifier: Apache-2.0
// Building circuits: every gate is checked when it is appended, so that later floors can rely on
// it: qubits in range and distinct, arities right, constants finite, matrices unitary.
#include "qsim/circuit/circuit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/core.h>

#include "qsim/core/error.hpp"

namespace qross::qsim {
namespace {

constexpr double kUnitaryTolerance = 1e-8;

[[noreturn]] void reject(std::string message, std::string hint = {}) {
  throw Error(ErrorCode::bad_input, std::move(message), std::move(hint));
}

void check_table_targets(Gate gate, std::size_t targets, std::size_t entries, std::size_t wanted) {
  if (targets < 1 || targets > kMaxMatrixTargets) {
    reject(fmt::format("gate {} on {} targets: 1 to {} are supported", info(gate).name, targets,
                       kMaxMatrixTargets),
           "split the gate into smaller ones");
  }
  if (entries != wanted) {
    reject(fmt::format("gate {} on {} targets needs {} entries, got {}", info(gate).name, targets,
                       wanted, entries));
  }
}

// max |U^dagger U - 1| over the entries.
double unitarity_error(std::span<const Complex> m, std::size_t dim) {
  double worst = 0.0;
  for (std::size_t i = 0; i < dim; ++i) {
    for (std::size_t j = 0; j < dim; ++j) {
      Complex dot = 0.0;
      for (std::size_t k = 0; k < dim; ++k) dot += std::conj(m[k * dim + i]) * m[k * dim + j];
      const double error = std::abs(dot - (i == j ? 1.0 : 0.0));
      if (std::isnan(error)) return error;
      worst = std::max(worst, error);
    }
  }
  return worst;
}

}  // namespace

Param Circuit::parameter(std::string_view name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  const auto slot = static_cast<std::uint32_t>(found - names_.begin());
  if (found == names_.end()) names_.emplace_back(name);
  return Param::slot(slot);
}

void Circuit::name_parameters(std::span<const std::string> names) {
  if (names.size() < names_.size() ||
      (!names_.empty() && names[names_.size() - 1] != names_.back())) {
    reject("the parameters of a circuit cannot be renamed", "append new names to the old ones");
  }
  for (std::size_t k = names_.size(); k < names.size(); ++k) names_.push_back(names[k]);
}

Circuit Circuit::bound(std::span<const double> values) const {
  Circuit result = *this;
  result.names_.clear();
  for (Param& param : result.param_table_) {
    if (!param.is_constant()) param = Param(param.evaluate(values));
  }
  return result;
}

std::vector<Param> Circuit::parameters(std::string_view name, std::size_t count) {
  const std::string prefix = fmt::format("{}[", name);
  for (const std::string& other : names_) {
    if (other.compare(0, prefix.size(), prefix) != 0) continue;
    reject(
        fmt::format("the parameters {}[0] to {}[{}] are new ones, but the circuit has a {} already",
                    name, name, count == 0 ? 0 : count - 1, other),
        "use another name, or keep the expressions the first call returned");
  }
  std::vector<Param> result;
  result.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(Param::slot(static_cast<std::uint32_t>(names_.size())));
    names_.push_back(fmt::format("{}[{}]", name, i));
  }
  return result;
}

Operation& Circuit::push(Gate gate, std::span<const Qubit> targets, std::span<const Param> params,
                         std::span<const Control> controls) {
  const GateInfo& gate_info = info(gate);
  if (gate_info.targets >= 0 && targets.size() != static_cast<std::size_t>(gate_info.targets)) {
    reject(fmt::format("gate {} acts on {} qubits, got {}", gate_info.name, gate_info.targets,
                       targets.size()));
  }
  if (params.size() != static_cast<std::size_t>(gate_info.params)) {
    reject(fmt::format("gate {} takes {} parameters, got {}", gate_info.name, gate_info.params,
                       params.size()));
  }
  for (const Param& param : params) {
    if (param.is_constant()) (void)param.evaluate();
    if (param.slots() > names_.size()) {
      reject(fmt::format("gate {} uses parameter slot {}, but the circuit names only {}",
                         gate_info.name, param.slots() - 1, names_.size()),
             "create parameters with Circuit::parameter");
    }
  }
  Operation op;
  op.gate = gate;
  op.targets = static_cast<std::uint16_t>(targets.size());
  op.controls = static_cast<std::uint16_t>(controls.size());
  op.first_qubit = static_cast<std::uint32_t>(qubit_table_.size());
  op.first_param = static_cast<std::uint32_t>(param_table_.size());
  const auto add_qubit = [&](Qubit q, std::uint32_t flag) {
    if (q >= qubits_) {
      qubit_table_.resize(op.first_qubit);
      reject(fmt::format("gate {}: qubit {} is out of range, the circuit has {} qubits",
                         gate_info.name, q, qubits_));
    }
    const auto begin = qubit_table_.begin() + op.first_qubit;
    if (std::any_of(begin, qubit_table_.end(),
                    [&](std::uint32_t other) { return (other & ~kNegative) == q; })) {
      qubit_table_.resize(op.first_qubit);
      reject(
          fmt::format("gate {}: qubit {} is used twice, operands must differ", gate_info.name, q));
    }
    qubit_table_.push_back(q | flag);
  };
  for (const Qubit q : targets) add_qubit(q, 0);
  for (const Control& c : controls) add_qubit(c.qubit, c.negative ? kNegative : 0);
  param_table_.insert(param_table_.end(), params.begin(), params.end());
  return operations_.emplace_back(op);
}

Circuit& Circuit::apply(Gate gate, std::span<const Qubit> targets, std::span<const Param> params,
                        std::span<const Control> controls) {
  if (info(gate).targets < 0) {
    reject(fmt::format("gate {} needs its own data", info(gate).name),
           "use the member function of that name");
  }
  push(gate, targets, params, controls);
  return *this;
}

Circuit& Circuit::fixed(Gate gate, Qubit q) { return apply(gate, std::array{q}); }

Circuit& Circuit::rotation(Gate gate, Qubit q, const Param& angle) {
  return apply(gate, std::array{q}, std::array{angle});
}

Circuit& Circuit::controlled(Gate gate, Qubit control, Qubit target) {
  return apply(gate, std::array{target}, {}, std::array{Control{control, false}});
}

Circuit& Circuit::pair(Gate gate, Qubit a, Qubit b, const Param& angle) {
  return apply(gate, std::array{a, b}, std::array{angle});
}

Circuit& Circuit::u(Qubit q, const Param& theta, const Param& phi, const Param& lambda) {
  return apply(Gate::u, std::array{q}, std::array{theta, phi, lambda});
}

Circuit& Circuit::cp(Qubit control, Qubit target, const Param& angle) {
  return apply(Gate::p, std::array{target}, std::array{angle}, std::array{Control{control, false}});
}

Circuit& Circuit::crz(Qubit control, Qubit target, const Param& angle) {
  return apply(Gate::rz, std::array{target}, std::array{angle},
               std::array{Control{control, false}});
}

Circuit& Circuit::ccx(Qubit control0, Qubit control1, Qubit target) {
  return apply(Gate::x, std::array{target}, {},
               std::array{Control{control0, false}, Control{control1, false}});
}

Circuit& Circuit::swap(Qubit a, Qubit b) { return apply(Gate::swap, std::array{a, b}); }

Circuit& Circuit::fsim(Qubit a, Qubit b, const Param& theta, const Param& phi) {
  return apply(Gate::fsim, std::array{a, b}, std::array{theta, phi});
}

Circuit& Circuit::pauli_rotation(std::string_view paulis, std::span<const Qubit> targets,
                                 const Param& angle, std::span<const Control> controls) {
  if (paulis.size() != targets.size()) {
    reject(fmt::format("Pauli rotation '{}' has {} letters for {} qubits", paulis, paulis.size(),
                       targets.size()));
  }
  if (const auto bad = paulis.find_first_not_of("IXYZ"); bad != std::string_view::npos) {
    reject(fmt::format("Pauli rotation '{}': '{}' is not one of I, X, Y, Z", paulis, paulis[bad]));
  }
  Operation& op = push(Gate::pauli_rotation, targets, std::array{angle}, controls);
  op.first_data = static_cast<std::uint32_t>(pauli_table_.size());
  pauli_table_.append(paulis);
  return *this;
}

Circuit& Circuit::unitary(std::span<const Qubit> targets, std::span<const Complex> matrix,
                          std::span<const Control> controls) {
  const std::size_t dim = std::size_t{1} << std::min<std::size_t>(targets.size(), 16);
  check_table_targets(Gate::unitary, targets.size(), matrix.size(), dim * dim);
  const double error = unitarity_error(matrix, dim);
  if (!(error <= kUnitaryTolerance)) {
    reject(fmt::format("the matrix is not unitary: max |U^dagger U - 1| = {:.3g}, limit {:.0g}",
                       error, kUnitaryTolerance));
  }
  Operation& op = push(Gate::unitary, targets, {}, controls);
  op.first_data = static_cast<std::uint32_t>(matrix_table_.size());
  matrix_table_.insert(matrix_table_.end(), matrix.begin(), matrix.end());
  return *this;
}

Circuit& Circuit::diagonal(std::span<const Qubit> targets, std::span<const Complex> phases,
                           std::span<const Control> controls) {
  const std::size_t dim = std::size_t{1} << std::min<std::size_t>(targets.size(), 16);
  check_table_targets(Gate::diagonal, targets.size(), phases.size(), dim);
  for (std::size_t k = 0; k < dim; ++k) {
    const double error = std::abs(std::abs(phases[k]) - 1.0);
    if (!(error <= kUnitaryTolerance)) {
      reject(fmt::format("diagonal entry {} is not a phase: ||d| - 1| = {:.3g}, limit {:.0g}", k,
                         error, kUnitaryTolerance));
    }
  }
  Operation& op = push(Gate::diagonal, targets, {}, controls);
  op.first_data = static_cast<std::uint32_t>(matrix_table_.size());
  matrix_table_.insert(matrix_table_.end(), phases.begin(), phases.end());
  return *this;
}

Circuit& Circuit::permutation(std::span<const Qubit> targets, std::span<const std::uint32_t> table,
                              std::span<const Control> controls) {
  const std::size_t dim = std::size_t{1} << std::min<std::size_t>(targets.size(), 16);
  check_table_targets(Gate::permutation, targets.size(), table.size(), dim);
  std::vector<bool> seen(dim, false);
  for (const std::uint32_t image : table) {
    if (image >= dim || seen[image]) {
      reject(fmt::format("the table is not a permutation of 0..{}: {} is {}", dim - 1, image,
                         image >= dim ? "out of range" : "used twice"));
    }
    seen[image] = true;
  }
  Operation& op = push(Gate::permutation, targets, {}, controls);
  op.first_data = static_cast<std::uint32_t>(index_table_.size());
  index_table_.insert(index_table_.end(), table.begin(), table.end());
  return *this;
}

Circuit& Circuit::global_phase(const Param& angle, std::span<const Control> controls) {
  push(Gate::global_phase, {}, std::array{angle}, controls);
  return *this;
}

Operation& Circuit::push_copy(const Circuit& other, const Operation& op,
                              std::span<const Qubit> targets, std::span<const Param> params,
                              std::span<const Control> controls) {
  Operation& copy = push(op.gate, targets, params, controls);
  if (op.gate == Gate::unitary || op.gate == Gate::diagonal) {
    const auto data = other.matrix(op);
    copy.first_data = static_cast<std::uint32_t>(matrix_table_.size());
    matrix_table_.insert(matrix_table_.end(), data.begin(), data.end());
  } else if (op.gate == Gate::permutation) {
    const auto data = other.table(op);
    copy.first_data = static_cast<std::uint32_t>(index_table_.size());
    index_table_.insert(index_table_.end(), data.begin(), data.end());
  } else if (op.gate == Gate::pauli_rotation) {
    copy.first_data = static_cast<std::uint32_t>(pauli_table_.size());
    pauli_table_.append(other.paulis(op));
  }
  return copy;
}

Circuit& Circuit::append(const Circuit& other, const Operation& op, std::span<const Param> angles) {
  const bool plain = info(op.gate).targets > 0 && angles.empty();
  if (plain && &other != this && other.qubits_ == qubits_ && other.names_.size() == names_.size()) {
    // The other circuit has checked it, and seldom grows.
    if (operations_.empty()) {
      operations_.reserve(other.operations_.size());
      qubit_table_.reserve(other.qubit_table_.size());
      param_table_.reserve(other.param_table_.size());
    }
    Operation copy = op;
    copy.first_qubit = static_cast<std::uint32_t>(qubit_table_.size());
    copy.first_param = static_cast<std::uint32_t>(param_table_.size());
    const auto qubits =
        std::span(other.qubit_table_).subspan(op.first_qubit, op.targets + op.controls);
    qubit_table_.insert(qubit_table_.end(), qubits.begin(), qubits.end());
    const auto params = other.params(op);
    param_table_.insert(param_table_.end(), params.begin(), params.end());
    operations_.push_back(copy);
    return *this;
  }
  push_copy(other, op, other.targets(op), angles.empty() ? other.params(op) : angles,
            other.controls(op));
  return *this;
}

Circuit Circuit::blank() const {
  Circuit result(qubits_);
  result.names_ = names_;
  return result;
}

Circuit& Circuit::append(const Circuit& other) {
  if (other.qubits_ > qubits_) {
    reject(
        fmt::format("cannot append a circuit of {} qubits to one of {}", other.qubits_, qubits_));
  }
  const std::size_t common = std::min(names_.size(), other.names_.size());
  const auto middle = other.names_.begin() + static_cast<std::ptrdiff_t>(common);
  if (&other == this || !std::equal(other.names_.begin(), middle, names_.begin())) {
    std::vector<Qubit> same(other.qubits_);
    std::iota(same.begin(), same.end(), Qubit{0});
    return append(other, same);
  }
  // The same qubits and slots: all was checked when it came into `other`, so tables are joined.
  names_.insert(names_.end(), middle, other.names_.end());
  const auto qubits = static_cast<std::uint32_t>(qubit_table_.size());
  const auto angles = static_cast<std::uint32_t>(param_table_.size());
  const auto join = [](auto& own, const auto& more) {
    own.insert(own.end(), more.begin(), more.end());
  };
  for (Operation op : other.operations_) {
    op.first_qubit += qubits;
    op.first_param += angles;
    if (op.gate == Gate::unitary || op.gate == Gate::diagonal) {
      op.first_data += static_cast<std::uint32_t>(matrix_table_.size());
    } else if (op.gate == Gate::permutation) {
      op.first_data += static_cast<std::uint32_t>(index_table_.size());
    } else if (op.gate == Gate::pauli_rotation) {
      op.first_data += static_cast<std::uint32_t>(pauli_table_.size());
    }
    operations_.push_back(op);
  }
  join(qubit_table_, other.qubit_table_);
  join(param_table_, other.param_table_);
  join(matrix_table_, other.matrix_table_);
  join(index_table_, other.index_table_);
  join(pauli_table_, other.pauli_table_);
  return *this;
}

Circuit& Circuit::append(const Circuit& other, std::span<const Qubit> on) {
  if (&other == this) return append(Circuit(other), on);
  if (on.size() != other.qubits_) {
    reject(fmt::format("a circuit of {} qubits was to be put on {}", other.qubits_, on.size()),
           "name one qubit for each of its qubits");
  }
  std::vector<bool> used(qubits_, false);
  for (const Qubit q : on) {
    if (q >= qubits_) {
      reject(fmt::format("qubit {} is out of range, the circuit has {} qubits", q, qubits_));
    }
    if (used[q]) reject(fmt::format("two qubits of a circuit were to be put on qubit {}", q));
    used[q] = true;
  }
  std::vector<Param> slots;
  slots.reserve(other.names_.size());
  for (std::size_t k = 0; k < other.names_.size(); ++k) {
    const bool same_place = k < names_.size() && names_[k] == other.names_[k];
    slots.push_back(same_place ? Param::slot(static_cast<std::uint32_t>(k))
                               : parameter(other.names_[k]));
  }
  for (const Operation& op : other.operations_) {
    std::vector<Param> angles;
    for (const Param& param : other.params(op)) angles.push_back(param.substitute(slots));
    std::vector<Qubit> targets;
    for (const Qubit q : other.targets(op)) targets.push_back(on[q]);
    std::vector<Control> controls;
    for (const Control& c : other.controls(op)) controls.push_back({on[c.qubit], c.negative});
    push_copy(other, op, targets, angles, controls);
  }
  return *this;
}

std::vector<Control> Circuit::controls(const Operation& op) const {
  std::vector<Control> result;
  for (const std::uint32_t q :
       std::span(qubit_table_).subspan(op.first_qubit + op.targets, op.controls)) {
    result.push_back({q & ~kNegative, (q & kNegative) != 0});
  }
  return result;
}

std::span<const Complex> Circuit::matrix(const Operation& op) const {
  if (op.gate != Gate::unitary && op.gate != Gate::diagonal) return {};
  const std::size_t dim = std::size_t{1} << op.targets;
  return std::span(matrix_table_)
      .subspan(op.first_data, op.gate == Gate::unitary ? dim * dim : dim);
}

std::span<const std::uint32_t> Circuit::table(const Operation& op) const {
  if (op.gate != Gate::permutation) return {};
  return std::span(index_table_).subspan(op.first_data, std::size_t{1} << op.targets);
}

std::string_view Circuit::paulis(const Operation& op) const {
  if (op.gate != Gate::pauli_rotation) return {};
  return std::string_view(pauli_table_).substr(op.first_data, op.targets);
}

}  // namespace qross::qsim
