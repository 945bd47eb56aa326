// SPDX-License-Identifier: Apache-2.0
// The gate kernels: what they are told (calls of pointers, masks and numbers) and the table of
// functions of each instruction set. Called by engine/ only, which prepares the calls.
//
// A kernel works on a set of blocks: all block indices base + fixed + i + offset[r], where i runs
// over the subsets of the mask `free`. Positions are bits of the block index; the lane bits below
// are described by per-lane numbers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "qsim/kernels/batch.hpp"
#include "qsim/kernels/gate_list.hpp"
#include "qsim/kernels/layout.hpp"
#include "qsim/kernels/tile.hpp"

namespace qross::qsim {

inline constexpr unsigned kMaxRows = 64;  ///< 2^6: the largest dense gate

/// Dense gate. out[r] = sum over columns j = c * xors + x of coef[r][j] * in[c] with lanes
/// permuted by l -> l ^ lane_xor[x]. `coef` holds (re, im) pairs; if per_lane, a block (kLanes re,
/// kLanes im) for each pair.
template <class T>
struct MatrixCall {
  std::uint64_t free = 0;
  std::uint64_t fixed = 0;
  unsigned rows = 1;
  unsigned xors = 1;
  bool per_lane = false;
  std::array<std::uint64_t, kMaxRows> offset{};
  std::array<std::uint8_t, 16> lane_xor{};
  const T* coef = nullptr;
};

/// Diagonal gate: block offset[e] is multiplied lane by lane by coef block e, for each entry e.
template <class T>
struct DiagonalCall {
  std::uint64_t free = 0;
  std::uint64_t fixed = 0;
  unsigned entries = 0;
  std::array<std::uint64_t, kMaxRows> offset{};
  const T* coef = nullptr;
};

/// One term of a permuted row: where `mask` (one bit a lane) holds, the new row takes row `source`
/// with lanes permuted by l -> l ^ lane_xor.
struct MoveTerm {
  std::uint16_t source = 0;
  std::uint16_t mask = 0;
  std::uint8_t lane_xor = 0;
};

/// Permutation gate: new row r is selected from terms[first_term[r]] .. terms[first_term[r+1]-1].
template <class T>
struct PermuteCall {
  std::uint64_t free = 0;
  std::uint64_t fixed = 0;
  unsigned rows = 1;
  std::array<std::uint64_t, kMaxRows> offset{};
  std::array<std::uint32_t, kMaxRows + 1> first_term{};
  const MoveTerm* terms = nullptr;
};

/// exp(-i theta/2 P): out_i = keep * a_i + sign(i) * mix * a_{i ^ x}. Block part of x: flip (0 for
/// x in the lanes only); lane part: lane_xor. sign(i) = (-1)^parity(phase_mask & (block of i ^ x)).
/// `keep`, `mix_re`, `mix_im` hold one number a lane. `free` excludes the lowest bit of flip.
template <class T>
struct PauliCall {
  std::uint64_t free = 0;
  std::uint64_t fixed = 0;
  std::uint64_t flip = 0;
  std::uint64_t phase_mask = 0;
  std::uint8_t lane_xor = 0;
  const T* keep = nullptr;
  const T* mix_re = nullptr;
  const T* mix_im = nullptr;
};

/// sum over blocks i of conj(bra_i) * sign(i) * weight * ket_{i ^ x}, as PauliCall names it;
/// `weight` holds 0 or +-1 for each lane (controls and lane signs). Returns (re, im).
template <class T>
struct BracketCall {
  std::uint64_t free = 0;
  std::uint64_t fixed = 0;
  std::uint64_t flip = 0;
  std::uint64_t phase_mask = 0;
  std::uint8_t lane_xor = 0;
  const T* weight = nullptr;
};

/// One Pauli string with the x part of its group: coefficient, and the z part split into block
/// bits and lane bits. The factor i^(number of Y) is in (re, im) of the coefficient.
struct GroupTerm {
  double re = 0.0;
  double im = 0.0;
  std::uint64_t z_block = 0;
  std::uint16_t z_lane = 0;
};

/// All Pauli strings with one x part, on `count` blocks from block index `first` (global index, so
/// that z signs see rank bits), a power of two that divides `first`. The partner of block k (local)
/// is `partner` + ((k ^ flip) blocks). The operator is one factor for each amplitude: that of a
/// table which repeats with the low bits of the block index, the window, plus further terms.
template <class T>
struct PauliGroupCall {
  std::uint64_t first = 0;  ///< global block index of ket[0]; signs are taken of the partner index
  std::uint64_t global_flip = 0;  ///< x part of the global block index
  std::uint64_t flip = 0;         ///< x part of the local block index
  std::uint8_t lane_xor = 0;
  bool is_complex = true;    ///< false: all factors are real
  bool assign = false;       ///< pauli_apply: set instead of add
  std::uint64_t window = 0;  ///< mask of block index bits
  /// Real and imaginary parts, [partner block & window][lane of the block itself], or none.
  const double* re = nullptr;
  const double* im = nullptr;
  std::span<const GroupTerm> terms;  ///< best sorted by their z part inside the window
};

/// The functions of one instruction set. `blocks` pointers address block 0 of the base.
template <class T>
struct KernelTable {
  std::string_view name;
  void (*matrix)(T* blocks, const MatrixCall<T>& call);
  void (*diagonal)(T* blocks, const DiagonalCall<T>& call);
  void (*permute)(T* blocks, const PermuteCall<T>& call);
  void (*pauli_rotation)(T* blocks, const PauliCall<T>& call);
  void (*bracket)(const T* bra, const T* ket, const BracketCall<T>& call, double* re_im);
  /// Block sums of |a|^2 of `count` blocks into out[0..count).
  void (*block_norms)(const T* blocks, std::uint64_t count, double* out);
  /// out[k] = Re(sum over lanes of conj(ket_k) * (sum of terms) ket_{k ^ x}) for k in [0, count).
  void (*pauli_expect)(const T* ket, const T* partner, std::uint64_t count,
                       const PauliGroupCall<T>& call, double* out);
  /// bra_k += (sum of terms) partner_{k ^ x} for k in [0, count); with `out` also what pauli_expect
  /// gives for ket and partner.
  void (*pauli_apply)(T* bra, const T* ket, const T* partner, std::uint64_t count,
                      const PauliGroupCall<T>& call, double* out);
  /// Runs a tile program on the tiles of `blocks`; `index` is the block index of blocks[0], which
  /// conditions and parities see.
  /// At every tile some lines of `ahead` are asked for, if it is given.
  void (*tile)(T* blocks, std::uint64_t index, const TileCall<T>& call, const T* scratch,
               TileAhead* ahead);
  /// Runs a program with stops on the tiles of two states. `index` and `scratch` as for `tile`;
  /// `kept` is working memory of call.rows_kept() numbers, aligned as the states are.
  void (*tile_walk)(T* first, T* second, std::uint64_t index, const TileWalkCall<T>& call,
                    const T* scratch, T* sums, T* kept);
  /// cosine[k] = cos(angle[k]), sine[k] = sin(angle[k]) for k in [0, count), within 4 ulp of 1 for
  /// |angle| < 39000.
  void (*sincos)(const double* angle, std::size_t count, double* cosine, double* sine);
  /// Runs the gates [gate, end) on all `count` blocks, a power of two, of a whole state.
  void (*gate_list)(T* blocks, std::uint64_t count, const ListedGate* gate, const ListedGate* end,
                    const double* numbers);
  BatchKernels<T> batch;
};

/// The names of all instruction sets that any build knows, best first.
inline constexpr std::array<std::string_view, 4> kIsaNames{"avx512", "avx2", "neon", "scalar"};

/// The name of a table for a name that users give: "avx3", as Highway says, means "avx512".
[[nodiscard]] constexpr std::string_view isa_name(std::string_view given) {
  return given == "avx3" ? kIsaNames[0] : given;
}

/// The tables this processor can run, best first. The last is portable scalar code. Nothing that is
/// compiled for an instruction set runs before the processor was found to have it.
template <class T>
[[nodiscard]] std::span<const KernelTable<T>* const> kernel_tables();

/// The best table, or the one of that isa_name().
/// Throws Error(unavailable) naming the supported ones.
template <class T>
[[nodiscard]] const KernelTable<T>& kernel_table(std::string_view name = {});

}  // namespace qross::qsim
