// SPDX-License-Identifier: Apache-2.0
// From operations to steps. Every gate of one qubit is phases, a real rotation, phases; so is every
// gate of two qubits that keeps their parity (fSim, iSWAP, XX + YY, ...), with one rotation for
// each parity. What is left of the phases merges with everything diagonal around it.
#include "qsim/engine/tile_program.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "qsim/core/bits.hpp"
#include "qsim/core/error.hpp"
#include "qsim/engine/tile_brackets-inl.hpp"
#include "qsim/engine/tile_moves.hpp"
#include "qsim/engine/tile_phases-inl.hpp"
#include "qsim/engine/tile_rotations-inl.hpp"

namespace qross::qsim {
namespace {

unsigned control_index(unsigned control, unsigned target) {
  for (unsigned k = 0; k < kTileControlled.size(); ++k) {
    if (kTileControlled[k][0] == control && kTileControlled[k][1] == target) return k;
  }
  throw Error(ErrorCode::bug, "a tile has no such pair of control and target");
}

/// Index of the row bits in `two` (two of three) among kTileBitPairs.
unsigned pair_index(unsigned two) {
  switch (two) {
    case 3:
      return 0;
    case 5:
      return 1;
    case 6:
      return 2;
    default:
      throw Error(ErrorCode::bug, "a gate of two qubits does not lie on two rows of its tile");
  }
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
  return std::move(program_);
}

template <class T>
TileStep<T>& TileCompiler<T>::step(TileKind kind) {
  TileStep<T> next;
  next.kind = kind;
  return program_.call.steps.emplace_back(next);
}

template <class T>
TileStep<T>& TileCompiler<T>::step_with(TileKind kind, Coefficients<T> numbers) {
  program_.numbers.push_back(std::move(numbers));
  TileStep<T>& next = step(kind);
  next.coef = program_.numbers.back().data();
  return next;
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
      const double half = numbers(*circuit_, op, values_, inverse_)[0].real() / 2.0;
      if (op.pauli_x == 0) return add_parity(op, -half);
      return rotate(std::cos(half), std::sin(half), op.pauli_x, op.pauli_z,
                    {op.control_mask, op.control_value});
    }
  }
  throw Error(ErrorCode::bug, "unknown kind of operation in a tile");
}

template <class T>
void TileCompiler<T>::add_phase(std::span<const unsigned> wires, std::span<const double> angles,
                                Controls controls) {
  std::vector<unsigned> all(wires.begin(), wires.end());
  std::size_t value = 0;
  for (std::uint64_t m = controls.mask; m != 0; m &= m - 1) {
    if ((controls.value & m & (~m + 1)) != 0)
      value |= std::size_t{1} << (all.size() - wires.size());
    all.push_back(static_cast<unsigned>(std::countr_zero(m)));
  }
  std::vector<double> table(std::size_t{1} << all.size(), 0.0);
  for (std::size_t k = 0; k < angles.size(); ++k) table[k | (value << wires.size())] = angles[k];
  phases_.add_gate(all, table);
}

template <class T>
void TileCompiler<T>::add_diagonal(const Lowered& op) {
  std::vector<double> angles;
  for (const Complex& phase : numbers(*circuit_, op, values_, inverse_)) {
    angles.push_back(std::arg(phase));
  }
  const std::vector<unsigned> wires(op.target.begin(), op.target.begin() + op.targets);
  add_phase(wires, angles, {op.control_mask, op.control_value});
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
void TileCompiler<T>::add_matrix(const Lowered& op) {
  const Controls controls{op.control_mask, op.control_value};
  const std::vector<Complex> m = numbers(*circuit_, op, values_, inverse_);
  if (op.targets == 2) {
    const bool keeps_parity = m[1] == 0.0 && m[2] == 0.0 && m[4] == 0.0 && m[7] == 0.0 &&
                              m[8] == 0.0 && m[11] == 0.0 && m[13] == 0.0 && m[14] == 0.0;
    return keeps_parity ? add_pair(op, m) : add_dense(op, m);
  }
  const unsigned wire = op.target[0];
  const std::array<unsigned, 1> target = {wire};
  if (op.gate == Gate::sx || op.gate == Gate::sxdg || op.gate == Gate::rx) {
    // e^{ig} RX: u00 = e^{ig} cos, u10 = -i e^{ig} sin.
    const double phase = op.gate == Gate::rx ? 0.0 : std::arg(m[0]);
    const Complex turned = m[2] * std::polar(1.0, -phase);
    rotate((m[0] * std::polar(1.0, -phase)).real(), -turned.imag(), bit(wire), 0, controls);
    const std::array<double, 2> both = {phase, phase};
    if (phase != 0.0) add_phase(target, both, controls);
    return;
  }
  if (op.gate == Gate::ry) {
    return rotate(m[0].real(), m[2].real(), bit(wire), bit(wire), controls);
  }
  const Turn turn = turn_of(m[0], m[1], m[2], m[3]);
  // U = e^{ig} exp(i l Z) R exp(i r Z). Where l + r is a quarter turn, a rotation about an axis in
  // the XY plane is left.
  const double left = (turn.left0 - turn.left1) / 2.0;
  const double right = -turn.right1 / 2.0;
  if (controls.mask == 0 && is_quarter_turn(left + right) && !is_quarter_turn(left) &&
      turn.sine <= turn.cosine) {
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
typename TileCompiler<T>::Swing TileCompiler<T>::swing_of(Complex u00, Complex u01, Complex u10,
                                                          Complex u11) {
  Swing swing;
  const double cosine = std::abs(u00);
  const double sine = std::abs(u10);
  const double norm = std::hypot(cosine, sine);
  swing.cosine = cosine / norm;
  if (cosine > sine) {
    swing.common = (std::arg(u00) + std::arg(u11)) / 2.0;
    swing.apart = (std::arg(u00) - std::arg(u11)) / 2.0;
  } else {
    swing.common = (std::arg(u10) + std::arg(-u01)) / 2.0;
    swing.apart = cosine != 0.0 ? std::arg(u00) - swing.common : 0.0;
  }
  swing.mix = std::conj(u10 * std::polar(1.0 / norm, swing.apart - swing.common));
  return swing;
}

template <class T>
void TileCompiler<T>::add_pair(const Lowered& op, const std::vector<Complex>& m) {
  const std::uint64_t first = bit(op.target[0]);
  const std::uint64_t second = bit(op.target[1]);
  const Swing even = swing_of(m[0], m[3], m[12], m[15]);  // |00>, |11>
  const Swing odd = swing_of(m[5], m[6], m[9], m[10]);    // |first>, |second>
  if (even.mix != 0.0 || odd.mix != 0.0) {
    settle();
    before_mixing(first | second);
    // Phases of one of the two wires alone turn the axes; phases with further wires are applied.
    apply_phases([&](std::uint64_t mask) {
      return parity(mask & (first | second)) != 0 && (mask & ~(first | second)) != 0;
    });
    const auto angle = [&](std::uint64_t wire) {
      const auto it = phases_.terms().find(wire);
      return it == phases_.terms().end() ? 0.0 : it->second;
    };
    add_swings(first, second, even.cosine,
               even.mix * std::polar(1.0, -2.0 * (angle(first) + angle(second))), odd.cosine,
               odd.mix * std::polar(1.0, 2.0 * (angle(first) - angle(second))));
  }
  phases_.add(0, (even.common + odd.common) / 2.0);
  phases_.add(first | second, (even.common - odd.common) / 2.0);
  phases_.add(first, (even.apart - odd.apart) / 2.0);
  phases_.add(second, (even.apart + odd.apart) / 2.0);
}

template <class T>
void TileCompiler<T>::add_swings(std::uint64_t first, std::uint64_t second, double even_cosine,
                                 Complex even_mix, double odd_cosine, Complex odd_mix) {
  const unsigned d = frame_.parts(positions(first | second)).rows;
  const unsigned first_row = frame_.parts(positions(first)).rows;
  const auto tiny = [](double value) { return std::abs(value) < 1e-15; };
  const bool straight = tiny(even_mix.imag()) && tiny(odd_mix.imag());
  const bool cross = !straight && tiny(even_mix.real()) && tiny(odd_mix.real());
  const bool turned = !straight && !cross;
  // Where both parities turn, their cosines are left out: their mean joins the scale, their ratio
  // is the stretch. Brackets would see it, so none may wait.
  constexpr double kFlattest = 0.7;
  const bool shear = even_mix != 0.0 && odd_mix != 0.0 && even_cosine > kFlattest &&
                     odd_cosine > kFlattest && waiting_.empty();
  const unsigned mixes = (straight || turned ? 1U : 0U) + (cross || turned ? 1U : 0U);
  Coefficients<T> coef(std::size_t{shear ? 2U : mixes + 1U} * kTilePairs * kLanes<T>);
  T* out = coef.data();
  const auto put = [&](double value) {
    for (unsigned l = 0; l < kLanes<T>; ++l) *out++ = static_cast<T>(value);
  };
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const unsigned a = pair_row(d, k) & d;
    const bool is_odd = a != 0;
    // The mix is that of the first of a pair: |00>, or |first>, which may be row A or B.
    Complex mix = is_odd ? odd_mix : even_mix;
    if (is_odd && (a & first_row) == 0) mix = -std::conj(mix);
    const double cosine = is_odd ? odd_cosine : even_cosine;
    if (shear) {
      put(mix.real() / cosine);
      put(mix.imag() / cosine);
    } else {
      put(cosine);
      if (straight || turned) put(mix.real());
      if (cross || turned) put(mix.imag());
    }
  }
  if (shear) {
    step_with(tile_kind(TileKind::turned, d - 1), std::move(coef));
    multiply_scale(std::sqrt(even_cosine * odd_cosine));
    stretch_ = std::log(even_cosine / odd_cosine) / 2.0;
    stretched_ = first | second;
    return;
  }
  const TileKind family = straight ? TileKind::rotate
                          : cross  ? TileKind::rotate_cross
                                   : TileKind::rotate_turned;
  TileStep<T>& next = step_with(tile_kind(family, d - 1), std::move(coef));
  next.pairs = 0;
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const bool turns = (pair_row(d, k) & d) != 0 ? odd_mix != 0.0 : even_mix != 0.0;
    if (turns) next.pairs = static_cast<std::uint8_t>(next.pairs | (1U << k));
  }
}

template <class T>
void TileCompiler<T>::add_dense(const Lowered& op, const std::vector<Complex>& m) {
  const std::uint64_t both = bit(op.target[0]) | bit(op.target[1]);
  settle();
  before_mixing(both);
  apply_phases([&](std::uint64_t mask) { return (mask & both) != 0; });
  const unsigned rows = frame_.parts(positions(both)).rows;
  const unsigned first = frame_.parts(positions(bit(op.target[0]))).rows;
  // Bit 0 of the step's matrix index is the lower row bit.
  const bool turned = first != (rows & (~rows + 1));
  const auto index = [&](unsigned k) { return turned ? ((k & 1U) << 1) | (k >> 1) : k; };
  Coefficients<T> coef(32);
  T* out = coef.data();
  for (unsigned r = 0; r < 4; ++r) {
    for (unsigned c = 0; c < 4; ++c) {
      const Complex value = m[index(r) * 4 + index(c)];
      *out++ = static_cast<T>(value.real());
      *out++ = static_cast<T>(value.imag());
    }
  }
  step_with(tile_kind(TileKind::dense, pair_index(rows)), std::move(coef));
}

template <class T>
void TileCompiler<T>::add_permutation(const Lowered& op) {
  const Controls controls{op.control_mask, op.control_value};
  std::uint64_t flipped = bit(op.target[0]);
  const bool exchange = op.gate == Gate::swap;
  settle();
  if (exchange) flipped |= bit(op.target[1]);
  if (!exchange && std::popcount(controls.mask) <= 1) {
    // Phases go past X and CX while they stay on few qubits; longer ones are applied first. Strings
    // of Z may be long: they are never applied for a rotation, only with others.
    apply_phases([&](std::uint64_t mask) {
      return (mask & flipped) != 0 && std::popcount(mask ^ controls.mask) > 2 &&
             !is_half_turn(phases_.terms().at(mask));
    });
    phases_.pass_flip(op.target[0], controls.mask, controls.value);
  } else {
    apply_phases([&](std::uint64_t mask) { return (mask & flipped) != 0; });
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
    move.kind = exchange ? tile_kind(TileKind::swap, pair_index(d))
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
  Coefficients<T> coef(std::size_t{kTilePairs} * kLanes<T>);
  T* out = coef.data();
  for (unsigned k = 0; k < kTilePairs; ++k) {
    const unsigned a = pair_row(d, k);
    const bool rows_hold = (a & mask.rows) == value.rows && (!exchange || (a & d) != 0);
    for (unsigned l = 0; l < kLanes<T>; ++l) {
      *out++ = rows_hold && (l & mask.lanes) == value.lanes ? T{1} : T{0};
    }
  }
  move.kind = tile_kind(TileKind::exchange, d - 1);
  program_.numbers.push_back(std::move(coef));
  move.coef = program_.numbers.back().data();
  program_.call.steps.push_back(move);
}

// The one instantiation of the whole class: the members in the -inl headers come with it.
template class TileCompiler<double>;
template class TileCompiler<float>;
template void run_program(const KernelTable<double>&, const TileProgram<double>&, std::uint64_t,
                          double*, Scratch<double>&, TileAhead*);
template void run_program(const KernelTable<float>&, const TileProgram<float>&, std::uint64_t,
                          float*, Scratch<float>&, TileAhead*);

}  // namespace qross::qsim
