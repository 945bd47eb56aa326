// SPDX-License-Identifier: Apache-2.0
// From operations to the builder's few kinds of gate.
#include "qsim/engine/batch/compiler.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/engine/batch/pending.hpp"
#include "qsim/engine/batch/product.hpp"
#include "qsim/plan/lowered_numbers.hpp"

namespace qross::qsim {
namespace {

constexpr double kPi = std::numbers::pi;

AngleForm constant(double angle) { return {angle, {}}; }

bool is_half_turn(const AngleForm& form) {
  return form.is_constant() && std::abs(std::abs(form.offset) - kPi) < 1e-14;
}

class Compiler {
 public:
  Compiler(const LoweredCircuit& circuit, const TrimmedCircuit& trimmed, const BatchRange& range)
      : circuit_(circuit), trimmed_(trimmed), builder_(code_, range) {
    code_.wires = std::max(circuit.qubits, kTileBits);
    code_.phasors = BatchPhasors(circuit.slots);
  }

  void run() {
    std::vector<std::uint32_t> ops = trimmed_.ops;
    take_product(circuit_, ops, code_);
    const std::vector<BatchSweep> sweeps = schedule_batch(circuit_, ops, code_.wires);
    pending_.emplace(circuit_, sweeps, trimmed_.observables, code_.wires);
    for (const BatchSweep& sweep : sweeps) {
      if (sweep.tiles.empty()) {
        pending_->advance();
        add_wide(sweep.wide);
        continue;
      }
      open(sweep.active);
      for (const BatchTile& tile : sweep.tiles) {
        builder_.begin(tile.wires);
        for (const std::uint32_t op : tile.ops) {
          pending_->advance();
          add(circuit_.ops[op]);
        }
        pending_->settle(builder_);
        builder_.finish();
      }
      close();
    }
    apply_what_observables_see();
    open(low_mask(code_.wires));
    builder_.close(walk_.trips);
    close();
  }
  [[nodiscard]] BatchCode& code() noexcept { return code_; }
  [[nodiscard]] const std::vector<std::vector<BatchTrace>>& traces() const noexcept {
    return all_traces_;
  }

 private:
  void open(std::uint64_t active) {
    walk_ = {low_mask(code_.wires) & ~active, {}};
    traces_.clear();
    builder_.write_to(walk_.trips, traces_);
    active_ = active;
  }
  void close() {
    if (walk_.trips.empty()) return;
    for (const BatchTrip& trip : walk_.trips) {
      if (trip.kind == BatchTrip::Kind::wide) continue;
      BatchProgram& program = code_.programs[trip.index];
      program.free = active_ & ~tile_wires(program);
    }
    code_.walks.push_back(std::move(walk_));
    all_traces_.push_back(std::move(traces_));
  }
  static std::uint64_t tile_wires(const BatchProgram& program) {
    return program.load.offset[kTileRows - 1];
  }

  /// Programs of their own for what is pending and does not commute with an operation that no tile
  /// holds, or with the observables.
  void apply_pending(const BatchEncounter* encounter, std::uint64_t mixed) {
    open(low_mask(code_.wires));
    while (const std::uint64_t tile = pending_->next_tile(encounter, mixed)) {
      builder_.begin(tile);
      pending_->apply(encounter, mixed, builder_);
      builder_.finish();
    }
    close();
  }
  void apply_what_observables_see() {
    std::uint64_t flipped = 0;
    for (const PauliSum& observable : trimmed_.observables) {
      for (const PauliString& s : observable.strings()) flipped |= s.x;
    }
    apply_pending(nullptr, flipped);
  }
  void release_before(const Lowered& op) {
    pending_->before(BatchEncounter(op), op.footprint.need(), builder_);
  }

  // --- operations ---

  void add(const Lowered& op) {
    switch (op.kind) {
      case Lowered::Kind::diagonal:
        return add_diagonal(op);
      case Lowered::Kind::matrix:
        return op.targets == 1 ? add_single(op) : add_pair(op);
      case Lowered::Kind::permutation:
        return add_permutation(op);
      case Lowered::Kind::pauli: {
        const AngleForm half = angle(op).times(0.5);
        if (op.pauli_x == 0) return add_parity(op, half.times(-1.0));
        release_before(op);
        return builder_.rotation({op.pauli_x, op.pauli_z, false}, controls(op), half);
      }
    }
    throw Error(ErrorCode::bug, "unknown kind of operation in a batch");
  }

  [[nodiscard]] static BatchControls controls(const Lowered& op) {
    return {op.control_mask, op.control_value};
  }
  [[nodiscard]] AngleForm angle(const Lowered& op) {
    return code_.phasors.form(circuit_.params[op.first_param]);
  }

  /// e^{i angle} where the controls hold.
  void add_projector(BatchControls on, const AngleForm& angle) {
    const int count = std::popcount(on.mask);
    if (count == 0 || angle.is_zero()) return;
    if (count > 2) return builder_.projector(on, 0, angle);
    if (is_half_turn(angle)) {
      BatchSigns& signs = pending_->phases().signs();
      const auto a = static_cast<unsigned>(std::countr_zero(on.mask));
      const auto b = static_cast<unsigned>(63 - std::countl_zero(on.mask));
      if (count == 1) return signs.toggle(a);
      // (x_a + n_a)(x_b + n_b), n = 1 for a value 0
      signs.toggle(a, b);
      if ((on.value & bit(a)) == 0) signs.toggle(b);
      if ((on.value & bit(b)) == 0) signs.toggle(a);
      return;
    }
    // The projector is the product of (1 - Z) / 2 for values 1, (1 + Z) / 2 for values 0.
    const double share = std::ldexp(1.0, -count);
    for (std::uint64_t s = next_subset(0, on.mask); s != 0; s = next_subset(s, on.mask)) {
      pending_->phases().add(s, angle, parity(s & on.value) != 0 ? -share : share);
    }
  }

  /// exp(i angle Z..Z) where the controls hold.
  void add_parity(const Lowered& op, const AngleForm& angle) {
    const BatchControls on = controls(op);
    const int count = std::popcount(on.mask);
    if (count > 1) {
      builder_.projector(on, 0, angle);
      if (op.pauli_z != 0) builder_.projector(on, op.pauli_z, angle.times(-2.0));
      return;
    }
    const double share = count == 0 ? 1.0 : 0.5;
    pending_->phases().add(op.pauli_z, angle, share);
    if (count == 1)
      pending_->phases().add(op.pauli_z | on.mask, angle, on.value != 0 ? -share : share);
  }

  void add_diagonal(const Lowered& op) {
    const BatchControls on = controls(op);
    if (op.gate == Gate::global_phase) return add_projector(on, angle(op));
    if (op.gate == Gate::rz || op.gate == Gate::rzz) return add_parity(op, angle(op).times(-0.5));
    if (op.gate == Gate::diagonal) return add_table(op);
    const BatchControls both{on.mask | bit(op.target[0]), on.value | bit(op.target[0])};
    if (op.gate == Gate::p) return add_projector(both, angle(op));
    const std::vector<Complex> phases = numbers(circuit_, op, {}, /*inverse=*/false);
    add_projector(both, constant(std::arg(phases[1] / phases[0])));
    add_projector(on, constant(std::arg(phases[0])));
  }

  /// A diagonal table, as the projectors of its values.
  void add_table(const Lowered& op) {
    const std::vector<Complex> phases = numbers(circuit_, op, {}, /*inverse=*/false);
    std::vector<double> angles;
    for (const Complex& phase : phases) angles.push_back(std::arg(phase));
    for (std::size_t k = 0; k < angles.size(); ++k) {
      BatchControls on = controls(op);
      for (unsigned j = 0; j < op.targets; ++j) {
        on.mask |= bit(op.target[j]);
        if (((k >> j) & 1U) != 0) on.value |= bit(op.target[j]);
      }
      const double share = std::ldexp(angles[k], -std::popcount(on.mask));
      std::uint64_t s = next_subset(0, on.mask);
      for (; s != 0; s = next_subset(s, on.mask)) {
        pending_->phases().add(s, constant(parity(s & on.value) != 0 ? -share : share), 1.0);
      }
    }
  }

  void add_single(const Lowered& op) {
    const unsigned wire = op.target[0];
    const BatchControls on = controls(op);
    if (op.gate == Gate::rx || op.gate == Gate::ry) {
      const std::uint64_t z = op.gate == Gate::ry ? bit(wire) : 0;
      release_before(op);
      return builder_.rotation({bit(wire), z, false}, on, angle(op).times(0.5));
    }
    if (op.gate == Gate::sx || op.gate == Gate::sxdg) {
      // e^{i a} times the rotation by X with half angle a
      const AngleForm quarter = constant(op.gate == Gate::sx ? kPi / 4.0 : -kPi / 4.0);
      release_before(op);
      builder_.rotation({bit(wire), 0, false}, on, quarter);
      return add_projector(on, quarter);
    }
    // U = diag(left) R(a) diag(1, right) with R a rotation by Y.
    const std::vector<Complex> m = numbers(circuit_, op, {}, /*inverse=*/false);
    const Turn turn(m[0], m[1], m[2], m[3]);
    const BatchControls one{on.mask | bit(wire), on.value | bit(wire)};
    add_projector(one, constant(turn.right));
    release_before(op);
    builder_.rotation({bit(wire), bit(wire), false}, on, constant(turn.angle));
    add_projector(one, constant(turn.left1 - turn.left0));
    add_projector(on, constant(turn.left0));
  }

  /// [[u00, u01], [u10, u11]] = diag(e^{i left0}, e^{i left1}) [[c, -s], [s, c]] diag(1, e^{i
  /// right})
  struct Turn {
    double angle;
    double left0;
    double left1;
    double right;
    Turn(Complex u00, Complex u01, Complex u10, Complex u11) {
      const double c = std::abs(u00);
      const double s = std::abs(u10);
      angle = std::atan2(s, c);
      left0 = c != 0.0 ? std::arg(u00) : 0.0;
      left1 = s != 0.0 ? std::arg(u10) : 0.0;
      right = c != 0.0 ? std::arg(u11) - left1 : std::arg(-u01) - left0;
    }
  };

  void add_pair(const Lowered& op) {
    const std::vector<Complex> m = numbers(circuit_, op, {}, /*inverse=*/false);
    const bool keeps_parity = m[1] == 0.0 && m[2] == 0.0 && m[4] == 0.0 && m[7] == 0.0 &&
                              m[8] == 0.0 && m[11] == 0.0 && m[13] == 0.0 && m[14] == 0.0;
    const unsigned a = op.target[0];
    const unsigned b = op.target[1];
    if (!keeps_parity) {
      release_before(op);
      return builder_.dense(a, b, m);
    }
    // One turn on |00>, |11> and one on |10>, |01> (a first).
    const Turn even(m[0], m[3], m[12], m[15]);
    const Turn odd(m[5], m[6], m[9], m[10]);
    const auto on = [&](bool at_a, bool at_b) {
      return BatchControls{bit(a) | bit(b), (at_a ? bit(a) : 0) | (at_b ? bit(b) : 0)};
    };
    add_projector(on(false, true), constant(odd.right));
    add_projector(on(true, true), constant(even.right));
    release_before(op);
    // X_a Y_b turns both, Y_a X_b the odd one backwards.
    const std::uint64_t both = bit(a) | bit(b);
    builder_.rotation({both, bit(b), false}, {}, constant((even.angle + odd.angle) / 2.0));
    builder_.rotation({both, bit(a), false}, {}, constant((even.angle - odd.angle) / 2.0));
    add_projector(on(false, false), constant(even.left0));
    add_projector(on(true, true), constant(even.left1));
    add_projector(on(true, false), constant(odd.left0));
    add_projector(on(false, true), constant(odd.left1));
  }

  void add_permutation(const Lowered& op) {
    const BatchEncounter encounter(op);
    if (encounter.flips) {
      // Where a control of value 0 is: flip, and flip back where it is 1.
      pending_->pass_flip(encounter.target, encounter.control);
      builder_.frame().flip(encounter.target, encounter.control);
      if (encounter.control && op.control_value == 0) {
        pending_->pass_flip(encounter.target, std::nullopt);
        builder_.frame().flip(encounter.target, std::nullopt);
      }
      return;
    }
    release_before(op);
    const auto second =
        op.gate == Gate::swap ? std::optional<unsigned>(op.target[1]) : std::nullopt;
    builder_.exchange(op.target[0], second, controls(op));
  }

  void add_wide(std::uint32_t index) {
    const Lowered& op = circuit_.ops[index];
    const BatchEncounter encounter(op);
    apply_pending(&encounter, op.footprint.need());
    BatchWide wide;
    wide.op = index;
    if (op.kind == Lowered::Kind::pauli) {
      wide.rotation = true;
      wide.numbers = builder_.lines(5);
      AngleForm half = angle(op).times(0.5);
      const BatchPhasors::Use use = code_.phasors.use(half);
      BatchRecipe recipe;
      recipe.kind = BatchRecipe::Kind::string;
      recipe.phasor = use.phasor;
      recipe.numbers = wide.numbers;
      // -i sin(a) i^ys; a negative angle turns the sign.
      const int ys = std::popcount(op.pauli_x & op.pauli_z);
      recipe.turns = static_cast<std::uint8_t>((1 + 3 * ys + (use.negative ? 2 : 0)) % 4);
      code_.forward.push_back(recipe);
      wide.phasor = use.phasor;
      wide.negative = use.negative;
    } else {
      wide.numbers = constant_wides_++;
    }
    open(low_mask(code_.wires));
    walk_.trips.push_back(
        {BatchTrip::Kind::wide, static_cast<std::uint32_t>(code_.wides.size()), 0});
    code_.wides.push_back(wide);
    close();
  }

  const LoweredCircuit& circuit_;
  const TrimmedCircuit& trimmed_;
  BatchCode code_;
  std::vector<std::vector<BatchTrace>> all_traces_;
  BatchBuilder builder_;
  std::optional<BatchPending> pending_;
  BatchWalk walk_;
  std::vector<BatchTrace> traces_;
  std::uint64_t active_ = 0;
  std::uint32_t constant_wides_ = 0;
};

/// Constants become the last phasors.
void arrange(BatchCode& code) {
  const std::vector<std::uint32_t> place = code.phasors.arrange();
  for (auto* recipes : {&code.once, &code.forward, &code.backward}) {
    for (BatchRecipe& recipe : *recipes) {
      if (recipe.phasor < place.size()) recipe.phasor = place[recipe.phasor];
    }
  }
  for (BatchTerm& term : code.terms) term.phasor = place[term.phasor];
  for (BatchWireOp& op : code.product) {
    if (op.kind != BatchWireOp::Kind::matrix) op.phasor = place[op.phasor];
  }
  for (BatchLink& link : code.links) link.phasor = place[link.phasor];
  for (BatchWide& wide : code.wides) {
    if (wide.rotation) wide.phasor = place[wide.phasor];
  }
}

}  // namespace

BatchCode compile_batch(const LoweredCircuit& circuit, const TrimmedCircuit& trimmed,
                        const BatchRange& range) {
  Compiler compiler(circuit, trimmed, range);
  compiler.run();
  BatchCode code = std::move(compiler.code());
  compile_batch_backward(range, compiler.traces(), code);
  arrange(code);
  return code;
}

}  // namespace qross::qsim
