// SPDX-License-Identifier: Apache-2.0
// From operations to steps. Every gate of one qubit is phases, a real rotation, phases; so is every
// gate of two qubits that keeps their parity (fSim, iSWAP, XX + YY, ...), with one rotation for
// each parity. What is left of the phases merges with everything diagonal around it.
#include "qsim/engine/tile_program.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <initializer_list>
#include <numbers>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/core/unit_phase.hpp"
#include "qsim/engine/tile_brackets-inl.hpp"
#include "qsim/engine/tile_moves.hpp"
#include "qsim/engine/tile_pairs-inl.hpp"
#include "qsim/engine/tile_phases-inl.hpp"
#include "qsim/engine/tile_rotations-inl.hpp"
#include "qsim/plan/lowered_numbers.hpp"

namespace qross::qsim {
namespace {

/// Of an operation that fits a tile, targets and controls.
constexpr std::size_t kMostPhaseWires = 4;

unsigned control_index(unsigned control, unsigned target) {
  for (unsigned k = 0; k < kTileControlled.size(); ++k) {
    if (kTileControlled[k][0] == control && kTileControlled[k][1] == target) return k;
  }
  throw Error(ErrorCode::bug, "a tile has no such pair of control and target");
}

}  // namespace

template <class T>
void run_program(const KernelTable<T>& kernels, const TileProgram<T>& program, std::uint64_t index,
                 T* blocks, Scratch<T>& scratch, TileAhead* ahead) {
  T* const numbers = program.scratch != 0 ? scratch.at_least(program.scratch) : nullptr;
  for (const auto& [phases, place] : program.outer) phases.fill(index, numbers + place);
  kernels.tile(blocks, index >> kLaneBits<T>, program.call, numbers, ahead);
}

template <class T>
void TileCompiler<T>::begin(const Layout& layout, std::uint64_t active, std::uint64_t inner) {
  layout_ = &layout;
  program_ = TileProgram<T>();
  program_.call.steps = std::move(spare_);
  active_ = active;
  frame_ = make_frame(active, inner, kLaneBits<T>);
  program_.call.free = frame_.loop >> kLaneBits<T>;
  for (unsigned r = 0; r < kTileRows; ++r) {
    for (unsigned j = 0; j < kTileBits; ++j) {
      if (((r >> j) & 1U) != 0) program_.call.offset[r] |= bit(frame_.carrier[j] - kLaneBits<T>);
    }
  }
  for (const auto& [j, l] : frame_.swapped) {
    step(tile_kind(TileKind::lane_swap, j)).lane = static_cast<std::uint8_t>(l);
  }
}

template <class T>
TileProgram<T> TileCompiler<T>::finish() {
  settle();
  for (const auto& [j, l] : frame_.swapped) {
    step(tile_kind(TileKind::lane_swap, j)).lane = static_cast<std::uint8_t>(l);
  }
  // Programs without steps are dropped, so one move is kept; not so the last segment of a walk.
  program_.call.place = take_last_moves(program_.call.steps, segments_.empty() ? 1 : 0);
  // Programs hold no more than their steps; the list they were made in serves the next one.
  std::vector<TileStep<T>>& steps = program_.call.steps;
  spare_ = std::exchange(steps, std::vector<TileStep<T>>(steps.begin(), steps.end()));
  spare_.clear();
  return std::move(program_);
}

template <class T>
TileStep<T>& TileCompiler<T>::step(TileKind kind) {
  TileStep<T> next;
  next.kind = kind;
  return program_.call.steps.emplace_back(next);
}

template <class T>
TileStep<T>& TileCompiler<T>::step_with(TileKind kind, const T* numbers) {
  TileStep<T>& next = step(kind);
  next.coef = numbers;
  return next;
}

template <class T>
TileStep<T>& TileCompiler<T>::step_with(TileKind kind, Coefficients<T> numbers) {
  return step_with(kind, numbers_room().keep(std::move(numbers)));
}

template <class T>
Frame::Parts TileCompiler<T>::condition(TileStep<T>& step, Controls controls,
                                        Frame::Parts& value) const {
  const Frame::Parts mask = frame_.parts(positions(controls.mask));
  value = frame_.parts(positions(controls.value));
  step.mask = mask.rest >> kLaneBits<T>;
  step.value = value.rest >> kLaneBits<T>;
  return mask;
}

template <class T>
void TileCompiler<T>::add(const Lowered& op) {
  switch (op.kind) {
    case Lowered::Kind::diagonal:
      return add_diagonal(op);
    case Lowered::Kind::matrix:
      return add_matrix(op);
    case Lowered::Kind::permutation:
      return add_permutation(op);
    case Lowered::Kind::pauli: {
      const double half = angle_of(op) / 2.0;
      if (op.pauli_x == 0) return add_parity(op, -half);
      const Complex z = unit_phase(half);
      return rotate(z.real(), z.imag(), op.pauli_x, op.pauli_z,
                    {op.control_mask, op.control_value});
    }
  }
  throw Error(ErrorCode::bug, "unknown kind of operation in a tile");
}

template <class T>
void TileCompiler<T>::add_phase(std::span<const unsigned> wires, std::span<const double> angles,
                                Controls controls) {
  if (wires.size() == 1 && controls.mask == 0) {
    phases_.add(0, (angles[0] + angles[1]) / 2.0);
    phases_.add(bit(wires[0]), (angles[0] - angles[1]) / 2.0);
    return;
  }
  std::array<unsigned, kMostPhaseWires> all;
  std::copy(wires.begin(), wires.end(), all.begin());
  std::size_t count = wires.size();
  std::size_t value = 0;
  for (std::uint64_t m = controls.mask; m != 0; m &= m - 1) {
    if ((controls.value & m & (~m + 1)) != 0) value |= std::size_t{1} << (count - wires.size());
    all[count++] = static_cast<unsigned>(std::countr_zero(m));
  }
  std::array<double, std::size_t{1} << kMostPhaseWires> table{};
  for (std::size_t k = 0; k < angles.size(); ++k) table[k | (value << wires.size())] = angles[k];
  phases_.add_gate(std::span(all).first(count), std::span(table).first(std::size_t{1} << count));
}

template <class T>
double TileCompiler<T>::angle_of(const Lowered& op) const {
  const double angle = circuit_->params[op.first_param].evaluate(values_);
  return inverse_ ? -angle : angle;
}

template <class T>
void TileCompiler<T>::add_diagonal(const Lowered& op) {
  std::array<unsigned, kMostPhaseWires> wires;
  std::copy_n(op.target.begin(), op.targets, wires.begin());
  const Controls controls{op.control_mask, op.control_value};
  const auto apply = [&](std::initializer_list<double> angles) {
    add_phase(std::span(wires).first(op.targets), std::span(angles.begin(), angles.size()),
              controls);
  };
  const auto fixed = [&](double quarters) {
    apply({0.0, (inverse_ ? -quarters : quarters) * kQuarterTurn});
  };
  switch (op.gate) {
    case Gate::z:
      return fixed(4.0);
    case Gate::s:
      return fixed(2.0);
    case Gate::sdg:
      return fixed(-2.0);
    case Gate::t:
      return fixed(1.0);
    case Gate::tdg:
      return fixed(-1.0);
    case Gate::p:
      return apply({0.0, angle_of(op)});
    case Gate::rz: {
      const double half = angle_of(op) / 2.0;
      return apply({-half, half});
    }
    case Gate::rzz: {
      const double half = angle_of(op) / 2.0;
      return apply({-half, half, half, -half});
    }
    default:
      break;
  }
  std::array<double, std::size_t{1} << kMostPhaseWires> angles;
  std::size_t count = 0;
  for (const Complex& phase : numbers(*circuit_, op, values_, inverse_)) {
    angles[count++] = std::arg(phase);
  }
  add_phase(std::span(wires).first(op.targets), std::span(angles).first(count), controls);
}

template <class T>
void TileCompiler<T>::add_parity(const Lowered& op, double angle) {
  // A control is the projector (1 - Z) / 2, or (1 + Z) / 2 for value 0.
  const double share = std::ldexp(angle, -std::popcount(op.control_mask));
  std::uint64_t s = 0;
  do {
    phases_.add(op.pauli_z ^ s, parity(s & op.control_value) != 0 ? -share : share);
    s = next_subset(s, op.control_mask);
  } while (s != 0);
}

template <class T>
typename TileCompiler<T>::Turn TileCompiler<T>::turn_of(Complex u00, Complex u01, Complex u10,
                                                        Complex u11) {
  Turn turn;
  turn.cosine = std::abs(u00);
  turn.sine = std::abs(u10);
  const double norm = std::hypot(turn.cosine, turn.sine);
  turn.cosine /= norm;
  turn.sine /= norm;
  turn.left0 = turn.cosine != 0.0 ? std::arg(u00) : 0.0;
  turn.left1 = turn.sine != 0.0 ? std::arg(u10) : 0.0;
  // The phase of an entry is only as good as its size.
  turn.right1 = turn.cosine > turn.sine ? std::arg(u11) - turn.left1 : std::arg(-u01) - turn.left0;
  return turn;
}

template <class T>
typename TileCompiler<T>::Turn TileCompiler<T>::fixed_turn(Gate gate, bool inverse) {
  constexpr std::size_t kGates = static_cast<std::size_t>(Gate::global_phase) + 1;
  static const std::array<std::array<Turn, 2>, kGates> turns = [] {
    std::array<std::array<Turn, 2>, kGates> all;
    for (std::size_t g = 0; g < kGates; ++g) {
      const auto each = static_cast<Gate>(g);
      if (info(each).targets != 1 || info(each).params != 0) continue;
      const std::vector<Complex> m = matrix(each, {});
      all[g][0] = turn_of(m[0], m[1], m[2], m[3]);
      all[g][1] = turn_of(std::conj(m[0]), std::conj(m[2]), std::conj(m[1]), std::conj(m[3]));
    }
    return all;
  }();
  return turns[static_cast<std::size_t>(gate)][inverse ? 1 : 0];
}

template <class T>
void TileCompiler<T>::add_matrix(const Lowered& op) {
  const Controls controls{op.control_mask, op.control_value};
  const std::uint64_t wire = bit(op.target[0]);
  if (op.gate == Gate::rx || op.gate == Gate::ry) {
    const Complex half = unit_phase(angle_of(op) / 2.0);
    const std::uint64_t z = op.gate == Gate::ry ? wire : 0;
    return rotate(half.real(), half.imag(), wire, z, controls);
  }
  if (op.targets == 1 && info(op.gate).params == 0 && op.gate != Gate::unitary) {
    if (op.gate == Gate::sx || op.gate == Gate::sxdg) {
      // e^{i pi/4} RX(pi/2) or its inverse.
      const bool negative = (op.gate == Gate::sxdg) != inverse_;
      const double phase = negative ? -kQuarterTurn : kQuarterTurn;
      const double root = std::numbers::sqrt2 / 2.0;
      rotate(root, negative ? -root : root, wire, 0, controls);
      return add_phase(std::array{unsigned{op.target[0]}}, std::array{phase, phase}, controls);
    }
    return add_turn(op, fixed_turn(op.gate, inverse_));
  }
  if (op.gate == Gate::u) {
    // diag(1, e^{i phi}) R diag(1, e^{i lambda})
    const auto angle = [&](unsigned k) {
      const double value = circuit_->params[op.first_param + k].evaluate(values_);
      return inverse_ ? -value : value;
    };
    const Complex half = unit_phase(angle(0) / 2.0);
    const double phi = angle(1);
    const double lambda = angle(2);
    return add_turn(
        op, {half.real(), half.imag(), 0.0, inverse_ ? lambda : phi, inverse_ ? phi : lambda});
  }
  std::vector<Complex> made;
  std::span<const Complex> m;
  if (op.gate == Gate::unitary && !inverse_) {
    m = std::span(circuit_->complexes).subspan(op.first_data, std::size_t{1} << (2 * op.targets));
  } else {
    made = numbers(*circuit_, op, values_, inverse_);
    m = made;
  }
  if (op.targets == 2) {
    const bool keeps_parity = m[1] == 0.0 && m[2] == 0.0 && m[4] == 0.0 && m[7] == 0.0 &&
                              m[8] == 0.0 && m[11] == 0.0 && m[13] == 0.0 && m[14] == 0.0;
    return keeps_parity ? add_pair(op, m) : add_dense(op, m);
  }
  add_turn(op, turn_of(m[0], m[1], m[2], m[3]));
}

template <class T>
void TileCompiler<T>::add_turn(const Lowered& op, const Turn& turn) {
  const Controls controls{op.control_mask, op.control_value};
  const unsigned wire = op.target[0];
  const std::array<unsigned, 1> target = {wire};
  // U = e^{ig} exp(i l Z) R exp(i r Z). Where l + r is a quarter turn, a rotation about an axis in
  // the XY plane is left.
  const double left = (turn.left0 - turn.left1) / 2.0;
  const double right = -turn.right1 / 2.0;
  if (controls.mask == 0 && is_quarter_turn(left + right) && !is_quarter_turn(left) &&
      std::abs(turn.sine) <= std::abs(turn.cosine)) {
    phases_.add(bit(wire), left + right);
    rotate(turn.cosine, turn.sine, bit(wire), bit(wire), controls, left);
    phases_.add(0, (turn.left0 + turn.left1 + turn.right1) / 2.0);
    return;
  }
  add_phase(target, std::array{0.0, turn.right1}, controls);
  rotate(turn.cosine, turn.sine, bit(wire), bit(wire), controls);
  add_phase(target, std::array{turn.left0, turn.left1}, controls);
}

template <class T>
void TileCompiler<T>::add_permutation(const Lowered& op) {
  const Controls controls{op.control_mask, op.control_value};
  std::uint64_t flipped = bit(op.target[0]);
  const bool exchange = op.gate == Gate::swap;
  settle();
  if (exchange) flipped |= bit(op.target[1]);
  if (!exchange && std::popcount(controls.mask) <= 1) {
    // Phases go past X and CX while they stay on few qubits; longer ones are applied first, for
    // they would meet many gates, and there are too many of them.
    const bool met = controls.mask != 0 && meet([&](std::uint64_t mask) {
                       return (mask & flipped) != 0 && std::popcount(mask ^ controls.mask) > 2;
                     });
    if (met) turn_met();
    phases_.pass_flip(op.target[0], controls.mask, controls.value);
  } else {
    apply_on(flipped);
  }
  if (exchange) {
    before_mixing(flipped, controls.mask);
  } else {
    before_flip(flipped, controls);
  }
  const unsigned d = frame_.parts(positions(flipped)).rows;
  TileStep<T> move;
  Frame::Parts value;
  const Frame::Parts mask = condition(move, controls, value);
  const bool plain = mask.lanes == 0;
  if (plain && mask.rows == 0) {
    move.kind = exchange ? tile_kind(TileKind::swap, row_pair(d))
                         : tile_kind(TileKind::flip, static_cast<unsigned>(std::countr_zero(d)));
    program_.call.steps.push_back(move);
    return;
  }
  if (plain && !exchange && std::has_single_bit(mask.rows) && value.rows == mask.rows) {
    move.kind = tile_kind(TileKind::controlled_flip,
                          control_index(static_cast<unsigned>(std::countr_zero(mask.rows)),
                                        static_cast<unsigned>(std::countr_zero(d))));
    program_.call.steps.push_back(move);
    return;
  }
  T* const coef = room(std::size_t{kTilePairs} * kLanes<T>);
  T* out = coef;
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const unsigned a = pair_row(d, k);
    const bool rows_hold = (a & mask.rows) == value.rows && (!exchange || (a & d) != 0);
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      *out++ = rows_hold && (l & mask.lanes) == value.lanes ? T{1} : T{0};
    }
  }
  move.kind = tile_kind(TileKind::exchange, d - 1);
  move.coef = coef;
  program_.call.steps.push_back(move);
}

template struct TileProgram<double>;
template struct TileProgram<float>;
// The one instantiation of the whole class: the members in the -inl headers come with it.
template class TileCompiler<double>;
template class TileCompiler<float>;
template void run_program(const KernelTable<double>&, const TileProgram<double>&, std::uint64_t,
                          double*, Scratch<double>&, TileAhead*);
template void run_program(const KernelTable<float>&, const TileProgram<float>&, std::uint64_t,
                          float*, Scratch<float>&, TileAhead*);

}  // namespace qross::qsim
