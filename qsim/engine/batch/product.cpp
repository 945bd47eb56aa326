// SPDX-License-Identifier: Apache-2.0
// One walk forward: a wire is fresh until an operation with several wires touches it.
#include "qsim/engine/batch/product.hpp"

#include <bit>

#include "qsim/core/error.hpp"
#include "qsim/plan/lowered_numbers.hpp"

namespace qross::qsim {
namespace {

class Taker {
 public:
  Taker(const LoweredCircuit& circuit, BatchCode& code) : circuit_(circuit), code_(code) {
    by_wire_.resize(code.wires);
  }

  void take(std::vector<std::uint32_t>& ops) {
    std::uint64_t used = 0;
    std::vector<std::uint32_t> rest;
    for (const std::uint32_t k : ops) {
      const Lowered& op = circuit_.ops[k];
      const std::uint64_t wires = op.footprint.need() | op.footprint.z;
      if (std::popcount(wires) == 1 && (wires & used) == 0) {
        add(op, by_wire_[static_cast<unsigned>(std::countr_zero(wires))]);
      } else {
        used |= wires;
        rest.push_back(k);
      }
    }
    ops = std::move(rest);
    for (const auto& list : by_wire_) {
      code_.product_first.push_back(static_cast<std::uint32_t>(code_.product.size()));
      code_.product.insert(code_.product.end(), list.begin(), list.end());
    }
    code_.product_first.push_back(static_cast<std::uint32_t>(code_.product.size()));
  }

 private:
  using List = std::vector<BatchWireOp>;

  void add(const Lowered& op, List& list) {
    switch (op.kind) {
      case Lowered::Kind::permutation: {
        const auto table = permutation_table(circuit_, op, /*inverse=*/false);
        if (table[0] == 1) add_matrix(std::vector<Complex>{0.0, 1.0, 1.0, 0.0}, list);
        return;
      }
      case Lowered::Kind::pauli:
        // Without a letter the one wire is a control.
        if (op.pauli_x == 0 && op.pauli_z == 0) return add_where_it_holds(op, -0.5, list);
        return add_string(op.pauli_x, op.pauli_z, angle(op), list);
      case Lowered::Kind::matrix:
        if (op.gate == Gate::rx || op.gate == Gate::ry) {
          return add_string(1, op.gate == Gate::ry ? 1 : 0, angle(op), list);
        }
        return add_matrix(numbers(circuit_, op, {}, /*inverse=*/false), list);
      case Lowered::Kind::diagonal: {
        if (op.gate == Gate::rz || op.gate == Gate::p) {
          return add_angle(BatchWireOp::Kind::phase, angle(op), list);
        }
        if (op.gate == Gate::global_phase) return add_where_it_holds(op, 1.0, list);
        const std::vector<Complex> phases = numbers(circuit_, op, {}, /*inverse=*/false);
        return add_matrix(std::vector<Complex>{phases[0], 0.0, 0.0, phases[1]}, list);
      }
    }
    throw Error(ErrorCode::bug, "unknown kind of operation in a product");
  }

  [[nodiscard]] AngleForm angle(const Lowered& op) {
    return code_.phasors.form(circuit_.params[op.first_param]);
  }

  /// e^{i factor angle} where the one control holds, up to a global phase.
  void add_where_it_holds(const Lowered& op, double factor, List& list) {
    const AngleForm form = angle(op).times(op.control_value != 0 ? factor : -factor);
    add_angle(BatchWireOp::Kind::phase, form, list);
  }

  void add_string(std::uint64_t x, std::uint64_t z, const AngleForm& angle, List& list) {
    if (x == 0) return add_angle(BatchWireOp::Kind::phase, angle, list);
    add_angle(z != 0 ? BatchWireOp::Kind::turn : BatchWireOp::Kind::turn_cross, angle.times(0.5),
              list);
  }

  void add_angle(BatchWireOp::Kind kind, const AngleForm& angle, List& list) {
    const BatchPhasors::Use use = code_.phasors.use(angle);
    list.push_back({kind, use.negative, use.phasor, 0});
  }

  void add_matrix(const std::vector<Complex>& m, List& list) {
    BatchWireOp op;
    op.kind = BatchWireOp::Kind::matrix;
    op.constants = static_cast<std::uint32_t>(code_.constants.size() / 2);
    for (const Complex& value : m) {
      code_.constants.push_back(value.real());
      code_.constants.push_back(value.imag());
    }
    list.push_back(op);
  }

  const LoweredCircuit& circuit_;
  BatchCode& code_;
  std::vector<List> by_wire_;
};

}  // namespace

void take_product(const LoweredCircuit& circuit, std::vector<std::uint32_t>& ops, BatchCode& code) {
  Taker(circuit, code).take(ops);
}

}  // namespace qross::qsim
