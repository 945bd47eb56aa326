// SPDX-License-Identifier: Apache-2.0
// From qubits to masks. For one sub-block each position of an operation is a lane (inside a block),
// inner (a block bit of the sub-block) or outer (the same for the whole sub-block); lanes become
// per-lane numbers, inner bits row offsets, outer bits conditions or variants.
#include "qsim/engine/prepare.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "qsim/core/error.hpp"
#include "qsim/plan/lowered_numbers.hpp"

namespace qross::qsim {
namespace {

/// The masks of one operation on one kind of sub-block. Inner masks are in block units.
struct Where {
  std::uint64_t inner = 0;  ///< active block bits
  std::uint64_t control_inner_mask = 0;
  std::uint64_t control_inner_value = 0;
  std::uint32_t control_lane_mask = 0;
  std::uint32_t control_lane_value = 0;
  std::uint64_t outer_mask = 0;
  std::uint64_t outer_value = 0;
  unsigned lane_bits;

  Where(const Lowered& op, const Layout& layout, std::uint64_t active, unsigned lanes)
      : inner(active >> lanes), lane_bits(lanes) {
    const std::uint64_t mask = layout.positions(op.control_mask);
    const std::uint64_t value = layout.positions(op.control_value);
    control_inner_mask = (mask >> lanes) & inner;
    control_inner_value = (value >> lanes) & inner;
    control_lane_mask = static_cast<std::uint32_t>(mask & low_mask(lanes));
    control_lane_value = static_cast<std::uint32_t>(value & low_mask(lanes));
    outer_mask = mask & ~low_mask(lanes) & ~(inner << lanes);
    outer_value = value & outer_mask;
  }
  [[nodiscard]] bool lane_holds(unsigned lane) const {
    return (lane & control_lane_mask) == control_lane_value;
  }
};

/// Targets of an operation by kind of position, each as (bit of the matrix index, position).
struct Targets {
  struct Item {
    unsigned index_bit;
    unsigned position;  ///< lane bit, block bit, or global position
  };
  std::vector<Item> lane;
  std::vector<Item> inner;
  std::vector<Item> outer;

  Targets(const Lowered& op, const Layout& layout, const Where& where) {
    for (unsigned k = 0; k < op.targets; ++k) {
      const unsigned p = layout.position(op.target[k]);
      if (p < where.lane_bits) {
        lane.push_back({k, p});
      } else if ((where.inner & bit(p - where.lane_bits)) != 0) {
        inner.push_back({k, p - where.lane_bits});
      } else {
        outer.push_back({k, p});
      }
    }
  }
  [[nodiscard]] std::uint64_t inner_mask() const {
    std::uint64_t mask = 0;
    for (const Item& item : inner) mask |= bit(item.position);
    return mask;
  }
};

/// The matrix index bits that `items` contribute when item k has bit k of `value`.
unsigned index_of_value(const std::vector<Targets::Item>& items, unsigned value) {
  unsigned index = 0;
  for (std::size_t k = 0; k < items.size(); ++k) {
    if (((value >> k) & 1U) != 0) index |= 1U << items[k].index_bit;
  }
  return index;
}

/// The matrix index bits that `items` contribute at position bits `positions`.
unsigned index_of_positions(const std::vector<Targets::Item>& items, std::uint64_t positions) {
  unsigned index = 0;
  for (const Targets::Item& item : items) {
    if ((positions & bit(item.position)) != 0) index |= 1U << item.index_bit;
  }
  return index;
}

/// Position bits of value `value` of the items.
std::uint64_t position_bits(const std::vector<Targets::Item>& items, unsigned value) {
  std::uint64_t bits = 0;
  for (std::size_t k = 0; k < items.size(); ++k) {
    if (((value >> k) & 1U) != 0) bits |= bit(items[k].position);
  }
  return bits;
}

void require_all_active(const Targets& targets) {
  if (!targets.outer.empty()) {
    throw Error(ErrorCode::bug, "a planned operation reaches outside its active set");
  }
}

template <class T>
PreparedMatrix<T> prepare_matrix(const std::vector<Complex>& m, const Lowered& op,
                                 const Targets& targets, const Where& where) {
  require_all_active(targets);
  constexpr unsigned lanes = kLanes<T>;
  PreparedMatrix<T> result;
  MatrixCall<T>& call = result.call;
  const unsigned dim = 1U << op.targets;
  call.rows = 1U << targets.inner.size();
  call.xors = 1U << targets.lane.size();
  call.per_lane = call.xors > 1 || where.control_lane_mask != 0;
  call.free = where.inner & ~targets.inner_mask() & ~where.control_inner_mask;
  call.fixed = where.control_inner_value;
  for (unsigned r = 0; r < call.rows; ++r) call.offset[r] = position_bits(targets.inner, r);
  for (unsigned x = 0; x < call.xors; ++x) {
    call.lane_xor[x] = static_cast<std::uint8_t>(position_bits(targets.lane, x));
  }
  const unsigned columns = call.rows * call.xors;
  result.coef = Coefficients<T>(std::size_t{call.rows} * columns * (call.per_lane ? kBlock<T> : 2));
  T* out = result.coef.data();
  for (unsigned r = 0; r < call.rows; ++r) {
    for (unsigned j = 0; j < columns; ++j) {
      const unsigned c = j / call.xors;
      const unsigned x = j % call.xors;
      const unsigned row = index_of_value(targets.inner, r);
      const unsigned column = index_of_value(targets.inner, c);
      if (!call.per_lane) {
        const Complex value = m[row * dim + column];
        *out++ = static_cast<T>(value.real());
        *out++ = static_cast<T>(value.imag());
        continue;
      }
      for (unsigned lane = 0; lane < lanes; ++lane) {
        const unsigned from = lane ^ call.lane_xor[x];
        Complex value = (r == c && x == 0) ? 1.0 : 0.0;  // where a lane control does not hold
        if (where.lane_holds(lane)) {
          value = m[(row | index_of_positions(targets.lane, lane)) * dim +
                    (column | index_of_positions(targets.lane, from))];
        }
        out[lane] = static_cast<T>(value.real());
        out[lanes + lane] = static_cast<T>(value.imag());
      }
      out += kBlock<T>;
    }
  }
  call.coef = result.coef.data();
  return result;
}

template <class T>
PreparedDiagonal<T> prepare_diagonal(const std::vector<Complex>& phases, const Targets& targets,
                                     const Where& where) {
  constexpr unsigned lanes = kLanes<T>;
  PreparedDiagonal<T> result;
  for (const Targets::Item& item : targets.outer) result.outer_targets |= bit(item.position);
  const unsigned rows = 1U << targets.inner.size();
  const unsigned variants = 1U << targets.outer.size();
  result.coef = Coefficients<T>(std::size_t{rows} * variants * kBlock<T>);
  T* out = result.coef.data();
  for (unsigned v = 0; v < variants; ++v) {
    DiagonalCall<T> call;
    call.free = where.inner & ~targets.inner_mask() & ~where.control_inner_mask;
    call.fixed = where.control_inner_value;
    call.coef = out;
    // Variant v: bit k of v is the value of the k-th lowest outer target position.
    const std::uint64_t outer_bits = spread(v, result.outer_targets);
    for (unsigned r = 0; r < rows; ++r) {
      const unsigned base =
          index_of_positions(targets.outer, outer_bits) | index_of_value(targets.inner, r);
      bool identity = true;
      for (unsigned lane = 0; lane < lanes; ++lane) {
        const Complex value = where.lane_holds(lane)
                                  ? phases[base | index_of_positions(targets.lane, lane)]
                                  : Complex(1.0);
        out[lane] = static_cast<T>(value.real());
        out[lanes + lane] = static_cast<T>(value.imag());
        identity = identity && value == Complex(1.0);
      }
      if (identity) continue;  // this part of the sub-block stays as it is
      call.offset[call.entries++] = position_bits(targets.inner, r);
      out += kBlock<T>;
    }
    result.variants.push_back(call);
  }
  return result;
}

template <class T>
PreparedPermute<T> prepare_permute(const std::vector<std::uint32_t>& table, const Targets& targets,
                                   const Where& where) {
  require_all_active(targets);
  constexpr unsigned lanes = kLanes<T>;
  std::vector<std::uint32_t> source(table.size());  // new[k] = old[source[k]]
  for (std::uint32_t k = 0; k < table.size(); ++k) source[table[k]] = k;
  PreparedPermute<T> result;
  PermuteCall<T>& call = result.call;
  call.rows = 1U << targets.inner.size();
  const unsigned xors = 1U << targets.lane.size();
  call.free = where.inner & ~targets.inner_mask() & ~where.control_inner_mask;
  call.fixed = where.control_inner_value;
  for (unsigned r = 0; r < call.rows; ++r) {
    call.offset[r] = position_bits(targets.inner, r);
    call.first_term[r] = static_cast<std::uint32_t>(result.terms.size());
    const unsigned row = index_of_value(targets.inner, r);
    for (unsigned c = 0; c < call.rows; ++c) {
      const unsigned column = index_of_value(targets.inner, c);
      for (unsigned x = 0; x < xors; ++x) {
        const auto lane_xor = static_cast<unsigned>(position_bits(targets.lane, x));
        MoveTerm term{static_cast<std::uint16_t>(c), 0, static_cast<std::uint8_t>(lane_xor)};
        for (unsigned lane = 0; lane < lanes; ++lane) {
          const bool moves = source[row | index_of_positions(targets.lane, lane)] ==
                             (column | index_of_positions(targets.lane, lane ^ lane_xor));
          const bool takes = where.lane_holds(lane) ? moves : (r == c && x == 0);
          if (takes) term.mask = static_cast<std::uint16_t>(term.mask | (1U << lane));
        }
        if (term.mask != 0) result.terms.push_back(term);
      }
    }
  }
  call.first_term[call.rows] = static_cast<std::uint32_t>(result.terms.size());
  call.terms = result.terms.data();
  return result;
}

/// A Pauli string's masks by kind of position.
struct StringWhere {
  std::uint64_t flip;
  std::uint64_t z_inner;
  std::uint64_t outer_z;
  std::uint32_t x_lane;
  std::uint32_t z_lane;

  StringWhere(const Lowered& op, const Layout& layout, const Where& where) {
    const std::uint64_t x = layout.positions(op.pauli_x);
    const std::uint64_t z = layout.positions(op.pauli_z);
    const std::uint64_t in_lanes = low_mask(where.lane_bits);
    flip = (x >> where.lane_bits) & where.inner;
    z_inner = (z >> where.lane_bits) & where.inner;
    x_lane = static_cast<std::uint32_t>(x & in_lanes);
    z_lane = static_cast<std::uint32_t>(z & in_lanes);
    outer_z = z & ~in_lanes & ~(where.inner << where.lane_bits);
    if ((x & ~in_lanes & ~(where.inner << where.lane_bits)) != 0) {
      throw Error(ErrorCode::bug, "a Pauli rotation flips a qubit outside its active set");
    }
  }
  /// `free` of the call: pairs are visited once, from the index whose lowest flipped bit is 0.
  [[nodiscard]] std::uint64_t free(const Where& where) const {
    return where.inner & ~where.control_inner_mask & ~(flip & (~flip + 1));
  }
};

template <class T>
PreparedPauli<T> prepare_pauli(double angle, const Lowered& op, const Layout& layout,
                               const Where& where) {
  const StringWhere string(op, layout, where);
  PreparedPauli<T> result;
  result.outer_z = string.outer_z;
  result.coef = Coefficients<T>(5 * kLanes<T>);
  T* const keep = result.coef.data();
  // exp(-i a/2 P) = cos - i sin P, and P has the factor i^ys.
  constexpr std::array<Complex, 4> kPowers{Complex(1, 0), Complex(0, 1), Complex(-1, 0),
                                           Complex(0, -1)};
  const Complex mix = Complex(0, -std::sin(angle / 2)) *
                      kPowers[static_cast<std::size_t>(std::popcount(op.pauli_x & op.pauli_z)) % 4];
  for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
    const bool holds = where.lane_holds(lane);
    const double sign = parity(string.z_lane & (lane ^ string.x_lane)) != 0 ? -1.0 : 1.0;
    const Complex m = holds ? sign * mix : Complex(0.0);
    keep[lane] = static_cast<T>(holds ? std::cos(angle / 2) : 1.0);
    keep[kLanes<T> + lane] = static_cast<T>(m.real());
    keep[2 * kLanes<T> + lane] = static_cast<T>(m.imag());
    keep[3 * kLanes<T> + lane] = static_cast<T>(-m.real());
    keep[4 * kLanes<T> + lane] = static_cast<T>(-m.imag());
  }
  PauliCall<T>& even = result.even;
  even.free = string.free(where);
  even.fixed = where.control_inner_value;
  even.flip = string.flip;
  even.phase_mask = string.z_inner;
  even.lane_xor = static_cast<std::uint8_t>(string.x_lane);
  even.keep = keep;
  even.mix_re = keep + kLanes<T>;
  even.mix_im = keep + 2 * kLanes<T>;
  result.odd = even;
  result.odd.mix_re = keep + 3 * kLanes<T>;
  result.odd.mix_im = keep + 4 * kLanes<T>;
  return result;
}

}  // namespace

template <class T>
Prepared<T> prepare(const LoweredCircuit& circuit, const Lowered& op, const Layout& layout,
                    std::uint64_t active, std::span<const double> values, bool inverse) {
  const Where where(op, layout, active, kLaneBits<T>);
  Prepared<T> result;
  result.outer_mask = where.outer_mask;
  result.outer_value = where.outer_value;
  if (op.kind == Lowered::Kind::permutation) {
    result.work = prepare_permute<T>(permutation_table(circuit, op, inverse),
                                     Targets(op, layout, where), where);
    return result;
  }
  const std::vector<Complex> list = numbers(circuit, op, values, inverse);
  switch (op.kind) {
    case Lowered::Kind::matrix:
      result.work = prepare_matrix<T>(list, op, Targets(op, layout, where), where);
      return result;
    case Lowered::Kind::diagonal:
      result.work = prepare_diagonal<T>(list, Targets(op, layout, where), where);
      return result;
    case Lowered::Kind::pauli:
      result.work = prepare_pauli<T>(list[0].real(), op, layout, where);
      return result;
    case Lowered::Kind::permutation:
      break;
  }
  throw Error(ErrorCode::bug, "unknown kind of operation in the engine");
}

template <class T>
void apply(const KernelTable<T>& kernels, const Prepared<T>& op, std::uint64_t index, T* blocks) {
  if ((index & op.outer_mask) != op.outer_value) return;
  if (const auto* matrix = std::get_if<PreparedMatrix<T>>(&op.work)) {
    kernels.matrix(blocks, matrix->call);
  } else if (const auto* diagonal = std::get_if<PreparedDiagonal<T>>(&op.work)) {
    const auto& call = diagonal->variants[collect(index, diagonal->outer_targets)];
    if (call.entries != 0) kernels.diagonal(blocks, call);
  } else if (const auto* permute = std::get_if<PreparedPermute<T>>(&op.work)) {
    kernels.permute(blocks, permute->call);
  } else {
    const auto& pauli = std::get<PreparedPauli<T>>(op.work);
    kernels.pauli_rotation(blocks, parity(index & pauli.outer_z) != 0 ? pauli.odd : pauli.even);
  }
}

bool has_derivative(const LoweredCircuit& circuit, const Lowered& op) {
  return info(op.gate).params == 1 && op.gate != Gate::global_phase
             ? !circuit.params[op.first_param].is_constant()
             : op.gate == Gate::global_phase && op.control_mask != 0 &&
                   !circuit.params[op.first_param].is_constant();
}

template <class T>
PreparedBracket<T> prepare_bracket(const Lowered& op, const Layout& layout, std::uint64_t active) {
  // A phase gate projects on its target being 1, like a control.
  Lowered generator = op;
  const bool projector = op.gate == Gate::p || op.gate == Gate::global_phase;
  if (op.gate == Gate::p) {
    generator.control_mask |= bit(op.target[0]);
    generator.control_value |= bit(op.target[0]);
  }
  const Where where(generator, layout, active, kLaneBits<T>);
  const StringWhere string(generator, layout, where);
  PreparedBracket<T> result;
  result.outer_mask = where.outer_mask;
  result.outer_value = where.outer_value;
  result.outer_z = string.outer_z;
  result.ys = static_cast<unsigned>(std::popcount(op.pauli_x & op.pauli_z)) % 4;
  result.scale = projector ? -2.0 : 1.0;
  result.weight = Coefficients<T>(kLanes<T>);
  for (unsigned lane = 0; lane < kLanes<T>; ++lane) {
    const double sign = parity(string.z_lane & (lane ^ string.x_lane)) != 0 ? -1.0 : 1.0;
    result.weight.data()[lane] = static_cast<T>(where.lane_holds(lane) ? sign : 0.0);
  }
  // A bracket visits every index, not pairs.
  result.call.free = where.inner & ~where.control_inner_mask;
  result.call.fixed = where.control_inner_value;
  result.call.flip = string.flip;
  result.call.phase_mask = string.z_inner;
  result.call.lane_xor = static_cast<std::uint8_t>(string.x_lane);
  result.call.weight = result.weight.data();
  return result;
}

template <class T>
double derivative(const KernelTable<T>& kernels, const PreparedBracket<T>& op, std::uint64_t index,
                  const T* bra, const T* ket) {
  if ((index & op.outer_mask) != op.outer_value) return 0.0;
  std::array<double, 2> sum{};
  kernels.bracket(bra, ket, op.call, sum.data());
  const double sign = parity(index & op.outer_z) != 0 ? -op.scale : op.scale;
  // Im(i^ys (re + i im))
  const std::array<double, 4> imaginary{sum[1], sum[0], -sum[1], -sum[0]};
  return sign * imaginary[op.ys];
}

template Prepared<double> prepare(const LoweredCircuit&, const Lowered&, const Layout&,
                                  std::uint64_t, std::span<const double>, bool);
template Prepared<float> prepare(const LoweredCircuit&, const Lowered&, const Layout&,
                                 std::uint64_t, std::span<const double>, bool);
template void apply(const KernelTable<double>&, const Prepared<double>&, std::uint64_t, double*);
template void apply(const KernelTable<float>&, const Prepared<float>&, std::uint64_t, float*);
template PreparedBracket<double> prepare_bracket(const Lowered&, const Layout&, std::uint64_t);
template PreparedBracket<float> prepare_bracket(const Lowered&, const Layout&, std::uint64_t);
template double derivative(const KernelTable<double>&, const PreparedBracket<double>&,
                           std::uint64_t, const double*, const double*);
template double derivative(const KernelTable<float>&, const PreparedBracket<float>&, std::uint64_t,
                           const float*, const float*);

}  // namespace qross::qsim
