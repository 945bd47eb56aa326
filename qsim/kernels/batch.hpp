// SPDX-License-Identifier: Apache-2.0
// Batch programs: the kernels of many circuits of one structure. The lanes of a block are circuits:
// block i holds amplitude i of kLanes circuits, so every qubit is a bit of the block index and
// every number may differ from lane to lane. Made by engine/batch, run by the functions of
// BatchKernels. What each step does is said at its kind; the tests of engine/batch compare every
// kind, on every instruction set, with dense matrices.
//
// A state stands for `scale` times its amplitudes, one scale a lane: rotations leave out their
// cosine (shears, two instructions an amplitude for four), checks bring scales back in range by
// powers of two. "Numbers" are addressed in lines of kLanes numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "qsim/kernels/layout.hpp"
#include "qsim/kernels/tile.hpp"

namespace qross::qsim {

/// The steps of a batch program on the eight rows of a tile. Those with a direction are families:
/// add d - 1. Pair k joins row A, the k-th lowest whose lowest bit of d is 0, and B = A ^ d. Where
/// a family has `signs`, bit k of it turns the sign of pair k's rotation; where it has `pairs`,
/// only the pairs whose bit is set take part. Everything that a lane multiplies with is a line of
/// numbers: one number for each lane.
enum class BatchKind : std::uint8_t {
  /// A' = A - t B, B' = B + t A. numbers: t.
  shear = 0,
  /// A' = A - i t B, B' = B - i t A. numbers: t.
  shear_cross = 7,
  /// The same with signs. numbers: t, -t.
  signed_shear = 14,
  signed_shear_cross = 21,
  /// A' = c A - s B, B' = c B + s A, with signs and pairs. numbers: c, s, c, -s.
  rotate = 28,
  /// A' = c A - i s B, B' = c B - i s A. Otherwise as rotate.
  rotate_cross = 35,
  /// A and B change places, with pairs.
  exchange = 42,
  /// The rows r with an odd number of bits in d times c + i s. numbers: c, s.
  phase_odd = 49,
  /// The other rows.
  phase_even = 56,
  /// The rows of the set `rows` times c + i s; where the index has odd parity on `parity`, those of
  /// the set `pairs`. numbers: c, s.
  phase_rows = 63,
  /// Row r times entry v * 8 + r, where bit j of v is the parity of the index on variant[j].
  /// numbers: (re, im) of each entry.
  phase_table = 64,
  phase_table_inverse = 65,
  /// The same without variants, where entry 0 is 1.
  phase_first = 66,
  phase_first_inverse = 67,
  /// Row r changes sign if bit r of `rows` differs from the parity of r & k, where bit j of k is
  /// the
  /// parity of the index on variant[j].
  negate = 68,
  /// Dense gate on bits j < k: + index in kTileBitPairs. numbers: 4 x 4 (re, im), not by lane.
  dense = 69,
  /// All rows times a line, if the flag `sum` is set.
  rescale = 72,
  /// The other state takes the registers.
  turn = 73,
  /// With signs and pairs: sums[sum] += sum over pairs of the sign times
  /// (Re conj(b_B) a_A - Re conj(b_A) a_B), where a is the state in registers, b the other one.
  measure = 74,
  /// The same of (Im conj(b_A) a_B + Im conj(b_B) a_A).
  measure_cross = 81,
  /// For entries[sum] .. entries[sum + pairs - 1]: sums[entry.sum] += sum over rows of the entry's
  /// sign times Im conj(b_r) a_r.
  measure_phases = 88,
  /// sums[sum] += sum over the rows of `rows` (as phase_rows) of Im conj(b_r) a_r.
  measure_rows = 89,
  count = 90,
};

[[nodiscard]] constexpr BatchKind batch_kind(BatchKind family, unsigned member) noexcept {
  return static_cast<BatchKind>(static_cast<unsigned>(family) + member);
}

struct BatchStep {
  BatchKind kind = BatchKind::negate;
  bool depends = false;  ///< on the index: it has a mask or a parity
  std::uint8_t signs = 0;
  std::uint8_t pairs = 0xf;
  std::uint8_t rows = 0;
  std::uint32_t numbers = 0;  ///< line
  std::uint32_t sum = 0;      ///< sum, entry or flag
  /// The step runs where (block index & mask) == value.
  std::uint64_t mask = 0;
  std::uint64_t value = 0;
  /// Where the block index has odd parity here, all signs turn, and phase_odd and phase_even change
  /// places; see also phase_rows.
  std::uint64_t parity = 0;
  std::array<std::uint64_t, kTileBits> variant{};
};

/// One sum of measure_phases: rows and tiles enter with (-1)^(parity(row & r) + parity(index & z)).
struct BatchEntry {
  std::uint64_t parity = 0;  ///< z
  std::uint32_t sum = 0;
  std::uint8_t row = 0;
};

/// Where the rows of a tile lie: row r of tile i is block i ^ offset[r] ^ (the flip[j] for which
/// the index has odd parity on parity[j]).
struct BatchRows {
  std::array<std::uint64_t, kTileRows> offset{};
  std::array<std::uint64_t, kTileBits> parity{};
  std::array<std::uint64_t, kTileBits> flip{};
};

struct BatchProgram {
  std::uint64_t free = 0;  ///< the tiles i are its subsets
  BatchRows load;
  BatchRows store;
  std::uint32_t first_step = 0;
  std::uint32_t step_count = 0;
};

/// What the steps of a program point into.
template <class T>
struct BatchData {
  const BatchStep* steps = nullptr;  ///< all of them
  const BatchEntry* entries = nullptr;
  const T* numbers = nullptr;             ///< lines
  const std::uint8_t* enabled = nullptr;  ///< flags
  double* sums = nullptr;                 ///< a line of kLanes<T> doubles each
};

/// The angle offset + sum of factor * slots[slot], for each lane.
struct BatchPhasor {
  double offset = 0.0;
  std::uint32_t first_part = 0;
  std::uint32_t part_count = 0;
};
struct BatchPart {
  double factor = 0.0;
  std::uint32_t slot = 0;
};

/// Angles beyond this are left to the caller.
inline constexpr double kBatchMostAngle = 0x1p20;

/// How one phasor enters a table: entries whose number has odd parity on `character` are multiplied
/// by it, or by its conjugate.
struct BatchTerm {
  std::uint32_t phasor = 0;
  std::uint8_t character = 0;
  bool conjugate = false;
};

/// Bits of a phase table: three of the rows and those of the variant.
inline constexpr unsigned kBatchMostTableBits = 6;

/// How the numbers of a program follow from phasors, in order.
struct BatchRecipe {
  enum class Kind : std::uint8_t {
    shear,   ///< t = s / c, -t; scale *= c
    pair,    ///< c, s, c, -s
    table,   ///< 2^bits entries from `count` terms, the highest bit of the characters ascending
    string,  ///< c, then the real and imaginary part of (-i)^turns s, then minus both
    factor,  ///< scale *= value
    cosine,  ///< scale *= c, the shear of this phasor undone
    check,   ///< lanes with |scale| < value^2, or < value^4 before the next check: a power of two
             ///< goes from the scale to the numbers
    record,  ///< squares[numbers] = scale^2
  };
  Kind kind = Kind::pair;
  std::uint8_t bits = 0;
  std::uint8_t turns = 0;
  std::uint32_t phasor = 0;
  std::uint32_t numbers = 0;  ///< line
  std::uint32_t first = 0;    ///< term, or flag of a check
  std::uint32_t count = 0;
  std::uint32_t constants = 0;  ///< table: complex factors of the entries begin here; 0: none
  double value = 1.0;
};

/// Cosines of shears are kept at least this large: what that changes is below half an ulp.
template <class T>
inline constexpr double kBatchLeastCosine = sizeof(T) == 8 ? 0x1p-56 : 0x1p-26;

template <class T>
struct BatchNumbers {
  const BatchTerm* terms = nullptr;
  const double* constants = nullptr;  ///< (re, im); entry 0 is not used
  const double* phasors = nullptr;    ///< lines: cosine, sine of each
  T* numbers = nullptr;               ///< lines
  double* scale = nullptr;            ///< one line
  double* squares = nullptr;          ///< lines
  std::uint8_t* enabled = nullptr;    ///< flags of checks
};

/// A gate on one wire before it meets another: such gates make a product state, which is written
/// outright. In order, wire by wire.
struct BatchWireOp {
  enum class Kind : std::uint8_t {
    turn,        ///< (a0, a1) -> (c a0 - s a1, s a0 + c a1)
    turn_cross,  ///< (c a0 - i s a1, c a1 - i s a0)
    phase,       ///< (a0, (c + i s) a1)
    matrix,      ///< four complex constants, row-major
  };
  Kind kind = Kind::turn;
  bool conjugate = false;  ///< -s for s
  std::uint32_t phasor = 0;
  std::uint32_t constants = 0;  ///< matrix: where its complex numbers begin
};

/// The gates of each wire: ops[first[q]] .. ops[first[q + 1] - 1] for wire q.
struct BatchWireOps {
  const BatchWireOp* ops = nullptr;
  const std::uint32_t* first = nullptr;
  unsigned wires = 0;
  const double* phasors = nullptr;    ///< lines: cosine, sine of each
  const double* constants = nullptr;  ///< (re, im)
};

/// Lines of one wire's state (re a0, im a0, re a1, im a1).
inline constexpr unsigned kBatchWireLines = 4;
/// A product state is made of a table over this many wires, one over the others.
inline constexpr unsigned kBatchLowWires = 6;

/// Entries of the tables that products and environments need as working memory, each of two lines.
[[nodiscard]] constexpr std::size_t batch_product_entries(unsigned wires) noexcept {
  const unsigned low = wires < kBatchLowWires ? wires : kBatchLowWires;
  return (std::size_t{1} << low) + (std::size_t{1} << (wires - low));
}

/// Factors of an observable that flips some bits, a number for each block: block i of the result
/// takes re[i] + i im[i] times the block it is flipped from. Either may be missing (zero).
template <class T>
struct BatchFactors {
  const T* re = nullptr;
  const T* im = nullptr;
};

inline constexpr unsigned kBatchMostFactors = 4;

/// The batch kernels of one instruction set.
template <class T>
struct BatchKernels {
  /// Runs a program on the tiles of the sub-block whose first block has the given index; the
  /// pointers are to that block. `held` is in registers first; without turns both may be the same.
  void (*tile)(T* held, T* other, std::uint64_t index, const BatchProgram& program,
               const BatchData<T>& data);
  /// Cosine and sine lines of phasors. `slots` holds lines. Returns false if an angle is not finite
  /// or beyond kBatchMostAngle; its cosine and sine are then undefined.
  bool (*phasors)(std::span<const BatchPhasor> phasors, const BatchPart* parts, const double* slots,
                  double* out);
  /// Carries out recipes.
  void (*numbers)(std::span<const BatchRecipe> recipes, const BatchNumbers<T>& data);
  /// For up to kBatchMostFactors factors with the same flip: sums[f] += sum over i < count of
  /// Re(conj(state_i) factor_f[i] partner_{i ^ flip}), for each lane. Without a flip the partner is
  /// the state.
  void (*expect)(const T* state, const T* partner, std::uint64_t count, std::uint64_t flip,
                 std::span<const BatchFactors<T>> factors, double* sums);
  /// bra_i += (sum over f of weight line f * factor_f[i]) partner_{i ^ flip}; without `add`, =.
  void (*apply)(T* bra, const T* partner, std::uint64_t count, std::uint64_t flip,
                std::span<const BatchFactors<T>> factors, const double* weights, bool add);
  /// sums += Im(i^turns conj(bra_i) sign ket_{i ^ flip}) over the blocks fixed + subsets of free,
  /// where sign is that of the parity of (i ^ flip) & phase_mask.
  void (*bracket)(const T* bra, const T* ket, std::uint64_t free, std::uint64_t fixed,
                  std::uint64_t flip, std::uint64_t phase_mask, unsigned turns, double* sums);
  /// The state after each gate of each wire (kBatchWireLines lines a gate) and the last one of each
  /// wire, which starts as (1, 0).
  void (*wires)(const BatchWireOps& ops, double* after, double* last);
  /// state = the product of the wires' states. `tables` has room for batch_product_entries.
  void (*product)(T* state, unsigned wires, const double* last, T* tables);
  /// For each wire q and value r of it: sum over the blocks x with x_q = r of conj(bra_x) times the
  /// product of the other wires' states. `tables` as above; `sums` has room for as many entries of
  /// doubles, twice.
  void (*environment)(const T* bra, unsigned wires, const double* last, T* tables, double* sums,
                      double* environment);
  /// For each gate with a phasor, a line Re(environment of its wire times the derivative of the
  /// wire's state by the phasor's angle); other lines are left.
  void (*wire_derivatives)(const BatchWireOps& ops, const double* after, const double* environment,
                           double* derivatives);
};

}  // namespace qross::qsim
