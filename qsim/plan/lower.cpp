// SPDX-License-Identifier: Apache-2.0
// Circuit operations to engine operations. The wire map follows SWAPs; Pauli rotations that flip
// more qubits than an active set can hold are conjugated with CX down to one flipped qubit.
#include "qsim/plan/lower.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/core.h>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/plan/layout.hpp"
#include "qsim/plan/simplify/fuse.hpp"
#include "qsim/plan/structure.hpp"

namespace qross::qsim {
namespace {

/// A Pauli rotation may flip as many qubits as a dense gate has targets.
constexpr int kMaxFlips = static_cast<int>(kMaxMatrixTargets);

class Lowering {
 public:
  Lowering(const Circuit& circuit, const Optimisations& optimisations)
      : circuit_(circuit), optimisations_(optimisations) {
    const Layout checked(circuit.qubits());  // refuses what cannot be indexed
    result_.qubits = checked.qubits();
    result_.slots = static_cast<std::uint32_t>(circuit.parameter_names().size());
    for (unsigned q = 0; q < result_.qubits; ++q) {
      result_.final_wire.push_back(static_cast<std::uint8_t>(q));
    }
  }

  LoweredCircuit run(FusedCircuit* fused) {
    const auto operations = circuit_.operations();
    if (fused == nullptr) {
      result_.ops.reserve(operations.size());
      for (const Operation& op : operations) add(op);
    } else {
      result_.ops.reserve(fused->steps.size());
      result_.complexes = std::move(fused->numbers);
      for (const FusedCircuit::Step& step : fused->steps) {
        if (step.fused) {
          push_fused(fused->gates[step.index]);
        } else {
          add(operations[step.index]);
        }
      }
    }
    // Lists that have grown may hold twice what they need.
    const auto shrink = [](auto& list) {
      if (list.capacity() - list.size() > list.size() / 4) list.shrink_to_fit();
    };
    shrink(result_.ops);
    shrink(result_.params);
    shrink(result_.complexes);
    return std::move(result_);
  }

 private:
  struct Controls {
    std::uint64_t mask = 0;
    std::uint64_t value = 0;
  };

  [[nodiscard]] std::uint8_t wire(Qubit q) const { return result_.final_wire[q]; }

  [[nodiscard]] Controls controls(const Operation& op) const {
    Controls result;
    for (std::size_t k = 0; k < op.controls; ++k) {
      const Control c = circuit_.control(op, k);
      result.mask |= bit(wire(c.qubit));
      if (!c.negative) result.value |= bit(wire(c.qubit));
    }
    return result;
  }

  void add(const Operation& op) {
    const auto targets = circuit_.targets(op);
    const auto params = circuit_.params(op);
    const Controls ctrl = controls(op);
    const auto constant = [&] {
      return std::all_of(params.begin(), params.end(),
                         [](const Param& p) { return p.is_constant(); });
    };
    switch (op.gate) {
      case Gate::id:
        return;
      case Gate::swap:
        if (ctrl.mask == 0 && optimisations_.has(Optimisation::relabel)) {
          std::swap(result_.final_wire[targets[0]], result_.final_wire[targets[1]]);
          return;
        }
        return push_permutation(op, targets, ctrl, kSwapTable, swap_data_);
      case Gate::x:
        return push_permutation(op, targets, ctrl, kFlipTable, flip_data_);
      case Gate::permutation: {
        std::uint32_t own = kNoData;
        return push_permutation(op, targets, ctrl, circuit_.table(op), own);
      }
      case Gate::u:
        if (constant()) return push_dense(op, targets, ctrl);
        push_single(Gate::p, targets, ctrl, params[2]);
        push_single(Gate::ry, targets, ctrl, params[0]);
        return push_single(Gate::p, targets, ctrl, params[1]);
      case Gate::fsim: {
        if (constant()) return push_dense(op, targets, ctrl);
        push_single(Gate::rxx, targets, ctrl, params[0]);
        push_single(Gate::ryy, targets, ctrl, params[0]);
        Controls both = ctrl;
        both.mask |= bit(wire(targets[0]));
        both.value |= bit(wire(targets[0]));
        return push_single(Gate::p, targets.subspan(1), both, -params[1]);
      }
      case Gate::rx:
      case Gate::ry:
      case Gate::rz:
      case Gate::rxx:
      case Gate::ryy:
      case Gate::rzz:
      case Gate::p:
        return push_single(op.gate, targets, ctrl, params[0]);
      case Gate::z:
      case Gate::s:
      case Gate::sdg:
      case Gate::t:
      case Gate::tdg:
      case Gate::diagonal:
        return push_diagonal(op, targets, ctrl);
      case Gate::y:
      case Gate::h:
      case Gate::sx:
      case Gate::sxdg:
      case Gate::iswap:
      case Gate::unitary:
        return push_dense(op, targets, ctrl);
      case Gate::pauli_rotation:
        return push_string(op, targets, ctrl, params[0]);
      case Gate::global_phase: {
        Lowered& low = push(Lowered::Kind::diagonal, Gate::global_phase, {}, ctrl, params);
        low.footprint.z = ctrl.mask;
        return;
      }
    }
    throw Error(ErrorCode::bug, fmt::format("gate {} cannot be lowered", info(op.gate).name));
  }

  Lowered& push(Lowered::Kind kind, Gate gate, std::span<const Qubit> targets, Controls ctrl,
                std::span<const Param> params) {
    Lowered low;
    low.kind = kind;
    low.gate = gate;
    low.targets = static_cast<std::uint8_t>(targets.size());
    for (std::size_t k = 0; k < targets.size(); ++k) low.target[k] = wire(targets[k]);
    low.control_mask = ctrl.mask;
    low.control_value = ctrl.value;
    low.first_param = static_cast<std::uint32_t>(result_.params.size());
    result_.params.insert(result_.params.end(), params.begin(), params.end());
    low.footprint.z = ctrl.mask;
    return result_.ops.emplace_back(low);
  }

  [[nodiscard]] std::uint64_t mask(std::span<const Qubit> targets) const {
    std::uint64_t result = 0;
    for (const Qubit q : targets) result |= bit(wire(q));
    return result;
  }

  void note_width(const Lowered& low) {
    result_.widest =
        std::max(result_.widest, static_cast<unsigned>(std::popcount(low.footprint.need())));
  }

  // A constant matrix that is phases, perhaps after a flip or an exchange, is lowered to those.
  bool push_structure(const Operation& op, std::span<const Qubit> targets, Controls ctrl) {
    if (!optimisations_.has(Optimisation::structure)) return false;
    if (op.gate == Gate::h || op.gate == Gate::sx || op.gate == Gate::sxdg) return false;
    std::vector<double> angles;
    for (const Param& p : circuit_.params(op)) angles.push_back(p.evaluate({}));
    const Structure found = op.gate == Gate::unitary ? structure_of(circuit_.matrix(op))
                                                     : structure_of(matrix(op.gate, angles));
    switch (found.kind) {
      case Structure::Kind::dense:
        return false;
      case Structure::Kind::diagonal:
        break;
      case Structure::Kind::flip:
        push_flip(targets, ctrl);
        break;
      case Structure::Kind::exchange:
        if (ctrl.mask != 0 || !optimisations_.has(Optimisation::relabel)) return false;
        std::swap(result_.final_wire[targets[0]], result_.final_wire[targets[1]]);
        break;
    }
    Lowered& low = push(Lowered::Kind::diagonal, Gate::diagonal, targets, ctrl, {});
    low.footprint.z |= mask(targets);
    low.first_data = static_cast<std::uint32_t>(result_.complexes.size());
    result_.complexes.insert(result_.complexes.end(), found.phases.begin(), found.phases.end());
    return true;
  }

  void push_flip(std::span<const Qubit> targets, Controls ctrl) {
    Lowered& low = push(Lowered::Kind::permutation, Gate::x, targets, ctrl, {});
    low.footprint.x = mask(targets);
    low.first_data = store_table(kFlipTable, flip_data_);
    note_width(low);
  }

  void push_dense(const Operation& op, std::span<const Qubit> targets, Controls ctrl) {
    if (targets.size() <= 2 && push_structure(op, targets, ctrl)) return;
    Lowered& low = push(Lowered::Kind::matrix, op.gate, targets, ctrl, circuit_.params(op));
    const bool x_axis = op.gate == Gate::sx || op.gate == Gate::sxdg;
    (x_axis ? low.footprint.x : low.footprint.mix) = mask(targets);
    if (op.gate == Gate::unitary) store_complexes(low, op);
    note_width(low);
  }

  void push_fused(const FusedGate& gate) {
    const auto targets = std::span(gate.on).first(gate.targets);
    Lowered& low = push(Lowered::Kind::matrix, Gate::unitary, targets, {}, {});
    low.footprint.mix = mask(targets);
    low.first_data = gate.first;
    result_.widest = std::max(result_.widest, unsigned{gate.targets});
  }

  void push_diagonal(const Operation& op, std::span<const Qubit> targets, Controls ctrl) {
    Lowered& low = push(Lowered::Kind::diagonal, op.gate, targets, ctrl, circuit_.params(op));
    low.footprint.z |= mask(targets);
    if (op.gate == Gate::diagonal) store_complexes(low, op);
  }

  void store_complexes(Lowered& low, const Operation& op) {
    const auto data = circuit_.matrix(op);
    low.first_data = static_cast<std::uint32_t>(result_.complexes.size());
    result_.complexes.insert(result_.complexes.end(), data.begin(), data.end());
  }

  /// `data` is where the table lies, if it is there already.
  void push_permutation(const Operation& op, std::span<const Qubit> targets, Controls ctrl,
                        std::span<const std::uint32_t> table, std::uint32_t& data) {
    Lowered& low = push(Lowered::Kind::permutation, op.gate, targets, ctrl, {});
    (op.gate == Gate::x ? low.footprint.x : low.footprint.mix) = mask(targets);
    low.first_data = store_table(table, data);
    note_width(low);
  }

  std::uint32_t store_table(std::span<const std::uint32_t> table, std::uint32_t& data) {
    if (data == kNoData) {
      data = static_cast<std::uint32_t>(result_.indices.size());
      result_.indices.insert(result_.indices.end(), table.begin(), table.end());
    }
    return data;
  }

  // One rotation about a Pauli axis, or a phase: the gates with one angle.
  void push_single(Gate gate, std::span<const Qubit> targets, Controls ctrl, const Param& angle) {
    const bool diagonal = gate == Gate::rz || gate == Gate::rzz || gate == Gate::p;
    const auto kind = diagonal              ? Lowered::Kind::diagonal
                      : targets.size() == 1 ? Lowered::Kind::matrix
                                            : Lowered::Kind::pauli;
    Lowered& low = push(kind, gate, targets, ctrl, std::span(&angle, 1));
    const std::uint64_t on = mask(targets);
    if (diagonal) {
      low.footprint.z |= on;
    } else if (gate == Gate::rx || gate == Gate::rxx) {
      low.footprint.x = on;
    } else {
      low.footprint.mix = on;
    }
    if (gate == Gate::rx || gate == Gate::ry || gate == Gate::rxx || gate == Gate::ryy) {
      low.pauli_x = on;
    }
    if (gate == Gate::ry || gate == Gate::rz || gate == Gate::ryy || gate == Gate::rzz) {
      low.pauli_z = on;
    }
    note_width(low);
  }

  void push_string(const Operation& op, std::span<const Qubit> targets, Controls ctrl,
                   const Param& angle) {
    std::uint64_t x = 0;
    std::uint64_t z = 0;
    const std::string_view letters = circuit_.paulis(op);
    for (std::size_t k = 0; k < targets.size(); ++k) {
      if (letters[k] == 'X' || letters[k] == 'Y') x |= bit(wire(targets[k]));
      if (letters[k] == 'Z' || letters[k] == 'Y') z |= bit(wire(targets[k]));
    }
    if (std::popcount(x) > kMaxFlips) return push_long_string(x, z, ctrl, angle);
    push_pauli(x, z, ctrl, angle);
  }

  void push_pauli(std::uint64_t x, std::uint64_t z, Controls ctrl, const Param& angle) {
    Lowered& low = push(Lowered::Kind::pauli, Gate::pauli_rotation, {}, ctrl, std::span(&angle, 1));
    low.pauli_x = x;
    low.pauli_z = z;
    low.footprint.mix = x & z;
    low.footprint.x = x & ~z;
    low.footprint.z |= z & ~x;
    note_width(low);
  }

  // Y = S X S^dagger and CX(a->b) X_a CX(a->b) = X_a X_b: turn every Y into X, then fold all X onto
  // one qubit. The conjugating gates commute with the controls' projectors and need none.
  void push_long_string(std::uint64_t x, std::uint64_t z, Controls ctrl, const Param& angle) {
    const std::uint64_t ys = x & z;
    const auto first = static_cast<unsigned>(std::countr_zero(x));
    const auto fold = [&] {
      for (unsigned q = first + 1; q < 64; ++q) {
        if ((x & bit(q)) != 0) push_raw_cx(first, q);
      }
    };
    push_raw_phase(ys, Gate::sdg);
    fold();
    push_pauli(bit(first), z & ~ys, ctrl, angle);
    fold();
    push_raw_phase(ys, Gate::s);
  }

  void push_raw_cx(unsigned control, unsigned target) {
    Lowered& low = push(Lowered::Kind::permutation, Gate::x, {}, {bit(control), bit(control)}, {});
    low.targets = 1;
    low.target[0] = static_cast<std::uint8_t>(target);
    low.footprint.x = bit(target);
    low.first_data = store_table(kFlipTable, flip_data_);
    note_width(low);
  }

  void push_raw_phase(std::uint64_t wires, Gate gate) {
    for (; wires != 0; wires &= wires - 1) {
      Lowered& low = push(Lowered::Kind::diagonal, gate, {}, {}, {});
      low.targets = 1;
      low.target[0] = static_cast<std::uint8_t>(std::countr_zero(wires));
      low.footprint.z = wires & (~wires + 1);
    }
  }

  static constexpr std::uint32_t kNoData = ~0U;
  static constexpr std::array<std::uint32_t, 2> kFlipTable{1, 0};
  static constexpr std::array<std::uint32_t, 4> kSwapTable{0, 2, 1, 3};

  const Circuit& circuit_;
  Optimisations optimisations_;
  std::uint32_t flip_data_ = kNoData;
  std::uint32_t swap_data_ = kNoData;
  LoweredCircuit result_;
};

}  // namespace

LoweredCircuit lower(const Circuit& circuit, const Optimisations& optimisations) {
  return Lowering(circuit, optimisations).run(nullptr);
}

LoweredCircuit lower(const Circuit& circuit, FusedCircuit&& fused,
                     const Optimisations& optimisations) {
  return Lowering(circuit, optimisations).run(&fused);
}

}  // namespace qross::qsim
